"""What managers do with packages; bookings have frozen name and price when they were made."""

from collections.abc import Mapping
from uuid import UUID

from desktop.commands.desk import Desk, one
from desktop.commands.drafts import patch_of
from desktop.data_changes import DataChanges
from shared.sync_protocol.operations import IdOnly, PackageCreate, PatchArgs


def add_package(desk: Desk, draft: PackageCreate, *, initiator: str | None = None) -> DataChanges:
    """Offer a new package."""
    return one(desk, "package.create", draft, initiator=initiator)


def edit_package(
    desk: Desk,
    package_id: UUID,
    changes: Mapping[str, tuple[object, object]],
    *,
    initiator: str | None = None,
) -> DataChanges:
    """Change fields; ``changes`` holds (seen, new) by field."""
    return one(desk, "package.edit", PatchArgs(id=package_id, patch=patch_of(changes)), initiator=initiator)


def archive_package(desk: Desk, package_id: UUID, *, initiator: str | None = None) -> DataChanges:
    """Offer it no longer."""
    return one(desk, "package.archive", IdOnly(id=package_id), initiator=initiator)
