"""What is typed is saved once however often it is asked for, and comes back when it is refused."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.bootstrap import Desktop
from desktop.commands import bookings
from desktop.local_store import outbox
from desktop.local_store.store_errors import DiskFull
from desktop.qt import studio_window
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.failure_box import FailureBox
from desktop.qt.flows import record_flow
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.pages.settings import SettingsPage
from shared.errors import SlotTaken
from tests.desktop.conftest import Start
from tests.desktop.day import Day
from tests.desktop.inbox import a_taken_slot, an_item
from tests.fakes.sync_server import FakeSyncServer


@pytest.fixture
def day(start: Start, qtbot: QtBot) -> Day:
    return Day(start(), qtbot)


def test_a_booking_that_is_refused_stays_in_its_dialog_and_can_be_saved_after_all(day: Day) -> None:
    dialog = day.type_booking("Zoë Brûlé")
    draft = dialog.draft()
    assert draft is not None
    day.take(draft)
    dialog.submit()
    day.rest()
    assert dialog.isVisible()
    assert dialog.draft() == draft
    assert dialog.refusal.accessibleName().endswith(SlotTaken().sentence)
    assert not day.desktop.window.findChildren(FailureBox)
    dialog.slot.day.set_day(draft.slot.start_date + timedelta(days=1))
    day.rest()
    dialog.submit()
    assert not dialog.refusal.isVisible()
    day.qtbot.waitUntil(lambda: isinstance(day.desktop.window.page, BookingRecordPage))


def test_a_name_that_is_too_long_is_told_in_the_dialog_and_can_be_shortened(day: Day) -> None:
    dialog = day.type_booking("Z" * 201)
    dialog.submit()
    day.rest()
    assert "Name may have at most 200 characters." in dialog.refusal.accessibleName()
    dialog.name.setText("Zoë Brûlé")
    dialog.email.setText("zoe@example.com")
    day.rest()
    dialog.submit()
    day.qtbot.waitUntil(lambda: isinstance(day.desktop.window.page, BookingRecordPage))


def test_what_our_own_mistake_refused_stays_in_its_dialog_below_the_report(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(bookings, "make_booking", mistaken)
    dialog = day.type_booking("Zoë Brûlé")
    dialog.submit()
    day.dialog(FailureBox).answer(None)
    assert dialog.isVisible()
    assert dialog.name.text() == "Zoë Brûlé"


def test_a_refusal_of_what_was_left_meanwhile_is_told_in_a_box(day: Day) -> None:
    dialog = day.type_booking()
    draft = dialog.draft()
    assert draft is not None
    day.take(draft)
    dialog.submit()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    day.dialog(FailureBox)


def test_enter_pressed_twice_saves_one_booking(day: Day) -> None:
    dialog = day.type_booking()
    dialog.name.setFocus()
    for _ in range(2):
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    day.rest()
    with day.desktop.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM booking").scalar_one() == 1
    assert not day.desktop.window.findChildren(FailureBox)


@pytest.mark.parametrize("leaves", [False, True])
def test_a_note_that_is_refused_can_be_saved_again(
    day: Day,
    monkeypatch: pytest.MonkeyPatch,
    leaves: bool,  # noqa: FBT001 - a case
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DiskFull

    day.book()
    page = day.page
    page.notes.begin_edit()
    page.notes.input.setPlainText("Rain plan: the barn.")
    with monkeypatch.context() as patch:
        patch.setattr(record_flow, "add_note", full)
        (page.close_button if leaves else page.save_button).click()
        day.dialog(FailureBox).answer(None)
    assert day.page is page
    assert page.notes.is_edited
    assert page.notes.input.toPlainText() == "Rain plan: the barn."
    page.close_button.click()
    day.qtbot.waitUntil(lambda: day.desktop.window.page is not page)
    with day.desktop.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT body FROM note").scalar_one() == "Rain plan: the barn."


def test_a_note_saved_twice_at_once_is_one_operation(day: Day) -> None:
    day.book()
    day.page.notes.begin_edit()
    day.page.notes.input.setPlainText("Rain plan: the barn.")
    for _ in range(2):
        day.page.save()
    day.rest()
    with day.desktop.store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM note").scalar_one() == 1


def _press_space_twice(button: QWidget) -> None:
    for _ in range(2):
        QTest.keyClick(button, Qt.Key.Key_Space)


def _double_click(button: QWidget) -> None:
    """As Qt tells it: the second press comes as a double-click."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("twice", [_press_space_twice, _double_click])
def test_settings_saved_twice_are_one_operation(
    day: Day, qtbot: QtBot, twice: Callable[[QWidget], None]
) -> None:
    desktop, studio = day.desktop, day.studio
    desktop.transport.cut()
    desktop.window.show_page(PageKey.SETTINGS)
    day.rest()
    page = studio.pages.settings
    _type_phone(page, "+43 1 555 0100")
    twice(page.save)
    qtbot.waitUntil(lambda: page.unsaved.text() == "")
    day.rest()
    assert _queued(desktop, "settings.edit") == 1
    _type_phone(page, "+43 1 555 0200")
    QTest.keyClick(page.save, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: _queued(desktop, "settings.edit") == 2)


@pytest.mark.parametrize("twice", [_press_space_twice, _double_click])
@pytest.mark.parametrize("way", ["leave", "mine_back"])
def test_an_item_dealt_with_twice_is_solved_once(
    day: Day, qtbot: QtBot, studio_server: FakeSyncServer, way: str, twice: Callable[[QWidget], None]
) -> None:
    items, issue_id = an_item(day.desktop, qtbot, studio_server)
    day.rest()
    day.desktop.transport.cut()
    twice(items[issue_id].buttons[way])
    qtbot.waitUntil(lambda: issue_id not in items)
    day.rest()
    assert _queued(day.desktop, "issue.resolve") == 1
    assert _queued(day.desktop, "settings.edit") == (way == "mine_back")
    assert not day.desktop.window.findChildren(FailureBox)


@pytest.mark.parametrize("way", ["another_time", "cancel_booking"])
def test_a_button_pressed_twice_asks_once(
    day: Day, qtbot: QtBot, studio_server: FakeSyncServer, way: str
) -> None:
    booking = day.book()
    item = a_taken_slot(day.desktop, qtbot, studio_server, booking_id=booking.booking_id)
    day.rest()
    _press_space_twice(item.buttons[way])
    day.dialog(DialogFrame)
    day.rest()
    assert len(day.desktop.window.findChildren(DialogFrame)) == 1


def test_settings_that_are_refused_can_be_saved_again(
    day: Day, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DiskFull

    desktop, studio = day.desktop, day.studio
    desktop.transport.cut()
    desktop.window.show_page(PageKey.SETTINGS)
    day.rest()
    page = studio.pages.settings
    _type_phone(page, "+43 1 555 0100")
    with monkeypatch.context() as patch:
        patch.setattr(studio_window, "edit_settings", full)
        page.save.click()
        qtbot.waitUntil(lambda: bool(desktop.window.findChildren(FailureBox)))
    desktop.window.findChildren(FailureBox)[0].answer(None)
    assert set(page.changes()) == {"phone"}
    page.save.click()
    qtbot.waitUntil(lambda: _queued(desktop, "settings.edit") == 1)


def _type_phone(page: SettingsPage, number: str) -> None:
    phone = page.texts["phone"].input
    phone.setText(number)
    phone.textEdited.emit(number)


def _queued(desktop: Desktop, name: str) -> int:
    """How many operations of this name wait to be sent."""
    with desktop.store.reading() as connection:
        return sum(entry.name == name for entry in outbox.pending(connection, limit=9))
