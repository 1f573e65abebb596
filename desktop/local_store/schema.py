"""The tables of a store: the studio's rows as the server sent them, and what sync itself must remember.

Synced columns hold TEXT, INTEGER and NULL, and no constraint but the key: the server decides what is right,
and a page of its changes must never be refused here.
"""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from shared.tables import SYNCED_TABLES
from shared.tables.column_types import Json

SERVER_SEQ: Final = "server_seq"
SYNCED_BY_NAME: Final = {table.name: table for table in SYNCED_TABLES}

SYNC_TABLES: Final = (
    """CREATE TABLE sync_state (one INTEGER PRIMARY KEY CHECK (one = 1), tenant_id TEXT NOT NULL,
  device_id TEXT NOT NULL, machine_mark TEXT NOT NULL, epoch TEXT, cursor_token TEXT,
  cursor_seq INTEGER NOT NULL DEFAULT 0, head INTEGER NOT NULL DEFAULT 0,
  consistent INTEGER NOT NULL DEFAULT 0, next_no INTEGER NOT NULL DEFAULT 1,
  acked_no INTEGER NOT NULL DEFAULT 0, protocol INTEGER, schema INTEGER,
  keep_days INTEGER NOT NULL DEFAULT 35, clock_offset_s INTEGER,
  clock_shift_s INTEGER NOT NULL DEFAULT 0, last_sync_at TEXT, rebuild TEXT) STRICT""",
    """CREATE TABLE outbox (no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  v INTEGER NOT NULL, args TEXT NOT NULL, user_id TEXT NOT NULL, created_at TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending','done')), overlay INTEGER NOT NULL DEFAULT 1,
  done_seq INTEGER, result TEXT, will_refuse TEXT) STRICT""",
    """CREATE TABLE outbox_kept (id TEXT PRIMARY KEY, ord INTEGER NOT NULL UNIQUE, name TEXT NOT NULL,
  v INTEGER NOT NULL, args TEXT NOT NULL, user_id TEXT NOT NULL, created_at TEXT NOT NULL,
  kept_at TEXT NOT NULL) STRICT""",
    "CREATE TABLE sync_capture (no INTEGER) STRICT",
    "INSERT INTO sync_capture (no) VALUES (NULL)",
    """CREATE TABLE sync_undo (seq INTEGER PRIMARY KEY AUTOINCREMENT, no INTEGER NOT NULL, tbl TEXT NOT NULL,
  row_id TEXT NOT NULL, pre TEXT) STRICT""",
    "CREATE INDEX sync_undo_row ON sync_undo (tbl, row_id)",
    """CREATE TABLE number_lease (series TEXT NOT NULL, year INTEGER NOT NULL, number INTEGER NOT NULL,
  lease_id TEXT NOT NULL, nonce_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('free','used','frozen')), document_id TEXT,
  PRIMARY KEY (series, year, number)) STRICT""",
    # the store's own copy of the high-water mark in the keyring: behind it, the store was restored
    """CREATE TABLE number_mark (series TEXT NOT NULL, year INTEGER NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (series, year)) STRICT""",
    """CREATE TABLE local_issue (id TEXT PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL,
  at TEXT NOT NULL) STRICT""",
    # files that the server does not have yet, or that are still to be fetched
    """CREATE TABLE file_queue (sha256 TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('document','blob')),
  direction TEXT NOT NULL CHECK (direction IN ('up','down')), tries INTEGER NOT NULL DEFAULT 0) STRICT""",
)


def synced_columns(table: sa.Table) -> tuple[str, ...]:
    """The columns of a synced table as the server knows them."""
    return tuple(column.name for column in table.columns)


def json_columns(table: sa.Table) -> frozenset[str]:
    """The columns that travel as JSON values and are kept as canonical text."""
    return frozenset(column.name for column in table.columns if isinstance(column.type, Json))


def synced_table_ddl(table: sa.Table, name: str | None = None) -> list[str]:
    """The statements that make one synced table here, with its indexes; under another name, without them."""
    columns = [f'"{column.name}" {_affinity(column)}' for column in table.columns]
    columns.append(f"{SERVER_SEQ} INTEGER")
    body = ", ".join(columns)
    made = [f'CREATE TABLE "{name or table.name}" ({body}, PRIMARY KEY (tenant_id, id))']
    if name is None:
        dialect = sqlite.dialect()
        made += [str(sa.schema.CreateIndex(index).compile(dialect=dialect)) for index in _indexes(table)]
    return made


def _indexes(table: sa.Table) -> list[sa.Index]:
    return sorted(table.indexes, key=lambda index: str(index.name))


def _affinity(column: sa.Column[object]) -> str:
    whole = isinstance(column.type, sa.Integer | sa.BigInteger | sa.Boolean)
    needed = " NOT NULL" if column.primary_key else ""
    return ("INTEGER" if whole else "TEXT") + needed
