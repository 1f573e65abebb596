"""Due reminders claimed, written and handed to the spool, beside a bare loop over the same rows.

Both by as many worker processes. The bare loop claims as the design of the queue has it, five rows at a
time, and ends them; it writes nothing.
"""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
from platformdirs import user_cache_path

from shared.policies.reminder_policy import EVENT_RULE_POSITION
from sync_server.adapters.key_file import make_key_file
from sync_server.migrations.tenant_ddl import WORKER
from sync_server.repositories.engine import make_engine
from tests.bench import big_studio
from tests.bench.figures import OUTPUT, RUNS, Baseline, Figure, figure, seconds_of
from tests.bench.gates import Gate, at_least
from tests.bench.mail_workers import WORKERS, Order, Place, crew
from tests.bench.standing_server import PASSWORDS, durable_database
from tests.postgres_cluster import Database
from tests.sync_server.mail.mail_room import MailRoom
from tests.sync_server.running_server import server_settings

GATE, CONTROL_SHARE = 2_000, 0.5
ROWS: Final = 1_000
NAME: Final = "due reminders to the spool"
_SLICES: Final = RUNS + 1
_TRIED_FILES: Final = 200


def measure() -> list[Figure]:
    """Mails a second of all workers together."""
    with (
        durable_database() as database,
        _folder() as folder,
        closing(Queue(database, folder)) as queue,
        crew(_place(database, folder, queue.tenant_id)) as give,
    ):
        runs = []
        for number in range(_SLICES):
            queue.make_due(number)
            ours = ROWS / seconds_of(lambda: give(Order.DELIVER))
            assert queue.count("sent") == (number + 1) * ROWS
            queue.make_due(number)
            runs.append((ours, ROWS / seconds_of(lambda: give(Order.ONLY_CLAIM))))
        assert len(list(folder.rglob("*.eml"))) == _SLICES * ROWS
    value, control = (statistics.median(column) for column in zip(*runs[1:], strict=True))
    return [
        figure(
            NAME,
            value=value,
            unit="mails/s",
            baseline=Baseline(f"bare claim loop, same rows, {WORKERS} workers too", control),
            gate=_gate(value, control),
            scale=f"{ROWS:,} due among {_SLICES * ROWS:,} reminders, {WORKERS} workers",
        )
    ]


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of this disk in which files are made quickly.

    For minutes ext4 gives no inode again, and for each new file passes by all that were deleted in that
    corner of the disk: where a run before has cleaned up, making a file takes twenty times as long.
    """
    OUTPUT.mkdir(parents=True, exist_ok=True)
    places = [OUTPUT, Path(), Path(tempfile.gettempdir()), user_cache_path()]
    near = [place for place in places if place.is_dir() and place.stat().st_dev == OUTPUT.stat().st_dev]
    with ExitStack() as stack:
        tried = [
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="daybook-spool-", dir=place)))
            for place in near
        ]
        yield min(tried, key=lambda folder: seconds_of(lambda: _make_files(folder)))


def _make_files(folder: Path) -> None:
    for number in range(_TRIED_FILES):
        (folder / f"tried-{number}").touch()


def _place(database: Database, folder: Path, tenant_id: UUID) -> Place:
    make_key_file(folder / "keys.json")
    settings = server_settings(database, folder, PASSWORDS, mail_spool=folder / "spool")
    return Place(settings, database.conninfo_of(WORKER, PASSWORDS.worker), tenant_id)


def _gate(value: float, control: float) -> Gate:
    fast = at_least(NAME, value, GATE, control=control, unit="a second")
    words = f"{fast.words}; and ≥ {CONTROL_SHARE} × control"
    return Gate(words, fast.holds and value / control >= CONTROL_SHARE)


class Queue:
    """A studio whose bookings have one reminder each, all held until their slice is made due."""

    def __init__(self, database: Database, folder: Path) -> None:
        engine = make_engine(database.url, user=WORKER, password=PASSWORDS.worker, pool_size=4)
        room = MailRoom(engine, folder)
        room.add_default_rules()
        room.set_now(big_studio.NOW)
        self.tenant_id: UUID = room.t
        self._outside = psycopg.connect(database.superuser_conninfo, autocommit=True)
        big_studio.seed(self._outside, self.tenant_id, big_studio.standing_rows())
        big_studio.seed(self._outside, self.tenant_id, big_studio.booking_rows(_SLICES * ROWS))
        self._outside.execute(
            "INSERT INTO reminder (tenant_id, id, booking_id, rule_id, kind, stage_position, schedule_rev,"
            " tz, local_at, due_at, next_try, message_id, status)"
            " SELECT tenant_id, id, id, %s, 'before_event', %s, schedule_rev, zone, '2027-01-10T10:00',"
            " daybook_now(), daybook_now(), '<before_event.' || id || '@mail.example>', 'held'"
            " FROM booking WHERE tenant_id = %s",
            [room.rule_ids["before_event"], EVENT_RULE_POSITION, self.tenant_id],
        )
        self._outside.execute(
            "CREATE TABLE bench_slice AS SELECT id, ntile(%s) OVER (ORDER BY id) - 1 AS number FROM reminder",
            [_SLICES],
        )
        self._outside.execute("ANALYZE")
        engine.dispose()

    def close(self) -> None:
        """Let the connection go."""
        self._outside.close()

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
