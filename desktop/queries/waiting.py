"""What waits to be sent, in words and in sending order."""

import json
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from desktop.local_store import outbox
from desktop.queries.about import about_operation
from desktop.queries.operation_words import operation_words
from desktop.queries.rows import WaitingChange

MOST: Final = 200


def waiting_changes(connection: sa.Connection, tenant_id: UUID) -> tuple[WaitingChange, ...]:
    """The first of the queue; the status bar counts all of it."""
    return tuple(
        WaitingChange(
            words=operation_words(entry.name, args),
            about=about_operation(connection, tenant_id, name=entry.name, args=args).words,
            at_utc=entry.created_at,
        )
        for entry in outbox.pending(connection, limit=MOST)
        for args in (json.loads(entry.args),)
    )
