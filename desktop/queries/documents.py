"""The invoices list: issued documents with what became of their money."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.full_text import contains
from desktop.queries.marks import marks_of
from desktop.queries.rows import InvoiceRow, RowMark
from shared.models.states import Series
from shared.tables import customer, document, payment_stage


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """Where the bytes of a document are, and what they are called."""

    document_id: UUID
    printed_number: str
    pdf_sha256: str
    booking_id: UUID


def invoices_list(
    connection: sa.Connection, tenant_id: UUID, *, year: int | None = None, words: str = ""
) -> tuple[InvoiceRow, ...]:
    """Issued documents, newest first; of one year, or all."""
    conditions = [document.c.year == year] if year is not None else []
    if words.strip():
        conditions.append(contains("document", words))
    named = sa.and_(customer.c.tenant_id == document.c.tenant_id, customer.c.id == document.c.customer_id)
    found = connection.execute(
        sa.select(document, customer.c.name.label("customer_name"))
        .select_from(document.outerjoin(customer, named))
        .where(document.c.tenant_id == tenant_id, document.c.deleted_at.is_(None), *conditions)
        .order_by(document.c.issued_at.desc(), document.c.number.desc())
    ).all()
    marks = marks_of(connection, "document")
    credited = _credited(connection, tenant_id)
    paid = _paid(connection, tenant_id, [row.booking_id for row in found])
    return tuple(
        InvoiceRow(
            document_id=row.id,
            kind=row.kind.value,
            status="issued",
            printed_number=row.printed_number,
            customer_name=row.customer_name or "",
            total_minor=-row.total_minor if row.series is Series.CREDIT else row.total_minor,
            currency=row.currency,
            money_state=_money_state(row, paid.get(row.booking_id, 0), credited.get(row.id, 0)),
            issued_on=row.issue_date,
            booking_id=row.booking_id,
            mark=marks.get(row.id, RowMark.NONE),
        )
        for row in found
    )


def issued_file(connection: sa.Connection, tenant_id: UUID, document_id: UUID) -> IssuedFile | None:
    """The file of an issued document, or None when there is no such document."""
    row = connection.execute(
        sa.select(document.c.printed_number, document.c.pdf_sha256, document.c.booking_id).where(
            document.c.tenant_id == tenant_id, document.c.id == document_id
        )
    ).one_or_none()
    return None if row is None else IssuedFile(document_id, row[0], row[1], row[2])


def open_invoice_of(connection: sa.Connection, tenant_id: UUID, booking_id: UUID) -> UUID | None:
    """The newest invoice of a booking that is not wholly credited, or None."""
    credited = _credited(connection, tenant_id)
    rows = connection.execute(
        sa.select(document.c.id, document.c.total_minor)
        .where(
            document.c.tenant_id == tenant_id,
            document.c.booking_id == booking_id,
            document.c.series == Series.INVOICE,
        )
        .order_by(document.c.issued_at.desc())
    )
    return next((row.id for row in rows if credited.get(row.id, 0) < row.total_minor), None)


def _credited(connection: sa.Connection, tenant_id: UUID) -> dict[UUID, int]:
    rows = connection.execute(
        sa.select(document.c.refers_to, sa.func.sum(document.c.total_minor))
        .where(
            document.c.tenant_id == tenant_id,
            document.c.series == Series.CREDIT,
            document.c.refers_to.is_not(None),
        )
        .group_by(document.c.refers_to)
    )
    return {row[0]: row[1] for row in rows}


def _paid(connection: sa.Connection, tenant_id: UUID, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = connection.execute(
        sa.select(payment_stage.c.booking_id, payment_stage.c.received_minor).where(
            payment_stage.c.tenant_id == tenant_id, payment_stage.c.booking_id.in_(set(booking_ids))
        )
    )
    paid: dict[UUID, int] = defaultdict(int)
    for booking_id, received in rows:
        paid[booking_id] += received
    return paid


def _money_state(row: Any, paid_minor: int, credited_minor: int) -> str:  # noqa: ANN401 - a row of the query
    if row.series is Series.CREDIT:
        return "refunded"
    if credited_minor >= row.total_minor > 0:
        return "credited"
    if credited_minor:
        return "partly_credited"
    if paid_minor >= row.total_minor:
        return "paid"
    return "part_paid" if paid_minor else "open"
