"""What stands in the calendar between two days."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.booking_money import NOTHING, money_of
from desktop.queries.booking_people import names_in, people_held
from desktop.queries.marks import marks_of_bookings
from desktop.queries.rows import BlockedDay, CalendarItem, MonthRows, PostponedRow, RowMark
from shared.clock import utc_to_wall, wall_to_utc
from shared.models.slot import MAX_SLOT
from shared.models.states import BookingStatus
from shared.tables import availability_block, booking, customer, resource

_ONE_DAY = timedelta(days=1)
_SHOWN = (
    booking.c.id,
    booking.c.package_name,
    sa.type_coerce(booking.c.status, sa.Text).label("status"),
    booking.c.starts_at,
    booking.c.ends_at,
    booking.c.zone,
    booking.c.hold_ends_at,
    people_held(),
)
_POSTPONED_BESIDE = 3


def calendar_rows(
    connection: sa.Connection, tenant_id: UUID, *, first: date, last: date, zone: str, now: datetime
) -> MonthRows:
    """Bookings, closed times and postponed bookings of the days from ``first`` to ``last`` in the zone."""
    begin, end = wall_to_utc(first, time(), zone), wall_to_utc(last + _ONE_DAY, time(), zone)
    postponed = _postponed(connection, tenant_id, now)
    count = sa.select(sa.func.count()).where(*_waiting_for_a_date(tenant_id))
    return MonthRows(
        items=calendar_items(connection, tenant_id, begin=begin - _ONE_DAY, end=end + _ONE_DAY),
        blocked=_blocked(connection, tenant_id, begin=begin, end=end),
        postponed=postponed,
        more_postponed=connection.execute(count).scalar_one() - len(postponed),
    )


def calendar_items(
    connection: sa.Connection, tenant_id: UUID, *, begin: datetime, end: datetime
) -> tuple[CalendarItem, ...]:
    """Bookings that touch the half-open time between two instants, by start; postponed ones have none."""
    named = sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
    found = connection.execute(
        sa.select(*_SHOWN, customer.c.name.label("customer_name"))
        .select_from(booking.outerjoin(customer, named))
        .where(
            booking.c.tenant_id == tenant_id,
            booking.c.deleted_at.is_(None),
            booking.c.status != BookingStatus.POSTPONED,
            booking.c.starts_at < end,
            booking.c.starts_at > begin - MAX_SLOT,
            booking.c.ends_at > begin,
        )
        .order_by(booking.c.starts_at, booking.c.id)
    ).all()
    marks = marks_of_bookings(connection)
    return tuple(
        CalendarItem(
            booking_id=row.id,
            starts_at=utc_to_wall(row.starts_at, row.zone),
            ends_at=utc_to_wall(row.ends_at, row.zone),
            title=row.customer_name or "",
            status=row.status,
            resource_names=names_in(row.people),
            mark=marks.get(row.id, RowMark.NONE),
            hold_ends_at=utc_to_wall(row.hold_ends_at, row.zone) if row.hold_ends_at is not None else None,
            package_name=row.package_name,
        )
        for row in found
    )


def _blocked(
    connection: sa.Connection, tenant_id: UUID, *, begin: datetime, end: datetime
) -> tuple[BlockedDay, ...]:
    table = availability_block
    owner = sa.and_(resource.c.tenant_id == table.c.tenant_id, resource.c.id == table.c.resource_id)
    rows = connection.execute(
        sa.select(table, resource.c.name)
        .select_from(table.outerjoin(resource, owner))
        .where(
            table.c.tenant_id == tenant_id,
            table.c.deleted_at.is_(None),
            table.c.starts_at < end,
            table.c.ends_at > begin,
        )
        .order_by(table.c.starts_at)
    )
    blocked = []
    for row in rows:
        day = utc_to_wall(max(row.starts_at, begin), row.zone).date()
        last = utc_to_wall(min(row.ends_at, end) - timedelta(microseconds=1), row.zone).date()
        words = row.reason or (f"{row.name} away" if row.name else "Closed")
        while day <= last:
            blocked.append(BlockedDay(day, words, row.name or ""))
            day += _ONE_DAY
    return tuple(blocked)


def _waiting_for_a_date(tenant_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        booking.c.tenant_id == tenant_id,
        booking.c.deleted_at.is_(None),
        booking.c.status == BookingStatus.POSTPONED,
    )


def _postponed(connection: sa.Connection, tenant_id: UUID, now: datetime) -> tuple[PostponedRow, ...]:
    named = sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
    rows = connection.execute(
        sa.select(
            booking.c.id, booking.c.package_name, booking.c.currency, customer.c.name.label("customer_name")
        )
        .select_from(booking.outerjoin(customer, named))
        .where(*_waiting_for_a_date(tenant_id))
        .order_by(booking.c.updated_at, booking.c.id)
        .limit(_POSTPONED_BESIDE)
    ).all()
    money = money_of(connection, tenant_id, [row.id for row in rows], now=now)
    return tuple(
        PostponedRow(
            row.id,
            row.customer_name or "",
            row.package_name,
            money.get(row.id, NOTHING).paid_minor,
            row.currency,
        )
        for row in rows
    )
