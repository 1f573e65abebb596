"""Keeps all state in one SQLite file: a change, its events and the remembered answer are one transaction."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync_server.practice.stripe_emulator.records import Unit
from sync_server.practice.stripe_emulator.settings import StartRefusedError

SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  body TEXT NOT NULL, hidden TEXT NOT NULL, UNIQUE (account, kind, id)) STRICT;
CREATE INDEX IF NOT EXISTS object_by_id ON object (kind, id);
CREATE INDEX IF NOT EXISTS object_by_payment ON object
  (account, kind, json_extract(body, '$.payment_intent')) WHERE kind IN ('charge', 'refund', 'dispute');
CREATE INDEX IF NOT EXISTS object_by_customer ON object
  (account, kind, json_extract(body, '$.customer')) WHERE kind = 'payment_intent';
CREATE TABLE IF NOT EXISTS delivery (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, event_id TEXT NOT NULL,
  endpoint_id TEXT NOT NULL, state TEXT NOT NULL, place INTEGER NOT NULL, tries INTEGER NOT NULL,
  due_ms INTEGER NOT NULL, rule INTEGER, outcome TEXT) STRICT;
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (state, due_ms);
CREATE INDEX IF NOT EXISTS delivery_event ON delivery (event_id);
CREATE TABLE IF NOT EXISTS remembered (
  account TEXT NOT NULL, key TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
  params_hash TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at_ms INTEGER NOT NULL,
  PRIMARY KEY (account, key)) STRICT;
CREATE TABLE IF NOT EXISTS later (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, act TEXT NOT NULL, object_id TEXT NOT NULL,
  due_ms INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS fault (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, remaining INTEGER NOT NULL, method TEXT,
  path_start TEXT NOT NULL, hang_s INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS webhook_rule (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT NOT NULL, remaining INTEGER NOT NULL, type TEXT,
  delay_s INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
EMPTIED_BY_RESET = ("object", "delivery", "remembered", "later", "fault", "webhook_rule", "sqlite_sequence")


class Store:
    """One connection behind one lock; whoever wants to read or write opens a transaction."""

    def __init__(self, path: Path, *, shift_s: int, then_delay_s: int) -> None:
        self._lock = threading.RLock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            # The lock of the file is kept, so a second emulator on the same file is refused.
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=0.5
            )
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise StartRefusedError(f"The state file cannot be opened or is in use: {error}.") from error
        self.started_ms = time.time_ns() // 1_000_000
        self._beginning = {"shift_ms": shift_s * 1000, "then_delay_s": then_delay_s}
        self._set_missing_settings()

    def _set_missing_settings(self) -> None:
        with self.transaction() as unit:
            for name, value in self._beginning.items():
                if unit.setting(name) is None:
                    unit.set_setting(name, value)

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """A unit of work, committed at the end and rolled back when anything is raised."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Unit(self._connection)
            except BaseException:  # also an interrupt ends the transaction
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def reset(self) -> None:
        """Forget everything and stand as at the first start."""
        with self.transaction():
            for table in EMPTIED_BY_RESET:
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of the tuple above
            self._connection.execute("DELETE FROM setting")
        self._set_missing_settings()

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._connection.close()
