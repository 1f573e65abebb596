"""Opens and ends the transactions of one studio: under its lock, or only seeing its rows.

``services/studio_unit.py`` adds what has to be written before a commit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sync_server.repositories import tenant_lock
from sync_server.repositories.sync_tables import tenant_sync

Answer = TypeVar("Answer")
Begin = Callable[[Session, UUID], Answer]
"""Takes the lock of a studio, the first thing in a session, and tells something."""


class StudioSessions:
    """Sessions of one engine."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._each_alone = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._snapshot = (
            engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            if engine.dialect.name == "postgresql"
            else engine
        )

    @contextmanager
    def locked(self, tenant_id: UUID) -> Iterator[Session]:
        """Under the studio's lock; commits at the end, rolls back on an exception."""
        with self.locked_by(tenant_id, tenant_lock.sync_begin) as (session, _):
            yield session

    @contextmanager
    def locked_by(self, tenant_id: UUID, begin: Begin[Answer]) -> Iterator[tuple[Session, Answer]]:
        """As :meth:`locked`, where ``begin`` takes the lock asking for more; with the answer."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session, begin(session, tenant_id)
            session.flush()
            tenant_lock.end_of_lock(session)

    @contextmanager
    def unlocked(self, tenant_id: UUID) -> Iterator[Session]:
        """Writes to work queues and other rows that are no studio data; commits at the end."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            tenant_lock.enter_studio(session, tenant_id)
            yield session

    @contextmanager
    def reading(self, tenant_id: UUID) -> Iterator[Session]:
        """One unchanging view of the studio's rows, read only."""
        with Session(self._snapshot, expire_on_commit=False) as session, session.begin():
            tenant_lock.enter_studio(session, tenant_id)
            yield session

    def ask_alone(self, tenant_id: UUID, question: sa.Select[Any], **asked: object) -> sa.Row[Any] | None:
        """The row of a function of the database that enters the studio by itself; without a transaction."""
        with self._each_alone.connect() as connection:
            return connection.execute(question, {"tenant": tenant_id, **asked}).one_or_none()

    @contextmanager
    def global_session(self) -> Iterator[Session]:
        """For tables without a studio and the functions that look across; commits at the end."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            yield session

    def found(self, tenant_id: UUID, epoch: UUID) -> None:
        """A studio's history begins."""
        with self.unlocked(tenant_id) as session:
            session.execute(sa.insert(tenant_sync).values(tenant_id=tenant_id, epoch=epoch))
