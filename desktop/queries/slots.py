"""What stands in the way of a slot, in words, while somebody types or drags."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from desktop.presenting.dates import day_month, time_span
from shared.clock import utc_to_wall
from shared.models.slot import MAX_SLOT, Slot
from shared.models.states import BookingStatus
from shared.tables import availability_block, booking, booking_resource, customer, resource


def clash_words(
    connection: sa.Connection,
    tenant_id: UUID,
    slot: Slot,
    *,
    resource_ids: Sequence[UUID],
    but_for: UUID | None = None,
) -> str:
    """Who is taken by what, or which closed time it meets; empty when the slot is free here."""
    taken = _taken(connection, tenant_id, slot, resource_ids, but_for)
    return taken or _closed(connection, tenant_id, slot, resource_ids)


def first_free_day(
    connection: sa.Connection,
    tenant_id: UUID,
    slot: Slot,
    *,
    resource_ids: Sequence[UUID],
    days: Sequence[date],
) -> date | None:
    """The first of these days on which the same wall times are free."""
    free = (
        day for day in days if not clash_words(connection, tenant_id, slot.on(day), resource_ids=resource_ids)
    )
    return next(free, None)


def _taken(
    connection: sa.Connection,
    tenant_id: UUID,
    slot: Slot,
    resource_ids: Sequence[UUID],
    but_for: UUID | None,
) -> str:
    row = connection.execute(
        sa.select(
            resource.c.name.label("resource_name"),
            customer.c.name.label("customer_name"),
            booking.c.status,
            booking.c.starts_at,
            booking.c.ends_at,
            booking.c.zone,
        )
        .select_from(booking_resource)
        .join(booking, _same(booking, booking_resource, booking_resource.c.booking_id))
        .join(resource, _same(resource, booking_resource, booking_resource.c.resource_id))
        .outerjoin(customer, _same(customer, booking, booking.c.customer_id))
        .where(
            booking_resource.c.tenant_id == tenant_id,
            booking_resource.c.resource_id.in_(resource_ids),
            booking_resource.c.blocks.is_(sa.true()),
            booking_resource.c.deleted_at.is_(None),
            booking_resource.c.starts_at < slot.ends_at,
            booking_resource.c.starts_at > slot.starts_at - MAX_SLOT,
            booking_resource.c.ends_at > slot.starts_at,
            booking_resource.c.booking_id != but_for if but_for is not None else sa.true(),
        )
        .order_by(booking_resource.c.starts_at)
        .limit(1)
    ).one_or_none()
    if row is None:
        return ""
    start, end = utc_to_wall(row.starts_at, slot.zone), utc_to_wall(row.ends_at, slot.zone)
    what = "a hold" if row.status is BookingStatus.HELD else "a booking"
    span = f"{day_month(start.date())} {time_span(start, end)}"
    return f"{row.resource_name} has {what} {span} for {row.customer_name or 'another customer'}"


def _closed(connection: sa.Connection, tenant_id: UUID, slot: Slot, resource_ids: Sequence[UUID]) -> str:
    table = availability_block
    row = connection.execute(
        sa.select(table.c.reason, resource.c.name)
        .select_from(table)
        .outerjoin(resource, _same(resource, table, table.c.resource_id))
        .where(
            table.c.tenant_id == tenant_id,
            table.c.deleted_at.is_(None),
            sa.or_(table.c.resource_id.is_(None), table.c.resource_id.in_(resource_ids)),
            table.c.starts_at < slot.ends_at,
            table.c.ends_at > slot.starts_at,
        )
        .order_by(table.c.starts_at)
        .limit(1)
    ).one_or_none()
    if row is None:
        return ""
    reason = f": {row.reason}" if row.reason else ""
    return f"{row.name or 'The studio'} is closed then{reason}"


def _same(parent: sa.Table, child: sa.Table, column: sa.Column[UUID]) -> sa.ColumnElement[bool]:
    return sa.and_(parent.c.tenant_id == child.c.tenant_id, parent.c.id == column)
