"""The bookings list: the bookings of a filter in their order, and the sums and counts of the whole filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from desktop.queries.ordering import in_order
from desktop.queries.rows import (
    PAGE_ROWS,
    BookingCounts,
    BookingOrder,
    BookingRow,
    BookingsFigures,
    BookingSums,
    Listed,
    RowMark,
)
from shared.clock import local_date, wall_to_utc
from shared.models.states import ACTIVE_BOOKING, BookingStatus
from shared.tables import booking, customer, payment_stage

_AT_ONCE: Final = 500
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
OPEN_PAYMENTS: Final = "open_payments"
"""The chip of bookings that may still get money: also after the event, and while they have no date."""
_BY_STATUS: Final = frozenset({"held", "confirmed", "needs_slot", "postponed", "completed"})


@dataclass(frozen=True, slots=True)
class BookingsFilter:
    """A chip ("upcoming", a status, "open_payments", "waiting"), the words of the filter, and the order."""

    code: str = "upcoming"
    words: str = ""
    order: BookingOrder = BookingOrder.WHEN
    descending: bool = False


def bookings_list(
    connection: sa.Connection,
    tenant_id: UUID,
    wanted: BookingsFilter,
    *,
    now: datetime,
    zone: str,
    limit: int | None = PAGE_ROWS,
) -> Listed[BookingRow]:
    """The first ``limit`` rows, or all; ``now`` is business time, ``zone`` the one in which today begins."""
    marks = marks_of_bookings(connection)
    conditions = _conditions(tenant_id, wanted, marks, now=now, zone=zone)
    ids = _in_order(connection, conditions, wanted, marks)
    return Listed(bookings_of(connection, tenant_id, ids[:limit], now=now), ids)


def bookings_figures(
    connection: sa.Connection, tenant_id: UUID, wanted: BookingsFilter, *, now: datetime, zone: str
) -> BookingsFigures:
    """The sums of the filter, and how many bookings stand behind each chip.

    Open payments are counted while they are looked at: that takes a look at every stage.
    """
    marks = marks_of_bookings(connection)
    conditions = _conditions(tenant_id, wanted, marks, now=now, zone=zone)
    counts = _counts(connection, tenant_id, marks, now=now, zone=zone)
    if wanted.code == OPEN_PAYMENTS:
        whole = _conditions(tenant_id, replace(wanted, words=""), marks, now=now, zone=zone)
        owing = connection.execute(sa.select(sa.func.count()).select_from(booking).where(*whole))
        counts = replace(counts, open_payments=owing.scalar_one())
    return BookingsFigures(sums=_sums(connection, tenant_id, conditions), counts=counts)


def bookings_of(
    connection: sa.Connection, tenant_id: UUID, ids: Sequence[str], *, now: datetime
) -> tuple[BookingRow, ...]:
    """These bookings in this order; one that is gone meanwhile is left out."""
    known = sa.type_coerce(booking.c.id, sa.Text)
    rows = {
        str(row.booking_id): row
        for at in range(0, len(ids), _AT_ONCE)
        for row in _rows(
            connection,
            tenant_id,
            _shown().where(booking.c.tenant_id == tenant_id, known.in_(ids[at : at + _AT_ONCE])),
            now=now,
        )
    }
    return tuple(rows[each] for each in ids if each in rows)


def bookings_between(
    connection: sa.Connection, tenant_id: UUID, *, begin: datetime, end: datetime, now: datetime
) -> tuple[BookingRow, ...]:
    """Bookings that begin in a half-open time, by start; postponed ones have none."""
    found = (
        _shown()
        .where(
            *_alive(tenant_id),
            booking.c.status != BookingStatus.POSTPONED,
            booking.c.starts_at >= begin,
            booking.c.starts_at < end,
        )
        .order_by(booking.c.starts_at, booking.c.id)
    )
    return _rows(connection, tenant_id, found, now=now)


def _in_order(
    connection: sa.Connection,
    conditions: Sequence[sa.ColumnElement[bool]],
    wanted: BookingsFilter,
    marks: Mapping[UUID, RowMark],
) -> tuple[str, ...]:
    """The ids; bookings alike in what they are sorted by stand by time, those without a date last."""
    dateless = booking.c.status == BookingStatus.POSTPONED
    starts_at, read = booking.c.starts_at, _READ.get(wanted.order, sa.null())
    by_time = wanted.order is BookingOrder.WHEN
    found = connection.execute(
        sa.select(sa.type_coerce(booking.c.id, sa.Text), read.label("value"))
        .where(*conditions)
        .order_by(dateless, starts_at.desc() if by_time and wanted.descending else starts_at, booking.c.id)
    ).all()
    if by_time:
        return tuple(row[0] for row in found)
    pairs: list[tuple[str, object]]
    if wanted.order is BookingOrder.MARK:
        pairs = [(row[0], _MARKED.index(marks.get(UUID(row[0]), RowMark.NONE))) for row in found]
    elif wanted.order is BookingOrder.WHO:
        pairs = [(row[0], ", ".join(names_in(row[1]))) for row in found]
    else:
        pairs = [(row[0], row[1]) for row in found]
    return in_order(pairs, descending=wanted.descending)


def _named() -> sa.ColumnElement[bool]:
    return sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)


def _of_stages(each: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """What the stages of a booking come to."""
    theirs = payment_stage.c.booking_id == booking.c.id
    total = sa.select(sa.func.sum(each)).where(*counting_stages(booking.c.tenant_id), theirs)
    return sa.func.coalesce(total.correlate(booking).scalar_subquery(), 0)


def _sums(
    connection: sa.Connection, tenant_id: UUID, conditions: Sequence[sa.ColumnElement[bool]]
) -> tuple[BookingSums, ...]:
    """The sums of each currency over the whole filter."""
    lives = booking.c.status != BookingStatus.CANCELLED
    totals = connection.execute(
        sa.select(booking.c.currency, sa.func.sum(sa.case((lives, booking.c.price_minor), else_=0)))
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
    return tuple(BookingSums(code, total, *money.get(code, (0, 0))) for code, total in totals)


def _shown() -> sa.Select[Any]:
    return sa.select(*_SHOWN, customer.c.name.label("customer_name")).select_from(
        booking.outerjoin(customer, _named())
    )


def _rows(
    connection: sa.Connection, tenant_id: UUID, asked: sa.Select[Any], *, now: datetime
) -> tuple[BookingRow, ...]:
    found = connection.execute(asked).all()
    money = money_of(connection, tenant_id, [row.id for row in found], now=now)
    marks = marks_of_bookings(connection)
    return tuple(_row(row, money.get(row.id, NOTHING), mark=marks.get(row.id, RowMark.NONE)) for row in found)


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
        for half in _halves(tenant_id, wanted.code, marks, now=now, zone=zone)
    ]
    if wanted.words.strip():
        chosen = [half.where(among("booking", wanted.words)) for half in chosen]
    return [of_studio(booking, tenant_id), _ROWID.in_(sa.union_all(*chosen))]


def _halves(
    tenant_id: UUID, code: str, marks: Mapping[UUID, RowMark], *, now: datetime, zone: str
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
    if code == OPEN_PAYMENTS:
        owing = sa.select(payment_stage.c.booking_id).where(*counting_stages(tenant_id), due_of_stage() > 0)
        return [sa.and_(booking.c.status != BookingStatus.CANCELLED, booking.c.id.in_(owing))]
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


_MARKED: Final = (RowMark.WAITING, RowMark.REFUSED, RowMark.MERGED, RowMark.NONE)
_READ: Final[Mapping[BookingOrder, sa.ColumnElement[Any]]] = {
    BookingOrder.CUSTOMER: sa.func.coalesce(
        sa.select(customer.c.name).where(_named()).correlate(booking).scalar_subquery(), ""
    ),
    BookingOrder.PACKAGE: booking.c.package_name,
    BookingOrder.WHO: people_held(),
    BookingOrder.STATUS: sa.type_coerce(booking.c.status, sa.Text),
    BookingOrder.TOTAL: booking.c.price_minor,
    BookingOrder.PAID: _of_stages(paid_of_stage()),
    BookingOrder.DUE: sa.case(
        (booking.c.status == BookingStatus.CANCELLED, 0), else_=_of_stages(due_of_stage())
    ),
}
