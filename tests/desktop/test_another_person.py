"""Another person signs in at the same computer: a window of their own, and nothing under the wrong name."""

import threading
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.bootstrap import Desktop
from desktop.commands.desk import Desk
from desktop.data_changes import DataChanges
from desktop.local_store.store_errors import DiskFull
from desktop.qt.dialogs.confirm_dialog import ConfirmDialog
from desktop.qt.dialogs.sign_in_dialog import SignInDialog
from desktop.qt.failure_box import FailureBox
from desktop.qt.flows import record_flow
from desktop.qt.page_keys import PageKey
from desktop.sync.tokens import SignedIn
from shared.ids import new_id
from shared.sync_protocol.sessions import SignInRequest
from tests.desktop.conftest import Start
from tests.desktop.day import Day
from tests.fakes.sync_line import PASSWORD, FakeLine
from tests.fakes.sync_server import FakeSyncServer


@pytest.fixture
def day(start: Start, qtbot: QtBot) -> Day:
    return Day(start(), qtbot)


@pytest.fixture
def ben(day: Day, studio_server: FakeSyncServer) -> UUID:
    """Hired meanwhile: his row is not here yet; he signs in next."""
    day.rest()
    line, ben = _line(day.desktop), new_id()
    line.end_session()
    line.next_user_id = ben
    studio_server.write(
        "INSERT INTO member (tenant_id, id, name, role, created_at, updated_at)"
        " SELECT tenant_id, ?, 'Ben', 'staff', created_at, updated_at FROM member",
        str(ben),
    )
    return ben


def _line(desktop: Desktop) -> FakeLine:
    assert isinstance(desktop.transport, FakeLine)
    return desktop.transport


def _sign_in(day: Day) -> SignInDialog:
    day.desktop.window.sign_in_requested.emit()
    dialog = day.dialog(SignInDialog)
    dialog.email.input.setText("ben@bella.example")
    dialog.password.input.setText(PASSWORD)
    dialog.sign_in.click()
    return dialog


def _type_note(day: Day) -> None:
    day.book()
    day.page.notes.begin_edit()
    day.page.notes.input.setPlainText("Rain plan: the barn.")


def _notes(desktop: Desktop) -> list[tuple[str, str]]:
    """What they say, and by whom."""
    with desktop.store.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT body, created_by FROM note")]


def _has_own_window(day: Day, user_id: UUID) -> bool:
    desktop = day.desktop
    return desktop.studio not in (None, day.studio) and desktop.desk.user_id == user_id


def test_another_person_who_signs_in_gets_a_window_of_their_own(day: Day, ben: UUID, qtbot: QtBot) -> None:
    left = day.desktop.window
    _sign_in(day)
    qtbot.waitUntil(lambda: _has_own_window(day, ben))
    assert day.desktop.window.isVisible()
    qtbot.waitUntil(lambda: not isValid(left))
    assert day.desktop.first_run is None


def test_what_was_typed_is_saved_under_the_name_of_who_typed_it(
    day: Day, ben: UUID, qtbot: QtBot, studio_server: FakeSyncServer
) -> None:
    _type_note(day)
    left = day.desktop.window
    _sign_in(day)
    question = day.dialog(ConfirmDialog)
    assert question.keep.text() == "Save as Clara"
    QTest.keyClick(question, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: _has_own_window(day, ben))
    qtbot.waitUntil(lambda: not isValid(left))
    assert _notes(day.desktop) == [("Rain plan: the barn.", str(studio_server.owner_id))]


def test_what_was_typed_is_dropped_if_that_is_chosen(day: Day, ben: UUID, qtbot: QtBot) -> None:
    desktop = day.desktop
    desktop.window.show_page(PageKey.SETTINGS)
    day.rest()
    phone = day.studio.pages.settings.texts["phone"].input
    phone.setText("+43 1 555 0100")
    phone.textEdited.emit(phone.text())
    left = desktop.window
    _sign_in(day)
    day.dialog(ConfirmDialog).act.click()
    qtbot.waitUntil(lambda: _has_own_window(day, ben))
    qtbot.waitUntil(lambda: not isValid(left))
    with desktop.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT phone FROM studio").scalar_one() != "+43 1 555 0100"


def test_what_could_not_be_saved_is_asked_about_again(
    day: Day, ben: UUID, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DiskFull

    _type_note(day)
    monkeypatch.setattr(record_flow, "add_note", full)
    _sign_in(day)
    day.dialog(ConfirmDialog).keep.click()
    day.dialog(FailureBox).answer(None)
    assert not _has_own_window(day, ben)
    assert day.page.notes.input.toPlainText() == "Rain plan: the barn."
    day.dialog(ConfirmDialog).act.click()
    qtbot.waitUntil(lambda: _has_own_window(day, ben))
    assert _notes(day.desktop) == []


def test_a_dialog_that_is_being_filled_in_is_left_first(
    day: Day, ben: UUID, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_answer, line = threading.Event(), _line(day.desktop)
    agree = line.sign_in

    def slow(wish: SignInRequest) -> SignedIn:
        may_answer.wait(10)
        return agree(wish)

    monkeypatch.setattr(line, "sign_in", slow)
    QTest.keyClick(_sign_in(day), Qt.Key.Key_Escape)
    typing = day.type_booking(rests=False)
    may_answer.set()
    day.rest()
    assert not _has_own_window(day, ben)
    assert typing.isVisible()
    QTest.keyClick(typing, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: _has_own_window(day, ben))


def test_what_the_window_that_is_left_still_does_is_of_who_sat_there(
    day: Day, ben: UUID, qtbot: QtBot, studio_server: FakeSyncServer
) -> None:
    acted: list[UUID] = []

    def act(desk: Desk) -> DataChanges:
        acted.append(desk.user_id)
        return DataChanges(frozenset())

    _sign_in(day)
    qtbot.waitUntil(lambda: _has_own_window(day, ben))
    day.studio.bookings.bench.acting.do(act)
    day.desktop.studio.bookings.bench.acting.do(act)  # type: ignore[union-attr] # it has just opened
    qtbot.waitUntil(lambda: acted == [studio_server.owner_id, ben])
