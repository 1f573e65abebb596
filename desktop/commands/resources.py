"""What staff do with resources and closed times."""

from collections.abc import Mapping
from uuid import UUID

from desktop.commands.desk import Desk, one
from desktop.commands.drafts import patch_of
from desktop.data_changes import DataChanges
from shared.sync_protocol.operations import BlockCreate, IdOnly, PatchArgs, ResourceCreate


def add_resource(desk: Desk, draft: ResourceCreate, *, initiator: str | None = None) -> DataChanges:
    """Add a person, a room or equipment."""
    return one(desk, "resource.create", draft, initiator=initiator)


def edit_resource(
    desk: Desk,
    resource_id: UUID,
    changes: Mapping[str, tuple[object, object]],
    *,
    initiator: str | None = None,
) -> DataChanges:
    """Change fields; ``changes`` holds (seen, new) by field."""
    return one(desk, "resource.edit", PatchArgs(id=resource_id, patch=patch_of(changes)), initiator=initiator)


def archive_resource(desk: Desk, resource_id: UUID, *, initiator: str | None = None) -> DataChanges:
    """Make it bookable no longer."""
    return one(desk, "resource.archive", IdOnly(id=resource_id), initiator=initiator)


def close_time(desk: Desk, draft: BlockCreate, *, initiator: str | None = None) -> DataChanges:
    """Close a time of one resource or of the studio; bookings inside it stand."""
    return one(desk, "block.create", draft, initiator=initiator)


def open_time(desk: Desk, block_id: UUID, *, initiator: str | None = None) -> DataChanges:
    """Take a closed time back."""
    return one(desk, "block.delete", IdOnly(id=block_id), initiator=initiator)
