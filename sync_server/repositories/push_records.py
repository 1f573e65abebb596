"""How a push begins and what it leaves, each in one question to the database: a device waits for it.

On SQLite, which has neither the function nor changes inside a query, the same is asked step by step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from shared.models.act import Role
from shared.tables import member
from shared.tables.column_types import Id
from sync_server.repositories import tenant_lock
from sync_server.repositories.audit_log import AuditLog, AuditRow, audit_values
from sync_server.repositories.database_errors import is_no_studio
from sync_server.repositories.many_rows import as_recordset
from sync_server.repositories.quick_questions import ask_driver
from sync_server.repositories.sessions import Sessions, SessionState
from sync_server.repositories.sync_tables import device, operation_failure, receipt, tenant_sync


@dataclass(frozen=True)
class Person:
    """What decides whether a member of the studio may do something."""

    id: UUID
    role: Role
    works_here: bool


@dataclass(frozen=True)
class PushStanding:
    """What a request of operations is measured by: history, device, sender, what of it came before."""

    epoch: UUID
    device_name: str
    last_no: int
    has_failures: bool
    has_receipts: bool
    sender: Person


@dataclass(frozen=True)
class SessionCheck:
    """The session that a request names, and what raises unless it stands (None: there is no such session)."""

    session_id: UUID
    check: Callable[[SessionState | None], None]


def begin_push(
    session: Session,
    tenant_id: UUID,
    *,
    device_id: UUID,
    user_id: UUID,
    operation_ids: Sequence[UUID],
    signed_in: SessionCheck | None = None,
) -> PushStanding:
    """Take the studio's lock, and read under it what the request is measured by.

    With ``signed_in``: only while that session stands, which is asked before anything else is told.
    """
    known = {"device": device_id, "sender": user_id, "operations": list(operation_ids)}
    if tenant_lock.is_postgres(session):
        named = None if signed_in is None else signed_in.session_id
        row = _ask_to_begin(session, tenant_id, **known, signed_by=named)
    else:
        tenant_lock.sync_begin(session, tenant_id)
        row = session.execute(_standing_query(), {"tenant": tenant_id, **known}).one_or_none()
    if signed_in is not None:
        signed_in.check(None if row is None else _state(session, tenant_id, signed_in.session_id, row))
    assert row is not None, "who pushes is a member of the studio, on a device of it"
    return PushStanding(
        epoch=row.epoch,
        device_name=row.device_name,
        last_no=row.last_no,
        has_failures=row.has_failures,
        has_receipts=row.has_receipts,
        sender=Person(user_id, Role(row.role), works_here=row.left_at is None),
    )


def _ask_to_begin(session: Session, tenant_id: UUID, **asked: object) -> Any:  # noqa: ANN401 - a row by names
    try:
        return tenant_lock.begin_by(session, tenant_id, _BEGIN, **asked)
    except DBAPIError as failure:
        if is_no_studio(failure):
            return None
        raise


def _state(session: Session, tenant_id: UUID, session_id: UUID, row: Any) -> SessionState | None:  # noqa: ANN401 - as above
    if not tenant_lock.is_postgres(session):
        found = Sessions(session).find(tenant_id, session_id)
        return None if found is None else found.state
    if row.session_device is None or row.member_sv is None:
        return None
    return SessionState(
        row.session_device,
        row.session_user_id,
        row.device_status,
        row.revoked_at,
        row.revoke_reason,
        row.disabled_at,
        row.member_sv,
    )


@dataclass(frozen=True)
class PushRecord:
    """What is kept of a request: the decisions (columns of ``receipt``), who did it, the device's counter."""

    device_id: UUID
    last_no: int
    decisions: Sequence[Mapping[str, Any]]
    audit: Sequence[AuditRow]


def keep_push(session: Session, tenant_id: UUID, record: PushRecord) -> int:
    """Write the record with the studio's present head, and give that; 0 without decisions."""
    if not tenant_lock.is_postgres(session):
        return _keep_step_by_step(session, tenant_id, record)
    kept = ask_driver(
        session,
        tenant_id,
        _KEEP,
        device=record.device_id,
        last_no=record.last_no,
        audit=as_recordset([audit_values(row) for row in record.audit]),
        decisions=as_recordset(record.decisions),
    )
    return 0 if kept is None else int(kept.seq)


def _keep_step_by_step(session: Session, tenant_id: UUID, record: PushRecord) -> int:
    session.execute(
        sa.update(device)
        .where(device.c.tenant_id == tenant_id, device.c.id == record.device_id)
        .values(last_no=record.last_no)
    )
    AuditLog(session).add(tenant_id, record.audit)
    if not record.decisions:
        return 0
    rows = [{"tenant_id": tenant_id, "tenant": tenant_id, **decision} for decision in record.decisions]
    return int(session.scalars(_add_receipts(), rows).all()[0])


_BEGIN: Final = """
SELECT * FROM push_begin(
  %(tenant)s::uuid, %(device)s::uuid, %(sender)s::uuid, %(signed_by)s::uuid, %(operations)s::uuid[])
"""

_KEEP: Final = """
WITH moved AS (
  UPDATE device SET last_no = %(last_no)s
  WHERE tenant_id = %(tenant)s AND id = %(device)s AND last_no <> %(last_no)s
), noted AS (
  INSERT INTO audit_log (tenant_id, id, actor_type, actor_id, device_id, action, entity, entity_id,
    before, after, request_id, ip)
  SELECT %(tenant)s, id, actor_type, actor_id, device_id, action, entity, entity_id,
    before, after, request_id, ip
  FROM jsonb_populate_recordset(NULL::audit_log, CAST(%(audit)s AS jsonb))
)
INSERT INTO receipt (tenant_id, operation_id, device_id, no, user_id, pushed_by, name, v, args_hash,
  status, code, result, seq)
SELECT %(tenant)s, d.operation_id, d.device_id, d.no, d.user_id, d.pushed_by, d.name, d.v, d.args_hash,
  d.status, d.code, d.result, s.head
FROM jsonb_populate_recordset(NULL::receipt, CAST(%(decisions)s AS jsonb)) d, tenant_sync s
WHERE s.tenant_id = %(tenant)s
RETURNING seq
"""


# made once: putting a statement together takes longer than running it


@lru_cache(maxsize=1)
def _standing_query() -> sa.Select[Any]:
    tenant = sa.bindparam("tenant", type_=Id())
    operations = sa.bindparam("operations", type_=Id(), expanding=True)
    return (
        sa.select(
            tenant_sync.c.epoch,
            device.c.name.label("device_name"),
            device.c.last_no,
            sa.exists().where(operation_failure.c.tenant_id == tenant).label("has_failures"),
            sa.exists()
            .where(receipt.c.tenant_id == tenant, receipt.c.operation_id.in_(operations))
            .label("has_receipts"),
            member.c.role,
            sa.func.coalesce(member.c.disabled_at, member.c.deleted_at).label("left_at"),
        )
        .join(device, device.c.tenant_id == tenant_sync.c.tenant_id)
        .join(member, member.c.tenant_id == tenant_sync.c.tenant_id)
        .where(
            tenant_sync.c.tenant_id == tenant,
            device.c.id == sa.bindparam("device", type_=Id()),
            member.c.id == sa.bindparam("sender", type_=Id()),
        )
    )


@lru_cache(maxsize=1)
def _add_receipts() -> ReturningInsert[int]:
    head = (
        sa.select(tenant_sync.c.head)
        .where(tenant_sync.c.tenant_id == sa.bindparam("tenant", type_=Id()))
        .scalar_subquery()
    )
    return sa.insert(receipt).values(seq=head).returning(receipt.c.seq)
