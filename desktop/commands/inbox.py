"""The ways on from an item of Needs attention that do something: the change again, and the item is solved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from desktop.commands.desk import Desk, Intent
from desktop.commands.drafts import patch_of
from desktop.data_changes import DataChanges
from desktop.local_store import local_issues
from shared.errors import BadArgs
from shared.services.operations import find_operation
from shared.sync_protocol.operations import IssueResolve, NoteEdit, OperationArgs, PatchArgs, read_args


@dataclass(frozen=True, slots=True)
class Item:
    """The item that is dealt with; one of this computer alone is put away here."""

    issue_id: UUID
    resolution: str
    only_here: bool = False


def do_and_resolve(desk: Desk, item: Item, *intents: Intent, initiator: str | None = None) -> DataChanges:
    """Do something about an item and say that it is dealt with, in one commit; said again it does nothing."""
    if _is_done(desk, item):
        return DataChanges(frozenset(), initiator)
    if item.only_here:
        return desk.carry_out(
            *intents,
            initiator=initiator,
            beside=lambda connection: local_issues.resolve(connection, item.issue_id),
        )
    solved = Intent("issue.resolve", IssueResolve(id=item.issue_id, resolution=item.resolution))
    return desk.carry_out(*intents, solved, initiator=initiator)


def _is_done(desk: Desk, item: Item) -> bool:
    """A key pressed twice is one act. Where somebody else was first, what is wanted here is done as well."""
    with desk.store.reading() as connection:
        if item.only_here:
            return not local_issues.is_kept(connection, item.issue_id)
        by, resolution = desk.user_id, item.resolution
        return local_issues.is_answered(connection, item.issue_id, by=by, resolution=resolution)


def same_again(name: str, v: int, args: Mapping[str, Any]) -> Intent:
    """The operation of an item as a new one of whoever sits here. Raises BadArgs."""
    operation = find_operation(name, v)
    if operation is None:
        raise BadArgs(detail=name)
    typed: OperationArgs = read_args(operation.args_type, args)
    return Intent(name, typed, v)


def put_back(entity: str, row_id: UUID, changes: Mapping[str, tuple[object, object]]) -> Intent:
    """The replaced values again; ``changes`` holds (what stands, mine) by field."""
    name = "settings.edit" if entity == "studio" else f"{entity}.edit"
    return Intent(name, PatchArgs(id=row_id, patch=patch_of(changes)))


def keep_text(note_id: UUID, *, seen: str, body: str) -> Intent:
    """One of two versions of a note, or both put together."""
    return Intent("note.edit", NoteEdit(id=note_id, seen=seen, body=body))
