"""Receipts, failures and where the devices stand: what was decided of earlier requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.sync_protocol.results import OperationResult, ResultStatus
from shared.tables.column_types import Id
from sync_server.repositories.sync_tables import device, operation_failure, receipt, tenant_sync
from sync_server.repositories.upserts import insert_for


@dataclass(frozen=True)
class Receipt:
    """The stored decision on one operation."""

    args_hash: bytes
    result: OperationResult


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


class Receipts:
    """What earlier requests left, in an open transaction; also of the devices that sent them."""

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

    def standing(self, tenant_id: UUID, device_id: UUID) -> DeviceStanding:
        """Where the studio's history and the device stand, in one question."""
        return DeviceStanding(
            *self._session.execute(_standing_query(), {"tenant": tenant_id, "device": device_id}).one()
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


@lru_cache(maxsize=1)
def _standing_query() -> sa.Select[Any]:
    """Made once: putting a statement together takes longer than running it."""
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
        .where(
            tenant_sync.c.tenant_id == sa.bindparam("tenant", type_=Id()),
            device.c.id == sa.bindparam("device", type_=Id()),
        )
    )
