"""Which replica leads: an advisory lock on a connection of its own; and what its calendar has run."""

from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from sync_server.repositories.sync_tables import calendar_run

_KEY: Final = 0x6461_7962_6F6F_6B31
_LIMIT_MS: Final = 3000


class LeaderLock:
    """Held as long as its connection lives; never through a pooler of transactions."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: psycopg.Connection | None = None

    def try_take(self) -> bool:
        """Whether this process holds the lock now; False while another one does or the database is away."""
        if self._connection is None:
            try:
                self._connection = psycopg.connect(
                    self._conninfo,
                    autocommit=True,
                    connect_timeout=5,
                    application_name="daybook_leader",
                    options=f"-c statement_timeout={_LIMIT_MS}",
                )
            except psycopg.Error:
                return False
        return self._ask("SELECT pg_try_advisory_lock(%s)", (_KEY,))

    def is_alive(self) -> bool:
        """Whether the connection that holds the lock still answers, within three seconds."""
        return self._connection is not None and self._ask("SELECT true", ())

    def let_go(self) -> None:
        """End the connection, and with it the lock."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, query: str, values: tuple[int, ...]) -> bool:
        assert self._connection is not None, "connected before"
        try:
            row = self._connection.execute(query.encode(), values).fetchone()
        except psycopg.Error:
            self.let_go()
            return False
        return bool(row and row[0])


def begin_run(session: Session, run_id: UUID, job_id: str) -> None:
    """A calendar job begins."""
    session.execute(sa.insert(calendar_run).values(id=run_id, job_id=job_id))


def end_run(session: Session, run_id: UUID, *, outcome: str, detail: str) -> None:
    """A calendar job has ended: ``done`` or ``failed``."""
    session.execute(
        sa.update(calendar_run)
        .where(calendar_run.c.id == run_id)
        .values(finished_at=sa.func.clock_timestamp(), outcome=outcome, detail=detail)
    )


def last_done(session: Session, job_id: str) -> datetime | None:
    """When the job last ended well."""
    query = sa.select(sa.func.max(calendar_run.c.finished_at)).where(
        calendar_run.c.job_id == job_id, calendar_run.c.outcome == "done"
    )
    found: datetime | None = session.scalar(query)
    return found
