"""The bookings list: one page of a filter, with the sums and counts of the whole filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.booking_money import (
    ASKING,
    NOTHING,
    BookingMoney,
    counting_stages,
    due_of_stage,
    money_of,
    paid_of_stage,
)
from desktop.queries.booking_people import names_in, people_held
from desktop.queries.full_text import among, of_studio
from desktop.queries.marks import marks_of_bookings
from desktop.queries.rows import BookingCounts, BookingRow, BookingsList, BookingSums, RowMark
from shared.clock import local_date, wall_to_utc
from shared.models.states import ACTIVE_BOOKING, BookingStatus
from shared.tables import booking, customer, payment_stage

PAGE_ROWS: Final = 500
_SHOWN: Final = (
    booking.c.id,
    booking.c.customer_id,
    booking.c.package_name,
    booking.c.status,
    booking.c.starts_at,
    booking.c.ends_at,
    booking.c.zone,
    booking.c.currency,
    booking.c.price_minor,
    booking.c.place,
    booking.c.hold_ends_at,
    people_held(),
)
_ROWID: Final[sa.ColumnClause[int]] = sa.literal_column("booking.rowid")
_ACTIVE: Final = tuple(sorted(ACTIVE_BOOKING))
_PAST: Final = tuple(sorted(set(BookingStatus) - ACTIVE_BOOKING))
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
    conditions = _conditions(tenant_id, wanted, marks, now=now, zone=zone)
    sums = _sums(connection, tenant_id, conditions)
    rows = booking_rows(
        connection,
        tenant_id,
        conditions,
        now=now,
        places=range(wanted.offset, wanted.offset + wanted.limit),
        marks=marks,
    )
    return BookingsList(
        rows=rows,
        sums=tuple(each for each, _ in sums),
        counts=counts,
        matching=sum(count for _, count in sums),
    )


def _sums(
    connection: sa.Connection, tenant_id: UUID, conditions: Sequence[sa.ColumnElement[bool]]
) -> list[tuple[BookingSums, int]]:
    """The sums of each currency over the whole filter, and how many bookings it holds."""
    lives = booking.c.status != BookingStatus.CANCELLED
    totals = connection.execute(
        sa.select(
            booking.c.currency,
            sa.func.count(),
            sa.func.sum(sa.case((lives, booking.c.price_minor), else_=0)),
        )
        .where(*conditions)
        .group_by(booking.c.currency)
        .order_by(booking.c.currency)
    ).all()
    # a stage has its booking's currency; asked for by their bookings, an index serves
    theirs = sa.select(booking.c.id).where(*conditions, lives)
    paid = connection.execute(
        sa.select(payment_stage.c.currency, sa.func.sum(paid_of_stage()), sa.func.sum(due_of_stage()))
        .where(*counting_stages(tenant_id), payment_stage.c.booking_id.in_(theirs))
        .group_by(payment_stage.c.currency)
    ).all()
    money = {row[0]: (row[1], row[2]) for row in paid}
    return [(BookingSums(code, total, *money.get(code, (0, 0))), count) for code, count, total in totals]


def booking_rows(
    connection: sa.Connection,
    tenant_id: UUID,
    conditions: Sequence[sa.ColumnElement[bool]],
    *,
    now: datetime,
    places: range,
    marks: Mapping[UUID, RowMark] | None = None,
) -> tuple[BookingRow, ...]:
    """Bookings that meet the conditions, by time; ``places`` says which of them."""
    # chosen apart: what is shown of a booking is read of these only, not of all that were sorted
    chosen = (
        sa.select(_ROWID)
        .select_from(booking)
        .correlate(None)
        .where(*conditions)
        .order_by(booking.c.starts_at, booking.c.id)
        .limit(len(places))
        .offset(places.start)
    )
    named = sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
    found = connection.execute(
        sa.select(*_SHOWN, customer.c.name.label("customer_name"))
        .select_from(booking.outerjoin(customer, named))
        .where(of_studio(booking, tenant_id), _ROWID.in_(chosen))
        .order_by(booking.c.starts_at, booking.c.id)
    ).all()
    money = money_of(connection, tenant_id, [row.id for row in found], now=now)
    shown = marks_of_bookings(connection) if marks is None else marks
    return tuple(_row(row, money.get(row.id, NOTHING), mark=shown.get(row.id, RowMark.NONE)) for row in found)


def day_start(now: datetime, zone: str) -> datetime:
    """The instant at which today began in a zone."""
    return wall_to_utc(local_date(now, zone), time(), zone)


def _alive(tenant_id: UUID) -> list[sa.ColumnElement[bool]]:
    return [booking.c.tenant_id == tenant_id, booking.c.deleted_at.is_(None)]


def _upcoming(now: datetime, zone: str) -> list[sa.ColumnElement[bool]]:
    """Two halves without a booking in common, each a range of the index by state and end."""
    return [
        booking.c.status.in_(_ACTIVE),
        sa.and_(booking.c.status.in_(_PAST), booking.c.ends_at >= day_start(now, zone)),
    ]


def _conditions(
    tenant_id: UUID, wanted: BookingsFilter, marks: Mapping[UUID, RowMark], *, now: datetime, zone: str
) -> list[sa.ColumnElement[bool]]:
    """The bookings of a filter: chosen by indexes alone, so that no row is read which is not of them."""
    chosen = [
        sa.select(_ROWID).select_from(booking).correlate(None).where(*_alive(tenant_id), half)
        for half in _halves(wanted.code, marks, now=now, zone=zone)
    ]
    if wanted.words.strip():
        chosen = [half.where(among("booking", wanted.words)) for half in chosen]
    return [of_studio(booking, tenant_id), _ROWID.in_(sa.union_all(*chosen))]


def _halves(
    code: str, marks: Mapping[UUID, RowMark], *, now: datetime, zone: str
) -> list[sa.ColumnElement[bool]]:
    if code == "waiting":
        waiting = [row_id for row_id, mark in marks.items() if mark is RowMark.WAITING]
        return [booking.c.id.in_(waiting)]
    if code in _BY_STATUS:
        return [booking.c.status == BookingStatus(code)]
    if code == "cancelled":
        return [
            sa.and_(booking.c.status == BookingStatus.CANCELLED, booking.c.ends_at >= day_start(now, zone))
        ]
    assert code == "upcoming", f"no filter is called {code}"
    return _upcoming(now, zone)


def _counts(
    connection: sa.Connection, tenant_id: UUID, marks: Mapping[UUID, RowMark], *, now: datetime, zone: str
) -> BookingCounts:
    is_upcoming = sa.case((sa.or_(*_upcoming(now, zone)), 1), else_=0)
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


def _row(row: Any, money: BookingMoney, *, mark: RowMark) -> BookingRow:  # noqa: ANN401 - a row of the query
    is_placed = row.status != BookingStatus.POSTPONED
    return BookingRow(
        booking_id=row.id,
        customer_id=row.customer_id,
        customer_name=row.customer_name or "",
        package_name=row.package_name,
        resource_names=names_in(row.people),
        status=row.status.value,
        starts_at_utc=row.starts_at if is_placed else None,
        ends_at_utc=row.ends_at if is_placed else None,
        time_zone=row.zone,
        currency=row.currency,
        total_minor=row.price_minor,
        paid_minor=money.paid_minor,
        due_minor=money.due_minor if row.status != BookingStatus.CANCELLED else 0,
        overdue=money.is_late and row.status in ASKING,
        place=row.place,
        hold_ends_at_utc=row.hold_ends_at,
        mark=mark,
    )
