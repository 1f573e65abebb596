"""The theme and a window for tests of screens."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.qt.main_window import MainWindow
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.theme import Theme
from tests.desktop.qt import sample_rows as rows
from tests.desktop.qt.gallery import a_window


@pytest.fixture(scope="session")
def one_theme(qapp: QApplication) -> Theme:
    """The theme of the one application of the run: a second style sheet would polish every widget anew."""
    made = Theme(dark=False)
    made.apply_to(qapp)
    return made


@pytest.fixture
def theme(one_theme: Theme) -> Theme:
    """The theme in its light mode."""
    one_theme.set_dark(dark=False)
    return one_theme


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> MainWindow:
    """The window with Today, calendar and bookings over sample rows, shown and active."""
    made = a_window(theme)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def calendar(qtbot: QtBot, theme: Theme) -> CalendarPage:
    """The calendar over the sample month, as wide as in a full window."""
    page = CalendarPage(theme, rows.TODAY)
    qtbot.addWidget(page)
    page.resize(1232, 788)
    page.show_rows(rows.MONTH)
    page.show_side(rows.SIDE)
    page.show()
    return page
