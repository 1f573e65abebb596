"""Another month of the calendar is painted once, with its rows, and keeps what did not change."""

from datetime import date

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.qt.components.label import Label
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.pages.calendar.month_view import MonthView
from desktop.qt.pages.calendar.side_panel import PostponedCard
from desktop.qt.theme import Theme
from desktop.queries.month_rows import MonthRows, SideRows
from tests.desktop.qt import sample_rows as rows


class Paints(QObject):
    """Counts how often a widget is painted, and knows which part last."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        self.last = QRect()
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Only look."""
        if isinstance(event, QPaintEvent):
            self.count += 1
            self.last = event.rect()
        return False


def test_a_turned_month_is_painted_once_with_its_rows(calendar: CalendarPage) -> None:
    QApplication.processEvents()
    paints = Paints(calendar.month_view)
    calendar.go_to(date(2027, 6, 12))
    QApplication.processEvents()
    assert paints.count == 0
    calendar.show_rows(MonthRows())
    QApplication.processEvents()
    assert paints.count == 1


def test_a_month_painted_before_takes_the_colours_of_the_other_mode(qtbot: QtBot, theme: Theme) -> None:
    def a_month() -> MonthView:
        view = MonthView(theme, rows.TODAY)
        qtbot.addWidget(view)
        view.resize(972, 718)
        view.show_rows(rows.MONTH)
        return view

    before = a_month()
    light = before.grab().toImage()
    theme.set_dark(dark=True)
    dark = before.grab().toImage()
    assert dark == a_month().grab().toImage()
    assert dark != light


def test_what_has_no_date_is_shown_anew_only_where_it_changed(calendar: CalendarPage) -> None:
    def cards() -> list[str]:
        found = calendar.side.findChildren(PostponedCard)
        return [card.accessibleName() for card in found if not card.isHidden()]

    before = calendar.side.findChild(PostponedCard)
    assert isinstance(before, PostponedCard)
    calendar.show_side(SideRows(postponed=rows.SIDE.postponed))
    assert len(cards()) == len(rows.SIDE.postponed)
    assert calendar.side.findChild(PostponedCard) is before
    calendar.show_side(SideRows())
    assert cards() == []


def _mini_days(calendar: CalendarPage) -> QWidget:
    return next(
        widget
        for widget in calendar.side.mini.findChildren(QWidget)
        if widget.accessibleName().startswith("Mini calendar")
    )


def test_the_mini_calendar_is_painted_once_with_its_busy_days(calendar: CalendarPage) -> None:
    QApplication.processEvents()
    paints = Paints(_mini_days(calendar))
    calendar.go_to(date(2027, 6, 12))
    QApplication.processEvents()
    assert paints.count == 0
    calendar.show_rows(MonthRows())
    QApplication.processEvents()
    assert paints.count == 1


def test_the_mini_calendar_does_not_wait_long_for_its_busy_days(qtbot: QtBot, calendar: CalendarPage) -> None:
    QApplication.processEvents()
    paints = Paints(_mini_days(calendar))
    calendar.go_to(date(2027, 6, 12))
    qtbot.waitUntil(lambda: paints.count == 1)


def test_a_month_whose_rows_take_long_shows_its_empty_grid(qtbot: QtBot, calendar: CalendarPage) -> None:
    QApplication.processEvents()
    paints = Paints(calendar.month_view)
    calendar.go_to(date(2027, 6, 12))
    qtbot.waitUntil(lambda: paints.count == 1)


def test_the_heading_turns_with_the_rows_of_its_month(qtbot: QtBot, calendar: CalendarPage) -> None:
    def headings() -> set[str]:
        shown = {label.text() for label in calendar.findChildren(Label) if label.isVisible()}
        return shown & {"May 2027", "June 2027", "July 2027"}

    calendar.go_to(date(2027, 6, 12))
    assert headings() == {"May 2027"}
    calendar.show_rows(MonthRows())
    assert headings() == {"June 2027"}
    calendar.go_to(date(2027, 7, 12))
    qtbot.waitUntil(lambda: headings() == {"July 2027"})


def test_only_the_day_under_the_pointer_is_painted_again(qtbot: QtBot, calendar: CalendarPage) -> None:
    view = calendar.month_view
    QApplication.processEvents()
    place = view.layout_now().line_rect(date(2027, 5, 20), 1).center().toPoint()
    paints = Paints(view)
    QTest.mouseMove(view, place)
    qtbot.waitUntil(lambda: paints.count == 1)
    assert paints.last == view.layout_now().day_rect(date(2027, 5, 20)).toAlignedRect()
