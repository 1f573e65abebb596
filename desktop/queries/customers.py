"""Customers with how many bookings they have, what they owe and when they come next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.booking_money import ASKING, NOTHING, money_of
from desktop.queries.full_text import contains
from desktop.queries.marks import marks_of
from desktop.queries.rows import CustomerRow, RowMark
from shared.tables import booking, customer

PAGE_ROWS: Final = 500


def customers_list(
    connection: sa.Connection, tenant_id: UUID, *, currency: str, now: datetime, words: str = ""
) -> tuple[CustomerRow, ...]:
    """Customers by name; what they owe is summed in the studio's currency alone."""
    conditions = [customer.c.tenant_id == tenant_id, customer.c.deleted_at.is_(None)]
    if words.strip():
        conditions.append(contains("customer", words))
    found = connection.execute(
        sa.select(customer.c.id, customer.c.name, customer.c.email, customer.c.phone)
        .where(*conditions)
        .order_by(customer.c.name, customer.c.id)
        .limit(PAGE_ROWS)
    ).all()
    bookings = _bookings_of(connection, tenant_id, [row.id for row in found], currency=currency, now=now)
    marks = marks_of(connection, "customer")
    return tuple(
        CustomerRow(
            customer_id=row.id,
            name=row.name,
            email=row.email,
            phone=row.phone,
            booking_count=theirs.count,
            currency=currency,
            due_minor=theirs.due_minor,
            next_starts_at_utc=theirs.next_at,
            time_zone=theirs.zone,
            mark=marks.get(row.id, RowMark.NONE),
        )
        for row in found
        for theirs in (bookings.get(row.id, _Theirs()),)
    )


@dataclass(frozen=True, slots=True)
class _Theirs:
    """The bookings of one customer, summed up."""

    count: int = 0
    due_minor: int = 0
    next_at: datetime | None = None
    zone: str = "UTC"


def _bookings_of(
    connection: sa.Connection,
    tenant_id: UUID,
    customer_ids: Sequence[UUID],
    *,
    currency: str,
    now: datetime,
) -> dict[UUID, _Theirs]:
    rows = connection.execute(
        sa.select(
            booking.c.id,
            booking.c.customer_id,
            booking.c.status,
            booking.c.currency,
            booking.c.starts_at,
            booking.c.zone,
        )
        .where(
            booking.c.tenant_id == tenant_id,
            booking.c.deleted_at.is_(None),
            booking.c.customer_id.in_(customer_ids),
        )
        .order_by(booking.c.starts_at)
    ).all()
    owing = [row.id for row in rows if row.status in ASKING and row.currency == currency]
    money = money_of(connection, tenant_id, owing, now=now)
    summed: dict[UUID, _Theirs] = {}
    for row in rows:
        before = summed.get(row.customer_id, _Theirs())
        is_next = before.next_at is None and row.starts_at > now and row.status in ASKING
        summed[row.customer_id] = _Theirs(
            count=before.count + 1,
            due_minor=before.due_minor + money.get(row.id, NOTHING).due_minor,
            next_at=row.starts_at if is_next else before.next_at,
            zone=row.zone if is_next or before.count == 0 else before.zone,
        )
    return summed


def customers_with_mail(
    connection: sa.Connection, tenant_id: UUID, email: str
) -> tuple[tuple[UUID, str], ...]:
    """(id, name) of those with this mail address, case ignored, the oldest first."""
    rows = connection.execute(
        sa.select(customer.c.id, customer.c.name)
        .where(
            customer.c.tenant_id == tenant_id,
            customer.c.deleted_at.is_(None),
            sa.func.lower(customer.c.email) == email.strip().lower(),
        )
        .order_by(customer.c.created_at)
    )
    return tuple((row.id, row.name) for row in rows)
