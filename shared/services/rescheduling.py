"""When a booking stands elsewhere in time, or nowhere for now."""

from uuid import UUID

from shared.errors import MovedMeanwhile
from shared.events import BookingMoved, BookingPostponed
from shared.models.act import Act
from shared.models.slot import Slot
from shared.models.states import BookingStatus
from shared.services import booking_desk, payment_plan, slot_claims
from shared.sync_protocol.operations import BookingMove, BookingPostpone
from shared.sync_protocol.results import Outcome
from shared.unit_of_work import UnitOfWork


def move(unit: UnitOfWork, act: Act, booking_id: UUID, *, slot: Slot, expected_slot: Slot) -> Outcome:
    """Put a booking into another slot; its present one must still be what the mover saw.

    Raises SlotTaken, SlotBlocked, MovedMeanwhile, BookingIsCancelled, NotPossibleNow. Due dates of unpaid
    stages follow, and ``schedule_rev`` rises, so that mails and links of the old time end.
    """
    booking = unit.bookings.get(act.tenant_id, booking_id)
    booking_desk.check_not_cancelled(booking)
    if booking.slot == slot and booking.blocks:
        return Outcome()
    if booking.slot != expected_slot:
        raise MovedMeanwhile(moved_by=booking.updated_by)
    resource_ids = slot_claims.held_resource_ids(unit, act.tenant_id, booking.id)
    slot_claims.check_free(unit, act.tenant_id, slot, resource_ids=resource_ids, but_for=booking.id)
    booking.take_slot(slot)
    booking.schedule_rev += 1
    payment_plan.plan_due_dates_anew(unit, act, booking)
    if not booking.blocks:
        stages = unit.stages.of_booking(act.tenant_id, booking.id)
        booking_desk.stand(
            booking,
            is_paid=payment_plan.is_due_on_booking_paid(stages),
            studio=unit.studios.settings(act.tenant_id),
            act=act,
        )
    slot_claims.copy_to_resources(unit, booking)
    unit.record(BookingMoved(act.tenant_id, act.operation_id, booking.id))
    return Outcome()


def move_by_args(unit: UnitOfWork, act: Act, args: BookingMove) -> Outcome:
    """``booking.move``."""
    return move(unit, act, args.id, slot=args.slot.slot(), expected_slot=args.seen.slot())


def postpone(unit: UnitOfWork, act: Act, args: BookingPostpone) -> Outcome:
    """Give the slot up without a new one: money stays, reminders and due dates wait."""
    booking = unit.bookings.get(act.tenant_id, args.id)
    booking_desk.check_not_cancelled(booking)
    if booking.status is BookingStatus.POSTPONED:
        return Outcome()
    booking.step_to(BookingStatus.POSTPONED)
    booking.schedule_rev += 1
    slot_claims.copy_to_resources(unit, booking)
    unit.record(BookingPostponed(act.tenant_id, act.operation_id, booking.id))
    return Outcome()
