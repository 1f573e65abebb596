"""The clock that says "look now": ticks on every replica, calendar jobs on the one that leads.

Rows in Postgres hold what is due; a missed tick loses nothing. The only door to APScheduler.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from sync_server.jobs.calendar import JOBS, CalendarJob

log = structlog.get_logger()

INTERVALS_S: Final[Mapping[str, int]] = {
    "events": 3,
    "outbox": 3,
    "mail": 5,
    "refunds": 10,
    "reminders": 15,
    "janitor": 60,
    "backfill": 600,
}
"""The ticks by name, in the order in which work flows from one to the next."""

LEADERSHIP_S: Final = 5
TICK_LASTS_S: Final = 20
HOLD_BEFORE_LEADING_S: Final = 30
"""Longer than a replaced leader needs to notice."""
EXIT_CODE: Final = 3
_OLD_AFTER_INTERVALS: Final = 10
_OLD_AFTER_S: Final = 120
_WATCH_S: Final = 5
_QUIET_ROUNDS: Final = 1000
_STORE: Final = "calendar"


class Leadership(Protocol):
    """The lock that only one replica holds (``repositories/leader_lock.py``)."""

    def try_take(self) -> bool:
        """Whether this process holds it now."""
        ...

    def is_alive(self) -> bool:
        """Whether it is still held."""
        ...

    def let_go(self) -> None:
        """Give it up."""
        ...


class Tick:
    """One kind of due work: batch by batch until none is left or the time is over; never twice at once."""

    def __init__(self, name: str, take: Callable[[], int], stopwatch: Callable[[], float]) -> None:
        self.name = name
        self._take = take
        self._stopwatch = stopwatch
        self._busy = threading.Lock()
        self._asked_again = threading.Event()
        self.ended_at = stopwatch()

    def run(self) -> int:
        """How many rows were worked on. Whoever comes while it runs waits for it."""
        with self._busy:
            began, done = self._stopwatch(), 0
            while True:
                self._asked_again.clear()
                taken = self._take_logged()
                done += taken
                is_over = self._stopwatch() - began > TICK_LASTS_S
                if is_over or (taken == 0 and not self._asked_again.is_set()):
                    self.ended_at = self._stopwatch()
                    return done

    def ask_again(self) -> bool:
        """Look once more; False when it is running and will do so by itself."""
        self._asked_again.set()
        return not self._busy.locked()

    def _take_logged(self) -> int:
        try:
            return self._take()
        except Exception:
            # the rows are still due; the next tick looks again
            log.exception("tick_failed", tick=self.name)
            return 0


class Calendar:
    """The jobs of the leading replica, kept in Postgres."""

    def __init__(
        self,
        leadership: Leadership,
        *,
        store_engine: Any,  # noqa: ANN401 - an engine; SQL has its own rooms
        last_done: Callable[[str], datetime | None],
        jobs: Mapping[str, CalendarJob] = JOBS,
        hold_s: float = HOLD_BEFORE_LEADING_S,
    ) -> None:
        self._leadership = leadership
        self._engine = store_engine
        self._last_done = last_done
        self._jobs = jobs
        self._hold_s = hold_s
        self._held_since: float | None = None
        self._is_attached = False

    def still_held(self) -> bool:
        """Asked by a running job before each batch."""
        return self._is_attached and self._leadership.is_alive()

    @property
    def is_leading(self) -> bool:
        """Whether this replica holds the lock, with or without its store attached yet."""
        return self._held_since is not None

    def look(self, scheduler: BackgroundScheduler, now_s: float) -> None:
        """Gain, keep or lose the lead."""
        held = self._leadership.is_alive() if self._held_since is not None else self._leadership.try_take()
        if not held:
            if self._held_since is not None:
                self.leave(scheduler)
        elif self._held_since is None:
            self._held_since = now_s
        if (
            self._held_since is not None
            and not self._is_attached
            and now_s - self._held_since >= self._hold_s
        ):
            self._attach(scheduler)

    def leave(self, scheduler: BackgroundScheduler) -> None:
        """Another replica may lead now."""
        self._held_since = None
        if self._is_attached:
            self._is_attached = False
            scheduler.remove_jobstore(_STORE)
            log.warning("calendar_left")
        self._leadership.let_go()

    def _attach(self, scheduler: BackgroundScheduler) -> None:
        """Each job is due at the first time after its last good end: a missed one runs now, and once."""
        scheduler.pause()
        try:
            store = SQLAlchemyJobStore(
                engine=self._engine, tablename="apscheduler_jobs", tableschema="scheduler"
            )
            scheduler.add_jobstore(store, alias=_STORE)
            self._is_attached = True
            for old in scheduler.get_jobs(jobstore=_STORE):
                if old.id not in self._jobs:
                    scheduler.remove_job(old.id, jobstore=_STORE)
            for job in self._jobs.values():
                trigger = CronTrigger(hour=job.hour, minute=job.minute, timezone=UTC)
                scheduler.add_job(
                    job.run,
                    trigger,
                    id=job.job_id,
                    jobstore=_STORE,
                    replace_existing=True,
                    next_run_time=first_due(job, self._last_done(job.job_id), datetime.now(UTC)),
                )
        finally:
            scheduler.resume()
        log.info("calendar_attached")


def first_due(job: CalendarJob, last_done: datetime | None, now: datetime) -> datetime:
    """The first fire time after the last good end; now, if there never was one."""
    if last_done is None:
        return now
    trigger = CronTrigger(hour=job.hour, minute=job.minute, timezone=UTC)
    due: datetime = trigger.get_next_fire_time(None, last_done + timedelta(microseconds=1))
    return due


class Worker:
    """Ticks by name, each a function that takes a batch of due rows and says how many there were."""

    def __init__(
        self,
        ticks: Mapping[str, Callable[[], int]],
        *,
        calendar: Calendar | None = None,
        stopwatch: Callable[[], float] = time.monotonic,
        die: Callable[[int], object] = os._exit,
    ) -> None:
        assert ticks.keys() <= INTERVALS_S.keys(), ticks.keys() - INTERVALS_S.keys()
        self._ticks = {name: Tick(name, ticks[name], stopwatch) for name in INTERVALS_S if name in ticks}
        self._calendar = calendar
        self._stopwatch = stopwatch
        self._die = die
        self._stopping = threading.Event()
        self._looking = threading.Lock()
        self._watcher = threading.Thread(target=self._watch, name="worker-watch", daemon=True)
        # a tick that is still running when its time comes again is normal here
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(self._ticks) + 4)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin to tick, at once and then by the intervals."""
        now = datetime.now(UTC)
        for name, tick in self._ticks.items():
            self._scheduler.add_job(
                tick.run, "interval", seconds=INTERVALS_S[name], id=name, next_run_time=now
            )
        if self._calendar is not None:
            self._scheduler.add_job(
                self._look_at_leadership, "interval", seconds=LEADERSHIP_S, id="leadership", next_run_time=now
            )
        self._scheduler.start()
        self._watcher.start()

    def stop(self) -> None:
        """Start nothing more; wait for what runs; give the lead up."""
        self._stopping.set()
        with self._looking:  # a look under way asks the scheduler, which answers nobody while it shuts down
            pass
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        if self._calendar is not None and self._calendar.is_leading:
            self._calendar.leave(self._scheduler)
        if self._watcher.is_alive():
            self._watcher.join()

    def wake(self, kind: str) -> None:
        """Work of this kind is due now: a commit said so."""
        tick = self._ticks.get(kind)
        if tick is not None and tick.ask_again() and self._scheduler.running:
            try:
                self._scheduler.modify_job(kind, next_run_time=datetime.now(UTC))
            except JobLookupError:
                log.debug("tick_gone", tick=kind)  # it is stopping

    def run_until_quiet(self) -> int:
        """Run every tick here and now, over and over, until none finds anything; how many rows in all."""
        done = 0
        for _ in range(_QUIET_ROUNDS):
            taken = sum(tick.run() for tick in self._ticks.values() if tick.name != "backfill")
            if taken == 0:
                return done
            done += taken
        raise AssertionError("work without end")

    def ages_s(self) -> Mapping[str, float]:
        """How long ago each tick ended, for ``/health/ready``."""
        now = self._stopwatch()
        return {name: now - tick.ended_at for name, tick in self._ticks.items()}

    def is_well(self) -> bool:
        """Whether the scheduler lives and no tick is older than ten intervals."""
        thread = self._scheduler._thread  # noqa: SLF001 - there is no other way to see that it died
        is_alive = thread is not None and thread.is_alive()
        return is_alive and all(
            age <= max(_OLD_AFTER_S, _OLD_AFTER_INTERVALS * INTERVALS_S[name])
            for name, age in self.ages_s().items()
        )

    def _look_at_leadership(self) -> None:
        assert self._calendar is not None, "scheduled with a calendar only"
        with self._looking:
            if not self._stopping.is_set():
                self._calendar.look(self._scheduler, self._stopwatch())

    def _watch(self) -> None:
        while not self._stopping.wait(_WATCH_S):
            if not self.is_well() and not self._stopping.is_set():
                log.critical("worker_stuck", ages_s=dict(self.ages_s()))
                self._die(EXIT_CODE)
                return
