"""The whole desktop over a server in memory, for tests of everything together."""

from collections.abc import Callable, Iterator
from pathlib import Path

import coverage
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.bootstrap import Desktop, build
from desktop.local_store.practice_place import PracticePlace
from desktop.qt.application import Application
from desktop.settings import DesktopSettings
from tests.fakes.clock import FrozenClock
from tests.fakes.sync_line import FakeLine
from tests.fakes.sync_server import FakeSyncServer

LINK = "http://127.0.0.1:8765/l/abcdefghijklmnopqrstuvwxyz"

Start = Callable[[], Desktop]


@pytest.fixture(autouse=True)
def _windows_go() -> Iterator[None]:
    """What a test has closed is gone before the next: each change of colours dresses all windows there are.

    Qt itself waits for the next event loop, which many tests do without.
    """
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True)
def _unmeasured() -> Iterator[None]:
    """Rules count as covered by their own tests, not because a screen went through them. It saves time."""
    measuring = coverage.Coverage.current()
    if measuring is None:
        yield
        return
    measuring.stop()
    yield
    measuring.start()


@pytest.fixture(scope="session")
def application(qapp: QApplication) -> Application:
    """The one application of the run: a second style sheet would polish every widget anew."""
    del qapp
    return Application()


@pytest.fixture
def studio_server(clock: FrozenClock) -> FakeSyncServer:
    """A server with one studio and its owner."""
    return FakeSyncServer(clock)


@pytest.fixture
def start(
    qtbot: QtBot, application: Application, studio_server: FakeSyncServer, clock: FrozenClock, tmp_path: Path
) -> Iterator[Start]:
    """Start the desktop in one folder, as often as a test likes; each is closed at the end."""
    PracticePlace("http://127.0.0.1:8765", LINK).write(tmp_path)
    settings = DesktopSettings(practice=True, practice_folder=tmp_path)
    started: list[Desktop] = []

    def begin() -> Desktop:
        desktop = build(
            settings,
            application=application,
            clock=clock,
            dial=lambda _, tokens: FakeLine(studio_server, tokens),
        )
        started.append(desktop)
        return desktop

    yield begin
    for desktop in started:
        desktop.close()
