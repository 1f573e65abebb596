"""Moves the business time of a practice studio forward, and lets everything on the way happen when it is due.

A jump stops at each due moment and runs every tick there until nothing is due, so nothing is late because of
it; the emulator's clock goes along, and due calendar jobs run once, at the end.
"""

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import structlog

from shared.errors import ClockOnlyForward, ClockTooFar
from sync_server.jobs.calendar import JOBS, CalendarJob
from sync_server.jobs.worker import first_due
from sync_server.repositories import practice_clock, tenant_lock
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.practice_clock import DueMoments
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

REACH: Final = timedelta(days=3 * 365 + 1)
_QUIET_ROUNDS: Final = 50


class Emulator(Protocol):
    """The control door of the Stripe emulator."""

    def control(self, method: str, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
        """Ask for one act; what it answered."""
        ...


@dataclass(frozen=True)
class ClockReading:
    """Where the clock stands, and how far it may go."""

    now: datetime
    shift_s: int
    until: datetime
    stops: int = 0
    """At how many due moments the last jump has stopped."""


class MovableClock:
    """The practice clock; one jump at a time."""

    def __init__(
        self,
        units: StudioUnits,
        across: AcrossStudios,
        *,
        run_until_quiet: Callable[[], int],
        emulator: Emulator | None,
        jobs: Mapping[str, CalendarJob] = JOBS,
    ) -> None:
        self._units = units
        self._across = across
        self._run_until_quiet = run_until_quiet
        self._emulator = emulator
        self._jobs = jobs
        self._one_jump = threading.Lock()

    def read(self, stops: int = 0) -> ClockReading:
        """Where it stands."""
        with self._units.sessions.global_session() as session:
            now = tenant_lock.business_now(session)
            shift = practice_clock.shift_s(session)
        return ClockReading(now, shift, self._start(now) + REACH, stops)

    def forward(self, *, by: timedelta | None = None, to: datetime | None = None) -> ClockReading:
        """Jump; raises ClockOnlyForward, ClockTooFar."""
        assert (by is None) != (to is None), "either by or to"
        with self._one_jump:
            began = self.read()
            target = to if to is not None else began.now + (by or timedelta())
            if target < began.now:
                raise ClockOnlyForward
            if target > began.until:
                raise ClockTooFar
            stops = self._travel(began.now, target.astimezone(UTC))
            self._run_calendar(began.now, target)
            self._let_it_happen()
        log.info("clock_moved", stops=stops)
        return self.read(stops)

    def _travel(self, now: datetime, target: datetime) -> int:
        stops = 0
        self._let_it_happen()
        while (moment := self._next_due(now, target)) is not None:
            self._set(moment)
            self._let_it_happen()
            now, stops = moment, stops + 1
        self._set(target)
        self._let_it_happen()
        return stops

    def _next_due(self, after: datetime, until: datetime) -> datetime | None:
        moments = []
        for tenant_id in self._across.active_studios():
            with self._units.sessions.unlocked(tenant_id) as session:
                moments.append(DueMoments(session).first_between(tenant_id, after, until))
        return min((moment for moment in moments if moment is not None), default=None)

    def _set(self, instant: datetime) -> None:
        """Never back: while it worked, the clock went on by itself."""
        with self._units.sessions.global_session() as session:
            machine = tenant_lock.machine_now(session)
            shift = math.ceil((instant - machine).total_seconds())
            if shift <= practice_clock.shift_s(session):
                return
            practice_clock.set_shift_s(session, shift)
        if self._emulator is not None:
            self._emulator.control("POST", "clock", shift_s=shift)

    def _let_it_happen(self) -> None:
        """Our ticks and the emulator's webhooks, in turn, until neither has anything left."""
        for _ in range(_QUIET_ROUNDS):
            worked = self._run_until_quiet()
            done = self._emulator.control("POST", "run_due") if self._emulator is not None else {}
            if worked == 0 and not (done.get("acts") or done.get("delivered")):
                return
        log.warning("clock_never_quiet")

    def _run_calendar(self, began: datetime, ended: datetime) -> None:
        for job in self._jobs.values():
            if first_due(job, began, ended) <= ended:
                job.run()

    def _start(self, now: datetime) -> datetime:
        """When the first studio was made: the beginning of this practice."""
        made = []
        for tenant_id in self._across.active_studios():
            with self._units.reading(tenant_id) as (unit, _):
                made.append(unit.studios.settings(tenant_id).created_at or now)
        return min(made, default=now)
