"""A slot: what a person set by the wall clock, and the instants that follow from it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from shared.clock import utc_to_wall, wall_to_utc
from shared.errors import SlotInvalid

MAX_SLOT: Final = timedelta(days=31)
"""No booking is longer than this; the overlap test relies on it."""


@dataclass(frozen=True)
class Slot:
    """Half-open: another booking may start when this one ends. Raises SlotInvalid, ZoneUnknown.

    ``starts_at`` is its first instant, ``ends_at`` the first one after it, both UTC.
    """

    start_date: date
    start_time: time
    end_date: date
    end_time: time
    zone: str
    starts_at: datetime = field(init=False, repr=False, compare=False)
    ends_at: datetime = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts_at = wall_to_utc(self.start_date, self.start_time, self.zone)
        ends_at = wall_to_utc(self.end_date, self.end_time, self.zone)
        if not starts_at < ends_at <= starts_at + MAX_SLOT:
            raise SlotInvalid
        object.__setattr__(self, "starts_at", starts_at)
        object.__setattr__(self, "ends_at", ends_at)

    @property
    def shown(self) -> tuple[datetime, datetime]:
        """Start and end as clocks there show them: a time that a night skips is moved on by the gap."""
        return utc_to_wall(self.starts_at, self.zone), utc_to_wall(self.ends_at, self.zone)

    def on(self, day: date) -> "Slot":
        """The same wall times and length in days, on another day."""
        return Slot(day, self.start_time, day + (self.end_date - self.start_date), self.end_time, self.zone)
