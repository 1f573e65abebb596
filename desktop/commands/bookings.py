"""What staff do with bookings. The dialog makes the ids, so that the page can show what it asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from desktop.commands.desk import Desk, Intent, one
from desktop.commands.drafts import patch_of
from desktop.data_changes import DataChanges
from shared.models.slot import Slot
from shared.models.states import CancelReason
from shared.sync_protocol.operations import (
    BookingCancel,
    BookingCreate,
    BookingMove,
    BookingPostpone,
    CustomerCreate,
    PackageCreate,
    PatchArgs,
    SlotArgs,
)


@dataclass(frozen=True, slots=True)
class WhyCancelled:
    """Who wanted it, and what was said."""

    reason: CancelReason = CancelReason.STUDIO
    note: str = ""


_BY_THE_STUDIO: Final = WhyCancelled()


def make_booking(
    desk: Desk,
    draft: BookingCreate,
    *,
    new_customer: CustomerCreate | None = None,
    new_package: PackageCreate | None = None,
    initiator: str | None = None,
) -> DataChanges:
    """Take a booking, with its customer and package where they are new. Raises SlotTaken, SlotBlocked."""
    before = []
    if new_customer is not None:
        before.append(Intent("customer.create", new_customer))
    if new_package is not None:
        before.append(Intent("package.create", new_package))
    return one(desk, "booking.create", draft, *before, initiator=initiator)


def edit_booking(
    desk: Desk,
    booking_id: UUID,
    changes: Mapping[str, tuple[object, object]],
    *,
    initiator: str | None = None,
) -> DataChanges:
    """Change fields other than the time; ``changes`` holds (seen, new) by field."""
    return one(desk, "booking.edit", PatchArgs(id=booking_id, patch=patch_of(changes)), initiator=initiator)


def move_booking(
    desk: Desk, booking_id: UUID, *, seen: Slot, slot: Slot, initiator: str | None = None
) -> DataChanges:
    """Put it at another time. Raises SlotTaken, SlotBlocked, MovedMeanwhile, BookingIsCancelled."""
    args = BookingMove(id=booking_id, seen=SlotArgs.of(seen), slot=SlotArgs.of(slot))
    return one(desk, "booking.move", args, initiator=initiator)


def postpone_booking(desk: Desk, booking_id: UUID, *, initiator: str | None = None) -> DataChanges:
    """Give up the slot, keep the deposit."""
    return one(desk, "booking.postpone", BookingPostpone(id=booking_id), initiator=initiator)


def cancel_booking(
    desk: Desk,
    booking_id: UUID,
    *,
    seen: Slot,
    why: WhyCancelled = _BY_THE_STUDIO,
    preview_hash: str | None = None,
    initiator: str | None = None,
) -> DataChanges:
    """End it; with the hash of a preview, ask for the refund that was shown. Raises PreviewOutdated."""
    args = BookingCancel(
        id=booking_id,
        reason=why.reason,
        seen=SlotArgs.of(seen),
        refund=preview_hash is not None,
        preview_hash=preview_hash,
        note=why.note,
    )
    return one(desk, "booking.cancel", args, initiator=initiator)
