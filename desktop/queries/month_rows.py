"""What the calendar shows: the frozen rows of a month and of the panel beside it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from desktop.queries.rows import RowMark


class CalendarItem(NamedTuple):
    """One booking in a calendar; both times are aware and local to the booking's zone.

    A tuple, because a month has hundreds: a frozen dataclass takes three times as long to make.
    """

    booking_id: UUID
    starts_at: datetime
    ends_at: datetime
    title: str
    status: str
    resource_names: tuple[str, ...] = ()
    mark: RowMark = RowMark.NONE
    hold_ends_at: datetime | None = None
    waiting_count: int = 0
    package_name: str = ""


@dataclass(frozen=True, slots=True)
class BlockedDay:
    """A closed day, or a part of one, of one resource in words ("Anna away")."""

    day: date
    words: str
    resource_name: str = ""


@dataclass(frozen=True, slots=True)
class MonthRows:
    """All that the month view shows between the first and the last day of its grid."""

    items: tuple[CalendarItem, ...] = ()
    blocked: tuple[BlockedDay, ...] = ()
    holidays: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PostponedRow:
    """A booking without a date, kept beside the calendar."""

    booking_id: UUID
    customer_name: str
    package_name: str
    paid_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class SideRows:
    """All that stands beside the month, whichever it is.

    `postponed` are the bookings that have waited longest for a date; `more_postponed` counts the others.
    """

    resources: tuple[str, ...] = ()
    postponed: tuple[PostponedRow, ...] = ()
    more_postponed: int = 0
