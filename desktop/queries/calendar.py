"""What stands in the calendar between two days."""

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.booking_people import names_in, people_held
from desktop.queries.marks import marks_of_bookings
from desktop.queries.month_rows import BlockedDay, CalendarItem, MonthRows
from desktop.queries.rows import RowMark
from shared.clock import utc_to_wall, wall_to_utc
from shared.models.slot import MAX_SLOT
from shared.models.states import BookingStatus
from shared.tables import availability_block, booking, customer, resource
from shared.tables.column_types import Id, Instant, instant_from_text

_ONE_DAY: Final = timedelta(days=1)
_TENANT: Final = sa.bindparam("tenant", type_=Id())
_BEGIN, _END = (sa.bindparam(name, type_=Instant()) for name in ("begin", "end"))
_BOOKED_BY: Final = booking.outerjoin(
    customer, sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
)

# The questions are made once, and the bookings come as the store's text: a month has hundreds of them.
_ITEMS: Final = (
    sa.select(
        sa.type_coerce(booking.c.id, sa.Text),
        sa.type_coerce(booking.c.starts_at, sa.Text),
        sa.type_coerce(booking.c.ends_at, sa.Text),
        booking.c.zone,
        sa.type_coerce(booking.c.hold_ends_at, sa.Text),
        sa.type_coerce(booking.c.status, sa.Text),
        booking.c.package_name,
        customer.c.name,
        people_held(),
    )
    .select_from(_BOOKED_BY)
    .where(
        booking.c.tenant_id == _TENANT,
        booking.c.deleted_at.is_(None),
        booking.c.status != BookingStatus.POSTPONED,
        booking.c.starts_at < _END,
        booking.c.starts_at > sa.bindparam("earliest", type_=Instant()),
        booking.c.ends_at > _BEGIN,
    )
    .order_by(booking.c.starts_at, booking.c.id)
)
_BLOCKED: Final = (
    sa.select(
        availability_block.c.starts_at,
        availability_block.c.ends_at,
        availability_block.c.zone,
        availability_block.c.reason,
        resource.c.name,
    )
    .select_from(
        availability_block.outerjoin(
            resource,
            sa.and_(
                resource.c.tenant_id == availability_block.c.tenant_id,
                resource.c.id == availability_block.c.resource_id,
            ),
        )
    )
    .where(
        availability_block.c.tenant_id == _TENANT,
        availability_block.c.deleted_at.is_(None),
        availability_block.c.starts_at < _END,
        availability_block.c.ends_at > _BEGIN,
    )
    .order_by(availability_block.c.starts_at)
)


def calendar_rows(
    connection: sa.Connection, tenant_id: UUID, *, first: date, last: date, zone: str
) -> MonthRows:
    """Bookings and closed times of the days from ``first`` to ``last`` in the zone."""
    begin, end = wall_to_utc(first, time(), zone), wall_to_utc(last + _ONE_DAY, time(), zone)
    return MonthRows(
        items=calendar_items(connection, tenant_id, begin=begin - _ONE_DAY, end=end + _ONE_DAY),
        blocked=_blocked(connection, tenant_id, begin=begin, end=end),
    )


def calendar_items(
    connection: sa.Connection, tenant_id: UUID, *, begin: datetime, end: datetime
) -> tuple[CalendarItem, ...]:
    """Bookings that touch the half-open time between two instants, by start; postponed ones have none."""
    asked = {"tenant": tenant_id, "begin": begin, "end": end, "earliest": begin - MAX_SLOT}
    found = connection.execute(_ITEMS, asked).all()
    marks = {str(marked): mark for marked, mark in marks_of_bookings(connection).items()}
    return tuple(
        CalendarItem(
            UUID(row_id),
            utc_to_wall(instant_from_text(begins), zone),
            utc_to_wall(instant_from_text(ends), zone),
            customer_name or "",
            status,
            names_in(people),
            marks.get(row_id, RowMark.NONE),
            None if held_until is None else utc_to_wall(instant_from_text(held_until), zone),
            package_name=package_name,
        )
        for row_id, begins, ends, zone, held_until, status, package_name, customer_name, people in found
    )


def _blocked(
    connection: sa.Connection, tenant_id: UUID, *, begin: datetime, end: datetime
) -> tuple[BlockedDay, ...]:
    rows = connection.execute(_BLOCKED, {"tenant": tenant_id, "begin": begin, "end": end})
    blocked = []
    for row in rows:
        day = utc_to_wall(max(row.starts_at, begin), row.zone).date()
        last = utc_to_wall(min(row.ends_at, end) - timedelta(microseconds=1), row.zone).date()
        words = row.reason or (f"{row.name} away" if row.name else "Closed")
        while day <= last:
            blocked.append(BlockedDay(day, words, row.name or ""))
            day += _ONE_DAY
    return tuple(blocked)
