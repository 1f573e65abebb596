"""What is done by the calendar, once for all replicas: functions without arguments, for the store to find.

Bootstrap calls :func:`bind` before the scheduler starts; each job writes down when it ran and how it ended.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from shared.ids import new_id
from sync_server.repositories import cleanup, leader_lock, tenant_lock
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.cleanup import Cleanup
from sync_server.repositories.reminders import PlannedBookings
from sync_server.services.provider_events import system_act
from sync_server.services.reminder_planning import BATCH, PlanChanges, ReminderPlanning
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()


@dataclass(frozen=True)
class CalendarTools:
    """What the jobs work with. ``may_go_on`` is asked before each batch: does this replica still lead?"""

    units: StudioUnits
    across: AcrossStudios
    planning: ReminderPlanning
    may_go_on: Callable[[], bool]
    reconcile: Callable[[], int] | None = None


@dataclass(frozen=True)
class CalendarJob:
    """A job by its fixed id, and its time of day in UTC."""

    job_id: str
    run: Callable[[], None]
    hour: int
    minute: int


class _NoLongerLeadingError(Exception):
    """Another replica leads now; it does the rest."""


_bound: list[CalendarTools] = []


def bind(tools: CalendarTools) -> None:
    """Give the jobs their tools; the last call counts."""
    _bound[:] = [tools]


def nightly_cleanup() -> None:
    """Ended links and counted tries, rows of mails long past, facts that were dealt with."""
    _run("nightly_cleanup", _clean_up)


def nightly_replan() -> None:
    """Plan every booking that is still to come once more: a changed zone file, a missed row."""
    _run("nightly_replan", _replan)


def nightly_reconcile() -> None:
    """Ask the card provider for what was missed."""
    _run("nightly_reconcile", _reconcile)


JOBS: Final[Mapping[str, CalendarJob]] = {
    job.job_id: job
    for job in (
        CalendarJob("nightly_cleanup", nightly_cleanup, 1, 10),
        CalendarJob("nightly_replan", nightly_replan, 1, 40),
        CalendarJob("nightly_reconcile", nightly_reconcile, 2, 10),
    )
}


def _run(job_id: str, work: Callable[[CalendarTools], str]) -> None:
    assert _bound, "bind comes before the first job"
    tools, run_id = _bound[-1], new_id()
    with tools.units.sessions.global_session() as session:
        leader_lock.begin_run(session, run_id, job_id)
    try:
        outcome, detail = "done", work(tools)
    except _NoLongerLeadingError:
        outcome, detail = "stopped", ""
    except Exception as failure:  # the run is kept as failed; the next one is due as ever
        log.exception("calendar_job_failed", job_id=job_id)
        outcome, detail = "failed", type(failure).__name__
    with tools.units.sessions.global_session() as session:
        leader_lock.end_run(session, run_id, outcome=outcome, detail=detail)
    log.info("calendar_job_ended", job_id=job_id, outcome=outcome)


def _go_on(tools: CalendarTools) -> None:
    if not tools.may_go_on():
        raise _NoLongerLeadingError


def _clean_up(tools: CalendarTools) -> str:
    removed = 0
    for tenant_id in tools.across.active_studios():
        removed += _clean_studio(tools, tenant_id)
    with tools.units.sessions.global_session() as session:
        removed += cleanup.remove_rate_buckets(session, tenant_lock.machine_now(session))
    return f"removed {removed}"


def _clean_studio(tools: CalendarTools, tenant_id: UUID) -> int:
    removed = 0
    while True:
        _go_on(tools)
        with tools.units.sessions.unlocked(tenant_id) as session:
            now = tenant_lock.business_now(session)
            work = Cleanup(session)
            batch = sum(step(tenant_id, now) for step in (work.links, work.reminders, work.outbox))
        if batch == 0:
            return removed
        removed += batch


def _replan(tools: CalendarTools) -> str:
    changes = PlanChanges()
    for tenant_id in tools.across.active_studios():
        with tools.units.reading(tenant_id) as (unit, now):
            booking_ids = PlannedBookings(unit.session).to_plan(tenant_id, now)
        for start in range(0, len(booking_ids), BATCH):
            _go_on(tools)
            with tools.units.transaction(tenant_id) as (unit, now):
                unit.begin_act(system_act(tenant_id, now, "replan"))
                batch = booking_ids[start : start + BATCH]
                changes.add(tools.planning.plan(unit, now, tenant_id, booking_ids=batch))
    return (
        f"made {changes.made}, moved {changes.moved}, canceled {changes.canceled}, revived {changes.revived}"
    )


def _reconcile(tools: CalendarTools) -> str:
    _go_on(tools)
    return f"looked at {tools.reconcile() if tools.reconcile is not None else 0}"
