"""A clock that stands still until a test moves it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# a Monday, a winter day in Europe, far from any change of the clocks
START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


@dataclass
class FrozenClock:
    """Implements shared.clock.Clock."""

    instant: datetime = START

    def now(self) -> datetime:
        """The instant at which it stands, aware, in UTC."""
        return self.instant

    def advance(self, duration: timedelta) -> datetime:
        """Move forward; the new instant."""
        assert duration >= timedelta(), "this clock only moves forward"
        self.instant += duration
        return self.instant

    def advance_to(self, instant: datetime) -> datetime:
        """Move forward to this instant."""
        return self.advance(instant - self.instant)
