"""What a booking costs when, and the money that has come.

Card money is written down only by the server, from what the provider was just asked
(:func:`card_paid`); the desk writes down cash, transfers and cheques.
"""

from uuid import UUID

from shared.clock import end_of_local_day, local_date
from shared.errors import (
    BookingIsCancelled,
    CurrencyDiffers,
    ManualAmountDiffers,
    MoneyInMotion,
    NotPossibleNow,
)
from shared.events import BookingConfirmed, BookingFullyPaid, StagePaid
from shared.models.act import Act
from shared.models.booking import Booking
from shared.models.payment import LedgerEntry, ManualPayment, PaymentStage
from shared.models.states import (
    BookingStatus,
    Channel,
    DueRuleKind,
    LedgerKind,
    ManualMethod,
    StageKind,
    StageStatus,
)
from shared.policies.deposit_plan import DueRule, due_date, plan_stages, template_for_deposit
from shared.sync_protocol.operations import PaymentRecordManual, PaymentVoidManual
from shared.sync_protocol.results import IssueDraft, Outcome
from shared.unit_of_work import UnitOfWork

MANUAL_WORDS = {
    ManualMethod.CASH: "Cash",
    ManualMethod.BANK: "Bank transfer",
    ManualMethod.CHEQUE: "Cheque",
    ManualMethod.OTHER: "Paid at the desk",
}


def make_stages(
    unit: UnitOfWork, act: Act, booking: Booking, *, deposit_percent: int, remainder_days_before: int
) -> list[PaymentStage]:
    """The stages of a new booking, with ids that follow from the act. Raises AmountInvalid."""
    planned = plan_stages(
        booking.price,
        template_for_deposit(deposit_percent, remainder_days_before),
        event_date=booking.start_date,
        zone=booking.zone,
        booked_at=act.at,
    )
    return [
        unit.stages.add(
            act.tenant_id,
            PaymentStage(
                tenant_id=act.tenant_id,
                id=act.new_id("stage", stage.position),
                booking_id=booking.id,
                position=stage.position,
                kind=stage.kind,
                amount_minor=stage.amount_minor,
                currency=booking.currency,
                percent=deposit_percent if stage.kind is StageKind.DEPOSIT else 0,
                due_rule=stage.due_rule.kind,
                due_days=stage.due_rule.days or 0,
                due_local_date=stage.due_local_date,
                zone=booking.zone,
                due_at=stage.due_at,
            ),
        )
        for stage in planned
    ]


def plan_due_dates_anew(unit: UnitOfWork, act: Act, booking: Booking) -> None:
    """After a reschedule: when the stages that are not paid yet are due now."""
    for stage in unit.stages.of_booking(act.tenant_id, booking.id):
        if not stage.is_payable or stage.due_rule is not DueRuleKind.DAYS_BEFORE_EVENT:
            continue
        stage.zone = booking.zone
        stage.due_local_date = due_date(
            DueRule(stage.due_rule, days=stage.due_days),
            event_date=booking.start_date,
            not_before=local_date(act.at, booking.zone),
        )
        stage.due_at = end_of_local_day(stage.due_local_date, booking.zone)


def is_due_on_booking_paid(stages: list[PaymentStage]) -> bool:
    """Whether nothing that was due on booking is still owed."""
    return all(stage.is_paid for stage in stages if stage.due_rule is DueRuleKind.ON_BOOKING)


def close_unpaid(unit: UnitOfWork, act: Act, booking: Booking) -> None:
    """A cancelled booking asks for nothing more; a card payment under way is first ended at the provider."""
    for stage in unit.stages.of_booking(act.tenant_id, booking.id):
        if not stage.is_payable:
            continue
        if stage.pi_id is None and stage.status is StageStatus.PLANNED:
            stage.step_to(StageStatus.CANCELED)
        else:
            stage.pi_cancel_wanted = True


def record_manual(unit: UnitOfWork, act: Act, args: PaymentRecordManual) -> Outcome:
    """Write down money taken at the desk. Raises ManualAmountDiffers, CurrencyDiffers, BookingIsCancelled."""
    if unit.manual_payments.find(act.tenant_id, args.id) is not None:
        return Outcome()
    stage = unit.stages.get(act.tenant_id, args.stage_id)
    booking = unit.bookings.get(act.tenant_id, stage.booking_id)
    if args.currency != stage.currency:
        raise CurrencyDiffers(expected=stage.currency, found=args.currency)
    if args.amount_minor != stage.amount_minor:
        raise ManualAmountDiffers(expected=stage.amount_minor)
    if booking.status is BookingStatus.CANCELLED:
        raise BookingIsCancelled
    unit.manual_payments.add(
        act.tenant_id,
        ManualPayment(
            tenant_id=act.tenant_id,
            id=args.id,
            booking_id=booking.id,
            stage_id=stage.id,
            amount_minor=args.amount_minor,
            currency=args.currency,
            method=args.method,
            paid_on=args.paid_on,
            note=args.note,
            recorded_by=act.actor.id,
        ),
    )
    if stage.is_paid:
        return _record_surplus(unit, act, stage, payment_id=args.id)
    if stage.pi_id is not None:
        stage.pi_cancel_wanted = True
        return Outcome()
    _receive_manual(unit, act, stage, payment_id=args.id)
    return Outcome()


def void_manual(unit: UnitOfWork, act: Act, args: PaymentVoidManual) -> Outcome:
    """Take a written-down payment back; raises MoneyInMotion once a part of it was promised back."""
    payment = unit.manual_payments.get(act.tenant_id, args.id)
    if payment.voided_at is not None:
        return Outcome()
    stage = unit.stages.get(act.tenant_id, payment.stage_id)
    if stage.refund_reserved_minor:
        raise MoneyInMotion
    payment.voided_at, payment.void_reason = act.at, args.reason
    if stage.is_paid and stage.channel is Channel.MANUAL:
        stage.step_to(StageStatus.PLANNED)
        stage.received_minor, stage.paid_at, stage.paid_words = 0, None, ""
        enter_ledger(
            unit,
            act,
            stage,
            kind=LedgerKind.MANUAL_VOID,
            amount_minor=-payment.amount_minor,
            ref=str(payment.id),
        )
    return Outcome()


def _receive_manual(unit: UnitOfWork, act: Act, stage: PaymentStage, *, payment_id: UUID) -> None:
    payment = unit.manual_payments.get(act.tenant_id, payment_id)
    words = MANUAL_WORDS[payment.method]
    stage.receive(payment.amount_minor, channel=Channel.MANUAL, words=words, at=act.at)
    enter_ledger(
        unit, act, stage, kind=LedgerKind.MANUAL, amount_minor=payment.amount_minor, ref=str(payment.id)
    )
    _after_payment(unit, act, stage)


def _record_surplus(unit: UnitOfWork, act: Act, paid: PaymentStage, *, payment_id: UUID) -> Outcome:
    payment = unit.manual_payments.get(act.tenant_id, payment_id)
    position = 1 + max(stage.position for stage in unit.stages.of_booking(act.tenant_id, paid.booking_id))
    surplus = unit.stages.add(
        act.tenant_id,
        PaymentStage(
            tenant_id=act.tenant_id,
            id=act.new_id("surplus", payment.id),
            booking_id=paid.booking_id,
            position=position,
            kind=StageKind.SURPLUS,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            due_rule=DueRuleKind.FIXED_DATE,
            due_local_date=payment.paid_on,
            zone=paid.zone,
            due_at=end_of_local_day(payment.paid_on, paid.zone),
            attention="surplus",
        ),
    )
    payment.stage_id = surplus.id
    surplus.receive(
        payment.amount_minor, channel=Channel.MANUAL, words=MANUAL_WORDS[payment.method], at=act.at
    )
    enter_ledger(
        unit, act, surplus, kind=LedgerKind.MANUAL, amount_minor=payment.amount_minor, ref=str(payment.id)
    )
    issue = IssueDraft(
        "surplus_recorded",
        "booking",
        paid.booking_id,
        {"amount_minor": payment.amount_minor, "currency": payment.currency},
    )
    return Outcome(code="surplus_recorded", issues=(issue,))


def card_paid(unit: UnitOfWork, act: Act, stage_id: UUID, *, amount_minor: int, ref: str, words: str) -> bool:
    """A card payment has succeeded, as the provider says now; False if that was known already.

    ``ref`` is the provider's payment id. The caller has checked amount, currency, account and metadata.
    """
    stage = unit.stages.get(act.tenant_id, stage_id)
    if unit.ledger.has(act.tenant_id, ref, LedgerKind.CHARGE):
        return False
    waiting = [] if stage.is_paid else _unreceived(unit, act, stage)
    stage.receive(amount_minor, channel=Channel.CARD, words=words, at=act.at)
    stage.pi_cancel_wanted = False
    enter_ledger(unit, act, stage, kind=LedgerKind.CHARGE, amount_minor=amount_minor, ref=ref)
    _after_payment(unit, act, stage)
    for payment in waiting:  # the card won the race against the desk
        _record_surplus(unit, act, stage, payment_id=payment.id)
    return True


def card_payment_ended(unit: UnitOfWork, act: Act, stage_id: UUID) -> None:
    """The provider has confirmed that the stage's payment intent is cancelled."""
    stage = unit.stages.get(act.tenant_id, stage_id)
    if not stage.is_payable:
        return
    booking = unit.bookings.get(act.tenant_id, stage.booking_id)
    stage.pi_id, stage.pi_cancel_wanted = None, False
    stage.pi_attempt += 1
    stage.step_to(StageStatus.OPEN)
    waiting = _unreceived(unit, act, stage)
    if waiting:
        _receive_manual(unit, act, stage, payment_id=waiting[0].id)
    elif booking.status is BookingStatus.CANCELLED:
        stage.step_to(StageStatus.CANCELED)


def card_state_seen(
    unit: UnitOfWork, act: Act, stage_id: UUID, *, status: StageStatus, last_error: str | None
) -> None:
    """What the provider says of a payment that is neither paid nor cancelled."""
    assert status in (StageStatus.OPEN, StageStatus.PROCESSING, StageStatus.ACTION_NEEDED)
    stage = unit.stages.get(act.tenant_id, stage_id)
    if stage.is_payable and stage.status is not StageStatus.PLANNED:
        stage.step_to(status)
        stage.last_error = last_error


def open_for_card(unit: UnitOfWork, act: Act, stage_id: UUID, *, scope: str) -> PaymentStage:
    """The customer wants to pay this stage by card now. Raises NotPossibleNow, BookingIsCancelled."""
    stage = unit.stages.get(act.tenant_id, stage_id)
    booking = unit.bookings.get(act.tenant_id, stage.booking_id)
    if booking.status is BookingStatus.CANCELLED:
        raise BookingIsCancelled
    if not stage.is_payable or stage.pi_cancel_wanted:
        raise NotPossibleNow(state=stage.status)
    if stage.pi_id is None and stage.status is StageStatus.PLANNED:
        stage.pi_attempt += 1
    if stage.status is StageStatus.PLANNED:
        stage.step_to(StageStatus.OPEN)
    stage.scope = scope
    return stage


def _unreceived(unit: UnitOfWork, act: Act, stage: PaymentStage) -> list[ManualPayment]:
    return [row for row in unit.manual_payments.of_stage(act.tenant_id, stage.id) if row.voided_at is None]


def _after_payment(unit: UnitOfWork, act: Act, stage: PaymentStage) -> None:
    booking = unit.bookings.get(act.tenant_id, stage.booking_id)
    stages = unit.stages.of_booking(act.tenant_id, booking.id)
    cause_id = act.operation_id
    unit.record(StagePaid(act.tenant_id, cause_id, booking.id, stage.id))
    if booking.status is BookingStatus.HELD and is_due_on_booking_paid(stages):
        booking.step_to(BookingStatus.CONFIRMED)
        unit.record(BookingConfirmed(act.tenant_id, cause_id, booking.id))
    if booking.is_active and not any(other.is_payable for other in stages):
        unit.record(BookingFullyPaid(act.tenant_id, cause_id, booking.id))


def enter_ledger(
    unit: UnitOfWork, act: Act, stage: PaymentStage, *, kind: LedgerKind, amount_minor: int, ref: str
) -> None:
    """Write one movement of money down: once per provider reference and kind."""
    if unit.ledger.has(act.tenant_id, ref, kind):
        return
    unit.ledger.add(
        act.tenant_id,
        LedgerEntry(
            tenant_id=act.tenant_id,
            id=act.new_id("ledger", kind, ref),
            booking_id=stage.booking_id,
            stage_id=stage.id,
            kind=kind,
            amount_minor=amount_minor,
            currency=stage.currency,
            ref=ref,
            at=act.at,
            words=stage.paid_words,
        ),
    )
