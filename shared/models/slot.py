"""A slot: what a person set by the wall clock, and the instants that follow from it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from shared.clock import utc_to_wall, wall_to_utc
from shared.errors import SlotInvalid

MAX_SLOT: Final = timedelta(days=31)
"""No booking is longer than this; the overlap test relies on it."""


@dataclass(frozen=True)
class Slot:
    """Half-open: another booking may start when this one ends. Raises SlotInvalid, ZoneUnknown."""

    start_date: date
    start_time: time
    end_date: date
    end_time: time
    zone: str

    def __post_init__(self) -> None:
        if not self.starts_at < self.ends_at <= self.starts_at + MAX_SLOT:
            raise SlotInvalid

    @property
    def starts_at(self) -> datetime:
        """The first instant, UTC."""
        return wall_to_utc(self.start_date, self.start_time, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first instant after it, UTC."""
        return wall_to_utc(self.end_date, self.end_time, self.zone)

    @property
    def shown(self) -> tuple[datetime, datetime]:
        """Start and end as clocks there show them: a time that a night skips is moved on by the gap."""
        return utc_to_wall(self.starts_at, self.zone), utc_to_wall(self.ends_at, self.zone)

    def on(self, day: date) -> "Slot":
        """The same wall times and length in days, on another day."""
        return Slot(day, self.start_time, day + (self.end_date - self.start_date), self.end_time, self.zone)
