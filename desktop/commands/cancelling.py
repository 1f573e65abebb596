"""Ending a booking with other amounts than the policy's: cancellation and request in one commit."""

from uuid import UUID

from desktop.commands.desk import Desk, Intent
from desktop.data_changes import DataChanges
from shared.models.slot import Slot
from shared.models.states import CancelReason
from shared.sync_protocol.operations import BookingCancel, RefundAsk, SlotArgs


def cancel_and_ask(
    desk: Desk,
    booking_id: UUID,
    *,
    seen: Slot,
    reason: CancelReason,
    refund: RefundAsk,
    initiator: str | None = None,
) -> DataChanges:
    """Both or nothing. Raises as ``booking.cancel`` and ``refund.request``."""
    ending = BookingCancel(id=booking_id, reason=reason, seen=SlotArgs.of(seen), note=refund.note)
    return desk.carry_out(
        Intent("booking.cancel", ending), Intent("refund.request", refund), initiator=initiator
    )
