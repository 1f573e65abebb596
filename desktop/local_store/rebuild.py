"""A new base beside the old one: side tables, filled from 0, that take its place in one transaction.

Until the swap the app works on the old base. No step here touches the outbox's content.
"""

from dataclasses import replace
from uuid import UUID

import sqlalchemy as sa

from desktop.local_store import search_index
from desktop.local_store.row_writer import SIDE_PREFIX
from desktop.local_store.schema import SERVER_SEQ, synced_columns, synced_table_ddl
from desktop.local_store.sync_state import Rebuild, read_state, write_state
from shared.tables import SYNCED_TABLES

__all__ = ["SIDE_PREFIX", "begin", "clear_base", "is_ready", "swap"]


def begin(connection: sa.Connection, *, reason: str, epoch: str | None, renew_id: UUID | None) -> None:
    """Start anew from 0. ``renew_id`` asks for a new device id first; None keeps it, as for ``epoch``."""
    state = read_state(connection)
    for table in SYNCED_TABLES:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{SIDE_PREFIX}{table.name}"')
        for statement in synced_table_ddl(table, SIDE_PREFIX + table.name):
            connection.exec_driver_sql(statement)
    begun = Rebuild(
        reason, epoch or state.sending_epoch, renew_id=None if renew_id is None else str(renew_id)
    )
    write_state(connection, replace(state, rebuild=begun))


def is_ready(connection: sa.Connection, rebuild: Rebuild) -> bool:
    """Whether every operation that was sent again has a receipt that the new base contains."""
    missing = connection.exec_driver_sql(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE no <= ? AND (done_seq IS NULL OR done_seq > ?))",
        (rebuild.resend_to, rebuild.cursor_seq),
    )
    return not missing.scalar_one()


def swap(connection: sa.Connection) -> frozenset[str]:
    """Replace the contents of every synced table; the caller takes the overlay back before and replays it."""
    with search_index.paused(connection):
        _replace_contents(connection)
    search_index.refresh_all(connection)
    return frozenset(table.name for table in SYNCED_TABLES)


def clear_base(connection: sa.Connection) -> frozenset[str]:
    """Delete the studio's rows of a removed computer; the outbox stays for the owner to export."""
    with search_index.paused(connection):
        for table in SYNCED_TABLES:
            connection.exec_driver_sql(f'DELETE FROM "{table.name}"')
            connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{SIDE_PREFIX}{table.name}"')
    connection.exec_driver_sql("DELETE FROM sync_undo")
    search_index.refresh_all(connection)
    return frozenset(table.name for table in SYNCED_TABLES)


def _replace_contents(connection: sa.Connection) -> None:
    for table in SYNCED_TABLES:
        listed = ", ".join(f'"{name}"' for name in (*synced_columns(table), SERVER_SEQ))
        side = SIDE_PREFIX + table.name
        connection.exec_driver_sql(f'DELETE FROM "{table.name}"')
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({listed}) SELECT {listed} FROM "{side}"')
        connection.exec_driver_sql(f'DROP TABLE "{side}"')
