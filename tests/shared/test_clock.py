"""The time table: wall clocks that skip, repeat or lose a day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import (
    ShiftedClock,
    SystemClock,
    end_of_local_day,
    local_date,
    utc_to_wall,
    wall_to_utc,
    zone,
    zone_names,
)
from shared.errors import ZoneUnknown

TIME_TABLE = [
    # zone, local input, stored UTC, shown
    ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:30", "2026-03-08T03:30"),
    ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30", "2026-11-01T01:30"),
    ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30", "2026-03-29T03:30"),
    ("Asia/Beirut", "2027-03-28T00:30", "2027-03-27T22:30", "2027-03-28T01:30"),
    ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45", "2026-10-04T02:45"),
    ("Pacific/Apia", "2011-12-30T10:00", "2011-12-30T20:00", "2011-12-31T10:00"),
    ("America/New_York", "2026-03-07T10:00", "2026-03-07T15:00", "2026-03-07T10:00"),
]


def wall(text: str) -> tuple[date, time]:
    day, _, hour = text.partition("T")
    return date.fromisoformat(day), time.fromisoformat(hour)


@pytest.mark.parametrize(("zone_name", "local", "stored", "shown"), TIME_TABLE)
def test_a_wall_time_is_stored_and_shown_as_the_time_table_says(
    zone_name: str, local: str, stored: str, shown: str
) -> None:
    instant = wall_to_utc(*wall(local), zone_name)
    assert instant == datetime.fromisoformat(stored).replace(tzinfo=UTC)
    assert instant.tzinfo is UTC
    seen = utc_to_wall(instant, zone_name)
    assert (seen.date(), seen.time()) == wall(shown)


def test_the_second_of_two_equal_wall_times_is_another_instant() -> None:
    first = wall_to_utc(date(2026, 11, 1), time(1, 30), "America/New_York")
    second = first + timedelta(hours=1)
    assert utc_to_wall(second, "America/New_York").time() == time(1, 30)
    assert first < second


def test_an_ambiguous_input_means_the_first_whatever_its_fold() -> None:
    assert wall_to_utc(date(2026, 11, 1), time(1, 30, fold=1), "America/New_York") == wall_to_utc(
        date(2026, 11, 1), time(1, 30), "America/New_York"
    )


@pytest.mark.parametrize(
    ("zone_name", "day", "ends"),
    [
        ("UTC", date(2027, 6, 12), datetime(2027, 6, 13, tzinfo=UTC)),
        ("Europe/Paris", date(2027, 6, 12), datetime(2027, 6, 12, 22, tzinfo=UTC)),
        ("Asia/Beirut", date(2027, 3, 27), datetime(2027, 3, 27, 22, tzinfo=UTC)),  # midnight is skipped
        ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 9, 4, tzinfo=UTC)),  # 23 hours long
        ("America/New_York", date(2026, 11, 1), datetime(2026, 11, 2, 5, tzinfo=UTC)),  # 25 hours long
        ("Pacific/Apia", date(2011, 12, 29), datetime(2011, 12, 30, 10, tzinfo=UTC)),  # the next day is lost
    ],
)
def test_a_local_day_ends_where_the_next_one_begins(zone_name: str, day: date, ends: datetime) -> None:
    assert end_of_local_day(day, zone_name) == ends
    assert local_date(ends - timedelta(microseconds=1), zone_name) == day
    assert local_date(ends, zone_name) > day


@pytest.mark.parametrize(
    "name", ["Europe/Pariss", "", "CEST+2", "../../etc/passwd", "europe/paris ", "localtime"]
)
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(ZoneUnknown):
        zone(name)


def test_every_name_is_a_zone() -> None:
    assert {"Europe/Paris", "Asia/Kathmandu", "UTC"} < zone_names()
    for name in zone_names():
        assert zone(name).key == name


def test_the_shifted_clock_goes_with_its_base() -> None:
    base = ShiftedClock(SystemClock(), timedelta(0))
    moved = ShiftedClock(base, timedelta(days=-30))
    before = moved.now()
    assert timedelta(days=30) <= base.now() - before < timedelta(days=30, minutes=1)
    moved.shift += timedelta(days=60)
    assert moved.now() - before >= timedelta(days=60)
    assert moved.now().tzinfo is UTC


def test_an_instant_without_zone_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        utc_to_wall(datetime(2027, 1, 1), "UTC")  # noqa: DTZ001 - the point of the test


@given(
    day=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    at=st.times(),
    zone_name=st.sampled_from(sorted({row[0] for row in TIME_TABLE})),
)
def test_a_wall_time_comes_back_as_it_was_or_later_by_the_gap(day: date, at: time, zone_name: str) -> None:
    seen = utc_to_wall(wall_to_utc(day, at, zone_name), zone_name).replace(tzinfo=None)
    asked = datetime.combine(day, at)
    assert seen - asked in {timedelta(0), timedelta(minutes=30), timedelta(hours=1)}
