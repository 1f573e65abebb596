"""The calendar counts every booking of a day and names those that have a line."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
import sqlalchemy as sa

from desktop.queries.calendar import Beginning, calendar_rows, named_bookings
from desktop.queries.month_rows import CalendarItem, MonthRows, MonthWanted
from tests.builders.studio_world import ZONE, StudioWorld, a_slot
from tests.desktop.queries.store_world import store_world

DAY, NEXT = date(2027, 6, 12), date(2027, 6, 13)
WANTED = MonthWanted(date(2027, 5, 31), date(2027, 7, 11), lines=3)


@pytest.fixture
def world() -> Iterator[StudioWorld]:
    made = store_world()
    yield made
    made.engine.dispose()


def _hours(*hours: int) -> list[Beginning]:
    return [Beginning(row, DAY, hour * 60, "confirmed") for row, hour in enumerate(hours)]


NAMED = [
    ((), 3, [], 0),
    ((9, 10, 11), 3, [0, 1, 2], 0),
    ((9, 10, 11, 12), 3, [0, 1, 2], 1),
    ((12, 11, 10, 9), 3, [1, 2, 3], 1),
    ((9, 10, 10, 10, 11), 2, [0, 1, 2, 3], 1),
    ((9, 9, 9, 9), 1, [0, 1, 2, 3], 0),
]


@pytest.mark.parametrize(("hours", "lines", "rows", "more"), NAMED)
def test_the_first_of_a_day_are_named_and_those_of_one_minute_together(
    hours: tuple[int, ...], lines: int, rows: list[int], more: int
) -> None:
    named, others = named_bookings(_hours(*hours), replace(WANTED, lines=lines))
    assert (list(named), others) == (rows, {DAY: more} if more else {})


def test_of_the_whole_day_all_are_named() -> None:
    found = [*_hours(9, 10, 11, 12), *(each._replace(day=NEXT) for each in _hours(9, 10, 11, 12))]
    named, more = named_bookings(found, replace(WANTED, lines=1, whole=NEXT))
    assert (len(named), more) == (5, {DAY: 3})


LEFT_OUT = [
    ("confirmed", ("Anna",), True),
    ("held", ("Anna",), False),
    ("confirmed", ("Ben",), True),
    ("confirmed", ("Anna", "Ben"), True),
    ("confirmed", ("Cleo",), False),
    ("confirmed", ("Anna", "Cleo"), True),
    ("confirmed", (), True),
]
"""Of a calendar without holds and without Cleo: a booking's status and people, and whether it is named."""


@pytest.mark.parametrize(("status", "people", "is_named"), LEFT_OUT)
def test_a_booking_is_left_out_by_its_status_or_if_all_its_people_are_hidden(
    status: str, people: tuple[str, ...], *, is_named: bool
) -> None:
    wanted = replace(WANTED, left_out=frozenset({"held"}), hidden=frozenset({"Cleo"}))
    found = [Beginning(1, DAY, 0, status, people)]
    assert named_bookings(found, wanted) == ([1] if is_named else [], {})


def _rows(world: StudioWorld, wanted: MonthWanted = WANTED) -> MonthRows:
    with world.engine.connect() as connection:
        return calendar_rows(connection, world.tenant_id, wanted, zone=ZONE)


def _book(world: StudioWorld, name: str, hour: int, *, day: date = DAY, person: str | None = None) -> None:
    people = [] if person is None else [world.a_resource(person)]
    slot = a_slot(day, time(hour), time(hour, 30))
    world.a_booking(slot=slot, customer_id=world.a_customer(name), resources=people)


def _titles(rows: MonthRows) -> list[str]:
    return [item.title for item in rows.items]


def test_a_day_counts_all_its_bookings_and_names_the_first(world: StudioWorld) -> None:
    for hour in (11, 10, 9, 12):
        _book(world, f"At {hour}", hour)
    _book(world, "Next day", 8, day=NEXT)
    rows = _rows(world, replace(WANTED, lines=2))
    assert _titles(rows) == ["At 9", "At 10", "Next day"]
    assert (rows.more, rows.booked, rows.lines) == ({DAY: 2}, {DAY: 4, NEXT: 1}, 2)
    whole = _rows(world, replace(WANTED, lines=2, whole=DAY))
    assert _titles(whole) == ["At 9", "At 10", "At 11", "At 12", "Next day"]
    assert whole.more == {}


def test_what_is_left_out_still_counts_as_booked(world: StudioWorld) -> None:
    _book(world, "Of Anna", 9, person="Anna")
    _book(world, "Of nobody", 10)
    without = replace(WANTED, hidden=frozenset({"Anna"}))
    assert (_titles(_rows(world, without)), _rows(world, without).booked) == (["Of nobody"], {DAY: 2})
    held = replace(WANTED, left_out=frozenset({"held"}))
    assert (_rows(world, held).items, _rows(world, held).booked) == ((), {DAY: 2})


def test_a_cancelled_booking_is_named_but_does_not_make_its_day_busy(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    world.do("booking.cancel", {"id": str(booking_id), "reason": "customer_cancelled"})
    rows = _rows(world)
    assert ([item.status for item in rows.items], rows.booked) == (["cancelled"], {})


@pytest.mark.parametrize("day", [WANTED.first, WANTED.last, date(2027, 5, 30), date(2027, 7, 12)])
def test_a_booking_stands_on_the_day_on_which_it_begins_where_it_takes_place(
    world: StudioWorld, day: date
) -> None:
    for zone in ("Pacific/Honolulu", "Pacific/Auckland"):
        world.a_booking(slot=a_slot(day, time(1), time(23), zone), resources=[])
    inside = WANTED.first <= day <= WANTED.last
    assert _rows(world).booked == ({day: 2} if inside else {})


def test_named_bookings_are_the_beginning_of_the_whole_day(world: StudioWorld) -> None:
    for place in range(12):
        _book(world, f"Family {place * 5 % 12:02}", 9 + place % 4)

    def in_order(item: CalendarItem) -> tuple[int, str]:
        return item.starts_at.hour, item.title

    every = sorted(_rows(world, replace(WANTED, lines=99)).items, key=in_order)
    for lines in range(1, 13):
        rows = _rows(world, replace(WANTED, lines=lines))
        named = sorted(rows.items, key=in_order)
        assert named == every[: len(named)]
        assert len(named) >= lines
        assert len(named) + rows.more.get(DAY, 0) == 12


def test_bookings_that_are_only_counted_cost_no_row_of_theirs(world: StudioWorld) -> None:
    plans = _plans(world)
    assert [plan for plan in plans if "ix_booking_days" in plan] == [
        "SEARCH booking USING COVERING INDEX ix_booking_days (tenant_id=? AND starts_at>? AND starts_at<?)"
    ]


def test_bookings_that_are_named_are_found_by_their_rows_whatever_sqlite_knows_of_them(
    world: StudioWorld,
) -> None:
    by_row = "SEARCH booking USING INTEGER PRIMARY KEY (rowid=?)"
    assert by_row in _plans(world)
    _book(world, "Any", 9)
    with world.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql(  # one studio's, and very many
            "UPDATE sqlite_stat1 SET stat = '100000 100000' || substr(stat, 4) WHERE tbl = 'booking'"
        )
        connection.exec_driver_sql("ANALYZE sqlite_schema")
    assert by_row in _plans(world)


def _plans(world: StudioWorld) -> list[str]:
    """How SQLite answers the questions of a month."""
    asked: list[tuple[str, Any]] = []
    with world.engine.connect() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        calendar_rows(connection, world.tenant_id, WANTED, zone=ZONE)
    with world.engine.connect() as connection:
        return [
            str(row[3])
            for statement, given in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        ]
