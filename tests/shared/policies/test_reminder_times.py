"""Due times by calendar day and wall clock, across changes of the clock."""

from datetime import UTC, date, datetime, time

import pytest

from shared.policies.reminder_times import due_at_offset, due_at_utc, first_day, last_day

TEN = time(10)


@pytest.mark.parametrize(
    ("zone", "event", "days", "at", "due_at"),
    [
        ("America/New_York", date(2026, 3, 10), 3, TEN, datetime(2026, 3, 7, 15, 0, tzinfo=UTC)),
        ("America/New_York", date(2026, 11, 3), 3, TEN, datetime(2026, 10, 31, 14, 0, tzinfo=UTC)),
        ("America/New_York", date(2026, 11, 4), 3, TEN, datetime(2026, 11, 1, 15, 0, tzinfo=UTC)),
        ("America/New_York", date(2026, 3, 11), 3, time(2, 30), datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 3, 31), 3, TEN, datetime(2026, 3, 28, 9, 0, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 4, 1), 3, TEN, datetime(2026, 3, 29, 8, 0, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 4, 1), 3, time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("Asia/Beirut", date(2027, 3, 31), 3, time(0, 30), datetime(2027, 3, 27, 22, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2026, 10, 7), 3, time(2, 15), datetime(2026, 10, 3, 15, 45, tzinfo=UTC)),
        ("Pacific/Apia", date(2012, 1, 2), 3, TEN, datetime(2011, 12, 30, 20, 0, tzinfo=UTC)),
    ],
)
def test_days_before_are_calendar_days_at_the_wall_time(
    zone: str, event: date, days: int, at: time, due_at: datetime
) -> None:
    assert due_at_utc(event, zone, days_before=days, at=at) == due_at
    assert due_at_offset(event, zone, offset_days=-days, at=at) == due_at


def test_an_offset_reaches_a_year_and_no_further() -> None:
    day = date(2027, 6, 12)
    assert due_at_offset(day, "UTC", offset_days=365, at=TEN) == datetime(2028, 6, 11, 10, tzinfo=UTC)
    assert due_at_offset(day, "UTC", offset_days=-365, at=TEN) == datetime(2026, 6, 12, 10, tzinfo=UTC)
    with pytest.raises(AssertionError):
        due_at_offset(day, "UTC", offset_days=366, at=TEN)


def test_the_days_of_an_event_are_those_of_its_zone() -> None:
    late = datetime(2027, 6, 12, 23, 0, tzinfo=UTC)
    assert (first_day(late, "UTC"), first_day(late, "Europe/Paris")) == (date(2027, 6, 12), date(2027, 6, 13))
    midnight = datetime(2027, 6, 13, 0, 0, tzinfo=UTC)
    assert last_day(midnight, "UTC") == date(2027, 6, 12)
    assert last_day(midnight, "Europe/Paris") == date(2027, 6, 13)
