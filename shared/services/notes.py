"""Notes on a booking: added by anyone, edited by merging."""

from shared.models.act import Act
from shared.models.booking import Note
from shared.policies.field_patch import merge_text
from shared.sync_protocol.operations import NoteAdd, NoteEdit
from shared.sync_protocol.results import IssueDraft, Outcome
from shared.unit_of_work import UnitOfWork


def add(unit: UnitOfWork, act: Act, args: NoteAdd) -> Outcome:
    """``note.add``."""
    unit.bookings.get(act.tenant_id, args.booking_id)
    if unit.notes.find(act.tenant_id, args.id) is None:
        unit.notes.add(
            act.tenant_id,
            Note(tenant_id=act.tenant_id, id=args.id, booking_id=args.booking_id, body=args.body),
        )
    return Outcome()


def edit(unit: UnitOfWork, act: Act, args: NoteEdit) -> Outcome:
    """``note.edit``: both edits if they fit, else the stored text stays and the other is kept whole."""
    note = unit.notes.get(act.tenant_id, args.id)
    if note.body == args.body:
        return Outcome()
    merged = merge_text(args.seen, args.body, note.body)
    if merged is None:
        issue = IssueDraft("text_kept", "note", note.id, {"seen": args.seen, "yours": args.body})
        return Outcome(code="text_kept", issues=(issue,))
    note.body = merged
    return Outcome()
