"""The practice studio of the tour: the server as the process it is, its clock, and the emulator's truth."""

import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from sync_server.practice.embedded_postgres import EmbeddedPostgres
from sync_server.practice.practice_folder import PracticeFolder
from tests.journeys.tour.spool import Spool
from tests.journeys.tour.steps import NotAsItShouldBe

ROOT = Path(__file__).resolve().parents[3]
START_LIMIT_S = 120
JUMP_LIMIT_S = 300


class Practice:
    """``daybook-server practice`` on a fresh folder, without bookings."""

    def __init__(self, folder: Path, *, clock_start: datetime) -> None:
        self.folder = folder
        self._clock_start = clock_start
        self._process: subprocess.Popen[str] | None = None
        self.session: dict[str, Any] = {}
        self.http = httpx.Client(timeout=JUMP_LIMIT_S)

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "sync_server", "practice", "--folder", str(self.folder), "--bare"]
        command += ["--clock", self._clock_start.strftime("%Y-%m-%dT%H:%M:%S")]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        said: list[str] = []
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said.append(line.strip())
            if "The practice studio is at" in line:
                break
        else:
            raise NotAsItShouldBe(f"the practice server did not start: {' '.join(said)[-400:]}")
        self.session = json.loads((self.folder / "practice.json").read_text(encoding="utf-8"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)
        if process is not None and process.stdout is not None:
            process.stdout.close()
        EmbeddedPostgres(PracticeFolder(self.folder).database).delete()  # run by root, it lies elsewhere

    @property
    def server_url(self) -> str:
        """Where the server listens."""
        return str(self.session["server_url"])

    @property
    def spool(self) -> Spool:
        """Where mails go."""
        return Spool(Path(self.session["mail_folder"]))

    @property
    def now(self) -> datetime:
        """The practice clock."""
        return datetime.fromisoformat(self.http.get(f"{self.server_url}/practice/clock").json()["now"])

    def move_clock_to(self, moment: datetime) -> datetime:
        """Move the practice clock forward; a moment that has passed is where it stands already."""
        if moment <= self.now:
            return self.now
        answer = self.http.post(f"{self.server_url}/practice/clock", json={"to": moment.isoformat()})
        if answer.status_code != httpx.codes.OK:
            raise NotAsItShouldBe(f"the practice clock refused: {answer.text}")
        return datetime.fromisoformat(answer.json()["now"])

    def stripe_objects(self, kind: str) -> list[dict[str, Any]]:
        """What the emulator holds of the studio: its own truth, through the control door."""
        answer = self.http.get(
            f"{self.session['emulator_url']}/_control/objects",
            params={"kind": kind},
            headers={"Authorization": f"Bearer {self.session['emulator_control_secret']}"},
        )
        answer.raise_for_status()
        return [one for account in answer.json().values() for one in account.get(kind, [])]
