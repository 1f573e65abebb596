"""Remembers what own operations changed in the studio's rows, and takes it back.

While ``sync_capture.no`` holds an operation's number, triggers keep each row as it was before. Taking back
restores, for every touched row, its oldest image: the row as the server confirmed it.
"""

import sqlalchemy as sa

from desktop.local_store.schema import SERVER_SEQ, SYNCED_BY_NAME, synced_columns


def undo_triggers(table: sa.Table) -> list[str]:
    """The three triggers of one synced table; an insert keeps NULL."""
    name = table.name
    columns = (*synced_columns(table), SERVER_SEQ)
    image = "json_object(" + ", ".join(f"'{column}', old.\"{column}\"" for column in columns) + ")"
    when = "WHEN (SELECT no FROM sync_capture) IS NOT NULL"
    keep = "INSERT INTO sync_undo (no, tbl, row_id, pre) VALUES ((SELECT no FROM sync_capture),"
    return [
        f'CREATE TRIGGER {name}_undo_{event[0].lower()} AFTER {event} ON "{name}" {when}'
        f" BEGIN {keep} '{name}', {row}.id, {pre}); END"
        for event, row, pre in (("INSERT", "new", "NULL"), ("UPDATE", "old", image), ("DELETE", "old", image))
    ]


def begin_capture(connection: sa.Connection, no: int) -> None:
    """From here on, changes belong to the operation with this number."""
    connection.exec_driver_sql("UPDATE sync_capture SET no = ?", (no,))


def end_capture(connection: sa.Connection) -> None:
    """From here on, changes are the server's."""
    connection.exec_driver_sql("UPDATE sync_capture SET no = NULL")


def captured_entities(connection: sa.Connection, no: int) -> frozenset[str]:
    """The synced tables that an operation touched."""
    rows = connection.exec_driver_sql("SELECT DISTINCT tbl FROM sync_undo WHERE no = ?", (no,))
    return frozenset(row[0] for row in rows)


def take_back(connection: sa.Connection, tenant_id: str) -> frozenset[str]:
    """Restore every touched row and empty the log; the synced tables that were touched."""
    touched = frozenset(
        row[0] for row in connection.exec_driver_sql("SELECT DISTINCT tbl FROM sync_undo").fetchall()
    )
    for name in sorted(touched):
        _restore_table(connection, name, tenant_id)
    if touched:
        connection.exec_driver_sql("DELETE FROM sync_undo")
    return touched


def _restore_table(connection: sa.Connection, name: str, tenant_id: str) -> None:
    columns = (*synced_columns(SYNCED_BY_NAME[name]), SERVER_SEQ)
    listed = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(f"json_extract(pre, '$.{column}')" for column in columns)
    changed = ", ".join(
        f'"{column}" = excluded."{column}"' for column in columns if column not in {"tenant_id", "id"}
    )
    oldest = "seq IN (SELECT min(seq) FROM sync_undo WHERE tbl = ? GROUP BY row_id)"
    connection.exec_driver_sql(
        f'DELETE FROM "{name}" WHERE tenant_id = ? AND id IN'
        f" (SELECT row_id FROM sync_undo WHERE {oldest} AND pre IS NULL)",
        (tenant_id, name),
    )
    connection.exec_driver_sql(
        f'INSERT INTO "{name}" ({listed}) SELECT {values} FROM sync_undo'
        f" WHERE {oldest} AND pre IS NOT NULL"
        f" ON CONFLICT (tenant_id, id) DO UPDATE SET {changed}",
        (name,),
    )
