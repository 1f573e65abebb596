"""What was done here and is not yet part of the server's rows, in order; and what was acknowledged.

An entry is never edited and never discarded by a repair: it ends by the cursor reaching its receipt.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from desktop.local_store.store_errors import ChangeTooLarge
from shared.tables.column_types import canonical_json, instant_from_text, instant_text

MAX_ARGS_BYTES: Final = 256 * 1024
_ENTRY: Final = "no, id, name, v, args, user_id, created_at, status, overlay, done_seq, result, will_refuse"


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation of this device. ``args`` is the exact text that is sent."""

    no: int
    id: UUID
    name: str
    v: int
    args: str
    user_id: UUID
    created_at: datetime
    status: str = "pending"
    overlay: bool = True
    done_seq: int | None = None
    result: str | None = None
    will_refuse: str | None = None


@dataclass(frozen=True, slots=True)
class OutboxFigures:
    """How much waits, and since when."""

    waiting: int
    oldest_at: datetime | None
    newest_no: int


def args_text(args: object) -> str:
    """The text that is kept and sent. Raises ChangeTooLarge."""
    text = canonical_json(args)
    if len(text.encode()) > MAX_ARGS_BYTES:
        raise ChangeTooLarge
    return text


def append(connection: sa.Connection, entry: Entry) -> None:
    """Queue an operation."""
    connection.exec_driver_sql(
        "INSERT INTO outbox (no, id, name, v, args, user_id, created_at, status, overlay)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', 1)",
        (
            entry.no,
            str(entry.id),
            entry.name,
            entry.v,
            entry.args,
            str(entry.user_id),
            instant_text(entry.created_at),
        ),
    )


def pending(connection: sa.Connection, *, limit: int) -> list[Entry]:
    """What is to be sent next, lowest number first."""
    return _entries(connection, "status = 'pending' ORDER BY no LIMIT ?", limit)


def with_ids(connection: sa.Connection, ids: Iterable[UUID]) -> list[Entry]:
    """Those of these operations that are still here."""
    listed = canonical_json([str(operation_id) for operation_id in ids])
    return _entries(connection, "id IN (SELECT value FROM json_each(?)) ORDER BY no", listed)


def overlaid(connection: sa.Connection) -> list[Entry]:
    """The operations whose effect lies on top of the server's rows, in order."""
    return _entries(connection, "overlay = 1 ORDER BY no")


def unfinished(connection: sa.Connection) -> list[Entry]:
    """Every operation that is not yet part of the server's rows here, in order."""
    return _entries(connection, "1 = 1 ORDER BY no")


def figures(connection: sa.Connection) -> OutboxFigures:
    """Count what waits to be decided by the server."""
    waiting, oldest, newest = connection.exec_driver_sql(
        "SELECT count(*), min(created_at), coalesce(max(no), 0) FROM outbox WHERE status = 'pending'"
    ).one()
    return OutboxFigures(waiting, None if oldest is None else instant_from_text(oldest), newest)


def decide(connection: sa.Connection, operation_id: UUID, *, seq: int, result: dict[str, Any]) -> bool:
    """Note the server's receipt; False when no such operation waits here (a late repetition)."""
    done = connection.exec_driver_sql(
        "UPDATE outbox SET status = 'done', done_seq = ?, result = ? WHERE id = ?",
        (seq, canonical_json(result), str(operation_id)),
    )
    return done.rowcount == 1


def mark_will_refuse(connection: sa.Connection, no: int, code: str | None) -> None:
    """Note that an operation does not fit any more on top of the server's rows, or that it fits again."""
    connection.exec_driver_sql("UPDATE outbox SET will_refuse = ? WHERE no = ?", (code, no))


def complete(connection: sa.Connection, cursor_seq: int, *, kept_at: datetime) -> int:
    """Keep what the cursor has reached as acknowledged; how many entries left the outbox."""
    reached = "status = 'done' AND done_seq <= ?"
    connection.exec_driver_sql(
        "INSERT INTO outbox_kept (id, ord, name, v, args, user_id, created_at, kept_at)"
        " SELECT id, (SELECT coalesce(max(ord), 0) FROM outbox_kept) + row_number() OVER (ORDER BY no),"
        f" name, v, args, user_id, created_at, ? FROM outbox WHERE {reached}"
        " ON CONFLICT (id) DO UPDATE SET kept_at = excluded.kept_at",
        (instant_text(kept_at), cursor_seq),
    )
    gone = connection.exec_driver_sql(f"DELETE FROM outbox WHERE {reached}", (cursor_seq,))
    return gone.rowcount


def purge_kept(connection: sa.Connection, *, server_time: datetime, keep_days: int) -> None:
    """Forget acknowledged operations that no backup of the server can be older than."""
    limit = instant_text(server_time - timedelta(days=keep_days))
    connection.exec_driver_sql("DELETE FROM outbox_kept WHERE kept_at < ?", (limit,))


def drop_kept_of_erased(connection: sa.Connection, row_ids: list[str]) -> None:
    """Forget acknowledged operations on rows that were erased for good, except their erasing."""
    connection.exec_driver_sql(
        "DELETE FROM outbox_kept WHERE json_extract(args, '$.id') = ?"
        " AND name NOT LIKE '%.delete' AND name NOT LIKE '%.erase'",
        [(row_id,) for row_id in row_ids],
    )


def renumber(connection: sa.Connection) -> int:
    """Make every operation pending again, from 1 in the old order, ids unchanged; the highest number.

    Acknowledged ones come first and lie in the base already, so they have no overlay. The caller has taken
    the overlay back and will replay it.
    """
    kept = connection.exec_driver_sql(
        "SELECT id, name, v, args, user_id, created_at FROM outbox_kept"
        " WHERE id NOT IN (SELECT id FROM outbox) ORDER BY ord"
    ).all()
    waiting = connection.exec_driver_sql(
        "SELECT id, name, v, args, user_id, created_at, overlay FROM outbox ORDER BY no"
    ).all()
    connection.exec_driver_sql("DELETE FROM outbox")
    connection.exec_driver_sql("DELETE FROM outbox_kept")
    again = [(*row, 0) for row in kept] + [tuple(row) for row in waiting]
    if again:
        connection.exec_driver_sql(
            "INSERT INTO outbox (no, id, name, v, args, user_id, created_at, overlay, status)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending')",
            [(no, *row) for no, row in enumerate(again, start=1)],
        )
    return len(again)


def _entries(connection: sa.Connection, condition: str, *values: object) -> list[Entry]:
    rows = connection.exec_driver_sql(f"SELECT {_ENTRY} FROM outbox WHERE {condition}", values)
    return [
        Entry(
            no=row.no,
            id=UUID(row.id),
            name=row.name,
            v=row.v,
            args=row.args,
            user_id=UUID(row.user_id),
            created_at=instant_from_text(row.created_at),
            status=row.status,
            overlay=bool(row.overlay),
            done_seq=row.done_seq,
            result=row.result,
            will_refuse=row.will_refuse,
        )
        for row in rows
    ]
