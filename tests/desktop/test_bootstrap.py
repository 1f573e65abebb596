"""The whole desktop, wired as in a real run, over a server in memory."""

import itertools
import threading
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.bootstrap import Desktop, build
from desktop.commands.packages import add_package
from desktop.commands.resources import add_resource
from desktop.local_store.practice_place import LinkUnreadable, PracticePlace, SetUpLink
from desktop.local_store.replica import Connection
from desktop.presenting.dates import day_with_year
from desktop.presenting.sync_words import SyncPhase, SyncState
from desktop.qt import studio_window
from desktop.qt.application import Application, NoDisplay, check_display
from desktop.qt.components.label import Label
from desktop.qt.dialogs.booking_dialog import BookingDialog
from desktop.qt.dialogs.sign_in_dialog import SignInDialog
from desktop.qt.page_keys import PageKey
from desktop.queries.rows import WaitingChange
from desktop.queries.waiting import waiting_changes
from desktop.settings import DesktopSettings
from shared.ids import new_id
from shared.sync_protocol.operations import PackageCreate, ResourceCreate
from tests.desktop.conftest import LINK, Start
from tests.fakes.clock import FrozenClock
from tests.fakes.sync_line import PASSWORD, FakeLine
from tests.fakes.sync_server import FakeSyncServer


def _says(desktop: Desktop, words: str) -> bool:
    return desktop.window.status_bar.sync.text().startswith(words)


def _until_it_says(qtbot: QtBot, desktop: Desktop, words: str) -> None:
    """A round has ended; its state still has to pass the readers, which may be busy on a loaded machine."""
    qtbot.waitUntil(lambda: _says(desktop, words), timeout=30_000)


def _rest(qtbot: QtBot, desktop: Desktop) -> None:
    qtbot.waitUntil(lambda: desktop.runner.running == 0)


def test_a_practice_studio_opens_signed_in(start: Start, qtbot: QtBot) -> None:
    desktop = start()
    assert "Bella Weddings" in desktop.window.windowTitle()
    qtbot.waitUntil(lambda: _says(desktop, "Synced"))


def test_a_second_start_needs_no_link(start: Start, studio_server: FakeSyncServer) -> None:
    start().close()
    desktop = start()
    assert desktop.window.isVisible()
    assert desktop.desk.user_id == studio_server.owner_id


def test_closed_it_leaves_no_window_and_tells_nobody(start: Start, qtbot: QtBot) -> None:
    desktop, told = start(), list[int]()
    _rest(qtbot, desktop)
    window, finished = desktop.window, threading.Event()
    desktop.runner.run(lambda: 1, told.append).future.add_done_callback(lambda _: finished.set())  # type: ignore[union-attr] # it has been handed over
    assert finished.wait(10)
    desktop.close()
    qtbot.waitUntil(lambda: not isValid(window))
    _rest(qtbot, desktop)
    assert told == []


def test_a_cut_line_says_offline_and_a_restored_one_synced(start: Start, qtbot: QtBot) -> None:
    desktop = start()
    desktop.transport.cut()
    desktop.loop.sync_now()
    _until_it_says(qtbot, desktop, "Offline")
    desktop.transport.restore()
    desktop.loop.sync_now()
    _until_it_says(qtbot, desktop, "Synced")


def test_how_sync_stands_is_never_overtaken_by_how_it_stood(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = start()
    desktop.loop.sync_now()
    desktop.loop.stop()  # from here on only the test says how sync stands
    may_answer = threading.Event()
    asked = itertools.count()

    def slow_at_first(connection: Connection, tenant_id: UUID) -> tuple[WaitingChange, ...]:
        if next(asked) == 0:
            may_answer.wait(10)
        return waiting_changes(connection, tenant_id)

    monkeypatch.setattr(studio_window, "waiting_changes", slow_at_first)
    desktop.watcher.show(SyncState(SyncPhase.SYNCING))
    desktop.watcher.show(SyncState(SyncPhase.OFFLINE))
    _until_it_says(qtbot, desktop, "Offline")
    may_answer.set()
    _rest(qtbot, desktop)
    assert _says(desktop, "Offline")


def test_a_server_that_does_not_answer_leaves_the_first_run_open(
    qtbot: QtBot, application: Application, studio_server: FakeSyncServer, clock: FrozenClock, tmp_path: Path
) -> None:
    PracticePlace("http://127.0.0.1:8765", LINK).write(tmp_path)
    settings = DesktopSettings(practice=True, practice_folder=tmp_path)
    lines: list[FakeLine] = []

    def dial(_: str, tokens: object) -> FakeLine:
        line = FakeLine(studio_server, tokens)  # type: ignore[arg-type] # bootstrap's own
        line.cut()
        lines.append(line)
        return line

    desktop = build(settings, application=application, clock=clock, dial=dial)
    first_run = desktop.first_run
    assert first_run is not None
    assert first_run.page.state.text() == "Offline"
    lines[0].restore()
    first_run.page.begin.click()
    qtbot.waitUntil(lambda: desktop.studio is not None)
    assert desktop.window.isVisible()
    desktop.close()


def test_a_further_computer_signs_in_with_a_password(
    qtbot: QtBot, application: Application, studio_server: FakeSyncServer, clock: FrozenClock, tmp_path: Path
) -> None:
    settings = DesktopSettings(practice=True, practice_folder=tmp_path)
    desktop = build(
        settings, application=application, clock=clock, dial=lambda _, tokens: FakeLine(studio_server, tokens)
    )
    first_run = desktop.first_run
    assert first_run is not None
    first_run.set_up.other.click()
    page = first_run.sign_in
    assert first_run.page is page
    page.begin.click()
    assert page.email.input.accessibleDescription() == "This is needed."
    page.server.input.setText("http://daybook.example")
    for field, words in ((page.studio, "BELLA"), (page.email, "zoe@bella.example"), (page.password, "wrong")):
        field.input.setText(words)
    page.begin.click()
    qtbot.waitUntil(page.trouble.isVisible)
    page.server.input.setText("https://daybook.example/")  # a password never leaves without https
    page.begin.click()
    qtbot.waitUntil(page.begin.isEnabled)
    assert desktop.studio is None
    page.password.input.setText(PASSWORD)
    page.begin.click()
    qtbot.waitUntil(lambda: desktop.studio is not None)
    assert desktop.secrets.get("server_url") == "https://daybook.example"
    desktop.close()


def test_who_was_signed_out_signs_in_again_and_what_waits_goes_out(
    start: Start, qtbot: QtBot, studio_server: FakeSyncServer
) -> None:
    desktop = start()
    _rest(qtbot, desktop)
    assert isinstance(desktop.transport, FakeLine)
    desktop.transport.end_session()
    desktop.writer.submit(add_resource, desktop.desk, ResourceCreate(id=new_id(), name="Anna")).result()
    qtbot.waitUntil(lambda: desktop.loop.state.phase is SyncPhase.SIGN_IN)
    _rest(qtbot, desktop)
    desktop.window.status_bar.sync_clicked.emit()
    desktop.window.sync_popover.sign_in_button.click()
    _sign_in(qtbot, desktop, password="wrong")
    (dialog,) = _dialogs(desktop)
    qtbot.waitUntil(dialog.refusal.isVisible)
    assert dialog.email.input.text() == "zoe@bella.example"
    _sign_in(qtbot, desktop, password=PASSWORD)
    qtbot.waitUntil(lambda: _names_of_resources(studio_server) == ["Anna"])
    assert not _dialogs(desktop)


def _sign_in(qtbot: QtBot, desktop: Desktop, *, password: str) -> None:
    qtbot.waitUntil(lambda: len(_dialogs(desktop)) == 1)
    (dialog,) = _dialogs(desktop)
    dialog.email.input.setText("zoe@bella.example")
    dialog.password.input.setText(password)
    dialog.sign_in.click()


def _names_of_resources(studio_server: FakeSyncServer) -> list[str]:
    with studio_server.store.reading() as connection:
        return list(connection.exec_driver_sql("SELECT name FROM resource").scalars())


def _dialogs(desktop: Desktop) -> list[SignInDialog]:
    return [dialog for dialog in desktop.window.findChildren(SignInDialog) if dialog.isVisible()]


def test_every_page_opens(start: Start, qtbot: QtBot) -> None:
    desktop = start()
    for item in desktop.window.sidebar.items.values():
        item.click()
        _rest(qtbot, desktop)
    assert desktop.window.page_key is PageKey.SETTINGS


def test_the_first_booking_turns_the_first_steps_into_today(start: Start, qtbot: QtBot) -> None:
    desktop = start()
    studio = desktop.studio
    assert studio is not None
    _rest(qtbot, desktop)
    assert studio.pages.start.currentWidget() is studio.pages.first_steps
    desktop.writer.submit(
        add_package,
        desktop.desk,
        PackageCreate(id=new_id(), name="Portrait", price_minor=29000, currency="EUR", duration_minutes=90),
    ).result()
    desktop.writer.submit(add_resource, desktop.desk, ResourceCreate(id=new_id(), name="Anna")).result()
    desktop.window.new_booking_requested.emit()
    _rest(qtbot, desktop)
    dialog = desktop.window.findChild(BookingDialog)
    assert dialog is not None
    dialog.email.setText("zoe@example.com")
    dialog.name.setText("Zoë Brûlé")
    _rest(qtbot, desktop)
    dialog.submit()
    qtbot.waitUntil(lambda: desktop.window.page_key is None)  # the record is open
    desktop.window.show_page(PageKey.TODAY)
    qtbot.waitUntil(lambda: studio.pages.start.currentWidget() is studio.pages.today)


def test_settings_are_saved_and_sent(start: Start, qtbot: QtBot, studio_server: FakeSyncServer) -> None:
    desktop = start()
    studio = desktop.studio
    assert studio is not None
    desktop.window.show_page(PageKey.SETTINGS)
    _rest(qtbot, desktop)
    phone = studio.pages.settings.texts["phone"].input
    phone.setText("+43 1 555 0100")
    phone.textEdited.emit("+43 1 555 0100")
    studio.pages.settings.save.click()
    qtbot.waitUntil(lambda: studio.pages.settings.unsaved.text() == "")
    desktop.loop.sync_now()
    with studio_server.store.reading() as connection:
        sent = connection.exec_driver_sql("SELECT phone FROM studio").scalar_one()
    assert sent == "+43 1 555 0100"


def test_the_day_turns_with_the_clock(start: Start, qtbot: QtBot, clock: FrozenClock) -> None:
    desktop = start()
    clock.advance(timedelta(days=40))
    desktop.loop.sync_now()
    words = day_with_year(clock.now().date())
    labels = desktop.window.top_strip.findChildren(Label)
    qtbot.waitUntil(lambda: any(label.text() == words for label in labels))


@pytest.mark.parametrize(
    ("pasted", "server", "token"),
    [
        (" https://daybook.example/l/abc ", "https://daybook.example", "abc"),
        ("http://127.0.0.1:8000/l/abc/", "http://127.0.0.1:8000", "abc"),
        ("https://daybook.example/set-up#abc", "https://daybook.example", "abc"),
    ],
)
def test_a_set_up_link_names_server_and_token(pasted: str, server: str, token: str) -> None:
    assert SetUpLink.read(pasted) == SetUpLink(server, token)


@pytest.mark.parametrize(
    "pasted", ["", "abc", "ftp://daybook.example/l/abc", "https://", "https://x.example/"]
)
def test_what_is_no_set_up_link_is_said_to_be_none(pasted: str) -> None:
    with pytest.raises(LinkUnreadable):
        SetUpLink.read(pasted)


def test_without_a_display_one_sentence_is_said() -> None:
    with pytest.raises(NoDisplay, match="screen"):
        check_display({})
    check_display({"QT_QPA_PLATFORM": "offscreen"})
    check_display({"DISPLAY": ":0"})
