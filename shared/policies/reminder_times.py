"""Decides at which instant a planned mail is due: calendar days and a wall time, never hours subtracted.

"10:00 local, 3 days before" is the wall clock of the booking's zone on that day (time_and_mail, "Time").
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from shared.clock import local_date, wall_to_utc

MAX_OFFSET_DAYS: Final = 365
_INSTANT: Final = timedelta(microseconds=1)


class ReminderAnchor(StrEnum):
    """The day from which a rule counts."""

    EVENT_START = "event_start"
    EVENT_END = "event_end"
    STAGE_DUE = "stage_due"


def due_at_offset(anchor: date, zone: str, *, offset_days: int, at: time) -> datetime:
    """The instant of wall time ``at`` in the zone, so many days after the anchor (below 0: before it)."""
    assert abs(offset_days) <= MAX_OFFSET_DAYS, "checked with the rule"
    return wall_to_utc(anchor + timedelta(days=offset_days), at, zone)


def due_at_utc(event_local_date: date, zone: str, *, days_before: int, at: time) -> datetime:
    """The instant of wall time ``at`` in the zone, so many calendar days before the event's local date."""
    return due_at_offset(event_local_date, zone, offset_days=-days_before, at=at)


def first_day(starts_at: datetime, zone: str) -> date:
    """The local date on which an event begins."""
    return local_date(starts_at, zone)


def last_day(ends_at: datetime, zone: str) -> date:
    """The local date of an event's last moment: one that ends at midnight ends on the day before."""
    return local_date(ends_at - _INSTANT, zone)
