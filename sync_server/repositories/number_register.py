"""Every document number that ever left: leased, used or void."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.tables import document
from sync_server.repositories.sync_tables import number_register as table


@dataclass(frozen=True)
class RegisterRow:
    """One number of one series and year."""

    series: str
    year: int
    number: int
    state: str
    lease_id: UUID | None = None
    device_id: UUID | None = None
    for_document: UUID | None = None
    document_id: UUID | None = None
    reason: str | None = None


class NumberRegister:
    """The register of one open transaction; written under the studio's lock alone."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def highest(self, tenant_id: UUID, series: str, year: int) -> int:
        """The highest number that ever left, 0 for none."""
        query = sa.select(sa.func.coalesce(sa.func.max(table.c.number), 0)).where(
            table.c.tenant_id == tenant_id, table.c.series == series, table.c.year == year
        )
        return int(self._session.scalars(query).one())

    def highest_used(self, tenant_id: UUID, series: str, year: int) -> int:
        """The highest number on a document, 0 for none."""
        query = sa.select(sa.func.coalesce(sa.func.max(table.c.number), 0)).where(
            table.c.tenant_id == tenant_id,
            table.c.series == series,
            table.c.year == year,
            table.c.state == "used",
        )
        return int(self._session.scalars(query).one())

    def find(self, tenant_id: UUID, series: str, year: int, *, number: int) -> RegisterRow | None:
        """One number."""
        found = self._rows(
            tenant_id, table.c.series == series, table.c.year == year, table.c.number == number
        )
        return found[0] if found else None

    def of_lease(self, tenant_id: UUID, lease_id: UUID) -> list[RegisterRow]:
        """What one request was given."""
        return self._rows(tenant_id, table.c.lease_id == lease_id)

    def leased_to(self, tenant_id: UUID, device_ids: Iterable[UUID]) -> list[RegisterRow]:
        """What these ids of one computer hold and have not used."""
        return self._rows(tenant_id, table.c.device_id.in_(list(device_ids)), table.c.state == "leased")

    def numbers(self, tenant_id: UUID, series: str, year: int) -> set[int]:
        """Every number that is in the register."""
        query = sa.select(table.c.number).where(
            table.c.tenant_id == tenant_id, table.c.series == series, table.c.year == year
        )
        return set(self._session.scalars(query))

    def has_document(self, tenant_id: UUID, document_id: UUID) -> bool:
        """Whether this document has been issued."""
        query = sa.select(document.c.id).where(
            document.c.tenant_id == tenant_id, document.c.id == document_id
        )
        return self._session.scalars(query).one_or_none() is not None

    def add(self, tenant_id: UUID, rows: Sequence[RegisterRow], *, at: datetime) -> None:
        """New numbers."""
        values = [{"tenant_id": tenant_id, "at": at, **row.__dict__} for row in rows]
        if values:
            self._session.execute(sa.insert(table), values)

    def use(self, tenant_id: UUID, row: RegisterRow, *, document_id: UUID, at: datetime) -> None:
        """The number stands on a document now: final."""
        self._change(
            tenant_id,
            {"state": "used", "document_id": document_id, "reason": None, "at": at},
            table.c.series == row.series,
            table.c.year == row.year,
            table.c.number == row.number,
        )

    def void_for_document(self, tenant_id: UUID, document_id: UUID, *, reason: str, at: datetime) -> None:
        """Numbers that were leased for a document which got another one."""
        self._change(
            tenant_id,
            {"state": "void", "reason": reason, "at": at},
            table.c.for_document == document_id,
            table.c.state == "leased",
        )

    def void_of_device(self, tenant_id: UUID, device_id: UUID, *, reason: str, at: datetime) -> None:
        """What a computer holds and will not use."""
        self._change(
            tenant_id,
            {"state": "void", "reason": reason, "at": at},
            table.c.device_id == device_id,
            table.c.state == "leased",
        )

    def void_leases(
        self, tenant_id: UUID, lease_ids: Sequence[UUID], *, device_ids: Iterable[UUID], at: datetime
    ) -> None:
        """Leases that their computer has given back."""
        self._change(
            tenant_id,
            {"state": "void", "reason": "store restored", "at": at},
            table.c.lease_id.in_(lease_ids),
            table.c.device_id.in_(list(device_ids)),
            table.c.state == "leased",
        )

    def _rows(self, tenant_id: UUID, *conditions: sa.ColumnElement[bool]) -> list[RegisterRow]:
        query = (
            sa.select(
                table.c.series,
                table.c.year,
                table.c.number,
                table.c.state,
                table.c.lease_id,
                table.c.device_id,
                table.c.for_document,
                table.c.document_id,
                table.c.reason,
            )
            .where(table.c.tenant_id == tenant_id, *conditions)
            .order_by(table.c.series, table.c.year, table.c.number)
        )
        return [RegisterRow(*row) for row in self._session.execute(query)]

    def _change(self, tenant_id: UUID, values: dict[str, Any], *conditions: sa.ColumnElement[bool]) -> None:
        self._session.execute(
            sa.update(table).where(table.c.tenant_id == tenant_id, *conditions).values(values)
        )
