"""Nothing is cut that a narrower window could show in another arrangement."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.qt.components.card import Surface
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.fonts import Type
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.pages.bookings import BookingsPage
from desktop.qt.pages.refunds import RefundsPage
from desktop.qt.pages.settings import SettingsPage
from desktop.qt.theme import Theme
from desktop.queries.rows import BookingCounts, BookingsFigures
from tests.desktop.qt import desk_samples as desk
from tests.desktop.qt import record_samples as samples
from tests.desktop.qt import sample_rows as rows

LEAST_PX = 616
"""A window is at least 720 wide; 56 of it are the folded sidebar, 48 the margins of the page."""


def _right_edge(part: QWidget, page: QWidget) -> int:
    return part.mapTo(page, QPoint(part.width(), 0)).x()


@pytest.mark.parametrize("width", [LEAST_PX + 48, 904, 1072, 1232])
def test_settings_are_as_wide_as_their_room(qtbot: QtBot, theme: Theme, width: int) -> None:
    page = SettingsPage(theme, rows.STUDIO)
    qtbot.addWidget(page)
    page.show_rows(desk.SETTINGS, rows.NOW)
    page.resize(width, 640)
    page.show()
    area = page.findChild(QScrollArea)
    assert area is not None
    inner = area.widget()
    assert inner is not None
    # there is no bar to reach what lies beyond
    qtbot.waitUntil(lambda: inner.width() <= area.viewport().width())
    name = page.texts["name"].input
    assert name.width() >= 180, "a studio's name can be read"
    assert _right_edge(page.preview, inner) <= inner.width()


def test_a_long_value_shows_its_beginning(qtbot: QtBot, theme: Theme) -> None:
    page = SettingsPage(theme, rows.STUDIO)
    qtbot.addWidget(page)
    page.show_rows(desk.SETTINGS, rows.NOW)
    assert page.texts["name"].input.cursorPosition() == 0
    assert page.numbering.source.input.cursorPosition() == 0


def test_the_sentence_of_an_empty_list_is_whole_on_a_wide_page(qtbot: QtBot, theme: Theme) -> None:
    words = "The sums of this month and what is still due stand on Today."
    box = Surface(theme)
    qtbot.addWidget(box)
    box.column.addWidget(EmptyState(theme, "No report is built yet", words))
    box.resize(1180, 700)
    box.show()
    (sentence,) = (label for label in box.findChildren(Label) if label.words == words)
    assert sentence.height() >= sentence.heightForWidth(sentence.width())


def test_chips_of_refunds_take_a_second_line_before_the_window_grows(qtbot: QtBot, theme: Theme) -> None:
    page = RefundsPage(theme, rows.STUDIO, rows.TODAY)
    qtbot.addWidget(page)
    page.fold_side(folded=True)
    assert page.minimumSizeHint().width() <= LEAST_PX + 48


def test_states_that_no_booking_has_take_no_room(qtbot: QtBot, theme: Theme) -> None:
    page = BookingsPage(theme, rows.STUDIO, rows.TODAY)
    qtbot.addWidget(page)
    page.show()
    page.show_figures(BookingsFigures(counts=BookingCounts(upcoming=3, confirmed=2, postponed=1)))
    shown = {code for code, chip in page.chips.items() if chip.isVisible()}
    assert shown == {"upcoming", "held", "confirmed", "postponed", "open_payments"}
    page.choose_filter("cancelled")
    page.show_figures(BookingsFigures(counts=BookingCounts(upcoming=3)))
    assert page.chips["cancelled"].isVisible(), "the chosen one stays"


@pytest.mark.parametrize("width", [LEAST_PX + 48, 904, 992, 1072, 1232])
def test_a_record_shows_its_name_whole_and_nothing_beyond_its_edge(
    qtbot: QtBot, theme: Theme, width: int
) -> None:
    page = BookingRecordPage(theme, rows.TODAY, booking_id=samples.INES.booking_id)
    qtbot.addWidget(page)
    page.fold_side(folded=width < 992)
    page.resize(width, 640)
    page.show_record(samples.INES)
    page.show()
    area = page.findChild(QScrollArea)
    assert area is not None
    inner = area.widget()
    assert inner is not None
    qtbot.waitUntil(lambda: inner.width() <= area.viewport().width())
    (name,) = (
        label
        for label in page.findChildren(ElidedLabel)
        if label.words == samples.INES.customer.name and label.height() == Type.TITLE.line_px
    )
    qtbot.waitUntil(lambda: name.width() >= name.sizeHint().width())
    assert _right_edge(page.more_button, inner) <= inner.width()
