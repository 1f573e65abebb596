"""A booking of several days in the month: on each of its days, with words for which part of it."""

from datetime import date, timedelta
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication

from desktop.presenting.dates import hour_on, part_of_day
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.pages.calendar.day_popover import DayPopover
from desktop.qt.pages.calendar.item_painting import item_words
from desktop.qt.pages.calendar.month_layout import by_day
from desktop.queries.calendar import Beginning, named_bookings
from desktop.queries.month_rows import CalendarItem, MonthRows, MonthWanted
from tests.desktop.qt import sample_rows as rows
from tests.desktop.qt.sample_rows import SEVERAL_DAYS, at_wall

FIRST = date(2027, 5, 17)
LONG = next(item for item in SEVERAL_DAYS.items if item.title == "Winter & Sons")


def _hours(rows: MonthRows, title: str) -> list[tuple[int, str]]:
    return [
        (day.day, hour_on(day, item.starts_at, item.ends_at))
        for day, entries in sorted(by_day(rows).items())
        for item in entries.items
        if item.title == title
    ]


SEEN = [
    ((17, 16), (19, 14), [(17, "16:00"), (18, "all day"), (19, "until 14:00")]),
    ((17, 16), (18, 14), [(17, "16:00"), (18, "until 14:00")]),
    ((17, 16), (18, 2), [(17, "16:00")]),
    ((17, 16), (18, 6), [(17, "16:00")]),
    ((17, 16), (19, 2), [(17, "16:00"), (18, "all day")]),
    ((17, 9), (17, 17), [(17, "09:00")]),
]


@pytest.mark.parametrize(("begins", "ends", "seen"), SEEN)
def test_an_item_stands_on_each_of_its_days(
    begins: tuple[int, int], ends: tuple[int, int], seen: list[tuple[int, str]]
) -> None:
    item = LONG._replace(starts_at=at_wall(*begins), ends_at=at_wall(*ends))
    assert _hours(MonthRows(items=(item,)), item.title) == seen


SPANS = [
    ((17, 16), (19, 14), "Mon 17 May 16:00 – Wed 19 May 14:00 Winter & Sons"),
    ((17, 18), (18, 2), "18:00–02:00 (Tue) Winter & Sons"),
    ((17, 9), (17, 17), "09:00–17:00 Winter & Sons"),
]


@pytest.mark.parametrize(("begins", "ends", "words"), SPANS)
def test_the_words_of_an_item_say_both_of_its_days(
    begins: tuple[int, int], ends: tuple[int, int], words: str
) -> None:
    item = LONG._replace(starts_at=at_wall(*begins), ends_at=at_wall(*ends))
    assert item_words(item).splitlines()[0] == words


PARTS = [
    ((17, 0), (18, 0), ""),
    ((16, 12), (18, 12), ""),
    ((17, 12), (19, 14), "from 12:00"),
    ((16, 12), (17, 14), "until 14:00"),
    ((17, 9), (17, 12), "09:00–12:00"),
]


@pytest.mark.parametrize(("begins", "ends", "words"), PARTS)
def test_a_closed_part_of_a_day_is_said(begins: tuple[int, int], ends: tuple[int, int], words: str) -> None:
    assert part_of_day(FIRST, at_wall(*begins), at_wall(*ends)) == words


def test_days_on_which_a_booking_goes_on_are_busy_and_it_is_counted_once(calendar: CalendarPage) -> None:
    hints = QSignalSpy(calendar.hint_changed)
    calendar.show_rows(SEVERAL_DAYS)
    assert hints.at(0) == ["34 bookings in May"]
    middle = FIRST + timedelta(days=1)
    assert calendar.side.mini.busy == SEVERAL_DAYS.continued | SEVERAL_DAYS.booked.keys()
    calendar.go_to(middle)
    assert calendar.month_view.accessibleName() == "Tuesday 18 May 2027, 2 bookings"
    assert "Mon 17 May 16:00" in calendar.month_view.accessibleDescription()


def test_a_booking_is_opened_from_each_of_its_days(calendar: CalendarPage) -> None:
    calendar.show_rows(SEVERAL_DAYS)
    QApplication.processEvents()
    view = calendar.month_view
    opened = QSignalSpy(calendar.booking_opened)
    for days in range(3):
        day = FIRST + timedelta(days=days)
        QTest.mouseDClick(
            view, Qt.MouseButton.LeftButton, pos=view.layout_now().line_rect(day, 0).center().toPoint()
        )
    assert [opened.at(place) for place in range(opened.count())] == [[LONG.booking_id]] * 3


def test_the_list_of_a_later_day_says_until_when(calendar: CalendarPage) -> None:
    calendar.show_rows(SEVERAL_DAYS)
    calendar.go_to(FIRST + timedelta(days=2))
    QTest.keyClick(calendar.month_view, Qt.Key.Key_Space)
    popover = calendar.findChild(DayPopover)
    assert popover is not None
    shown = [popover.model.index(place, 0).data() for place in range(popover.model.rowCount())]
    assert shown == ["until 14:00 Winter & Sons", "10:00 Dr Amara Diallo"]


def test_a_closed_time_is_told_in_full_by_its_hint(calendar: CalendarPage) -> None:
    calendar.show_rows(SEVERAL_DAYS)
    view = calendar.month_view
    place = view.layout_now().line_rect(date(2027, 5, 24), 0).center()
    assert view.hint_at(place) == "from 12:00 Anna away"


def _beginning(row: int, item: CalendarItem) -> Beginning:
    day = item.starts_at.date()
    last = item.last_day if item.last_day > day else None
    return Beginning(row, day, item.starts_at.hour * 60, "held", last=last)


@pytest.mark.parametrize("seed", range(20))
def test_named_bookings_are_the_beginning_of_every_day(seed: int) -> None:
    """Whatever goes on: on each day what is named comes first, and the others are counted."""
    dice = Random(seed)  # noqa: S311 - cases, not secrets
    wanted = MonthWanted(date(2027, 5, 10), date(2027, 5, 16), lines=dice.randint(1, 4))
    made: dict[int, CalendarItem] = {}
    for row in range(60):
        begins = at_wall(dice.randint(5, 16), dice.randint(7, 20))
        ends = begins + timedelta(hours=dice.choice([2, 2, 2, 10, 30, 60]))
        item = LONG._replace(booking_id=rows.an_id(row), starts_at=begins, ends_at=ends, title=f"{row:02}")
        if item.last_day >= wanted.first:
            made[row] = item
    found = [_beginning(row, item) for row, item in made.items()]
    named, more = named_bookings(found, wanted)
    known = by_day(MonthRows(items=tuple(made[row] for row in sorted(set(named))), more=more))
    every = by_day(MonthRows(items=tuple(made[each.rowid] for each in found)))
    for days in range(7):
        day = wanted.first + timedelta(days=days)
        if day in every:
            assert known[day].items == every[day].items[: len(known[day].items)]
            assert known[day].bookings == every[day].bookings
            assert len(known[day].items) >= min(wanted.lines, every[day].bookings)
