"""Due reminders claimed, written and handed to the spool, beside two bare loops over the same rows.

The gate is held against the loop that writes nothing. The other one, which is told, also puts a file of a
mail's size in its place and waits for the disk: what no spool can do without.
"""

import os
import statistics
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg

from shared.policies.reminder_policy import EVENT_RULE_POSITION
from sync_server.migrations.tenant_ddl import WORKER
from sync_server.repositories.engine import make_engine
from sync_server.repositories.mail_queues import QueueName
from sync_server.services.mail_delivery import LEASE
from tests.bench import big_studio
from tests.bench.figures import OUTPUT, RUNS, Baseline, Figure, figure, seconds_of
from tests.bench.gates import Gate, at_least
from tests.bench.standing_server import PASSWORDS, durable_database
from tests.postgres_cluster import Database
from tests.sync_server.mail.mail_room import MailRoom

GATE, CONTROL_SHARE = 2_000, 0.5
ROWS: Final = 500
NAME: Final = "due reminders to the spool"
NAME_WITH_FILES: Final = "due reminders, and files"
_SLICES: Final = RUNS + 1


def measure() -> list[Figure]:
    """Mails a second of one worker."""
    with (
        durable_database() as database,
        _spool_folder() as folder,
        closing(Queue(database, Path(folder))) as queue,
    ):
        runs = []
        for number in range(_SLICES):
            queue.make_due(number)
            ours = ROWS / seconds_of(queue.deliver)
            assert queue.count("sent") == (number + 1) * ROWS
            queue.make_due(number)
            bare = ROWS / seconds_of(queue.bare_loop)
            queue.make_due(number)
            runs.append((ours, bare, ROWS / seconds_of(queue.bare_loop_with_files)))
    value, control, with_files = (statistics.median(column) for column in zip(*runs[1:], strict=True))
    scale = f"{ROWS} due among {_SLICES * ROWS:,} reminders"
    return [
        figure(
            name,
            value=value,
            unit="mails/s",
            baseline=Baseline(f"bare claim loop, same rows, one worker{words}", loop),
            gate=gate,
            scale=scale,
        )
        for name, words, loop, gate in (
            (NAME, "", control, _gate(value, control)),
            (NAME_WITH_FILES, ", and files", with_files, Gate("told, no gate", holds=True)),
        )
    ]


def _spool_folder() -> tempfile.TemporaryDirectory[str]:
    """Away from what other figures have just deleted: there ext4 looks long for a free inode."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="spool-", dir=OUTPUT)


def _gate(value: float, control: float) -> Gate:
    fast = at_least(NAME, value, GATE, control=control, unit="a second")
    words = f"{fast.words}; and ≥ {CONTROL_SHARE} × control"
    return Gate(words, fast.holds and value / control >= CONTROL_SHARE)


class Queue:
    """A studio whose bookings have one reminder each, all held until their slice is made due."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._engine = make_engine(database.url, user=WORKER, password=PASSWORDS.worker, pool_size=4)
        self._folder = folder
        self._room = MailRoom(self._engine, folder)
        self._room.add_default_rules()
        self._room.set_now(big_studio.NOW)
        self._worker = psycopg.connect(database.conninfo_of(WORKER, PASSWORDS.worker))
        self._outside = psycopg.connect(database.superuser_conninfo, autocommit=True)
        tenant_id = self._room.t
        big_studio.seed(self._outside, tenant_id, big_studio.standing_rows())
        big_studio.seed(self._outside, tenant_id, big_studio.booking_rows(_SLICES * ROWS))
        self._outside.execute(
            "INSERT INTO reminder (tenant_id, id, booking_id, rule_id, kind, stage_position, schedule_rev,"
            " tz, local_at, due_at, next_try, message_id, status)"
            " SELECT tenant_id, id, id, %s, 'before_event', %s, schedule_rev, zone, '2027-01-10T10:00',"
            " daybook_now(), daybook_now(), '<before_event.' || id || '@mail.example>', 'held'"
            " FROM booking WHERE tenant_id = %s",
            [self._room.rule_ids["before_event"], EVENT_RULE_POSITION, tenant_id],
        )
        self._outside.execute(
            "CREATE TABLE bench_slice AS SELECT id, ntile(%s) OVER (ORDER BY id) - 1 AS number FROM reminder",
            [_SLICES],
        )
        self._outside.execute("ANALYZE")

    def close(self) -> None:
        """Let every connection go."""
        self._worker.close()
        self._outside.close()
        self._engine.dispose()

    def make_due(self, number: int) -> None:
        """The rows of one slice, as they were before anybody took them."""
        self._outside.execute(
            "UPDATE reminder r SET status = 'scheduled', lease_owner = NULL, lease_until = NULL,"
            " handed_over_at = NULL, sent_at = NULL FROM bench_slice s WHERE s.id = r.id AND s.number = %s",
            [number],
        )

    def count(self, status: str) -> int:
        """How many rows are in a state."""
        row = self._outside.execute("SELECT count(*) FROM reminder WHERE status = %s", [status]).fetchone()
        assert row is not None, "a count is one row"
        return int(row[0])

    def deliver(self) -> None:
        """What the worker's tick does, until nothing is due."""
        while self._room.delivery.deliver_due(QueueName.REMINDER):
            pass

    def bare_loop_with_files(self) -> None:
        """As the bare loop, and a file for each row: written, synced, named."""
        size = next(self._folder.rglob("*.eml")).stat().st_size
        self.bare_loop(lambda row_ids: self._put(row_ids, size))

    def _put(self, row_ids: list[object], size: int) -> None:
        for row_id in row_ids:
            draft = self._folder / f"{row_id}.draft"
            with draft.open("wb") as file:
                file.write(bytes(size))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / f"{row_id}.bare")

    def bare_loop(self, hand_over: Callable[[list[object]], object] = lambda _: None) -> None:
        """Claim as many at once, end them, commit twice, nothing else."""
        at_once = self._room.spool.at_once
        while rows := self._claim(at_once):
            hand_over(rows)
            with self._worker.transaction():
                self._worker.execute("SELECT set_config('app.tenant', %s, true)", [str(self._room.t)])
                self._worker.execute(
                    "UPDATE reminder SET status = 'sent', sent_at = now(), lease_until = NULL"
                    " WHERE tenant_id = %s AND id = ANY(%s)",
                    [self._room.t, rows],
                )

    def _claim(self, at_once: int) -> list[object]:
        with self._worker.transaction():
            lease: timedelta = LEASE
            claimed = self._worker.execute(
                "SELECT id FROM claim_reminders('bench', %s, %s)", [lease, at_once]
            ).fetchall()
        return [row[0] for row in claimed]
