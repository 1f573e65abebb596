"""Bookings and closed times of several days: seen on each day that they touch, counted once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from desktop.queries.calendar import Beginning, calendar_rows, named_bookings
from desktop.queries.month_rows import MonthRows, MonthWanted, last_day
from shared.ids import new_id
from shared.models.slot import Slot
from tests.builders.studio_world import ZONE, StudioWorld
from tests.desktop.queries.store_world import store_world

FIRST, LAST = date(2027, 5, 31), date(2027, 7, 11)
WANTED = MonthWanted(FIRST, LAST, lines=3)
ONE_DAY = timedelta(days=1)


@pytest.fixture
def world() -> Iterator[StudioWorld]:
    made = store_world()
    yield made
    made.engine.dispose()


def _on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 6, day, hour, minute, tzinfo=UTC)


LAST_DAYS = [
    (_on(12, 9), _on(12, 17), 12),
    (_on(12, 18), _on(13, 0), 12),
    (_on(12, 18), _on(13, 2), 12),
    (_on(12, 18), _on(13, 6), 12),
    (_on(12, 18), _on(13, 6, 1), 13),
    (_on(12, 18), _on(14, 3), 13),
    (_on(12, 18), _on(14, 14), 14),
    (_on(12, 1), _on(12, 5), 12),
    (_on(12, 0), _on(13, 0), 12),
]


@pytest.mark.parametrize(("starts_at", "ends_at", "day"), LAST_DAYS)
def test_what_ends_by_six_in_the_morning_belongs_to_the_evening_before(
    starts_at: datetime, ends_at: datetime, day: int
) -> None:
    assert last_day(starts_at, ends_at) == date(2027, 6, day)


def _rows(world: StudioWorld, wanted: MonthWanted = WANTED) -> MonthRows:
    with world.engine.connect() as connection:
        return calendar_rows(connection, world.tenant_id, wanted, zone=ZONE)


Moment = tuple[date, int]
"""A day and an hour of it."""


def _book(world: StudioWorld, begins: Moment, ends: Moment, zone: str = ZONE) -> None:
    slot = Slot(begins[0], time(begins[1]), ends[0], time(ends[1]), zone)
    world.a_booking(slot=slot, resources=[])


def _june(day: int, hour: int) -> Moment:
    return date(2027, 6, day), hour


def _may(day: int, hour: int) -> Moment:
    return date(2027, 5, day), hour


def _july(day: int, hour: int) -> Moment:
    return date(2027, 7, day), hour


SEEN = [
    (_june(12, 14), _june(12, 20), date(2027, 6, 12), []),
    (_june(12, 14), _june(13, 6), date(2027, 6, 12), []),
    (_june(12, 14), _june(13, 7), date(2027, 6, 12), [date(2027, 6, 13)]),
    (_june(12, 14), _june(14, 9), date(2027, 6, 12), [date(2027, 6, 13), date(2027, 6, 14)]),
    (_may(29, 14), _may(31, 6), None, None),
    (_may(29, 14), _may(31, 7), None, [FIRST]),
    (_may(29, 14), _june(1, 7), None, [FIRST, FIRST + ONE_DAY]),
    (_may(1, 14), _june(1, 13), None, [FIRST, FIRST + ONE_DAY]),
    (_july(10, 14), _july(14, 9), date(2027, 7, 10), [LAST]),
    (_july(11, 14), _july(14, 9), LAST, []),
    (_july(12, 14), _july(14, 9), None, None),
]
"""When a booking begins and ends; the day on which it is counted, and those on which it goes on, if any."""


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", ZONE, "Pacific/Auckland"])
@pytest.mark.parametrize("seen", SEEN)
def test_a_booking_is_counted_once_and_goes_on_where_it_takes_place(
    world: StudioWorld, seen: tuple[Moment, Moment, date | None, list[date] | None], zone: str
) -> None:
    begins, ends, counted, continued = seen
    _book(world, begins, ends, zone)
    rows = _rows(world)
    assert len(rows.items) == (continued is not None)
    assert rows.booked == ({counted: 1} if counted else {})
    assert rows.continued == frozenset(continued or ())


def test_a_cancelled_booking_makes_none_of_its_days_busy(world: StudioWorld) -> None:
    slot = Slot(date(2027, 6, 12), time(9), date(2027, 6, 14), time(17), ZONE)
    booking_id = world.a_booking(slot=slot, resources=[])
    world.do("booking.cancel", {"id": str(booking_id), "reason": "customer_cancelled"})
    rows = _rows(world)
    assert (len(rows.items), rows.booked, rows.continued) == (1, {}, frozenset())


def test_what_is_left_out_goes_on_nowhere_but_its_days_are_busy(world: StudioWorld) -> None:
    _book(world, _may(29, 9), _june(1, 17))
    rows = _rows(world, replace(WANTED, left_out=frozenset({"held"})))
    assert (rows.items, rows.more) == ((), {})
    assert rows.continued == {FIRST, FIRST + ONE_DAY}


DAY = date(2027, 6, 12)
NAMED = [
    # row 0 goes on from the day before: it is the first of the day
    ([Beginning(0, DAY - ONE_DAY, 600, "held", (), DAY)], (9, 10, 11), 3, {0, 1, 2}, 1),
    # row 0 begins late and goes on: all before it are named, what comes after it is not
    ([Beginning(0, DAY, 780, "held", (), DAY + ONE_DAY)], (9, 10, 11, 12, 14), 2, {0, 1, 2, 3, 4}, 1),
    ([Beginning(0, DAY, 480, "held", (), DAY + ONE_DAY)], (9, 10, 11), 2, {0, 1}, 2),
    # three that go on stand by their names
    ([Beginning(-n, DAY - ONE_DAY, n, "held", (), DAY) for n in range(3)], (9,), 1, {0, -1, -2}, 1),
]


@pytest.mark.parametrize(("several", "hours", "lines", "rows", "more"), NAMED)
def test_what_goes_on_is_named_on_all_its_days(
    several: list[Beginning], hours: tuple[int, ...], lines: int, rows: set[int], more: int
) -> None:
    others = [Beginning(row, DAY, hour * 60, "held") for row, hour in enumerate(hours, start=1)]
    named, left = named_bookings([*others, *several], replace(WANTED, lines=lines))
    assert (set(named), left.get(DAY, 0)) == (rows, more)


CLOSED = [
    ("20T00:00", "22T00:00", ["20 Away", "21 Away"]),
    ("20T12:00", "22T14:00", ["20 from 12:00 Away", "21 Away", "22 until 14:00 Away"]),
    ("20T09:00", "20T12:00", ["20 09:00–12:00 Away"]),
    ("20T00:00", "20T12:00", ["20 until 12:00 Away"]),
    ("20T18:00", "21T00:00", ["20 from 18:00 Away"]),
    ("20T18:00", "21T02:00", ["20 from 18:00 Away", "21 until 02:00 Away"]),
]


@pytest.mark.parametrize(("begins", "ends", "words"), CLOSED)
def test_a_closed_time_says_on_each_of_its_days_which_part_is_closed(
    world: StudioWorld, begins: str, ends: str, words: list[str]
) -> None:
    (first, start), (last, end) = begins.split("T"), ends.split("T")
    slot = {"start_date": f"2027-06-{first}", "start_time": start, "end_date": f"2027-06-{last}"}
    slot |= {"end_time": end, "zone": ZONE}
    world.do("block.create", {"id": str(new_id()), "resource_id": None, "reason": "Away", "slot": slot})
    assert [f"{each.day.day} {each.words}" for each in _rows(world).blocked] == words
