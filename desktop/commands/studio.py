"""What the owner changes about the studio itself."""

from collections.abc import Mapping
from uuid import UUID

from desktop.commands.desk import Desk, one
from desktop.commands.drafts import patch_of
from desktop.data_changes import DataChanges
from shared.sync_protocol.operations import PatchArgs


def edit_settings(
    desk: Desk, studio_id: UUID, changes: Mapping[str, tuple[object, object]], *, initiator: str | None = None
) -> DataChanges:
    """Change the studio's settings; ``changes`` holds (seen, new) by field."""
    return one(desk, "settings.edit", PatchArgs(id=studio_id, patch=patch_of(changes)), initiator=initiator)
