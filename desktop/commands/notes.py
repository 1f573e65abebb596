"""What staff write down about a booking."""

from uuid import UUID

from desktop.commands.desk import Desk, one
from desktop.data_changes import DataChanges
from shared.sync_protocol.operations import NoteAdd, NoteEdit


def add_note(
    desk: Desk, booking_id: UUID, body: str, *, note_id: UUID, initiator: str | None = None
) -> DataChanges:
    """Add a note."""
    return one(desk, "note.add", NoteAdd(id=note_id, booking_id=booking_id, body=body), initiator=initiator)


def edit_note(
    desk: Desk, note_id: UUID, *, seen: str, body: str, initiator: str | None = None
) -> DataChanges:
    """Change a note; what others wrote meanwhile is merged."""
    return one(desk, "note.edit", NoteEdit(id=note_id, seen=seen, body=body), initiator=initiator)
