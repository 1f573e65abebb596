"""The app started for real, in a window, as a process of its own: it opens offline and ends cleanly."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue

import pytest

from desktop.local_store.practice_place import PracticePlace
from tests.desktop.conftest import LINK, Start

PATIENCE_S = 90.0
NOBODY = "http://127.0.0.1:9"
"""Nothing listens on the discard port."""


class Program:
    """The desktop as a process whose log is read line by line."""

    def __init__(self, folder: Path, display: str) -> None:
        environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
        environment |= {"DISPLAY": display, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "desktop", "--practice", "--folder", str(folder)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def await_line(self, *parts: str) -> str:
        """The next line of the log that holds all parts."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE_S)
            except Empty:
                pytest.fail(f"the app never said {parts}")
            if all(part in line for part in parts):
                return line

    def end(self) -> int:
        """Ask it to end, as the practice server does; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """Leave nothing behind, however the test ended."""
        self.process.kill()
        self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)

    def _read(self) -> None:
        assert self.process.stderr is not None, "it was asked for"
        with self.process.stderr as log:
            for line in log:
                self._lines.put(line)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen nobody looks at; without Xvfb the test is skipped, but not where every change is judged."""
    server = shutil.which("Xvfb")
    if server is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Xvfb on this machine")
        pytest.skip("there is no Xvfb on this machine")
    with _running_screen(server) as name:
        yield name


@contextmanager
def _running_screen(server: str) -> Iterator[str]:
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(writer), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as numbers:
        name = f":{numbers.readline().strip()}"
    try:
        yield name
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


@contextmanager
def _running(folder: Path, display: str) -> Iterator[Program]:
    program = Program(folder, display)
    try:
        yield program
    finally:
        program.kill()


def test_a_signed_in_studio_opens_offline_and_ends_cleanly(
    start: Start, tmp_path: Path, display: str
) -> None:
    start().close()
    PracticePlace(NOBODY, LINK).write(tmp_path)
    with _running(tmp_path, display) as program:
        program.await_line("sync_shown", "phase=offline")
        assert program.end() == 0


def test_a_screen_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with _running(tmp_path, ":4711") as program:
        program.await_line("needs a screen")
        assert program.process.wait(PATIENCE_S) == 1
