"""How a story of the server begins and ends: one studio, its lock, its unit of work, and what follows.

Every route, job and webhook that changes studio data opens :meth:`StudioUnits.transaction`; before the
commit the recorded facts go to the functions that bootstrap has given: audit rows, reminder planning, ended
links, and one outbox row per fact and handler.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from shared.events import DomainEvent
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.studio_units import Answer, Begin, StudioSessions

BeforeCommit = Callable[[UnitOfWork, datetime, Sequence[DomainEvent]], None]
"""Called with the unit, business time and the facts of the whole transaction; may record further facts."""

_MAX_ROUNDS = 8


class StudioUnits:
    """Transactions of single studios on one engine."""

    def __init__(self, sessions: StudioSessions, before_commit: Sequence[BeforeCommit] = ()) -> None:
        self.sessions = sessions
        self._before_commit = tuple(before_commit)

    @contextmanager
    def transaction(self, tenant_id: UUID) -> Iterator[tuple[UnitOfWork, datetime]]:
        """The studio's lock is held; the unit and business time. Commits at the end."""
        with self.transaction_by(tenant_id, tenant_lock.sync_begin) as (unit, now, _):
            yield unit, now

    @contextmanager
    def transaction_by(
        self, tenant_id: UUID, begin: Begin[Answer]
    ) -> Iterator[tuple[UnitOfWork, datetime, Answer]]:
        """As :meth:`transaction`, where ``begin`` takes the lock asking for more; with the answer."""
        with self.sessions.locked_by(tenant_id, begin) as (session, answer):
            unit = UnitOfWork(session)
            now = tenant_lock.business_now(session)
            yield unit, now, answer
            self.follow(unit, now)

    @contextmanager
    def queue_transaction(self, tenant_id: UUID) -> Iterator[tuple[UnitOfWork, datetime]]:
        """For work queues and other rows that are no studio data: no lock, nothing follows; commits."""
        with self.sessions.unlocked(tenant_id) as session:
            yield UnitOfWork(session), tenant_lock.business_now(session)

    @contextmanager
    def reading(self, tenant_id: UUID) -> Iterator[tuple[UnitOfWork, datetime]]:
        """One unchanging view of the studio, read only, without the lock; the unit and business time."""
        with self.sessions.reading(tenant_id) as session:
            yield UnitOfWork(session), tenant_lock.business_now(session)

    def business_now(self, unit: UnitOfWork) -> datetime:
        """Business time, the same in the whole transaction."""
        return tenant_lock.business_now(unit.session)

    def follow(self, unit: UnitOfWork, now: datetime) -> None:
        """Write what follows from the facts recorded so far; that may be facts again, until there are none.

        ``transaction`` calls this at its end; the intake of operations after each, in its savepoint if any.
        """
        for _ in range(_MAX_ROUNDS):
            events = unit.take_events()
            if not events:
                return
            for write in self._before_commit:
                write(unit, now, events)
        raise AssertionError("facts that follow from facts without end")
