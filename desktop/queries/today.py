"""Everything that Today shows at a moment."""

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.attention import attention_items
from desktop.queries.booking_money import ASKING, counting_stages, open_stages, paid_of_stage
from desktop.queries.bookings import bookings_between
from desktop.queries.marks import marks_of
from desktop.queries.reminders import next_reminders
from desktop.queries.rows import DueRow, HoldRow, RowMark, StudioFacts, TodayFigures, TodayRows
from shared.clock import local_date, wall_to_utc
from shared.models.slot import MAX_SLOT
from shared.models.states import ACTIVE_BOOKING, BookingStatus, LedgerKind, ReminderKind
from shared.tables import booking, customer, ledger, payment_stage, reminder_log

_REMINDER_ROWS: Final = 6
_CAME: Final = (LedgerKind.CHARGE, LedgerKind.MANUAL)
_WENT: Final = LedgerKind.MANUAL_VOID


def today_rows(
    connection: sa.Connection, tenant_id: UUID, *, studio: StudioFacts, user_id: UUID | None, now: datetime
) -> TodayRows:
    """``now`` is business time; days are those of the studio's zone."""
    today = local_date(now, studio.time_zone)
    monday = today - timedelta(days=today.weekday())
    begin, end = (wall_to_utc(day, time(), studio.time_zone) for day in (monday, monday + timedelta(days=7)))
    count = sa.select(sa.func.count()).where(booking.c.tenant_id == tenant_id, booking.c.deleted_at.is_(None))
    items = attention_items(connection, tenant_id, zone=studio.time_zone, user_id=user_id)
    return TodayRows(
        figures=_figures(connection, tenant_id, studio=studio, now=now),
        week=bookings_between(connection, tenant_id, begin=begin, end=end, now=now),
        due=_due(connection, tenant_id, until=monday + timedelta(days=6), zone=studio.time_zone),
        attention=tuple(item for item in items if item.solved_at_utc is None),
        holds=_holds(connection, tenant_id),
        reminders=next_reminders(connection, tenant_id, now=now, limit=_REMINDER_ROWS),
        booking_count=connection.execute(count).scalar_one(),
    )


def _figures(
    connection: sa.Connection, tenant_id: UUID, *, studio: StudioFacts, now: datetime
) -> TodayFigures:
    today = local_date(now, studio.time_zone)
    sunday = today + timedelta(days=6 - today.weekday())
    received, count = _received(connection, tenant_id, studio, today)
    late = payment_stage.c.due_at <= now
    soon = sa.and_(~late, payment_stage.c.due_local_date <= sunday)
    own = payment_stage.c.currency == studio.currency
    amount = payment_stage.c.amount_minor

    def total(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(condition, own), amount), else_=0)), 0)

    due = connection.execute(
        open_stages(tenant_id)
        .with_only_columns(
            total(soon),
            total(late),
            sa.func.coalesce(sa.func.sum(sa.case((sa.and_(late, own), 1), else_=0)), 0),
        )
        .where(payment_stage.c.due_at <= _end_of(sunday, studio.time_zone))
    ).one()
    return TodayFigures(
        currency=studio.currency,
        month=today.replace(day=1),
        received_minor=received,
        received_count=count,
        week_ends_on=sunday,
        due_this_week_minor=due[0],
        overdue_minor=due[1],
        overdue_count=due[2],
        deposits_held_minor=_deposits_held(connection, tenant_id, studio.currency, now),
        last_overdue_mail_on=_last_overdue_mail(connection, tenant_id, studio.time_zone),
        other_currency_count=_other_currencies(connection, tenant_id, studio.currency),
    )


def _end_of(day: date, zone: str) -> datetime:
    """Late enough for every zone: an upper bound that an index serves, before days are compared."""
    return wall_to_utc(day + timedelta(days=2), time(), zone)


def _received(
    connection: sa.Connection, tenant_id: UUID, studio: StudioFacts, today: date
) -> tuple[int, int]:
    first = today.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    begin, end = (wall_to_utc(day, time(), studio.time_zone) for day in (first, following))
    kinds = (*_CAME, _WENT)
    row = connection.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(ledger.c.amount_minor), 0),
            sa.func.coalesce(sa.func.sum(sa.case((ledger.c.kind == _WENT, -1), else_=1)), 0),
        ).where(
            ledger.c.tenant_id == tenant_id,
            ledger.c.deleted_at.is_(None),
            ledger.c.currency == studio.currency,
            ledger.c.kind.in_(kinds),
            ledger.c.at >= begin,
            ledger.c.at < end,
        )
    ).one()
    return row[0], row[1]


def _deposits_held(connection: sa.Connection, tenant_id: UUID, currency: str, now: datetime) -> int:
    still_to_come = (
        (
            booking.c.status.in_(ASKING),
            booking.c.ends_at > now,
            booking.c.starts_at > now - MAX_SLOT,  # no booking is longer: lets the index serve
        ),
        (booking.c.status == BookingStatus.POSTPONED,),
    )
    return sum(_paid(connection, tenant_id, currency, conditions) for conditions in still_to_come)


def _paid(
    connection: sa.Connection,
    tenant_id: UUID,
    currency: str,
    conditions: tuple[sa.ColumnElement[bool], ...],
) -> int:
    theirs = sa.select(booking.c.id).where(
        booking.c.tenant_id == tenant_id, booking.c.deleted_at.is_(None), *conditions
    )
    paid = connection.execute(
        sa.select(sa.func.coalesce(sa.func.sum(paid_of_stage()), 0)).where(
            *counting_stages(tenant_id),
            payment_stage.c.currency == currency,
            payment_stage.c.booking_id.in_(theirs),
        )
    )
    return int(paid.scalar_one())


def _last_overdue_mail(connection: sa.Connection, tenant_id: UUID, zone: str) -> date | None:
    sent = connection.execute(
        sa.select(sa.func.max(reminder_log.c.sent_at, type_=reminder_log.c.sent_at.type)).where(
            reminder_log.c.tenant_id == tenant_id, reminder_log.c.kind == ReminderKind.OVERDUE.value
        )
    ).scalar_one()
    return None if sent is None else local_date(sent, zone)


def _other_currencies(connection: sa.Connection, tenant_id: UUID, currency: str) -> int:
    found = connection.execute(
        sa.select(sa.func.count(booking.c.currency.distinct())).where(
            booking.c.tenant_id == tenant_id,
            booking.c.deleted_at.is_(None),
            booking.c.status.in_(sorted(ACTIVE_BOOKING)),
            booking.c.currency != currency,
        )
    )
    return int(found.scalar_one())


def _due(connection: sa.Connection, tenant_id: UUID, *, until: date, zone: str) -> tuple[DueRow, ...]:
    marks = marks_of(connection, "payment_stage")
    named = sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
    rows = connection.execute(
        open_stages(tenant_id)
        .outerjoin(customer, named)
        .add_columns(
            booking.c.id.label("booking_id"),
            customer.c.name,
            payment_stage.c.kind,
            payment_stage.c.due_local_date,
            payment_stage.c.amount_minor,
            payment_stage.c.currency,
        )
        .where(
            payment_stage.c.due_local_date <= until,
            payment_stage.c.due_at <= _end_of(until, zone),
        )
        .order_by(payment_stage.c.due_local_date, customer.c.name)
    )
    return tuple(
        DueRow(
            booking_id=row.booking_id,
            stage_id=row.id,
            customer_name=row.name or "",
            stage_kind=row.kind.value,
            due_on=row.due_local_date,
            amount_minor=row.amount_minor,
            currency=row.currency,
            mark=marks.get(row.id, RowMark.NONE),
        )
        for row in rows
    )


def _holds(connection: sa.Connection, tenant_id: UUID) -> tuple[HoldRow, ...]:
    named = sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
    rows = connection.execute(
        sa.select(booking, customer.c.name.label("customer_name"))
        .select_from(booking.outerjoin(customer, named))
        .where(
            booking.c.tenant_id == tenant_id,
            booking.c.deleted_at.is_(None),
            booking.c.status == BookingStatus.HELD,
            booking.c.hold_ends_at.is_not(None),
        )
        .order_by(booking.c.hold_ends_at)
    )
    return tuple(
        HoldRow(
            booking_id=row.id,
            customer_name=row.customer_name or "",
            starts_at_utc=row.starts_at,
            ends_at_utc=row.ends_at,
            time_zone=row.zone,
            hold_ends_at_utc=row.hold_ends_at,
        )
        for row in rows
    )
