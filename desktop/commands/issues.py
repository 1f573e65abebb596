"""What staff do with an item of Needs attention."""

from uuid import UUID

from desktop.commands.desk import Desk, one
from desktop.data_changes import DataChanges
from desktop.local_store import local_issues
from shared.sync_protocol.operations import IssueResolve


def resolve_issue(
    desk: Desk, issue_id: UUID, *, resolution: str, initiator: str | None = None
) -> DataChanges:
    """Say that it is dealt with, and how; the first to say so decides."""
    return one(desk, "issue.resolve", IssueResolve(id=issue_id, resolution=resolution), initiator=initiator)


def discard_local_issue(desk: Desk, issue_id: UUID, *, initiator: str | None = None) -> DataChanges:
    """Put away an item that exists on this computer alone."""
    with desk.store.writing() as connection:
        local_issues.resolve(connection, issue_id)
    return DataChanges(frozenset({"sync_issue"}), initiator)
