"""One row per fact and handler, written in the commit of the fact; each is carried out alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sync_server.repositories.work_tables import event_outbox


@dataclass(frozen=True)
class OutboxFact:
    """A fact that waits for one handler; ``event_id`` is the same for every handler of it."""

    tenant_id: UUID
    id: UUID
    event_id: UUID
    name: str
    payload: Mapping[str, Any]
    handler: str
    tries: int

    def id_of(self, field: str) -> UUID:
        """An id of the payload."""
        return UUID(self.payload[field])


class EventOutbox:
    """The outbox in an open transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, tenant_id: UUID, rows: Iterable[Mapping[str, Any]]) -> None:
        """Keep new rows; a fact that is known already is not told twice."""
        values = [{"tenant_id": tenant_id, **row} for row in rows]
        if values:
            self._session.execute(insert(event_outbox).values(values).on_conflict_do_nothing())

    def take(self, tenant_id: UUID, row_id: UUID, *, owner: str) -> OutboxFact | None:
        """The claimed row, locked, if it is still this worker's to carry out."""
        table = event_outbox
        query = (
            sa.select(table)
            .where(
                table.c.tenant_id == tenant_id,
                table.c.id == row_id,
                table.c.status == "new",
                table.c.lease_owner == owner,
            )
            .with_for_update()
        )
        row = self._session.execute(query).one_or_none()
        if row is None:
            return None
        return OutboxFact(
            tenant_id=row.tenant_id,
            id=row.id,
            event_id=row.event_id,
            name=row.name,
            payload=row.payload,
            handler=row.handler,
            tries=row.tries,
        )

    def done(self, tenant_id: UUID, row_id: UUID) -> None:
        """The handler has done its work, in this same transaction."""
        self._set(tenant_id, row_id, {"status": "done", "lease_until": None, "last_error": None})

    def again(self, tenant_id: UUID, row_id: UUID, *, next_try: datetime, error: str) -> None:
        """The handler failed: once more at ``next_try``."""
        self._set(tenant_id, row_id, {"next_try": next_try, "lease_until": None, "last_error": error})

    def park(self, tenant_id: UUID, row_id: UUID, *, error: str) -> None:
        """The handler failed too often: a person looks at it."""
        self._set(tenant_id, row_id, {"status": "parked", "lease_until": None, "last_error": error})

    def knows(self, tenant_id: UUID, event_id: UUID) -> bool:
        """Whether this fact was told to any handler."""
        table = event_outbox
        query = sa.select(table.c.id).where(table.c.tenant_id == tenant_id, table.c.event_id == event_id)
        return self._session.scalar(query.limit(1)) is not None

    def _set(self, tenant_id: UUID, row_id: UUID, values: Mapping[str, Any]) -> None:
        self._session.execute(
            sa.update(event_outbox)
            .where(event_outbox.c.tenant_id == tenant_id, event_outbox.c.id == row_id)
            .values(values)
        )
