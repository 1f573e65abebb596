"""Which mails the rules foresee, with what staff decided about each; the policy is the server's planner's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.record_rows import MailRow
from desktop.queries.rows import NextReminderRow
from shared.clock import local_date
from shared.ids import derived_id
from shared.models.states import ACTIVE_BOOKING, ReminderChoiceKind, ReminderKind, StageStatus
from shared.policies.reminder_policy import (
    ForeseenReminder,
    NotSentReason,
    RemindedBooking,
    RemindedStage,
    RuleTerms,
    foresee_reminders,
    reason_words,
)
from shared.policies.reminder_times import ReminderAnchor
from shared.tables import booking, customer, payment_stage, reminder_choice, reminder_log, reminder_rule

IF_UNPAID: Final = "if unpaid"
"""What every overdue notice has: a short line need not say it."""
_AHEAD: Final = timedelta(days=60)
_BEHIND: Final = timedelta(days=21)
_MOST_BOOKINGS: Final = 400


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One mail with the choice of staff about it (the last one counts; a reschedule ends it)."""

    booking_id: UUID
    customer_name: str
    mail: ForeseenReminder
    choice: ReminderChoiceKind | None = None
    is_logged: bool = False

    @property
    def why_not(self) -> str:
        """Why it will not go out as things stand, or on what it depends; empty when it simply will."""
        if self.choice is ReminderChoiceKind.SKIP:
            return reason_words(NotSentReason.SKIPPED)
        if self.choice is ReminderChoiceKind.HOLD:
            return "held"
        if self.mail.reason is not None:
            return reason_words(self.mail.reason)
        return IF_UNPAID if self.mail.reminder.kind is ReminderKind.OVERDUE else ""

    @property
    def key(self) -> UUID:
        """The same for the same mail, however its time changes."""
        reminder = self.mail.reminder
        return derived_id(self.booking_id, "foreseen", reminder.rule_id, reminder.stage_position)


def next_reminders(
    connection: sa.Connection, tenant_id: UUID, *, now: datetime, limit: int
) -> tuple[NextReminderRow, ...]:
    """The mails that go out next over all bookings, held ones too, earliest first."""
    conditions = (
        booking.c.status.in_(sorted(ACTIVE_BOOKING)),
        booking.c.starts_at < now + _AHEAD,
        booking.c.ends_at > now - _BEHIND,
    )
    foreseen = _foresee(connection, tenant_id, conditions, now=now)
    coming = sorted(
        (
            one
            for one in foreseen
            if not one.is_logged
            and one.mail.reminder.due_at >= now
            and one.mail.reason is None
            and one.choice is not ReminderChoiceKind.SKIP
        ),
        key=lambda one: (one.mail.reminder.due_at, one.customer_name),
    )
    return tuple(
        NextReminderRow(
            reminder_id=one.key,
            booking_id=one.booking_id,
            kind=one.mail.reminder.kind.value,
            due_at_utc=one.mail.reminder.due_at,
            time_zone=one.mail.reminder.tz,
            customer_name=one.customer_name,
            reason=one.why_not,
        )
        for one in coming[:limit]
    )


def planned_mails(
    connection: sa.Connection, tenant_id: UUID, booking_id: UUID, *, now: datetime
) -> tuple[MailRow, ...]:
    """What is still to come for one booking: wanted as things stand, or held or skipped by staff."""
    foreseen = _foresee(connection, tenant_id, (booking.c.id == booking_id,), now=now)
    return tuple(
        MailRow(
            kind=one.mail.reminder.kind.value,
            due_at_utc=one.mail.reminder.due_at,
            time_zone=one.mail.reminder.tz,
            reminder_id=one.key,
            reason=one.why_not,
            rule_id=one.mail.reminder.rule_id,
            stage_position=one.mail.reminder.stage_position,
            held=one.choice is ReminderChoiceKind.HOLD,
        )
        for one in sorted(foreseen, key=lambda one: one.mail.reminder.due_at)
        if one.mail.reason is None and not one.is_logged
    )


def _foresee(
    connection: sa.Connection,
    tenant_id: UUID,
    conditions: Sequence[sa.ColumnElement[bool]],
    *,
    now: datetime,
) -> list[Foreseen]:
    rules = _rules(connection, tenant_id)
    named = sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
    found = connection.execute(
        sa.select(booking, customer.c.name.label("customer_name"), customer.c.no_follow_up)
        .select_from(booking.outerjoin(customer, named))
        .where(booking.c.tenant_id == tenant_id, booking.c.deleted_at.is_(None), *conditions)
        .order_by(booking.c.starts_at)
        .limit(_MOST_BOOKINGS)
    ).all()
    ids = [row.id for row in found]
    stages, choices = _stages(connection, tenant_id, ids), _choices(connection, tenant_id, ids)
    logged = _logged(connection, tenant_id, ids)
    foreseen = []
    for row in found:
        rows = stages[row.id]
        mails = foresee_reminders(rules, _reminded(row, rows), [_stage(one) for one in rows], now=now)
        for mail in mails:
            key = (row.id, mail.reminder.rule_id, mail.reminder.stage_position, row.schedule_rev)
            foreseen.append(
                Foreseen(row.id, row.customer_name or "", mail, choices.get(key), is_logged=key in logged)
            )
    return foreseen


def _rules(connection: sa.Connection, tenant_id: UUID) -> list[RuleTerms]:
    rows = connection.execute(
        sa.select(reminder_rule).where(
            reminder_rule.c.tenant_id == tenant_id, reminder_rule.c.deleted_at.is_(None)
        )
    )
    return [
        RuleTerms(
            rule_id=row.id,
            kind=row.kind,
            anchor=ReminderAnchor(row.anchor),
            offset_days=row.offset_days,
            local_time=row.local_time,
            is_on=row.is_on,
            services=None if row.services is None else frozenset(UUID(each) for each in row.services),
        )
        for row in rows
    ]


def _reminded(row: Any, stages: Iterable[Any]) -> RemindedBooking:  # noqa: ANN401 - rows of the queries
    received = sum(stage.received_minor for stage in stages)
    refunded = sum(stage.refunded_minor for stage in stages)
    return RemindedBooking(
        status=row.status,
        package_id=row.package_id,
        zone=row.zone,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        fully_refunded=bool(received) and received == refunded,
        no_follow_up=bool(row.no_follow_up),
    )


def _stage(row: Any) -> RemindedStage:  # noqa: ANN401 - a row of the query
    return RemindedStage(
        position=row.position,
        status=row.status,
        due_rule=row.due_rule,
        due_local_date=row.due_local_date,
        dispute_open=row.dispute_state == "open",
    )


def _stages(connection: sa.Connection, tenant_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, list[Any]]:
    rows = connection.execute(
        sa.select(payment_stage)
        .where(
            payment_stage.c.tenant_id == tenant_id,
            payment_stage.c.booking_id.in_(ids),
            payment_stage.c.status != StageStatus.SUPERSEDED,
            payment_stage.c.deleted_at.is_(None),
        )
        .order_by(payment_stage.c.position)
    )
    by_booking: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        by_booking[row.booking_id].append(row)
    return by_booking


Key = tuple[UUID, UUID, int, int]


def _choices(
    connection: sa.Connection, tenant_id: UUID, ids: Sequence[UUID]
) -> Mapping[Key, ReminderChoiceKind]:
    table = reminder_choice
    rows = connection.execute(
        sa.select(table)
        .where(table.c.tenant_id == tenant_id, table.c.booking_id.in_(ids), table.c.deleted_at.is_(None))
        .order_by(table.c.created_at)
    )
    return {(row.booking_id, row.rule_id, row.stage_position, row.schedule_rev): row.choice for row in rows}


def _logged(connection: sa.Connection, tenant_id: UUID, ids: Sequence[UUID]) -> frozenset[Key]:
    table = reminder_log
    rows = connection.execute(
        sa.select(table.c.booking_id, table.c.rule_id, table.c.stage_position, table.c.schedule_rev).where(
            table.c.tenant_id == tenant_id, table.c.booking_id.in_(ids), table.c.rule_id.is_not(None)
        )
    )
    return frozenset((row[0], row[1], row[2], row[3]) for row in rows)


def next_days_of_rules(
    connection: sa.Connection, tenant_id: UUID, *, now: datetime, each: int = 5
) -> Mapping[UUID, tuple[date, ...]]:
    """The local days of the next mails of every rule, the earliest first."""
    conditions = (booking.c.status.in_(sorted(ACTIVE_BOOKING)), booking.c.ends_at > now - _BEHIND)
    days: dict[UUID, set[date]] = defaultdict(set)
    for one in _foresee(connection, tenant_id, conditions, now=now):
        reminder = one.mail.reminder
        if not one.is_logged and not one.why_not and reminder.due_at >= now:
            days[reminder.rule_id].add(local_date(reminder.due_at, reminder.tz))
    return {rule_id: tuple(sorted(found)[:each]) for rule_id, found in days.items()}
