"""What the calendar shows: the frozen rows of a month and of the panel beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from desktop.queries.rows import RowMark

_NIGHT_ENDS: Final = time(6)
_ONE_DAY: Final = timedelta(days=1)


def last_day(starts_at: datetime, ends_at: datetime) -> date:
    """The last day on which a wall-clock slot is seen.

    What ends at or before 06:00 belongs to the evening before, but never to a day before it begins.
    """
    day = ends_at.date()
    return max(starts_at.date(), day - _ONE_DAY if ends_at.time() <= _NIGHT_ENDS else day)


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

    @property
    def last_day(self) -> date:
        """The last day on which it is seen."""
        return last_day(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class BlockedDay:
    """A closed day, or a part of one, of one resource in words ("Anna away")."""

    day: date
    words: str
    resource_name: str = ""


@dataclass(frozen=True, slots=True)
class MonthWanted:
    """Which bookings of a month are named: the first ``lines`` of each day, all of the ``whole`` one.

    ``left_out`` are statuses, ``hidden`` resources: bookings of none but these are left out too.
    """

    first: date
    last: date
    lines: int
    whole: date | None = None
    left_out: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MonthRows:
    """All that the month view shows between the first and the last day of its grid.

    An item is told once, and is seen on each of its days. `more` says how many bookings of a day come after
    its items, `booked` how many begin on it, `continued` on which days earlier ones go on: also those that
    are left out, but no cancelled ones. `lines` is how many of each day were asked for.
    """

    items: tuple[CalendarItem, ...] = ()
    blocked: tuple[BlockedDay, ...] = ()
    holidays: tuple[tuple[date, str], ...] = ()
    more: Mapping[date, int] = field(default_factory=dict)
    booked: Mapping[date, int] = field(default_factory=dict)
    continued: frozenset[date] = frozenset()
    lines: int = 0


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
