"""Writes down who did what; nothing here is ever changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.ids import new_id
from shared.models.act import ActorKind
from sync_server.repositories.access_tables import audit_log


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """One line. ``before`` and ``after``: no secret, and of personal fields only the names."""

    actor: ActorKind
    actor_id: UUID | None = None
    device_id: UUID | None = None
    action: str
    entity: str | None = None
    entity_id: UUID | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    request_id: str | None = None
    ip: str | None = None


def audit_values(row: AuditRow) -> dict[str, Any]:
    """The columns of a line, but for its studio; each time with a new id."""
    return {
        "id": new_id(),
        "actor_type": row.actor.value,
        "actor_id": row.actor_id,
        "device_id": row.device_id,
        "action": row.action,
        "entity": row.entity,
        "entity_id": row.entity_id,
        "before": row.before,
        "after": row.after,
        "request_id": row.request_id,
        "ip": row.ip,
    }


class AuditLog:
    """The log of one open transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, tenant_id: UUID, rows: Iterable[AuditRow]) -> None:
        """Write lines in the transaction of the change."""
        values = [{"tenant_id": tenant_id, **audit_values(row)} for row in rows]
        if values:
            self._session.execute(sa.insert(audit_log), values)

    def before_of(
        self, tenant_id: UUID, entity_id: UUID, *, actor_id: UUID, action: str
    ) -> dict[str, Any] | None:
        """How a thing stood before this actor's act; None when it was not done."""
        query = sa.select(audit_log.c.before).where(
            audit_log.c.tenant_id == tenant_id,
            audit_log.c.entity_id == entity_id,
            audit_log.c.actor_id == actor_id,
            audit_log.c.action == action,
        )
        return self._session.scalars(query).first()
