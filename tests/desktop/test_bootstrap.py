"""The whole desktop, wired as in a real run, over a server in memory."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
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


@pytest.fixture
def server(clock: FrozenClock) -> FakeSyncServer:
    """A server with one studio and its owner."""
    return FakeSyncServer(clock)


@pytest.fixture(scope="module")
def application(qapp: QApplication) -> Application:
    """The one application of the run: a second style sheet would polish every widget anew."""
    del qapp
    return Application()


@pytest.fixture
def start(
    qtbot: QtBot, application: Application, server: FakeSyncServer, clock: FrozenClock, tmp_path: Path
) -> Iterator[Start]:
    """Start the desktop in one folder, as often as a test likes; each is closed at the end."""
    PracticePlace("http://127.0.0.1:8765", LINK).write(tmp_path)
    settings = DesktopSettings(practice=True, practice_folder=tmp_path)
    started: list[Desktop] = []

    def begin() -> Desktop:
        desktop = build(
            settings, application=application, clock=clock, dial=lambda _, tokens: FakeLine(server, tokens)
        )
        started.append(desktop)
        return desktop

    yield begin
    for desktop in started:
        desktop.close()


def test_a_practice_studio_opens_signed_in(start: Start, qtbot: QtBot) -> None:
    desktop = start()
    assert "Bella Weddings" in desktop.window.windowTitle()
    qtbot.waitUntil(lambda: desktop.window.status_bar.sync.text().startswith("Synced"))


def test_a_second_start_needs_no_link(start: Start, server: FakeSyncServer) -> None:
    start().close()
    desktop = start()
    assert desktop.window.isVisible()
    assert desktop.desk.user_id == server.owner_id


def test_a_cut_line_says_offline_and_a_restored_one_synced(start: Start, qtbot: QtBot) -> None:
    desktop = start()
    desktop.transport.cut()
    desktop.loop.sync_now()
    qtbot.waitUntil(lambda: desktop.window.status_bar.sync.text().startswith("Offline"))
    desktop.transport.restore()
    desktop.loop.sync_now()
    qtbot.waitUntil(lambda: desktop.window.status_bar.sync.text().startswith("Synced"))


def test_every_page_opens(start: Start, qtbot: QtBot) -> None:
    desktop = start()
    for item in desktop.window.sidebar.items.values():
        item.click()
        qtbot.waitUntil(lambda: desktop.runner.running == 0)
