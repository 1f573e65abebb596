"""What stands beside the calendar, whichever days it shows: who can be booked, and what has no date yet."""

from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.booking_money import NOTHING, money_of
from desktop.queries.catalogue import resources_list
from desktop.queries.month_rows import PostponedRow, SideRows
from shared.models.states import BookingStatus
from shared.tables import booking, customer
from shared.tables.column_types import Id

_POSTPONED_BESIDE: Final = 3
_TENANT: Final = sa.bindparam("tenant", type_=Id())
_BOOKED_BY: Final = booking.outerjoin(
    customer, sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
)
_WAITING_FOR_A_DATE: Final = (
    booking.c.tenant_id == _TENANT,
    booking.c.deleted_at.is_(None),
    booking.c.status == BookingStatus.POSTPONED,
)
_POSTPONED: Final = (
    sa.select(
        booking.c.id, booking.c.package_name, booking.c.currency, customer.c.name.label("customer_name")
    )
    .select_from(_BOOKED_BY)
    .where(*_WAITING_FOR_A_DATE)
    .order_by(booking.c.updated_at, booking.c.id)
    .limit(_POSTPONED_BESIDE)
)
_POSTPONED_COUNT: Final = sa.select(sa.func.count()).select_from(booking).where(*_WAITING_FOR_A_DATE)


def side_rows(connection: sa.Connection, tenant_id: UUID, *, now: datetime) -> SideRows:
    """Resources in use, by name, and the bookings that have waited longest for a date."""
    postponed = _postponed(connection, tenant_id, now)
    return SideRows(
        resources=tuple(row.name for row in resources_list(connection, tenant_id)),
        postponed=postponed,
        more_postponed=_more_postponed(connection, tenant_id, beside=len(postponed)),
    )


def _postponed(connection: sa.Connection, tenant_id: UUID, now: datetime) -> tuple[PostponedRow, ...]:
    rows = connection.execute(_POSTPONED, {"tenant": tenant_id}).all()
    if not rows:
        return ()
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


def _more_postponed(connection: sa.Connection, tenant_id: UUID, *, beside: int) -> int:
    """How many wait for a date that are not shown beside the month."""
    if beside < _POSTPONED_BESIDE:
        return 0
    return int(connection.execute(_POSTPONED_COUNT, {"tenant": tenant_id}).scalar_one()) - beside
