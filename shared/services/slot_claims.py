"""Decides whether a slot is free, and keeps the rows that hold it."""

from uuid import UUID

from shared.errors import SlotBlocked, SlotTaken
from shared.models.act import Act
from shared.models.booking import Booking, BookingResource
from shared.models.slot import Slot
from shared.unit_of_work import UnitOfWork


def check_free(
    unit: UnitOfWork, tenant_id: UUID, slot: Slot, *, resource_ids: list[UUID], but_for: UUID | None = None
) -> None:
    """Raise SlotTaken (with the other booking's id) or SlotBlocked unless all resources are free."""
    busy = unit.booking_resources.busy(
        tenant_id, resource_ids, starts_at=slot.starts_at, ends_at=slot.ends_at
    )
    for held in busy:
        if held.booking_id != but_for:
            raise SlotTaken(booking_id=held.booking_id, resource_id=held.resource_id)
    blocks = unit.blocks.touching(tenant_id, resource_ids, starts_at=slot.starts_at, ends_at=slot.ends_at)
    if blocks:
        raise SlotBlocked(block_id=blocks[0].id)


def hold(unit: UnitOfWork, act: Act, booking: Booking, resource_ids: list[UUID]) -> None:
    """Make one row per resource of a new booking."""
    for resource_id in resource_ids:
        unit.resources.get(act.tenant_id, resource_id)
        unit.booking_resources.add(
            act.tenant_id,
            BookingResource(
                tenant_id=act.tenant_id,
                id=act.new_id("booking_resource", resource_id),
                booking_id=booking.id,
                resource_id=resource_id,
                starts_at=booking.starts_at,
                ends_at=booking.ends_at,
                blocks=booking.blocks,
            ),
        )


def held_resource_ids(unit: UnitOfWork, tenant_id: UUID, booking_id: UUID) -> list[UUID]:
    """The resources of a booking."""
    return [row.resource_id for row in unit.booking_resources.of_booking(tenant_id, booking_id)]


def copy_to_resources(unit: UnitOfWork, booking: Booking) -> None:
    """Let the rows of the booking's resources say what the booking says."""
    for row in unit.booking_resources.of_booking(booking.tenant_id, booking.id):
        row.starts_at, row.ends_at, row.blocks = booking.starts_at, booking.ends_at, booking.blocks
