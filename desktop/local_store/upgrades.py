"""Brings a store to the shape of this app; no step drops the outbox, the undo log or a number."""

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from desktop.local_store.schema import SYNC_TABLES, synced_table_ddl
from desktop.local_store.search_index import search_ddl
from desktop.local_store.store_errors import StoreTooNew
from desktop.local_store.undo_log import undo_triggers
from shared.tables import SYNCED_TABLES


def upgrade(connection: sa.Connection) -> None:
    """Run the steps that this store has not seen, in the transaction of the caller. Raises StoreTooNew."""
    found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if found > len(_STEPS):
        raise StoreTooNew(found=found, known=len(_STEPS))
    for number, step in enumerate(_STEPS[found:], start=found + 1):
        step(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {number}")


def _first_tables(connection: sa.Connection) -> None:
    for statement in SYNC_TABLES:
        connection.exec_driver_sql(statement)
    for table in SYNCED_TABLES:
        for statement in (*synced_table_ddl(table), *undo_triggers(table)):
            connection.exec_driver_sql(statement)
    for statement in search_ddl():
        connection.exec_driver_sql(statement)


def _bookings_by_status(connection: sa.Connection) -> None:
    """What the chips of the list count and the calendar's postponed bookings, without a look at each row."""
    connection.exec_driver_sql(
        "CREATE INDEX ix_booking_status ON booking (tenant_id, status, ends_at, deleted_at)"
    )


def _days_of_bookings(connection: sa.Connection) -> None:
    """The calendar counts hundreds of bookings a month: it needs no row of theirs, only this index."""
    connection.exec_driver_sql("DROP INDEX ix_booking_starts_at")
    connection.exec_driver_sql(
        "CREATE INDEX ix_booking_days ON booking"
        " (tenant_id, starts_at, ends_at, start_date, end_date, zone, status, deleted_at)"
    )


_STEPS: Final[tuple[Callable[[sa.Connection], None], ...]] = (
    _first_tables,
    _bookings_by_status,
    _days_of_bookings,
)
