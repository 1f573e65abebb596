"""A whole day of the month as a list: opened by "3 more" or Space, gone through by mouse or by keys."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.qt.main_window import MainWindow
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.pages.calendar.day_popover import DayPopover, day_lines
from desktop.qt.pages.calendar.month_layout import DayEntries, grid_start
from desktop.qt.pages.calendar.month_speech import LIST_DAY
from desktop.queries.month_rows import BlockedDay, MonthRows
from tests.desktop.qt import sample_rows as rows

DAY, CLOSED = date(2027, 5, 22), date(2027, 5, 25)
OF_DAY = tuple(item for item in rows.MONTH.items if item.starts_at.date() == DAY)
TITLES = ["Zhang Wei", "Ferri & Conti", "Kowalska & Zając", "Sato & Brandt", "Olsen family", "Kaya & Lind"]
NAMED = replace(
    rows.MONTH,
    items=tuple(item for item in rows.MONTH.items if item not in OF_DAY or item.title in TITLES[:3]),
    more={DAY: 3},
    lines=3,
)
LEFT = Qt.MouseButton.LeftButton
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def shown(window: MainWindow) -> Iterator[MainWindow]:
    """The window with the calendar, its fullest day chosen."""
    window.show_page(PageKey.CALENDAR)
    _page(window).go_to(DAY)
    QApplication.processEvents()
    yield window
    window.show_page(PageKey.TODAY)


def _page(window: MainWindow) -> CalendarPage:
    page = window.page
    assert isinstance(page, CalendarPage)
    return page


def _list(window: QWidget) -> DayPopover:
    popover = window.findChild(DayPopover)
    assert popover is not None
    return popover


def _is_open(window: QWidget) -> bool:
    popover = window.findChild(DayPopover)
    return popover is not None and popover.isVisible()


def _space(window: MainWindow) -> DayPopover:
    QTest.keyClick(_page(window).month_view, Qt.Key.Key_Space)
    return _list(window)


def _click_more(window: MainWindow) -> None:
    view = _page(window).month_view
    place = view.layout_now().line_rect(DAY, 3).center().toPoint()
    QTest.mouseClick(view, LEFT, pos=place)


def _titles(popover: DayPopover) -> list[str]:
    return [popover.model.index(place, 0).data() for place in range(popover.model.rowCount())]


def test_a_click_on_3_more_lists_the_whole_day(shown: MainWindow) -> None:
    _click_more(shown)
    popover = _list(shown)
    assert popover.isVisible()
    assert [words[6:] for words in _titles(popover)] == TITLES
    assert popover.accessibleName() == "Saturday 22 May 2027, 6 bookings"
    assert popover.table.hasFocus()


def test_names_that_are_not_known_are_asked_for_before_the_day_is_listed(shown: MainWindow) -> None:
    page = _page(shown)
    page.show_rows(NAMED)
    asked = QSignalSpy(page.rows_wanted)
    _click_more(shown)
    assert (asked.count(), page.wanted().whole, _is_open(shown)) == (1, DAY, False)
    page.show_rows(rows.MONTH)
    assert [words[6:] for words in _titles(_list(shown))] == TITLES


def _go_on(page: CalendarPage) -> None:
    page.go_to(DAY + timedelta(days=1))


@pytest.mark.parametrize("leave", [_go_on, CalendarPage.hide])
def test_who_has_gone_on_meanwhile_sees_no_list(
    shown: MainWindow, leave: Callable[[CalendarPage], None]
) -> None:
    page = _page(shown)
    page.show_rows(NAMED)
    QTest.keyClick(page.month_view, Qt.Key.Key_Space)
    leave(page)
    page.show_rows(rows.MONTH)
    assert not _is_open(shown)


KEYS = [
    ([], "Zhang Wei"),
    ([Qt.Key.Key_Down], "Ferri & Conti"),
    ([Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up], "Ferri & Conti"),
    ([Qt.Key.Key_End], "Kaya & Lind"),
    ([Qt.Key.Key_End, Qt.Key.Key_Home], "Zhang Wei"),
]


@pytest.mark.parametrize(("keys", "title"), KEYS)
def test_by_keys_alone_a_booking_of_the_day_is_opened(
    shown: MainWindow, keys: list[Qt.Key], title: str
) -> None:
    opened = QSignalSpy(_page(shown).booking_opened)
    table = _space(shown).table
    for key in [*keys, Qt.Key.Key_Return]:
        QTest.keyClick(table, key)
    assert opened.count() == 1
    assert opened.at(0) == [next(item.booking_id for item in OF_DAY if item.title == title)]
    assert not _is_open(shown)
    assert _page(shown).month_view.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_escape_and_tab_go_back_to_the_month(shown: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(_space(shown).table, key)
    assert not _is_open(shown)
    assert (_page(shown).month_view.hasFocus(), _page(shown).month_view.day) == (True, DAY)


def test_no_key_of_the_list_reaches_the_month_below(shown: MainWindow) -> None:
    table = _space(shown).table
    for key in (Qt.Key.Key_T, Qt.Key.Key_PageDown, Qt.Key.Key_Left):
        QTest.keyClick(table, key)
    assert _page(shown).month_view.day == DAY
    assert _is_open(shown)


def test_a_click_opens_a_booking(shown: MainWindow) -> None:
    popover = _space(shown)
    opened = QSignalSpy(_page(shown).booking_opened)
    place = popover.table.visualRect(popover.model.index(3, 0)).center()
    QTest.mouseClick(popover.table.viewport(), LEFT, pos=place)
    assert opened.at(0) == [next(item.booking_id for item in OF_DAY if item.title == "Sato & Brandt")]
    assert not _is_open(shown)


def test_a_click_elsewhere_closes(shown: MainWindow) -> None:
    popover = _space(shown)
    QTest.mouseClick(popover, LEFT, pos=QPoint(20, 10))
    assert popover.isVisible()
    QTest.mouseClick(shown.status_bar, LEFT, pos=QPoint(600, 10))
    assert not popover.isVisible()


def test_the_focus_gone_elsewhere_closes(shown: MainWindow) -> None:
    popover = _space(shown)
    shown.top_strip.search.setFocus()
    assert not popover.isVisible()
    assert shown.top_strip.search.hasFocus()


def test_another_page_or_size_closes(shown: MainWindow) -> None:
    popover = _space(shown)
    shown.resize(1300, 800)
    QApplication.processEvents()
    assert not popover.isVisible()
    _space(shown)
    shown.show_page(PageKey.BOOKINGS)
    assert not popover.isVisible()


def test_a_double_click_on_3_more_opens_the_list_and_nothing_else(shown: MainWindow) -> None:
    page = _page(shown)
    new, opened = QSignalSpy(page.new_booking_wanted), QSignalSpy(page.booking_opened)
    page.show_rows(NAMED)
    _click_more(shown)
    view = page.month_view
    QTest.mouseDClick(view, LEFT, pos=view.layout_now().line_rect(DAY, 3).center().toPoint())
    page.show_rows(rows.MONTH)
    popover = _list(shown)
    QTest.mouseDClick(popover.table.viewport(), LEFT, pos=QPoint(60, 40))
    assert popover.isVisible() or opened.count() == 1, "one click opens, the second one is nobody's"
    assert new.count() == 0


@pytest.mark.parametrize("size", [(720, 450), (1000, 600), (1440, 868), (2400, 1400)])
@pytest.mark.parametrize("offset", [0, 6, 20, 35, 41])
def test_the_list_of_a_long_day_stays_inside_the_window(
    shown: MainWindow, size: tuple[int, int], offset: int
) -> None:
    page, day = _page(shown), grid_start(DAY) + timedelta(days=offset)
    shown.resize(*size)
    QApplication.processEvents()
    first = OF_DAY[0]
    begin = first.starts_at.replace(year=day.year, month=day.month, day=day.day)
    many = tuple(
        first._replace(booking_id=rows.an_id("many", n), starts_at=begin + timedelta(minutes=n))
        for n in range(60)
    )
    page.go_to(day)
    page.show_rows(MonthRows(items=many, lines=60))
    popover = _space(shown)
    assert popover.isVisible()
    assert QRect(QPoint(0, 0), shown.size()).contains(popover.geometry())
    QTest.keyClick(popover.table, Qt.Key.Key_End)
    last = popover.table.visualRect(popover.model.index(59, 0))
    assert popover.table.viewport().rect().contains(last), "the list scrolls to its end"


def test_closed_times_and_the_holiday_are_told_but_lead_nowhere(shown: MainWindow) -> None:
    page = _page(shown)
    page.go_to(CLOSED)
    page.show_rows(replace(rows.MONTH, holidays=((CLOSED, "Town feast"),)))
    popover = _space(shown)
    opened = QSignalSpy(page.booking_opened)
    assert _titles(popover) == ["Anna away", "14:00 Moretti & Obi"]
    assert popover.accessibleName() == "Tuesday 25 May 2027, 1 booking, Town feast"
    assert popover.table.currentIndex().row() == 1, "the first booking is chosen"
    spoken = popover.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Closed, Anna away"
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(popover.table, key)
    assert (opened.count(), popover.isVisible()) == (0, True)


def test_an_open_list_follows_its_day_and_keeps_the_booking_chosen(shown: MainWindow) -> None:
    page, popover = _page(shown), _space(shown)
    QTest.keyClick(popover.table, Qt.Key.Key_Down)
    page.show_rows(replace(rows.MONTH, items=tuple(i for i in rows.MONTH.items if i.title != "Zhang Wei")))
    assert [words[6:] for words in _titles(popover)] == TITLES[1:]
    assert popover.table.current_row().entry.title == "Ferri & Conti"
    page.show_rows(MonthRows())
    assert not popover.isVisible()


def test_an_empty_day_has_no_list(shown: MainWindow) -> None:
    _page(shown).go_to(date(2027, 5, 4))
    QTest.keyClick(_page(shown).month_view, Qt.Key.Key_Space)
    assert not _is_open(shown)


def test_the_lines_of_a_day_are_a_model(shown: MainWindow) -> None:
    popover = _space(shown)
    tester = QAbstractItemModelTester(popover.model, FATAL)
    twice = (BlockedDay(DAY, "Closed"),) * 2
    popover.model.show_rows(day_lines(DAY, DayEntries(blocked=twice, items=OF_DAY[:2])))
    popover.model.show_rows(day_lines(DAY, DayEntries(items=OF_DAY)))
    assert tester.model() is popover.model


def test_a_screen_reader_can_list_the_day_too(shown: MainWindow) -> None:
    spoken = QAccessible.queryAccessibleInterface(_page(shown).month_view)
    actions = spoken.actionInterface()
    assert spoken.text(QAccessible.Text.Name) == "Saturday 22 May 2027, 6 bookings"
    assert actions.actionNames()[-1] == LIST_DAY
    assert actions.keyBindingsForAction(LIST_DAY) == ["Space"]
    actions.doAction(LIST_DAY)
    assert _is_open(shown)
    actions.doAction(actions.actionNames()[0])
    assert _page(shown).month_view.hasFocus()


def test_the_hint_of_3_more_names_the_key(qtbot: QtBot, shown: MainWindow) -> None:
    view = _page(shown).month_view
    assert view.accessibleDescription().endswith("Space lists the whole day")
    assert view.hint_at(view.layout_now().line_rect(DAY, 3).center()) == "Show the whole day (Space)"
    assert "Zhang Wei" in view.hint_at(view.layout_now().line_rect(DAY, 0).center())
