"""A first sync over HTTP into a new SQLCipher store, beside a bare upsert loop of the same rows."""

import resource
import secrets
import statistics
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg
import sqlcipher3.dbapi2

from desktop.local_store.engine import KEY_BYTES, LocalStore
from desktop.local_store.replica import apply_page
from desktop.local_store.schema import SYNCED_BY_NAME, synced_columns
from desktop.local_store.sync_state import SyncRow, write_state
from shared.ids import new_id
from shared.sync_protocol.codec import read_page
from shared.tables.column_types import canonical_json
from tests.bench import big_studio
from tests.bench.figures import Baseline, Figure, figure, seconds_of
from tests.bench.gates import at_least
from tests.bench.standing_server import standing_server
from tests.sync_server.running_server import Desk

GATE: Final = 8_000
ROWS, TENTH = 100_000, 10_000
RUNS: Final = 3
PAGE: Final = 5_000
NAME: Final = "first sync"


@dataclass
class Pulled:
    """What one first sync brought."""

    rows: int = 0
    wire_bytes: int = 0


def measure() -> list[Figure]:
    """Rows a second, from the first request to the last commit."""
    with standing_server() as server:
        large, small = server.a_studio("LARGE"), server.a_studio("SMALL")
        with psycopg.connect(server.database.conninfo, autocommit=True) as connection:
            for house, rows in ((large, ROWS), (small, TENTH)):
                _fill(connection, house.tenant_id, rows)
            connection.execute("ANALYZE")
        tables = _rows_by_table(ROWS)
        few, many = server.a_desk(small), server.a_desk(large)
        _first_sync(few, small.tenant_id)
        tenth_s = statistics.median(
            seconds_of(lambda: _first_sync(few, small.tenant_id)) for _ in range(RUNS)
        )
        before_kib = _peak_kib()
        pulled = Pulled()
        pairs = []
        for _ in range(RUNS):
            pulled = Pulled()
            ours = seconds_of(partial(_first_sync, many, large.tenant_id, pulled))
            pairs.append((pulled.rows / ours, ROWS / seconds_of(lambda: _bare_upserts(tables))))
        grown_mib = (_peak_kib() - before_kib) / 1024
    value, control = (statistics.median(column) for column in zip(*pairs, strict=True))
    held = at_least(NAME, value, GATE, control=control, unit="rows a second")
    growth = (ROWS / value) / (tenth_s * ROWS / TENTH)
    return [
        figure(
            NAME,
            value=value,
            unit="rows/s",
            baseline=Baseline("bare upsert loop into SQLCipher", control),
            gate=held,
            scale=f"{ROWS:,} rows, {pulled.wire_bytes / 1e6:.3g} MB on the wire; time a row at 10× the data"
            f" ×{growth:.2f}, memory +{grown_mib:.0f} MiB",
        )
    ]


def _fill(connection: psycopg.Connection, tenant_id: UUID, rows: int) -> None:
    big_studio.seed(connection, tenant_id, big_studio.standing_rows())
    big_studio.seed(connection, tenant_id, big_studio.booking_rows(rows // big_studio.ROWS_A_BOOKING))


def _first_sync(desk: Desk, tenant_id: UUID, into: Pulled | None = None) -> None:
    """Pages through the real replica, as ``Steps.take_page`` takes them, into a file that goes away."""
    with (
        tempfile.TemporaryDirectory(prefix="daybook-bench-") as folder,
        LocalStore(Path(folder) / "studio.db", secrets.token_bytes(KEY_BYTES)) as store,
    ):
        with store.writing() as connection:
            write_state(connection, SyncRow(tenant_id, desk.device_id, "mark"))
        cursor: str | None = None
        more = True
        while more:
            params = {"limit": str(PAGE)} | ({} if cursor is None else {"cursor": cursor})
            with desk.http.stream(
                "GET", "/v1/sync/pull", params=params, headers=desk.headers | {"Accept-Encoding": "zstd"}
            ) as answer:
                body = b"".join(answer.iter_raw())
            page = read_page(body, answer.headers.get("Content-Encoding"))
            with store.writing(refetchable=True) as connection:
                applied = apply_page(connection, page, now=datetime.now(UTC))
            assert applied is not None, "a page continues the one before"
            cursor, more = page.header.cursor, applied.more
            if into is not None:
                into.rows += len(page.changes)
                into.wire_bytes += len(body)


Tables = dict[str, list[tuple[Any, ...]]]


def _rows_by_table(rows: int) -> Tables:
    tenant_id = str(new_id())
    tables: Tables = {}
    for entity, row_id, row in big_studio.booking_rows(rows // big_studio.ROWS_A_BOOKING):
        values = (canonical_json(value) if isinstance(value, dict) else value for value in row.values())
        tables.setdefault(entity, []).append((tenant_id, row_id, *values))
    return tables


def _bare_upserts(tables: Tables) -> None:
    """The same tables without triggers, the same rows, one transaction a page, nothing else."""
    examples = {entity: row for entity, _, row in big_studio.booking_rows(1)}
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as folder:
        connection = sqlcipher3.dbapi2.connect(str(Path(folder) / "bare.db"), isolation_level=None)
        connection.execute(f"PRAGMA key = \"x'{secrets.token_hex(KEY_BYTES)}'\"")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        for entity, rows in tables.items():
            columns = ["tenant_id", "id", *examples[entity]]
            assert set(columns) == set(synced_columns(SYNCED_BY_NAME[entity])), entity
            connection.execute(f"CREATE TABLE {entity} ({', '.join(columns)}, PRIMARY KEY (tenant_id, id))")
            changed = ", ".join(f"{name} = excluded.{name}" for name in columns[2:])
            marks = ", ".join("?" for _ in columns)
            statement = (
                f"INSERT INTO {entity} ({', '.join(columns)}) VALUES ({marks})"
                f" ON CONFLICT (tenant_id, id) DO UPDATE SET {changed}"
            )
            for start in range(0, len(rows), PAGE):
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(statement, rows[start : start + PAGE])
                connection.execute("COMMIT")
        connection.close()


def _peak_kib() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak
