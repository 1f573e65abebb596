"""A month knows the names that it shows; others are asked for when somebody goes through a day."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest

from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.queries.month_rows import MonthRows
from tests.desktop.qt import sample_rows as rows

DAY = date(2027, 5, 22)
OF_DAY = tuple(item for item in rows.MONTH.items if item.starts_at.date() == DAY)
NAMED = tuple(item for item in rows.MONTH.items if item not in OF_DAY[3:])
MONTH = replace(rows.MONTH, items=NAMED, more={DAY: 3}, lines=3)
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def month(calendar: CalendarPage) -> CalendarPage:
    """The sample month, of whose fullest day three bookings are not named."""
    calendar.go_to(DAY)
    calendar.show_rows(MONTH)
    return calendar


def _pick(calendar: CalendarPage, key: Qt.Key) -> None:
    QTest.keyClick(calendar.month_view, key, SHIFT)


def _bookings(calendar: CalendarPage) -> tuple[int, int]:
    entries = calendar.month_view.entries_of(DAY)
    return entries.bookings, len(entries.items)


def test_a_day_counts_the_bookings_that_are_not_named(month: CalendarPage) -> None:
    assert _bookings(month) == (6, 3)
    assert month.month_view.accessibleName() == "Saturday 22 May 2027, 6 bookings"
    assert "Zhang Wei" in month.month_view.accessibleDescription()


def test_a_month_that_knows_the_names_of_its_lines_looks_as_if_it_knew_all(month: CalendarPage) -> None:
    few = month.month_view.grab().toImage()
    month.show_rows(rows.MONTH)
    assert few == month.month_view.grab().toImage()


PICKED = [
    ([Qt.Key.Key_Down] * 3, None),
    ([Qt.Key.Key_Down] * 4, "Sato & Brandt"),
    ([Qt.Key.Key_Down, Qt.Key.Key_Up], "Kaya & Lind"),
    ([Qt.Key.Key_Down] * 5, "Olsen family"),
]


@pytest.mark.parametrize(("keys", "title"), PICKED)
def test_going_through_a_day_asks_for_all_its_names(
    month: CalendarPage, keys: list[Qt.Key], title: str | None
) -> None:
    asked, opened = QSignalSpy(month.rows_wanted), QSignalSpy(month.booking_opened)
    for key in keys:
        _pick(month, key)
    assert month.wanted().whole == (DAY if title else None)
    if title is None:
        assert asked.count() == 0
        return
    assert asked.count() >= 1
    QTest.keyClick(month.month_view, Qt.Key.Key_Return)
    assert opened.count() == 0
    month.show_rows(replace(rows.MONTH, lines=3))
    assert title in month.month_view.accessibleDescription()
    QTest.keyClick(month.month_view, Qt.Key.Key_Return)
    assert opened.at(0) == [next(item.booking_id for item in rows.MONTH.items if item.title == title)]


def test_another_day_is_not_wanted_whole(month: CalendarPage) -> None:
    for _ in range(4):
        _pick(month, Qt.Key.Key_Down)
    month.go_to(date(2027, 5, 23))
    assert month.wanted().whole is None


LINES = [(788, MONTH, 0), (1400, MONTH, 1), (1400, replace(MONTH, more={}), 0)]


@pytest.mark.parametrize(("height", "shown", "asked"), LINES)
def test_a_taller_month_asks_for_the_names_of_its_lines(
    calendar: CalendarPage, height: int, shown: MonthRows, asked: int
) -> None:
    calendar.show_rows(shown)
    wanted = QSignalSpy(calendar.rows_wanted)
    calendar.resize(1232, height)
    assert wanted.count() == asked
    enough = calendar.wanted().lines
    assert (enough > 3) == (height > 788)
    calendar.show_rows(replace(shown, lines=enough))
    assert wanted.count() == asked
