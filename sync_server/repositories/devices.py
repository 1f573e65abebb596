"""The computers of a studio, and where a studio's history stands."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sync_server.repositories.sync_tables import device, tenant_sync


class Devices:
    """Devices of one open transaction; rows are never deleted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, tenant_id: UUID, device_id: UUID, *, name: str, **columns: Any) -> None:  # noqa: ANN401 - columns
        """A new computer."""
        values = {"tenant_id": tenant_id, "id": device_id, "name": name, "status": "active", **columns}
        self._session.execute(sa.insert(device).values(values))

    def find(self, tenant_id: UUID, device_id: UUID) -> sa.Row[Any] | None:
        """The device's row, or None."""
        query = sa.select(device).where(device.c.tenant_id == tenant_id, device.c.id == device_id)
        return self._session.execute(query).one_or_none()

    def by_request(self, tenant_id: UUID, request_id: UUID) -> sa.Row[Any] | None:
        """The device that this renewal made."""
        query = sa.select(device).where(device.c.tenant_id == tenant_id, device.c.request_id == request_id)
        return self._session.execute(query).one_or_none()

    def all(self, tenant_id: UUID) -> list[sa.Row[Any]]:
        """Every computer, the latest first."""
        query = sa.select(device).where(device.c.tenant_id == tenant_id).order_by(device.c.created_at.desc())
        return list(self._session.execute(query))

    def set_status(self, tenant_id: UUID, device_id: UUID, status: str) -> bool:
        """Active, superseded or revoked; whether there was such a device."""
        return self._change(tenant_id, device_id, {"status": status}) == 1

    def note_seen(self, tenant_id: UUID, device_id: UUID, *, at: datetime, **columns: Any) -> None:  # noqa: ANN401 - columns
        """It has called; with what version."""
        self._change(tenant_id, device_id, {"last_seen_at": at, **columns})

    def raise_issued_cursor(self, tenant_id: UUID, device_id: UUID, *, seq: int, at: datetime) -> None:
        """A cursor up to here has been given out; it never goes back within a history."""
        issued = sa.case((device.c.issued_cursor > seq, device.c.issued_cursor), else_=seq)
        self._change(tenant_id, device_id, {"issued_cursor": issued, "last_seen_at": at})

    def renewed_since(self, tenant_id: UUID, since: datetime) -> int:
        """How many devices started over since an instant."""
        query = sa.select(sa.func.count()).where(
            device.c.tenant_id == tenant_id, device.c.replaces.is_not(None), device.c.created_at >= since
        )
        return int(self._session.scalars(query.select_from(device)).one())

    def ids_of_same_computer(self, tenant_id: UUID, device_id: UUID) -> set[UUID]:
        """The device's id and the older ids that it replaces."""
        query = sa.select(device.c.id, device.c.replaces).where(device.c.tenant_id == tenant_id)
        replaces = {row.id: row.replaces for row in self._session.execute(query)}
        same: set[UUID] = set()
        present: UUID | None = device_id
        while present is not None and present not in same:
            same.add(present)
            present = replaces.get(present)
        return same

    def begin_epoch(self, tenant_id: UUID, epoch: UUID, *, at: datetime) -> None:
        """The studio's history has broken: it gets a new name, and no cursor counts any more."""
        self._session.execute(
            sa.update(tenant_sync)
            .where(tenant_sync.c.tenant_id == tenant_id)
            .values(epoch=epoch, epoch_at=at)
        )
        self._session.execute(
            sa.update(device).where(device.c.tenant_id == tenant_id).values(issued_cursor=0)
        )

    def _change(self, tenant_id: UUID, device_id: UUID, values: dict[str, Any]) -> int:
        statement = (
            sa.update(device).where(device.c.tenant_id == tenant_id, device.c.id == device_id).values(values)
        )
        result = self._session.execute(statement)
        assert isinstance(result, sa.CursorResult), "an update tells how many rows it met"
        return result.rowcount
