"""Writes the server's rows into the synced tables, or into a rebuild's side tables, as fast as SQLite can.

The studio's id is our own: what a page says about it is never read.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from desktop.local_store import search_index
from desktop.local_store.schema import SERVER_SEQ, SYNCED_BY_NAME, json_columns, synced_columns
from shared.sync_protocol.changes import Change
from shared.tables.column_types import canonical_json

SIDE_PREFIX: Final = "rebuild_"
_KEY: Final = frozenset({"tenant_id", "id"})


def write_changes(
    connection: sa.Connection, changes: Iterable[Change], tenant_id: str, *, prefix: str = ""
) -> frozenset[str]:
    """Upsert or delete what a page holds, unknown entities left out; the synced tables that were written."""
    upserts: dict[tuple[str, frozenset[str]], list[Change]] = defaultdict(list)
    deletes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for change in changes:
        if change.entity not in SYNCED_BY_NAME:
            continue  # a newer server knows more kinds of rows
        if change.row is None:
            deletes[change.entity].append((tenant_id, change.row_id))
        else:
            upserts[change.entity, frozenset(change.row)].append(change)
    with search_index.paused(connection):
        cursor = _raw_cursor(connection)
        for (entity, given), rows in upserts.items():
            statement, columns = _upsert(entity, given, prefix)
            cursor.executemany(statement, _values(entity, columns, rows, tenant_id))
        for entity, keys in deletes.items():
            cursor.executemany(f'DELETE FROM "{prefix}{entity}" WHERE tenant_id = ? AND id = ?', keys)
    if not prefix:
        written: dict[str, list[str]] = defaultdict(list)
        for (entity, _), rows in upserts.items():
            written[entity] += [change.row_id for change in rows]
        search_index.refresh(connection, tenant_id, written)
    return frozenset(entity for entity, _ in upserts) | frozenset(deletes)


def _raw_cursor(connection: sa.Connection) -> Any:  # noqa: ANN401 - the driver's cursor
    return connection.connection.cursor()


def _values(
    entity: str, columns: tuple[str, ...], rows: list[Change], tenant_id: str
) -> list[tuple[Any, ...]]:
    packed = [index for index, name in enumerate(columns) if name in json_columns(SYNCED_BY_NAME[entity])]
    values = []
    for change in rows:
        row = change.row
        assert row is not None, "deleted rows go another way"
        fields = [row[name] for name in columns]
        for index in packed:
            if fields[index] is not None:
                fields[index] = canonical_json(fields[index])
        values.append((tenant_id, change.row_id, change.seq, *fields))
    return values


@lru_cache(maxsize=256)
def _upsert(entity: str, given: frozenset[str], prefix: str) -> tuple[str, tuple[str, ...]]:
    """The statement for rows that name these columns; columns this app does not know are ignored."""
    columns = tuple(
        name for name in synced_columns(SYNCED_BY_NAME[entity]) if name in given and name not in _KEY
    )
    listed = ", ".join(f'"{name}"' for name in ("tenant_id", "id", SERVER_SEQ, *columns))
    marks = ", ".join("?" for _ in range(len(columns) + 3))
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in (SERVER_SEQ, *columns))
    statement = (
        f'INSERT INTO "{prefix}{entity}" ({listed}) VALUES ({marks})'
        f" ON CONFLICT (tenant_id, id) DO UPDATE SET {changed}"
    )
    return statement, columns
