"""The practice clock over HTTP; mounted in practice alone, for this machine alone."""

from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared.errors import ThingNotFound

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})
_DAY_MINUTES: Final = 24 * 60


class Reading(Protocol):
    """Where the clock stands."""

    @property
    def now(self) -> datetime:
        """Business time."""
        ...

    @property
    def shift_s(self) -> int:
        """How far it is ahead of machine time."""
        ...

    @property
    def until(self) -> datetime:
        """How far it may go."""
        ...

    @property
    def stops(self) -> int:
        """At how many due moments the last jump has stopped."""
        ...


class PracticeClock(Protocol):
    """The clock that can be moved (``practice/movable_clock.py``)."""

    def read(self) -> Reading:
        """Where it stands."""
        ...

    def forward(self, *, by: timedelta | None = None, to: datetime | None = None) -> Reading:
        """Jump; raises ClockOnlyForward, ClockTooFar."""
        ...


class Jump(BaseModel):
    """By minutes, or to a moment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    minutes: int | None = Field(default=None, le=3 * 366 * _DAY_MINUTES, ge=-3 * 366 * _DAY_MINUTES)
    to: AwareDatetime | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "Jump":
        if (self.minutes is None) == (self.to is None):
            raise ValueError("minutes or to")
        return self


def only_from_here(request: Request) -> None:
    """Nobody else may see that this is there; raises ThingNotFound."""
    if request.client is None or request.client.host not in _LOOPBACK:
        raise ThingNotFound


def practice_router(clock: PracticeClock) -> APIRouter:
    """``/practice/clock``."""
    router = APIRouter(prefix="/practice", tags=["practice"], dependencies=[Depends(only_from_here)])

    @router.get("/clock")
    def read() -> dict[str, Any]:
        """Where the clock stands."""
        return _told(clock.read())

    @router.post("/clock")
    def forward(jump: Jump) -> dict[str, Any]:
        """Move it forward; answers when everything on the way has happened."""
        by = timedelta(minutes=jump.minutes) if jump.minutes is not None else None
        return _told(clock.forward(by=by, to=jump.to))

    return router


def _told(reading: Reading) -> dict[str, Any]:
    return {
        "now": reading.now.isoformat(),
        "shift_s": reading.shift_s,
        "until": reading.until.isoformat(),
        "stops": reading.stops,
    }
