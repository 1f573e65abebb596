"""Taking, changing and ending bookings; when one stands elsewhere in time is decided by rescheduling."""

from shared.errors import BookingIsCancelled, NotPossibleNow, PreviewOutdated, SlotBlocked, SlotTaken
from shared.events import BookingCancelled, BookingChanged, BookingConfirmed, BookingMade
from shared.models.act import Act
from shared.models.booking import Booking, BookingLine, Note
from shared.models.slot import Slot
from shared.models.states import BookingStatus, CancelReason, ReasonCode
from shared.models.studio import Package, Studio
from shared.policies.cancellation import (
    CancellationPolicy,
    CancellationPreview,
    StageMoney,
    cancellation_preview,
)
from shared.policies.hold_policy import has_lapsed, hold_ends_at
from shared.services import payment_plan, refund_requests, slot_claims
from shared.services.field_edits import apply_patch
from shared.sync_protocol.operations import BookingCancel, BookingCreate, PatchArgs
from shared.sync_protocol.results import IssueDraft, Outcome
from shared.unit_of_work import UnitOfWork

_EDITABLE = {"place": str, "customer_id": None}

_REFUND_REASON = {
    CancelReason.CUSTOMER: ReasonCode.CUSTOMER_CANCELLED,
    CancelReason.STUDIO: ReasonCode.STUDIO_CANCELLED,
}


def create(unit: UnitOfWork, act: Act, args: BookingCreate) -> Outcome:
    """Take a booking. A taken or closed slot does not lose it: it then stands as ``needs_slot``."""
    if unit.bookings.find(act.tenant_id, args.id) is not None:
        return Outcome()
    studio = unit.studios.settings(act.tenant_id)
    package = unit.packages.get(act.tenant_id, args.package_id)
    unit.customers.get(act.tenant_id, args.customer_id)
    slot = args.slot.slot()
    booking = unit.bookings.add(act.tenant_id, _new_booking(act, args, studio, package, slot))
    _add_lines(unit, act, booking, args, package)
    stages = payment_plan.make_stages(
        unit,
        act,
        booking,
        deposit_percent=package.deposit_percent,
        remainder_days_before=package.remainder_days_before,
    )
    outcome = Outcome()
    try:
        slot_claims.check_free(unit, act.tenant_id, slot, resource_ids=args.resource_ids, but_for=booking.id)
    except (SlotTaken, SlotBlocked) as clash:
        booking.status = BookingStatus.NEEDS_SLOT
        payload = {key: str(value) for key, value in clash.details.items()}
        outcome = Outcome(code=clash.code, issues=(IssueDraft(clash.code, "booking", booking.id, payload),))
    else:
        stand(booking, is_paid=payment_plan.is_due_on_booking_paid(stages), studio=studio, act=act)
    slot_claims.hold(unit, act, booking, args.resource_ids)
    if args.note:
        unit.notes.add(
            act.tenant_id,
            Note(tenant_id=act.tenant_id, id=act.new_id("note"), booking_id=booking.id, body=args.note),
        )
    unit.record(BookingMade(act.tenant_id, act.operation_id, booking.id))
    if booking.status is BookingStatus.CONFIRMED:
        unit.record(BookingConfirmed(act.tenant_id, act.operation_id, booking.id))
    return outcome


def stand(booking: Booking, *, is_paid: bool, studio: Studio, act: Act) -> None:
    """A booking has its slot: it is held until what is due on booking is paid, else confirmed."""
    if is_paid:
        booking.status, booking.hold_ends_at = BookingStatus.CONFIRMED, None
    else:
        booking.status = BookingStatus.HELD
        booking.hold_ends_at = hold_ends_at(act.at, studio.hold_days, starts_at=booking.starts_at)


def _new_booking(act: Act, args: BookingCreate, studio: Studio, package: Package, slot: Slot) -> Booking:
    policy = CancellationPolicy.from_json(studio.policy or {"currency": studio.currency})
    return Booking(
        tenant_id=act.tenant_id,
        id=args.id,
        customer_id=args.customer_id,
        package_id=package.id,
        package_name=package.name,
        status=BookingStatus.HELD,
        start_date=slot.start_date,
        start_time=slot.start_time,
        end_date=slot.end_date,
        end_time=slot.end_time,
        zone=slot.zone,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=args.place,
        currency=package.currency,
        price_minor=package.price_minor + sum(line.unit_price_minor for line in args.add_ons),
        price_mode=studio.price_mode,
        tax_percent=package.tax_percent,
        policy=policy.frozen_for(package.currency).to_json(),
        invoice_style=studio.invoice_style,
    )


def _add_lines(unit: UnitOfWork, act: Act, booking: Booking, args: BookingCreate, package: Package) -> None:
    texts = [(package.name, package.description[:200], package.price_minor)]
    texts += [(line.text, line.detail, line.unit_price_minor) for line in args.add_ons]
    for position, (text, detail, price_minor) in enumerate(texts, start=1):
        unit.booking_lines.add(
            act.tenant_id,
            BookingLine(
                tenant_id=act.tenant_id,
                id=act.new_id("line", position),
                booking_id=booking.id,
                position=position,
                text=text,
                detail=detail,
                unit_price_minor=price_minor,
                tax_percent=package.tax_percent,
            ),
        )


def edit(unit: UnitOfWork, act: Act, args: PatchArgs) -> Outcome:
    """Change fields other than the time, each against what the author saw."""
    booking = unit.bookings.get(act.tenant_id, args.id)
    outcome = apply_patch(booking, args.patch, entity="booking", fields=_EDITABLE)
    unit.record(BookingChanged(act.tenant_id, act.operation_id, booking.id))
    return outcome


def preview(unit: UnitOfWork, act: Act, booking: Booking) -> CancellationPreview:
    """Every number of a cancellation now; the same on the desktop, in the API and on the cancel page."""
    return cancellation_preview(
        CancellationPolicy.from_json(booking.policy),
        total=booking.price,
        stages=[
            StageMoney(
                stage.id,
                stage.position,
                stage.kind,
                stage.status,
                stage.amount_minor,
                stage.received_minor,
                stage.refundable_minor,
                stage.channel,
            )
            for stage in unit.stages.of_booking(act.tenant_id, booking.id)
        ],
        event_date=booking.start_date,
        zone=booking.zone,
        at=act.at,
    )


def cancel(unit: UnitOfWork, act: Act, args: BookingCancel) -> Outcome:
    """End a booking; with ``refund`` ask for what the frozen policy gives back. Raises PreviewOutdated."""
    booking = unit.bookings.get(act.tenant_id, args.id)
    if booking.status is BookingStatus.CANCELLED:
        return Outcome()
    if booking.status is BookingStatus.COMPLETED:
        raise NotPossibleNow(state=booking.status)
    outcome = Outcome()
    if args.seen is not None and args.seen.slot() != booking.slot:
        payload = {"seen": args.seen.model_dump(mode="json")}
        issue = IssueDraft("moved_meanwhile", "booking", booking.id, payload)
        outcome = Outcome(code="moved_meanwhile", issues=(issue,))
    seen = preview(unit, act, booking)
    if args.refund and args.preview_hash is not None and args.preview_hash != seen.preview_hash:
        raise PreviewOutdated
    _end(unit, act, booking, args.reason)
    if args.refund and seen.refund_minor:
        refund_requests.ask_after_cancellation(
            unit, act, booking, preview=seen, reason=_REFUND_REASON[args.reason], note=args.note
        )
    return outcome


def _end(unit: UnitOfWork, act: Act, booking: Booking, reason: CancelReason) -> None:
    booking.cancel(reason, act.at)
    payment_plan.close_unpaid(unit, act, booking)
    slot_claims.copy_to_resources(unit, booking)
    unit.record(BookingCancelled(act.tenant_id, act.operation_id, booking.id, reason.value))


def lapse_hold(unit: UnitOfWork, act: Act, booking: Booking) -> bool:
    """A hold has run out without its deposit; False if that is not so (any more)."""
    if not has_lapsed(booking.status, booking.hold_ends_at, act.at):
        return False
    _end(unit, act, booking, CancelReason.HOLD_LAPSED)
    return True


def complete(unit: UnitOfWork, act: Act, booking: Booking) -> bool:
    """The event is over; False if that is not so."""
    if booking.status is not BookingStatus.CONFIRMED or booking.ends_at > act.at:
        return False
    booking.step_to(BookingStatus.COMPLETED)
    slot_claims.copy_to_resources(unit, booking)
    return True


def check_not_cancelled(booking: Booking) -> None:
    """Raise BookingIsCancelled, or NotPossibleNow for a completed one."""
    if booking.status is BookingStatus.CANCELLED:
        raise BookingIsCancelled(cancelled_by=booking.updated_by)
    if booking.status is BookingStatus.COMPLETED:
        raise NotPossibleNow(state=booking.status)
