"""Customers with how many bookings they have, what they owe and when they come next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.booking_money import ASKING, NOTHING, counting_stages, due_of_stage, money_of
from desktop.queries.full_text import contains
from desktop.queries.marks import marks_of
from desktop.queries.ordering import in_order
from desktop.queries.rows import PAGE_ROWS, CustomerOrder, CustomerRow, Listed, RowMark
from shared.tables import booking, customer, payment_stage

_AT_ONCE: Final = 500
_MARKED: Final = ("waiting", "refused", "merged")


@dataclass(frozen=True, slots=True)
class CustomersFilter:
    """The words of the filter field, and the order."""

    words: str = ""
    order: CustomerOrder = CustomerOrder.NAME
    descending: bool = False


def customers_list(
    connection: sa.Connection,
    tenant_id: UUID,
    wanted: CustomersFilter,
    *,
    currency: str,
    now: datetime,
    limit: int | None = PAGE_ROWS,
) -> Listed[CustomerRow]:
    """The first ``limit`` rows, or all; what customers owe is summed in the studio's currency alone."""
    conditions = [customer.c.tenant_id == tenant_id, customer.c.deleted_at.is_(None)]
    if wanted.words.strip():
        conditions.append(contains("customer", wanted.words))
    read = _read(wanted.order, currency, now)
    found = connection.execute(
        sa.select(sa.type_coerce(customer.c.id, sa.Text), read, customer.c.name)
        .where(*conditions)
        .order_by(customer.c.name, customer.c.id)
    ).all()
    pairs = [(row_id, value) for row_id, value, _ in sorted(found, key=lambda row: row[2].casefold())]
    if wanted.order is CustomerOrder.MARK:
        marks = marks_of(connection, "customer")
        marked = {str(row_id): _MARKED.index(mark) for row_id, mark in marks.items()}
        pairs = [(row_id, marked.get(row_id)) for row_id, _ in pairs]
    ids = in_order(pairs, descending=wanted.descending)
    return Listed(customers_of(connection, tenant_id, ids[:limit], currency=currency, now=now), ids)


def customers_of(
    connection: sa.Connection, tenant_id: UUID, ids: Sequence[str], *, currency: str, now: datetime
) -> tuple[CustomerRow, ...]:
    """These customers in this order; one that is gone meanwhile is left out."""
    marks = marks_of(connection, "customer")
    rows: dict[str, CustomerRow] = {}
    for at in range(0, len(ids), _AT_ONCE):
        found = connection.execute(
            sa.select(customer.c.id, customer.c.name, customer.c.email, customer.c.phone).where(
                customer.c.tenant_id == tenant_id,
                sa.type_coerce(customer.c.id, sa.Text).in_(ids[at : at + _AT_ONCE]),
            )
        ).all()
        bookings = _bookings_of(connection, tenant_id, [row.id for row in found], currency=currency, now=now)
        rows |= {
            str(row.id): CustomerRow(
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
        }
    return tuple(rows[each] for each in ids if each in rows)


def _read(order: CustomerOrder, currency: str, now: datetime) -> sa.ColumnElement[Any]:
    """What the list is sorted by, of one customer."""
    theirs = (
        booking.c.tenant_id == customer.c.tenant_id,
        booking.c.customer_id == customer.c.id,
        booking.c.deleted_at.is_(None),
    )
    asking = booking.c.status.in_(ASKING)
    of_booking = payment_stage.c.booking_id == booking.c.id
    reads: dict[CustomerOrder, sa.Select[Any]] = {
        CustomerOrder.COUNT: sa.select(sa.func.count(booking.c.id)).where(*theirs),
        CustomerOrder.NEXT: sa.select(sa.func.min(booking.c.starts_at)).where(
            *theirs, asking, booking.c.starts_at > now
        ),
        CustomerOrder.DUE: sa.select(sa.func.coalesce(sa.func.sum(due_of_stage()), 0))
        .select_from(booking.join(payment_stage, of_booking))
        .where(*theirs, *counting_stages(customer.c.tenant_id), asking, booking.c.currency == currency),
    }
    plain: dict[CustomerOrder, sa.ColumnElement[Any]] = {
        CustomerOrder.EMAIL: customer.c.email,
        CustomerOrder.PHONE: customer.c.phone,
    }
    if order in reads:
        return reads[order].correlate(customer).scalar_subquery()
    return plain.get(order, customer.c.name)


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
