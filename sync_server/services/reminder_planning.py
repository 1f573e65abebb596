"""Makes, moves, cancels and revives planned mails in the transaction that changes a booking or a stage.

The nightly re-plan repeats the same decision and repairs what is missing. A row that is being sent belongs to
the mail worker, which checks again before it hands over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shared.errors import ReminderAlreadySent
from shared.events import (
    BookingCancelled,
    BookingChanged,
    BookingConfirmed,
    BookingEvent,
    BookingMade,
    BookingMoved,
    BookingPostponed,
    DomainEvent,
    RefundSettled,
    ReminderChoiceMade,
    ReminderRuleChanged,
    StagePaid,
)
from shared.ids import derived_id
from shared.models.booking import Booking
from shared.models.inbox import SyncIssue
from shared.models.mail import ReminderChoice, ReminderLog, ReminderRule
from shared.models.payment import PaymentStage
from shared.models.states import ReminderChoiceKind, StageStatus
from shared.models.studio import Customer
from shared.policies.reminder_policy import (
    ForeseenReminder,
    NotSentReason,
    PlannedReminder,
    RemindedBooking,
    RemindedStage,
    RuleTerms,
    foresee_reminders,
    reason_words,
)
from shared.policies.reminder_times import ReminderAnchor
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.mail_queues import DeliveryStatus
from sync_server.repositories.reminders import PlannedBookings, ReminderRow, Reminders

REPLANNED: Final = (
    BookingMade,
    BookingConfirmed,
    BookingMoved,
    BookingPostponed,
    BookingCancelled,
    BookingChanged,
    StagePaid,
    RefundSettled,
)
BATCH: Final = 500

_OPEN: Final = frozenset({DeliveryStatus.SCHEDULED, DeliveryStatus.HELD, DeliveryStatus.RETRY})
_NOT_GIVEN_UP: Final = frozenset({DeliveryStatus.SCHEDULED, DeliveryStatus.HELD})
_GONE_OUT: Final = frozenset(
    {DeliveryStatus.SENT, DeliveryStatus.SENT_UNCONFIRMED, DeliveryStatus.UNCERTAIN, DeliveryStatus.SENDING}
)
_AFRESH: Final[Mapping[str, Any]] = {
    "tries": 0,
    "lease_owner": None,
    "lease_until": None,
    "handed_over_at": None,
    "last_error": None,
}


@dataclass
class PlanChanges:
    """What one round of planning did, in numbers."""

    made: int = 0
    moved: int = 0
    canceled: int = 0
    revived: int = 0

    def add(self, other: "PlanChanges") -> None:
        """Count another round in."""
        self.made += other.made
        self.moved += other.moved
        self.canceled += other.canceled
        self.revived += other.revived


@dataclass(frozen=True)
class _Case:
    """All that the plan of one booking depends on."""

    booking: Booking
    reminded: RemindedBooking
    stages: Sequence[RemindedStage]
    rows: Mapping[tuple[UUID, int, int], ReminderRow]
    choices: Mapping[tuple[UUID, int, int], ReminderChoiceKind]


@dataclass
class _Round:
    """One round over some bookings of a studio."""

    tenant_id: UUID
    reminders: Reminders
    mail_domain: str
    new: list[dict[str, Any]] = field(default_factory=list)
    changes: PlanChanges = field(default_factory=PlanChanges)

    def plan(self, case: _Case, foreseen: Sequence[ForeseenReminder]) -> None:
        """Rows of wanted mails stand at the right time; open rows of unwanted ones are canceled."""
        kept: set[UUID] = set()
        for one in foreseen:
            key = (one.reminder.rule_id, one.reminder.stage_position, case.booking.schedule_rev)
            row = case.rows.get(key)
            if row is not None and one.reason in (None, NotSentReason.TOO_LATE):
                kept.add(row.id)
                self._keep(case, row, one)
            elif row is None and one.reason is None:
                self.new.append(self._row(case, one.reminder, key))
                self.changes.made += 1
        over = [row.id for row in case.rows.values() if row.id not in kept and row.status in _OPEN]
        values = {"status": DeliveryStatus.CANCELED}
        self.changes.canceled += len(self.reminders.change(self.tenant_id, over, values=values))

    def _keep(self, case: _Case, row: ReminderRow, one: ForeseenReminder) -> None:
        """A wanted mail that has its row: at the right time, and alive again if it was canceled."""
        due_at = one.reminder.due_at
        place = {"tz": one.reminder.tz, "local_at": one.reminder.local_at, "due_at": due_at}
        if row.status is DeliveryStatus.CANCELED:
            if one.reason is None:
                status = _status_by_choice(case, row.key)
                values = {**place, **_AFRESH, "next_try": due_at, "status": status}
                self.changes.revived += self._change(row, values)
        elif row.status in _OPEN and place != {"tz": row.tz, "local_at": row.local_at, "due_at": row.due_at}:
            waits = row.status is DeliveryStatus.RETRY
            self.changes.moved += self._change(row, place if waits else {**place, "next_try": due_at})

    def _change(self, row: ReminderRow, values: Mapping[str, Any]) -> int:
        return len(self.reminders.change(self.tenant_id, [row.id], when=[row.status], values=values))

    def _row(self, case: _Case, planned: PlannedReminder, key: tuple[UUID, int, int]) -> dict[str, Any]:
        row_id = derived_id(case.booking.id, "reminder", *key)
        return {
            "id": row_id,
            "booking_id": case.booking.id,
            "rule_id": planned.rule_id,
            "kind": planned.kind.value,
            "stage_position": planned.stage_position,
            "schedule_rev": case.booking.schedule_rev,
            "tz": planned.tz,
            "local_at": planned.local_at,
            "due_at": planned.due_at,
            "next_try": planned.due_at,
            "status": _status_by_choice(case, key),
            "message_id": f"<{planned.kind.value}.{row_id}@{self.mail_domain}>",
        }


class ReminderPlanning:
    """The planner. As a function of a unit it follows the facts of a transaction."""

    def __init__(self, mail_domain: str) -> None:
        self._mail_domain = mail_domain

    def __call__(self, unit: UnitOfWork, now: datetime, events: Sequence[DomainEvent]) -> None:
        """Plan anew what these facts are about."""
        if not events:
            return
        tenant_id = events[0].tenant_id
        unit.session.flush()
        if any(isinstance(event, ReminderRuleChanged) for event in events):
            self.plan_all(unit, now, tenant_id)
        else:
            touched = {
                event.booking_id
                for event in events
                if isinstance(event, BookingEvent) and isinstance(event, REPLANNED)
            }
            if touched:
                self.plan(unit, now, tenant_id, booking_ids=sorted(touched))
        for event in events:
            if isinstance(event, ReminderChoiceMade):
                _follow_choice(unit, now, event)

    def plan_all(self, unit: UnitOfWork, now: datetime, tenant_id: UUID) -> PlanChanges:
        """Plan every booking of a studio that has something to plan."""
        changes = PlanChanges()
        booking_ids = PlannedBookings(unit.session).to_plan(tenant_id, now)
        for start in range(0, len(booking_ids), BATCH):
            changes.add(self.plan(unit, now, tenant_id, booking_ids=booking_ids[start : start + BATCH]))
        return changes

    def plan(
        self, unit: UnitOfWork, now: datetime, tenant_id: UUID, *, booking_ids: Sequence[UUID]
    ) -> PlanChanges:
        """Bring the rows of these bookings to what the rules say now."""
        rules = [rule_terms(rule) for rule in unit.reminder_rules.all(tenant_id)]
        round_ = _Round(tenant_id, Reminders(unit.session), self._mail_domain)
        for case in _cases(unit, tenant_id, booking_ids):
            round_.plan(case, foresee_reminders(rules, case.reminded, case.stages, now=now))
        round_.reminders.add(tenant_id, round_.new)
        return round_.changes


def rule_terms(rule: ReminderRule) -> RuleTerms:
    """A kept rule as the policy reads it."""
    return RuleTerms(
        rule_id=rule.id,
        kind=rule.kind,
        anchor=ReminderAnchor(rule.anchor),
        offset_days=rule.offset_days,
        local_time=rule.local_time,
        is_on=rule.is_on,
        services=None if rule.services is None else frozenset(UUID(one) for one in rule.services),
    )


def reminded_booking(
    booking: Booking, customer: Customer | None, stages: Sequence[PaymentStage]
) -> RemindedBooking:
    """A booking as the policy reads it."""
    received = sum(stage.received_minor for stage in stages)
    return RemindedBooking(
        status=booking.status,
        package_id=booking.package_id,
        zone=booking.zone,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        fully_refunded=received > 0 and received == sum(stage.refunded_minor for stage in stages),
        no_follow_up=customer is not None and customer.no_follow_up,
    )


def reminded_stage(stage: PaymentStage) -> RemindedStage:
    """A stage as the policy reads it; one whose card payment is being taken back is asked for no more."""
    return RemindedStage(
        position=stage.position,
        status=StageStatus.CANCELED if stage.pi_cancel_wanted and stage.is_payable else stage.status,
        due_rule=stage.due_rule,
        due_local_date=stage.due_local_date,
        dispute_open=stage.dispute_state == "open",
    )


def latest_choices(
    choices: Sequence[ReminderChoice],
) -> dict[tuple[UUID, UUID, int, int], ReminderChoiceKind]:
    """The last word of staff on each planned mail: by booking, rule, stage position and revision."""
    return {
        (choice.booking_id, choice.rule_id, choice.stage_position, choice.schedule_rev): choice.choice
        for choice in choices
    }


def _cases(unit: UnitOfWork, tenant_id: UUID, booking_ids: Sequence[UUID]) -> list[_Case]:
    planned = PlannedBookings(unit.session)
    bookings = planned.bookings(tenant_id, booking_ids)
    stages = planned.stages(tenant_id, booking_ids)
    customers = planned.customers(tenant_id, {booking.customer_id for booking in bookings.values()})
    rows = Reminders(unit.session).of_bookings(tenant_id, booking_ids)
    choices = latest_choices(planned.choices(tenant_id, booking_ids))
    return [
        _Case(
            booking=booking,
            reminded=reminded_booking(booking, customers.get(booking.customer_id), stages[booking.id]),
            stages=[reminded_stage(stage) for stage in stages[booking.id]],
            rows={row.key: row for row in rows[booking.id]},
            choices={key[1:]: choice for key, choice in choices.items() if key[0] == booking.id},
        )
        for booking in bookings.values()
    ]


def _status_by_choice(case: _Case, key: tuple[UUID, int, int]) -> DeliveryStatus:
    match case.choices.get(key):
        case ReminderChoiceKind.HOLD:
            return DeliveryStatus.HELD
        case ReminderChoiceKind.SKIP:
            return DeliveryStatus.SKIPPED
        case _:
            return DeliveryStatus.SCHEDULED


def _follow_choice(unit: UnitOfWork, now: datetime, event: ReminderChoiceMade) -> None:
    """Staff have decided about one planned mail: move its row, or say that it has gone out already."""
    booking = unit.bookings.get(event.tenant_id, event.booking_id)
    reminders = Reminders(unit.session)
    key = (event.rule_id, event.stage_position, booking.schedule_rev)
    row = next(
        (row for row in reminders.of_bookings(event.tenant_id, [booking.id])[booking.id] if row.key == key),
        None,
    )
    if row is None:
        return  # not planned yet: the choice is looked up when it is
    choice = ReminderChoiceKind(event.choice)
    if row.status in _GONE_OUT and choice is not ReminderChoiceKind.RELEASE:
        _say_already_sent(unit, event)
        return
    when, values = _choice_step(choice, row, now)
    changed = reminders.change(event.tenant_id, [row.id], when=when, values=values)
    if changed and choice is ReminderChoiceKind.SKIP:
        unit.reminder_log.add(event.tenant_id, _skipped_log(unit, booking, row, event))


def _choice_step(
    choice: ReminderChoiceKind, row: ReminderRow, now: datetime
) -> tuple[frozenset[DeliveryStatus], dict[str, Any]]:
    """From which states, and what is written."""
    match choice:
        case ReminderChoiceKind.HOLD:
            waiting = frozenset({DeliveryStatus.SCHEDULED, DeliveryStatus.RETRY})
            return waiting, {"status": DeliveryStatus.HELD}
        case ReminderChoiceKind.RELEASE:
            values = {"status": DeliveryStatus.SCHEDULED, "next_try": row.due_at}
            return frozenset({DeliveryStatus.HELD}), values
        case ReminderChoiceKind.SKIP:
            return _OPEN, {"status": DeliveryStatus.SKIPPED}
        case ReminderChoiceKind.SEND_NOW:
            return _NOT_GIVEN_UP, {"status": DeliveryStatus.SCHEDULED, "next_try": now}


def _say_already_sent(unit: UnitOfWork, event: ReminderChoiceMade) -> None:
    issue_id = derived_id(event.cause_id, "issue", ReminderAlreadySent.code)
    if unit.issues.find(event.tenant_id, issue_id) is None:
        unit.issues.add(
            event.tenant_id,
            SyncIssue(
                tenant_id=event.tenant_id,
                id=issue_id,
                kind=ReminderAlreadySent.code,
                entity="booking",
                row_id=event.booking_id,
                payload={"choice": event.choice, "rule_id": str(event.rule_id)},
            ),
        )


def _skipped_log(
    unit: UnitOfWork, booking: Booking, row: ReminderRow, event: ReminderChoiceMade
) -> ReminderLog:
    customer = unit.customers.find(event.tenant_id, booking.customer_id)
    return ReminderLog(
        tenant_id=event.tenant_id,
        id=derived_id(row.id, "log", event.cause_id),
        booking_id=booking.id,
        kind=row.kind,
        rule_id=row.rule_id,
        stage_position=row.stage_position,
        schedule_rev=row.schedule_rev,
        due_at=row.due_at,
        recipient=customer.email if customer is not None else "",
        subject="",
        text="",
        outcome=DeliveryStatus.SKIPPED,
        reason=reason_words(NotSentReason.SKIPPED),
        tries=row.tries,
    )
