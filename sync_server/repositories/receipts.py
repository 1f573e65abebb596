"""Receipts, failures and the devices' counters: what the intake of operations asks and writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.sync_protocol.results import OperationResult, ResultStatus
from sync_server.repositories.sync_tables import device, operation_failure, receipt, tenant_sync
from sync_server.repositories.upserts import insert_for


@dataclass(frozen=True)
class Receipt:
    """The stored decision on one operation."""

    args_hash: bytes
    result: OperationResult


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

    def add(self, tenant_id: UUID, values: dict[str, Any]) -> int:
        """Keep a decision with the studio's present head, and give that; ``values`` are the other columns."""
        head = sa.select(tenant_sync.c.head).where(tenant_sync.c.tenant_id == tenant_id).scalar_subquery()
        statement = sa.insert(receipt).values(tenant_id=tenant_id, seq=head, **values)
        return int(self._session.scalars(statement.returning(receipt.c.seq)).one())

    def epoch(self, tenant_id: UUID) -> UUID:
        """The name of the studio's present history."""
        query = sa.select(tenant_sync.c.epoch).where(tenant_sync.c.tenant_id == tenant_id)
        epoch: UUID = self._session.scalars(query).one()
        return epoch

    def last_no(self, tenant_id: UUID, device_id: UUID) -> int:
        """The number of the device's last operation that was decided."""
        query = sa.select(device.c.last_no).where(device.c.tenant_id == tenant_id, device.c.id == device_id)
        return int(self._session.scalars(query).one())

    def set_last_no(self, tenant_id: UUID, device_id: UUID, no: int) -> None:
        """The device's counter moves on."""
        self._session.execute(
            sa.update(device)
            .where(device.c.tenant_id == tenant_id, device.c.id == device_id)
            .values(last_no=no)
        )

    def device_name(self, tenant_id: UUID, device_id: UUID) -> str | None:
        """What the device is called."""
        query = sa.select(device.c.name).where(device.c.tenant_id == tenant_id, device.c.id == device_id)
        return self._session.scalars(query).one_or_none()

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

    def now_seen(self, tenant_id: UUID, device_id: UUID, at: datetime) -> None:
        """The device has called."""
        self._session.execute(
            sa.update(device)
            .where(device.c.tenant_id == tenant_id, device.c.id == device_id)
            .values(last_seen_at=at)
        )
