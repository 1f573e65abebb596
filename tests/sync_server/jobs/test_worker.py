"""Ticks take what is due until nothing is left; one replica runs the calendar, and a missed job runs once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from apscheduler.schedulers.background import BackgroundScheduler

from sync_server.jobs import calendar
from sync_server.jobs.calendar import JOBS, CalendarJob
from sync_server.jobs.worker import EXIT_CODE, Calendar, Tick, Worker, first_due
from sync_server.repositories.leader_lock import LeaderLock
from tests.postgres_cluster import Database
from tests.sync_server.conftest import PASSWORDS

PATIENCE_S = 10
JOB = JOBS["nightly_cleanup"]  # 01:10


@dataclass
class Stopwatch:
    """Seconds that a test moves."""

    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Pile:
    """Rows that are due; each batch takes up to five."""

    due: int = 0
    taken: list[int] = field(default_factory=list)
    on_take: Callable[[], None] = lambda: None

    def take(self) -> int:
        self.on_take()
        batch = min(self.due, 5)
        self.due -= batch
        self.taken.append(batch)
        return batch


def test_a_tick_works_until_nothing_is_due() -> None:
    pile = Pile(due=12)
    assert Tick("mail", pile.take, Stopwatch()).run() == 12
    assert pile.taken == [5, 5, 2, 0]


def test_a_tick_ends_after_its_time_and_goes_on_next_time() -> None:
    stopwatch = Stopwatch()

    def slow() -> None:
        stopwatch.now_s += 8

    pile = Pile(due=100, on_take=slow)
    tick = Tick("mail", pile.take, stopwatch)
    assert tick.run() == 15
    assert tick.ended_at == stopwatch.now_s
    assert pile.due == 85


def test_a_tick_that_breaks_is_looked_at_again() -> None:
    calls: list[int] = []

    def break_once() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError
        return 0

    tick = Tick("mail", break_once, Stopwatch())
    assert (tick.run(), tick.run(), len(calls)) == (0, 0, 2)


def test_a_wake_during_the_last_look_is_not_lost() -> None:
    pile = Pile()
    tick = Tick("events", pile.take, Stopwatch())

    def arrive() -> None:
        if len(pile.taken) == 0:
            pile.due = 0  # nothing yet; it is committed while the answer is on its way
            assert tick.ask_again() is False

    pile.on_take = arrive
    tick.run()
    assert len(pile.taken) == 2


def test_run_until_quiet_follows_work_from_tick_to_tick() -> None:
    mails = Pile()
    facts = Pile(due=3)
    real = facts.take

    def tell() -> int:
        told = real()
        mails.due += told
        return told

    worker = Worker({"outbox": tell, "mail": mails.take}, stopwatch=Stopwatch())
    assert worker.run_until_quiet() == 6
    assert worker.run_until_quiet() == 0


@contextmanager
def _running(worker: Worker) -> Iterator[Worker]:
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def test_a_started_worker_ticks_at_once_and_on_a_wake() -> None:
    ticked = threading.Semaphore(0)

    def take() -> int:
        ticked.release()
        return 0

    with _running(Worker({"backfill": take})) as worker:  # by itself it would come again in ten minutes
        assert ticked.acquire(timeout=PATIENCE_S)
        worker.wake("backfill")
        assert ticked.acquire(timeout=PATIENCE_S)
        worker.wake("something else")


class SlowLook(Calendar):
    """A calendar that is just attaching its store when the worker is told to stop."""

    def __init__(self) -> None:
        self.began, self.go_on, self.ended = threading.Event(), threading.Event(), threading.Event()

    @property
    def is_leading(self) -> bool:
        return False

    def look(self, scheduler: BackgroundScheduler, now_s: float) -> None:
        del now_s
        self.began.set()
        self.go_on.wait(PATIENCE_S)
        scheduler.get_jobs()
        self.ended.set()


def test_stopping_while_the_lead_is_looked_at_ends() -> None:
    """The scheduler answers nobody while it shuts down: a look inside it would wait for ever."""
    slow = SlowLook()
    worker = Worker({"janitor": lambda: 0}, calendar=slow)
    worker.start()
    assert slow.began.wait(PATIENCE_S)
    stopper = threading.Thread(target=worker.stop, daemon=True)
    stopper.start()
    slow.go_on.set()
    stopper.join(PATIENCE_S)
    assert slow.ended.is_set()
    assert not stopper.is_alive()


def test_a_dead_scheduler_or_an_old_tick_is_seen() -> None:
    stopwatch, ended = Stopwatch(), threading.Event()
    codes: list[int] = []

    def take() -> int:
        ended.set()
        return 0

    worker = Worker({"janitor": take}, stopwatch=stopwatch, die=codes.append)
    assert not worker.is_well()
    with _running(worker):
        assert ended.wait(PATIENCE_S)
        assert worker.is_well()
        stopwatch.now_s = 601
        assert not worker.is_well()
        stopwatch.now_s = 0
    assert not worker.is_well()
    assert EXIT_CODE == 3
    assert codes == []


# --- the calendar -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last_done", "due"),
    [
        (None, "2027-01-11T09:00Z"),  # never: now
        ("2027-01-11T01:11Z", "2027-01-12T01:10Z"),  # done today: tomorrow
        ("2027-01-10T01:11Z", "2027-01-11T01:10Z"),  # missed this morning: at once, because it has passed
        ("2027-01-03T01:11Z", "2027-01-04T01:10Z"),  # missed for a week: one time, coalesced
    ],
)
def test_a_job_is_due_at_the_first_time_after_its_last_good_end(last_done: str | None, due: str) -> None:
    now = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
    last = None if last_done is None else datetime.fromisoformat(last_done)
    assert first_due(JOB, last, now) == datetime.fromisoformat(due)


@dataclass
class Lead:
    """A lock that a test gives and takes."""

    free: bool = True

    def try_take(self) -> bool:
        return self.free

    def is_alive(self) -> bool:
        return self.free

    def let_go(self) -> None:
        pass


RAN: list[str] = []


def _note() -> None:
    RAN.append("nightly")


def _jobs() -> dict[str, CalendarJob]:
    return {"nightly": CalendarJob("nightly", _note, 1, 10)}


@pytest.fixture
def scheduler() -> Iterator[BackgroundScheduler]:
    """A running one, without jobs."""
    RAN.clear()
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    )
    scheduler.start()
    yield scheduler
    scheduler.shutdown()


def _wait_for(happened: Callable[[], bool]) -> bool:
    waited = threading.Event()
    for _ in range(PATIENCE_S * 20):
        if happened():
            return True
        waited.wait(0.05)
    return False


def _calendar(engine: sa.Engine, lead: Lead, last_done: datetime | None) -> Calendar:
    return Calendar(lead, store_engine=engine, last_done=lambda _: last_done, jobs=_jobs(), hold_s=30)


def test_a_job_missed_while_all_were_down_runs_once_at_the_start(
    worker_engine: sa.Engine, scheduler: BackgroundScheduler
) -> None:
    missed = _calendar(worker_engine, Lead(), datetime.now(UTC) - timedelta(days=3))
    missed.look(scheduler, 0)
    assert scheduler.get_jobs() == []  # it holds the lock a while first
    missed.look(scheduler, 31)
    assert _wait_for(lambda: RAN == ["nightly"])
    (job,) = scheduler.get_jobs()
    assert job.next_run_time > datetime.now(UTC)


def test_a_job_that_has_run_today_waits_for_tomorrow(
    worker_engine: sa.Engine, scheduler: BackgroundScheduler
) -> None:
    done = _calendar(worker_engine, Lead(), datetime.now(UTC))
    done.look(scheduler, 0)
    done.look(scheduler, 31)
    (job,) = scheduler.get_jobs()
    assert job.next_run_time > datetime.now(UTC)
    assert RAN == []


def test_who_loses_the_lead_lets_go_of_the_store_at_once(
    worker_engine: sa.Engine, scheduler: BackgroundScheduler
) -> None:
    lead = Lead()
    leading = _calendar(worker_engine, lead, datetime.now(UTC))
    leading.look(scheduler, 0)
    leading.look(scheduler, 31)
    assert leading.still_held()
    lead.free = False
    leading.look(scheduler, 36)
    assert scheduler.get_jobs() == []
    assert not leading.still_held()
    lead.free = True
    leading.look(scheduler, 41)
    assert scheduler.get_jobs() == []  # from the beginning: 30 s of holding
    leading.look(scheduler, 72)
    assert len(scheduler.get_jobs()) == 1


def test_only_one_replica_leads_and_a_cut_connection_ends_it(migrated_database: Database) -> None:
    conninfo = migrated_database.conninfo_of("daybook_worker", PASSWORDS.worker)
    first, second = LeaderLock(conninfo), LeaderLock(conninfo)
    assert first.try_take()
    assert not second.try_take()
    assert first.is_alive()
    first.let_go()
    assert not first.is_alive()
    assert second.try_take()
    second.let_go()


def test_the_real_jobs_run_without_arguments_and_say_so(worker_engine: sa.Engine) -> None:
    for job in JOBS.values():
        assert getattr(calendar, job.run.__name__) is job.run
        assert job.run.__name__ == job.job_id
