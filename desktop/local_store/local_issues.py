"""What needs a person on this computer alone, and how much needs one in all."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.tables.column_types import canonical_json, instant_text


def keep(
    connection: sa.Connection, issue_id: UUID, *, kind: str, payload: dict[str, Any], at: datetime
) -> None:
    """Keep an item with everything that was tried; a repetition does nothing."""
    connection.exec_driver_sql(
        "INSERT INTO local_issue (id, kind, payload, at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        (str(issue_id), kind, canonical_json(payload), instant_text(at)),
    )


def resolve(connection: sa.Connection, issue_id: UUID) -> None:
    """A person has dealt with it."""
    connection.exec_driver_sql("DELETE FROM local_issue WHERE id = ?", (str(issue_id),))


def is_answered(connection: sa.Connection, issue_id: UUID, *, by: UUID, resolution: str) -> bool:
    """Whether this person has dealt with an item of the studio in just this way."""
    found = connection.exec_driver_sql(
        "SELECT EXISTS (SELECT 1 FROM sync_issue"
        " WHERE id = ? AND state <> 'open' AND resolved_by = ? AND resolution = ?)",
        (str(issue_id), str(by), resolution),
    )
    return bool(found.scalar_one())


def is_kept(connection: sa.Connection, issue_id: UUID) -> bool:
    """Whether an item of this computer still waits for a person."""
    found = connection.exec_driver_sql(
        "SELECT EXISTS (SELECT 1 FROM local_issue WHERE id = ?)", (str(issue_id),)
    )
    return bool(found.scalar_one())


def attention_count(connection: sa.Connection) -> int:
    """How many items "Needs attention" holds; a refund that waits for a person is one."""
    count = connection.exec_driver_sql(
        "SELECT (SELECT count(*) FROM sync_issue WHERE state = 'open' AND deleted_at IS NULL)"
        " + (SELECT count(*) FROM local_issue)"
        " + (SELECT count(*) FROM refund_request WHERE status IN ('requested', 'needs_person')"
        " AND deleted_at IS NULL)"
    )
    return int(count.scalar_one())
