"""Decides which days are free for a slot: same wall times and length, all its resources, nothing blocked.

Intervals are half-open pairs of aware UTC instants. Whether a slot may exist is Slot's own rule; whether it
was taken meanwhile is asked of the database, under the lock.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from shared.errors import SlotInvalid
from shared.models.slot import MAX_SLOT, Slot

MAX_BOOKING_DAYS: Final = MAX_SLOT.days
_LEAP_DAY: Final = (2, 29)

Interval = tuple[datetime, datetime]


def overlaps(one: Interval, other: Interval) -> bool:
    """Whether two half-open intervals share an instant: one may start when the other ends."""
    return one[0] < other[1] and other[0] < one[1]


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants as few, sorted, separate intervals; empty ones vanish."""
    together: list[Interval] = []
    for starts_at, ends_at in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if together and starts_at <= together[-1][1]:
            together[-1] = (together[-1][0], max(together[-1][1], ends_at))
        else:
            together.append((starts_at, ends_at))
    return together


def is_free(interval: Interval, taken: Sequence[Interval]) -> bool:
    """Whether nothing in ``taken`` (as :func:`merged` gives it) overlaps the interval."""
    index = bisect_left(taken, interval[1], key=lambda one: one[0])
    return index == 0 or taken[index - 1][1] <= interval[0]


def free_days(
    slot: Slot,
    busy: Sequence[Iterable[Interval]],
    blocked: Iterable[Interval] = (),
    *,
    from_date: date,
) -> list[date]:
    """The days from ``from_date`` on, within 12 months, on which the slot's wall times are free; in order.

    ``busy`` has one list per resource of the booking, without the booking itself; ``blocked`` is closed time.
    A day on which a change of the clock turns the wall times around is not offered.
    """
    taken = merged(interval for intervals in (*busy, blocked) for interval in intervals)
    days = (_a_year_later(from_date) - from_date).days
    return [
        day
        for day in (from_date + timedelta(days=offset) for offset in range(days))
        if _fits(slot, day, taken)
    ]


def first_free_day_at_least(free: Sequence[date], earliest: date) -> date | None:
    """The first free day on or after ``earliest``; None when there is none (``free`` in order)."""
    index = bisect_left(free, earliest)
    return free[index] if index < len(free) else None


def _fits(slot: Slot, day: date, taken: Sequence[Interval]) -> bool:
    try:
        moved = slot.on(day)
    except SlotInvalid:
        return False
    return is_free((moved.starts_at, moved.ends_at), taken)


def _a_year_later(day: date) -> date:
    if (day.month, day.day) == _LEAP_DAY:
        return date(day.year + 1, 3, 1)
    return day.replace(year=day.year + 1)
