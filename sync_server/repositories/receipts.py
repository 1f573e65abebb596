"""Receipts, failures and the devices' counters: what the intake of operations asks and writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from shared.models.act import Role
from shared.sync_protocol.results import OperationResult, ResultStatus
from shared.tables import member
from shared.tables.column_types import Id
from sync_server.repositories.sync_tables import device, operation_failure, receipt, tenant_sync
from sync_server.repositories.upserts import insert_for


@dataclass(frozen=True)
class Receipt:
    """The stored decision on one operation."""

    args_hash: bytes
    result: OperationResult


@dataclass(frozen=True)
class Person:
    """What decides whether a member of the studio may do something."""

    id: UUID
    role: Role
    works_here: bool


@dataclass(frozen=True)
class DeviceStanding:
    """Where a studio's history and one of its devices stand."""

    epoch: UUID
    epoch_at: datetime
    head: int
    gc_floor: int
    name: str
    last_no: int
    issued_cursor: int
    last_seen_at: datetime | None


@dataclass(frozen=True)
class PushStanding:
    """What a request of operations is measured by: history, device, sender, what of it came before."""

    epoch: UUID
    device_name: str
    last_no: int
    has_failures: bool
    has_receipts: bool
    sender: Person


class Receipts:
    """Decisions of one open transaction; also of the devices that sent the operations."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_operations(self, tenant_id: UUID, operation_ids: Sequence[UUID]) -> dict[UUID, Receipt]:
        """Those of these operations that were decided before."""
        rows = self._session.execute(
            sa.select(receipt).where(
                receipt.c.tenant_id == tenant_id, receipt.c.operation_id.in_(operation_ids)
            )
        )
        return {
            row.operation_id: Receipt(
                row.args_hash,
                OperationResult(
                    id=row.operation_id,
                    status=ResultStatus(row.status),
                    seq=row.seq,
                    code=row.code,
                    result=row.result,
                ),
            )
            for row in rows
        }

    def add(self, tenant_id: UUID, decisions: Sequence[dict[str, Any]]) -> int:
        """Keep decisions with the studio's present head, and give that; 0 without decisions."""
        if not decisions:
            return 0
        rows = [{"tenant_id": tenant_id, "tenant": tenant_id, **decision} for decision in decisions]
        return int(self._session.scalars(_add_statement(), rows).all()[0])

    def standing(self, tenant_id: UUID, device_id: UUID) -> DeviceStanding:
        """Where the studio's history and the device stand, in one question."""
        return DeviceStanding(
            *self._session.execute(_standing_query(), {"tenant": tenant_id, "device": device_id}).one()
        )

    def push_standing(
        self, tenant_id: UUID, device_id: UUID, user_id: UUID, *, operation_ids: Sequence[UUID]
    ) -> PushStanding:
        """What a request of these operations is measured by, in one question."""
        known = {"tenant": tenant_id, "device": device_id, "sender": user_id, "operations": operation_ids}
        row: Any = self._session.execute(_push_standing_query(), known).one()
        return PushStanding(
            epoch=row.epoch,
            device_name=row.device_name,
            last_no=row.last_no,
            has_failures=row.has_failures,
            has_receipts=row.has_receipts,
            sender=Person(user_id, row.role, works_here=row.left_at is None),
        )

    def set_last_no(self, tenant_id: UUID, device_id: UUID, no: int) -> None:
        """The device's counter moves on."""
        self._session.execute(
            _set_last_no_statement(), {"tenant": tenant_id, "device": device_id, "last_no": no}
        )

    def failures(self, tenant_id: UUID, operation_ids: Sequence[UUID]) -> dict[UUID, tuple[int, str]]:
        """How often each of these broke down unexpectedly, and by what class of error."""
        rows = self._session.execute(
            sa.select(operation_failure).where(
                operation_failure.c.tenant_id == tenant_id,
                operation_failure.c.operation_id.in_(operation_ids),
            )
        )
        return {row.operation_id: (row.tries, row.error_class) for row in rows}

    def count_failure(self, tenant_id: UUID, operation_id: UUID, error_class: str) -> int:
        """One more; how many it were."""
        statement = (
            insert_for(self._session, operation_failure)
            .values(tenant_id=tenant_id, operation_id=operation_id, tries=1, error_class=error_class)
            .on_conflict_do_update(
                index_elements=["tenant_id", "operation_id"],
                set_={"tries": operation_failure.c.tries + 1, "error_class": error_class},
            )
            .returning(operation_failure.c.tries)
        )
        return int(self._session.scalars(statement).one())


# made once: putting a statement together takes longer than running it

_TENANT = sa.bindparam("tenant", type_=Id())
_DEVICE = sa.bindparam("device", type_=Id())


@lru_cache(maxsize=1)
def _standing_query() -> sa.Select[Any]:
    return (
        sa.select(
            tenant_sync.c.epoch,
            tenant_sync.c.epoch_at,
            tenant_sync.c.head,
            tenant_sync.c.gc_floor,
            device.c.name,
            device.c.last_no,
            device.c.issued_cursor,
            device.c.last_seen_at,
        )
        .join(device, device.c.tenant_id == tenant_sync.c.tenant_id)
        .where(tenant_sync.c.tenant_id == _TENANT, device.c.id == _DEVICE)
    )


@lru_cache(maxsize=1)
def _push_standing_query() -> sa.Select[Any]:
    operations = sa.bindparam("operations", type_=Id(), expanding=True)
    return (
        sa.select(
            tenant_sync.c.epoch,
            device.c.name.label("device_name"),
            device.c.last_no,
            sa.exists().where(operation_failure.c.tenant_id == _TENANT).label("has_failures"),
            sa.exists()
            .where(receipt.c.tenant_id == _TENANT, receipt.c.operation_id.in_(operations))
            .label("has_receipts"),
            member.c.role,
            sa.func.coalesce(member.c.disabled_at, member.c.deleted_at).label("left_at"),
        )
        .join(device, device.c.tenant_id == tenant_sync.c.tenant_id)
        .join(member, member.c.tenant_id == tenant_sync.c.tenant_id)
        .where(
            tenant_sync.c.tenant_id == _TENANT,
            device.c.id == _DEVICE,
            member.c.id == sa.bindparam("sender", type_=Id()),
        )
    )


@lru_cache(maxsize=1)
def _set_last_no_statement() -> sa.Update:
    return sa.update(device).where(device.c.tenant_id == _TENANT, device.c.id == _DEVICE)


@lru_cache(maxsize=1)
def _add_statement() -> ReturningInsert[int]:
    head = sa.select(tenant_sync.c.head).where(tenant_sync.c.tenant_id == _TENANT).scalar_subquery()
    return sa.insert(receipt).values(seq=head).returning(receipt.c.seq)
