"""Customers with how many bookings they have, what they owe and when they come next."""

from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.booking_money import ASKING, money_by_booking
from desktop.queries.full_text import contains
from desktop.queries.marks import marks_of
from desktop.queries.rows import CustomerRow, RowMark
from shared.tables import booking, customer

PAGE_ROWS: Final = 500


def customers_list(
    connection: sa.Connection, tenant_id: UUID, *, currency: str, now: datetime, words: str = ""
) -> tuple[CustomerRow, ...]:
    """Customers by name; what they owe is summed in the studio's currency alone."""
    money = money_by_booking(tenant_id, now)
    owed = sa.and_(booking.c.currency == currency, booking.c.status.in_(ASKING))
    ahead = sa.and_(booking.c.starts_at > now, booking.c.status.in_(ASKING))
    theirs = sa.and_(
        booking.c.tenant_id == customer.c.tenant_id,
        booking.c.customer_id == customer.c.id,
        booking.c.deleted_at.is_(None),
    )
    conditions = [customer.c.tenant_id == tenant_id, customer.c.deleted_at.is_(None)]
    if words.strip():
        conditions.append(contains("customer", words))
    found = connection.execute(
        sa.select(
            customer.c.id,
            customer.c.name,
            customer.c.email,
            customer.c.phone,
            sa.func.count(booking.c.id).label("booking_count"),
            sa.func.coalesce(sa.func.sum(sa.case((owed, money.c.due_minor), else_=0)), 0).label("due_minor"),
            sa.func.min(
                sa.case((ahead, booking.c.starts_at), else_=None), type_=booking.c.starts_at.type
            ).label("next_at"),
            sa.func.max(booking.c.zone).label("zone"),
        )
        .select_from(customer.outerjoin(booking, theirs).outerjoin(money, money.c.booking_id == booking.c.id))
        .where(*conditions)
        .group_by(customer.c.id)
        .order_by(customer.c.name, customer.c.id)
        .limit(PAGE_ROWS)
    ).all()
    marks = marks_of(connection, "customer")
    return tuple(
        CustomerRow(
            customer_id=row.id,
            name=row.name,
            email=row.email,
            phone=row.phone,
            booking_count=row.booking_count,
            currency=currency,
            due_minor=row.due_minor,
            next_starts_at_utc=row.next_at,
            time_zone=row.zone or "UTC",
            mark=marks.get(row.id, RowMark.NONE),
        )
        for row in found
    )


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
