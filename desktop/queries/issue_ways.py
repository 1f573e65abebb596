"""What the ways on from an item of Needs attention need to know: the operation, and what stands now."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.tables import note, sync_issue


@dataclass(frozen=True, slots=True)
class IssueWays:
    """`operation` is (name, version, args) as it was sent; `fields` are (what stands, mine) by name."""

    entity: str = ""
    row_id: UUID | None = None
    operation: tuple[str, int, dict[str, Any]] | None = None
    fields: dict[str, tuple[object, object]] = field(default_factory=dict)
    text_now: str = ""
    text_mine: str = ""


def issue_ways(connection: sa.Connection, tenant_id: UUID, issue_id: UUID) -> IssueWays:
    """Nothing for an item that is not an issue of the studio."""
    row = connection.execute(
        sa.select(sync_issue).where(sync_issue.c.tenant_id == tenant_id, sync_issue.c.id == issue_id)
    ).one_or_none()
    if row is None:
        return IssueWays()
    payload: dict[str, Any] = row.payload
    fields = payload.get("fields")
    return IssueWays(
        entity=row.entity or "",
        row_id=row.row_id,
        operation=_operation(payload.get("operation")),
        # the later arrival stands; what it replaced is put back
        fields={str(name): (values.get("yours"), values.get("theirs")) for name, values in fields.items()}
        if isinstance(fields, dict)
        else {},
        text_now=_text(connection, tenant_id, row.row_id) if row.entity == "note" else "",
        text_mine=str(payload.get("yours", "")),
    )


def _operation(whole: object) -> tuple[str, int, dict[str, Any]] | None:
    if not isinstance(whole, dict) or not isinstance(whole.get("args"), dict):
        return None
    return str(whole.get("name", "")), int(whole.get("v", 1)), whole["args"]


def _text(connection: sa.Connection, tenant_id: UUID, note_id: UUID | None) -> str:
    found = connection.execute(
        sa.select(note.c.body).where(note.c.tenant_id == tenant_id, note.c.id == note_id)
    ).scalar_one_or_none()
    return found or ""
