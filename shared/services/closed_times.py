"""Closed times of the studio or of one resource; they never touch a booking."""

from shared.models.act import Act
from shared.models.booking import AvailabilityBlock
from shared.sync_protocol.operations import BlockCreate, IdOnly
from shared.sync_protocol.results import IssueDraft, Outcome
from shared.unit_of_work import UnitOfWork


def create(unit: UnitOfWork, act: Act, args: BlockCreate) -> Outcome:
    """``block.create``; bookings already inside it stand and are listed in an issue."""
    if unit.blocks.find(act.tenant_id, args.id) is not None:
        return Outcome()
    slot = args.slot.slot()
    if args.resource_id is not None:
        unit.resources.get(act.tenant_id, args.resource_id)
    resource_ids = (
        [args.resource_id]
        if args.resource_id is not None
        else [resource.id for resource in unit.resources.by_name(act.tenant_id)]
    )
    inside = unit.booking_resources.busy(
        act.tenant_id, resource_ids, starts_at=slot.starts_at, ends_at=slot.ends_at
    )
    unit.blocks.add(
        act.tenant_id,
        AvailabilityBlock(
            tenant_id=act.tenant_id,
            id=args.id,
            resource_id=args.resource_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            zone=slot.zone,
            reason=args.reason,
        ),
    )
    if not inside:
        return Outcome()
    bookings = sorted({str(row.booking_id) for row in inside})
    issue = IssueDraft("block_over_booking", "availability_block", args.id, {"bookings": bookings})
    return Outcome(code="block_over_booking", issues=(issue,))


def delete(unit: UnitOfWork, act: Act, args: IdOnly) -> Outcome:
    """``block.delete``."""
    block = unit.blocks.find(act.tenant_id, args.id)
    if block is not None and block.deleted_at is None:
        block.deleted_at = act.at
    return Outcome()
