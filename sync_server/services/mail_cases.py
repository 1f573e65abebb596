"""What a queued mail is about, as things stand now, and why it must not go out after all.

Asked twice for each mail: before it is written, and again in the transaction that hands it over.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from shared.models.booking import Booking, BookingLine
from shared.models.document import Document
from shared.models.mail import ReminderRule
from shared.models.payment import PaymentStage
from shared.models.refund import Refund
from shared.models.states import BookingStatus, ReminderChoiceKind, ReminderKind
from shared.models.studio import Customer, Studio
from shared.policies.reminder_policy import (
    EVENT_RULE_POSITION,
    NotSentReason,
    reason_words,
    still_useful,
    why_unwanted,
)
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.mail_queues import DeliveryStatus, QueuedMail, QueueName
from sync_server.repositories.reminders import PlannedBookings
from sync_server.services.reminder_planning import latest_choices, reminded_booking, reminded_stage

_STANDS: Final = frozenset({BookingStatus.CONFIRMED, BookingStatus.COMPLETED})
_OTHER_DATE: Final = "the booking has another date"
_NO_ADDRESS: Final = "the customer has no mail address"
_WITH_LINES: Final = frozenset({"booking_confirmed"})


@dataclass(frozen=True)
class Verdict:
    """Why a mail is not sent: the state its row gets, and the reason as a clause."""

    status: DeliveryStatus
    reason: str


@dataclass(frozen=True, kw_only=True)
class MailCase:
    """One mail and everything it speaks of; what it does not speak of is None."""

    row: QueuedMail
    studio: Studio
    booking: Booking | None = None
    customer: Customer | None = None
    people: Sequence[str] = ()
    """The names of those who come."""
    lines: Sequence[BookingLine] = ()
    """What was booked; read for kinds that tell it."""
    stages: Sequence[PaymentStage] = ()
    stage: PaymentStage | None = None
    document: Document | None = None
    credited_number: str = ""
    """The number of the invoice that a credit note takes back."""
    refund: Refund | None = None
    rule: ReminderRule | None = None
    choice: ReminderChoiceKind | None = None

    @property
    def recipient(self) -> str:
        """Where it goes now: the customer's present address, or the one of a mail to staff."""
        return self.row.recipient if self.customer is None else self.customer.email

    @cached_property
    def unwanted(self) -> str | None:
        """Why a reminder must not go out at any time, as a clause; None when it may. Asked more than once."""
        return _why_no_reminder(self)


def load_cases(unit: UnitOfWork, tenant_id: UUID, rows: Sequence[QueuedMail]) -> list[MailCase]:
    """The cases of some rows of one studio, in few questions however many they are."""
    subjects = {row.id: _Subject.of(unit, row) for row in rows}
    booking_ids = {subject.booking_id for subject in subjects.values() if subject.booking_id is not None}
    planned = PlannedBookings(unit.session)
    unit.bookings.look_ahead(tenant_id, booking_ids)
    found = ((booking_id, unit.bookings.find(tenant_id, booking_id)) for booking_id in booking_ids)
    bookings = {booking_id: booking for booking_id, booking in found if booking is not None}
    stages = planned.stages(tenant_id, booking_ids) if booking_ids else {}
    customers = planned.customers(tenant_id, {booking.customer_id for booking in bookings.values()})
    people = planned.people(tenant_id, bookings.keys()) if bookings else {}
    reminded = [row for row in rows if row.queue is QueueName.REMINDER]
    choices = latest_choices(planned.choices(tenant_id, booking_ids)) if reminded else {}
    studio = unit.studios.settings(tenant_id)
    rules = {
        rule_id: unit.reminder_rules.find(tenant_id, rule_id)
        for rule_id in {row.rule_id for row in rows}
        if rule_id is not None
    }
    cases = []
    for row in rows:
        subject = subjects[row.id]
        booking = bookings.get(subject.booking_id) if subject.booking_id is not None else None
        own_stages = stages.get(booking.id, []) if booking is not None else []
        cases.append(
            MailCase(
                row=row,
                studio=studio,
                booking=booking,
                customer=customers.get(booking.customer_id) if booking is not None else None,
                people=people.get(booking.id, ()) if booking is not None else (),
                lines=_lines(unit, row, booking),
                stages=own_stages,
                stage=_stage(row, subject, own_stages),
                document=subject.document,
                credited_number=_credited_number(unit, subject.document),
                refund=subject.refund,
                rule=rules.get(row.rule_id) if row.rule_id is not None else None,
                choice=_choice(row, choices),
            )
        )
    return cases


def verdict(case: MailCase, now: datetime) -> Verdict | None:
    """Why this mail must not go out as things stand; None when it may."""
    if case.row.queue is QueueName.REMINDER:
        return _reminder_verdict(case, now)
    return _caused_verdict(case)


@dataclass(frozen=True)
class _Subject:
    booking_id: UUID | None = None
    stage: PaymentStage | None = None
    document: Document | None = None
    refund: Refund | None = None

    @classmethod
    def of(cls, unit: UnitOfWork, row: QueuedMail) -> "_Subject":
        if row.queue is QueueName.REMINDER:
            return cls(booking_id=row.booking_id)
        assert row.subject_id is not None, "a caused mail has a subject"
        match row.subject_type:
            case "booking":
                return cls(booking_id=row.subject_id)
            case "stage":
                stage = unit.stages.get(row.tenant_id, row.subject_id)
                return cls(booking_id=stage.booking_id, stage=stage)
            case "refund":
                refund = unit.refunds.get(row.tenant_id, row.subject_id)
                stage = unit.stages.get(row.tenant_id, refund.stage_id)
                return cls(booking_id=refund.booking_id, stage=stage, refund=refund)
            case "document":
                document = unit.documents.get(row.tenant_id, row.subject_id)
                return cls(booking_id=document.booking_id, document=document)
            case _:
                return cls()


def _stage(row: QueuedMail, subject: _Subject, stages: Sequence[PaymentStage]) -> PaymentStage | None:
    if row.queue is QueueName.MAIL:
        return subject.stage
    if row.stage_position == EVENT_RULE_POSITION:
        return None
    return next((stage for stage in stages if stage.position == row.stage_position), None)


def _lines(unit: UnitOfWork, row: QueuedMail, booking: Booking | None) -> Sequence[BookingLine]:
    if booking is None or row.kind not in _WITH_LINES:
        return ()
    return unit.booking_lines.of_booking(booking.tenant_id, booking.id)


def _credited_number(unit: UnitOfWork, document: Document | None) -> str:
    if document is None or document.refers_to is None:
        return ""
    credited = unit.documents.find(document.tenant_id, document.refers_to)
    return credited.printed_number if credited is not None else ""


def _choice(
    row: QueuedMail, choices: Mapping[tuple[UUID, UUID, int, int], ReminderChoiceKind]
) -> ReminderChoiceKind | None:
    if row.booking_id is None or row.rule_id is None:
        return None
    return choices.get((row.booking_id, row.rule_id, row.stage_position, row.schedule_rev))


def _reminder_verdict(case: MailCase, now: datetime) -> Verdict | None:
    if case.unwanted is not None:
        return _canceled(case.unwanted)
    assert case.booking is not None, "a reminder without a booking is unwanted"
    if case.choice is ReminderChoiceKind.HOLD:
        return Verdict(DeliveryStatus.HELD, reason_words(NotSentReason.HELD))
    if case.choice is ReminderChoiceKind.SKIP:
        return Verdict(DeliveryStatus.SKIPPED, reason_words(NotSentReason.SKIPPED))
    due_at, starts_at = case.row.due_at, case.booking.starts_at
    if not still_useful(ReminderKind(case.row.kind), due_at=due_at, now=now, starts_at=starts_at):
        return Verdict(DeliveryStatus.SKIPPED_LATE, reason_words(NotSentReason.TOO_LATE))
    return None


def _why_no_reminder(case: MailCase) -> str | None:
    row, booking, rule = case.row, case.booking, case.rule
    if booking is None or booking.deleted_at is not None or booking.schedule_rev != row.schedule_rev:
        return _OTHER_DATE
    if rule is None or rule.deleted_at is not None or not rule.is_on or not _applies(rule, booking):
        return "its rule no longer applies"
    if row.stage_position != EVENT_RULE_POSITION and case.stage is None:
        return reason_words(NotSentReason.NOTHING_UNPAID)
    reason = why_unwanted(
        ReminderKind(row.kind),
        reminded_booking(booking, case.customer, case.stages),
        reminded_stage(case.stage) if case.stage is not None else None,
    )
    if reason is not None:
        return reason_words(reason)
    return None if case.recipient else _NO_ADDRESS


def _applies(rule: ReminderRule, booking: Booking) -> bool:
    return rule.services is None or str(booking.package_id) in rule.services


def _caused_verdict(case: MailCase) -> Verdict | None:
    if not case.recipient:
        return _canceled(_NO_ADDRESS)
    reason = _WHY_NOT[case.row.kind](case) if case.row.kind in _WHY_NOT else None
    return None if reason is None else _canceled(reason)


def _why_no_pay_link(case: MailCase) -> str | None:
    assert case.booking is not None, "a pay link is about a booking"
    assert case.stage is not None, "a pay link is about one stage"
    if case.booking.status is BookingStatus.CANCELLED:
        return reason_words(NotSentReason.CANCELLED)
    asked = case.stage.is_payable and not case.stage.pi_cancel_wanted
    return None if asked else reason_words(NotSentReason.NOTHING_UNPAID)


def _why_not_confirmed(case: MailCase) -> str | None:
    assert case.booking is not None, "a confirmation is about a booking"
    return None if case.booking.status in _STANDS else reason_words(NotSentReason.NOT_CONFIRMED)


def _why_not_rescheduled(case: MailCase) -> str | None:
    assert case.booking is not None, "a move is about a booking"
    told_rev = (case.row.values or {}).get("schedule_rev", case.booking.schedule_rev)
    stands = case.booking.blocks and told_rev == case.booking.schedule_rev
    return None if stands else _OTHER_DATE


def _why_not_cancelled(case: MailCase) -> str | None:
    assert case.booking is not None, "a cancellation is about a booking"
    return None if case.booking.status is BookingStatus.CANCELLED else "the booking is not cancelled"


_WHY_NOT: Final[Mapping[str, Callable[[MailCase], str | None]]] = {
    "pay_link": _why_no_pay_link,
    "booking_confirmed": _why_not_confirmed,
    "rescheduled": _why_not_rescheduled,
    "cancelled": _why_not_cancelled,
}


def _canceled(reason: str) -> Verdict:
    return Verdict(DeliveryStatus.CANCELED, reason)
