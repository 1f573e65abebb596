"""A server process of its own on a Postgres that syncs to the disk, as a studio's server has it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from shared.tables import map_models
from sync_server.bootstrap import Server
from sync_server.migrations.upgrade import RolePasswords, migrate
from sync_server.practice.embedded_postgres import EmbeddedPostgres
from tests.postgres_cluster import Database, PostgresCluster, reachable_folder
from tests.sync_server.running_server import Desk, running_server, server_settings, set_up
from tests.sync_server.studio_house import StudioHouse

PASSWORDS: Final = RolePasswords(app="app-secret", worker="worker-secret")
_START_S: Final = 60
_PAUSE_S: Final = 0.05


@dataclass(frozen=True)
class StandingServer:
    """``inside`` is a second, silent copy in this process, for seeding and looking."""

    database: Database
    base_url: str
    inside: Server
    log: Path

    def a_studio(self, code: str) -> StudioHouse:
        """A studio with its first rows."""
        return StudioHouse(self.inside.ground.units, code=code).open()

    def a_desk(self, house: StudioHouse) -> Desk:
        """Its owner on a computer, over a connection of its own."""
        return set_up(self.inside, house, httpx.Client(base_url=self.base_url, timeout=60))


@contextmanager
def durable_database() -> Iterator[Database]:
    """Migrated, without a row; every commit reaches the disk before it is answered."""
    map_models()
    settings = {"max_connections": "60"}
    with reachable_folder() as folder, EmbeddedPostgres(folder, durable=True, settings=settings) as server:
        database = PostgresCluster(server).create_database()
        migrate(database.url, PASSWORDS)
        yield database


@contextmanager
def standing_server() -> Iterator[StandingServer]:
    """It answers on a free port until the end."""
    with durable_database() as database, tempfile.TemporaryDirectory(prefix="daybook-bench-") as folder:
        settings = server_settings(database, Path(folder), PASSWORDS)
        with running_server(settings) as inside:
            log = Path(folder) / "server.log"
            environment = {
                "DAYBOOK_ENV": "test",
                "DAYBOOK_DATABASE_URL": settings.database_url,
                "DAYBOOK_APP_PASSWORD": PASSWORDS.app,
                "DAYBOOK_WORKER_PASSWORD": PASSWORDS.worker,
                "DAYBOOK_KEYS_FILE": str(settings.keys_file),
                "DAYBOOK_DATA_FOLDER": str(settings.data_folder),
                "DAYBOOK_RATE_LIMIT_FACTOR": str(settings.rate_limit_factor),
            }
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [sys.executable, "-m", "sync_server", "run", "--port", "0"],
                    env=os.environ | environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            try:
                yield StandingServer(database, _address(process, log), inside, log)
            finally:
                process.terminate()
                process.wait()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until it answers."""
    give_up_at = time.monotonic() + _START_S
    while time.monotonic() < give_up_at and process.poll() is None:
        for line in log.read_text(encoding="utf-8").splitlines():
            if line.startswith("Daybook listens on "):
                address = line.removeprefix("Daybook listens on ")
                try:
                    httpx.get(f"{address}/health/live")
                except httpx.TransportError:
                    break
                return address
        time.sleep(_PAUSE_S)
    raise AssertionError(f"the server did not start: {log.read_text(encoding='utf-8')[-2000:]}")
