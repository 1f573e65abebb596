"""The bookings list: one page of a filter, with the sums and counts of the whole filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.booking_money import ASKING, money_by_booking
from desktop.queries.full_text import contains
from desktop.queries.marks import marks_of_bookings
from desktop.queries.rows import BookingCounts, BookingRow, BookingsList, BookingSums, RowMark
from shared.clock import local_date, wall_to_utc
from shared.models.states import ACTIVE_BOOKING, BookingStatus
from shared.tables import booking, booking_resource, customer, resource

PAGE_ROWS: Final = 500
_ACTIVE: Final = tuple(sorted(ACTIVE_BOOKING))
_BY_STATUS: Final = frozenset({"held", "confirmed", "needs_slot", "postponed", "completed"})


@dataclass(frozen=True, slots=True)
class BookingsFilter:
    """A chip ("upcoming", a status, "waiting"), the words of the filter field, and the page asked for."""

    code: str = "upcoming"
    words: str = ""
    offset: int = 0
    limit: int = PAGE_ROWS


def bookings_list(
    connection: sa.Connection, tenant_id: UUID, wanted: BookingsFilter, *, now: datetime, zone: str
) -> BookingsList:
    """``now`` is business time; ``zone`` the studio's, in which today begins."""
    marks = marks_of_bookings(connection)
    counts = _counts(connection, tenant_id, marks, now=now, zone=zone)
    conditions = [*_alive(tenant_id), _condition(wanted.code, marks, now=now, zone=zone)]
    if wanted.words.strip():
        conditions.append(contains("booking", wanted.words))
    money = money_by_booking(tenant_id, now)
    joined = booking.outerjoin(money, money.c.booking_id == booking.c.id)
    sums = connection.execute(
        sa.select(
            booking.c.currency,
            sa.func.count(),
            *(
                sa.func.sum(sa.case((booking.c.status == BookingStatus.CANCELLED, 0), else_=column))
                for column in (
                    booking.c.price_minor,
                    sa.func.coalesce(money.c.paid_minor, 0),
                    sa.func.coalesce(money.c.due_minor, 0),
                )
            ),
        )
        .select_from(joined)
        .where(*conditions)
        .group_by(booking.c.currency)
        .order_by(booking.c.currency)
    ).all()
    rows = booking_rows(
        connection, tenant_id, conditions, now=now, limit=wanted.limit, offset=wanted.offset, marks=marks
    )
    return BookingsList(
        rows=rows,
        sums=tuple(BookingSums(code, total, paid, due) for code, _, total, paid, due in sums),
        counts=counts,
        matching=sum(count for _, count, *_ in sums),
    )


def booking_rows(
    connection: sa.Connection,
    tenant_id: UUID,
    conditions: Sequence[sa.ColumnElement[bool]],
    *,
    now: datetime,
    limit: int,
    offset: int = 0,
    marks: Mapping[UUID, RowMark] | None = None,
) -> tuple[BookingRow, ...]:
    """Bookings that meet the conditions, by time."""
    money = money_by_booking(tenant_id, now)
    found = connection.execute(
        sa.select(
            booking,
            customer.c.name.label("customer_name"),
            sa.func.coalesce(money.c.paid_minor, 0).label("paid_minor"),
            sa.func.coalesce(money.c.due_minor, 0).label("due_minor"),
            sa.func.coalesce(money.c.is_late, 0).label("is_late"),
        )
        .select_from(
            booking.outerjoin(money, money.c.booking_id == booking.c.id).outerjoin(
                customer,
                sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id),
            )
        )
        .where(*conditions)
        .order_by(booking.c.starts_at, booking.c.id)
        .limit(limit)
        .offset(offset)
    ).all()
    names = resource_names(connection, tenant_id, [row.id for row in found])
    shown = marks_of_bookings(connection) if marks is None else marks
    return tuple(_row(row, names.get(row.id, ()), shown.get(row.id, RowMark.NONE)) for row in found)


def resource_names(
    connection: sa.Connection, tenant_id: UUID, booking_ids: Sequence[UUID]
) -> Mapping[UUID, tuple[str, ...]]:
    """Who and what is booked, by booking, in the order of their names."""
    rows = connection.execute(
        sa.select(booking_resource.c.booking_id, resource.c.name)
        .join(
            resource,
            sa.and_(
                resource.c.tenant_id == booking_resource.c.tenant_id,
                resource.c.id == booking_resource.c.resource_id,
            ),
        )
        .where(
            booking_resource.c.tenant_id == tenant_id,
            booking_resource.c.deleted_at.is_(None),
            booking_resource.c.booking_id.in_(booking_ids),
        )
        .order_by(resource.c.name)
    )
    names: dict[UUID, tuple[str, ...]] = {}
    for booking_id, name in rows:
        names[booking_id] = (*names.get(booking_id, ()), name)
    return names


def day_start(now: datetime, zone: str) -> datetime:
    """The instant at which today began in a zone."""
    return wall_to_utc(local_date(now, zone), time(), zone)


def _alive(tenant_id: UUID) -> list[sa.ColumnElement[bool]]:
    return [booking.c.tenant_id == tenant_id, booking.c.deleted_at.is_(None)]


def _upcoming(now: datetime, zone: str) -> sa.ColumnElement[bool]:
    return sa.or_(booking.c.status.in_(_ACTIVE), booking.c.ends_at >= day_start(now, zone))


def _condition(
    code: str, marks: Mapping[UUID, RowMark], *, now: datetime, zone: str
) -> sa.ColumnElement[bool]:
    if code == "waiting":
        return booking.c.id.in_([row_id for row_id, mark in marks.items() if mark is RowMark.WAITING])
    if code in _BY_STATUS:
        return booking.c.status == BookingStatus(code)
    if code == "cancelled":
        return sa.and_(booking.c.status == BookingStatus.CANCELLED, _upcoming(now, zone))
    assert code == "upcoming", f"no filter is called {code}"
    return _upcoming(now, zone)


def _counts(
    connection: sa.Connection, tenant_id: UUID, marks: Mapping[UUID, RowMark], *, now: datetime, zone: str
) -> BookingCounts:
    is_upcoming = sa.case((_upcoming(now, zone), 1), else_=0)
    found = connection.execute(
        sa.select(booking.c.status, sa.func.count(), sa.func.sum(is_upcoming))
        .where(*_alive(tenant_id))
        .group_by(booking.c.status)
    ).all()
    by_status = {status: (count, upcoming) for status, count, upcoming in found}
    whole = {code: by_status.get(BookingStatus(code), (0, 0))[0] for code in _BY_STATUS}
    return BookingCounts(
        upcoming=sum(upcoming for _, upcoming in by_status.values()),
        cancelled=by_status.get(BookingStatus.CANCELLED, (0, 0))[1],
        waiting=sum(mark is RowMark.WAITING for mark in marks.values()),
        **whole,
    )


def _row(row: Any, names: tuple[str, ...], mark: RowMark) -> BookingRow:  # noqa: ANN401 - a row of the query
    is_placed = row.status != BookingStatus.POSTPONED
    return BookingRow(
        booking_id=row.id,
        customer_id=row.customer_id,
        customer_name=row.customer_name or "",
        package_name=row.package_name,
        resource_names=names,
        status=row.status.value,
        starts_at_utc=row.starts_at if is_placed else None,
        ends_at_utc=row.ends_at if is_placed else None,
        time_zone=row.zone,
        currency=row.currency,
        total_minor=row.price_minor,
        paid_minor=row.paid_minor,
        due_minor=row.due_minor if row.status != BookingStatus.CANCELLED else 0,
        overdue=bool(row.is_late) and row.status in ASKING,
        place=row.place,
        hold_ends_at_utc=row.hold_ends_at,
        mark=mark,
    )
