"""One day at the desk through the real widgets: booked, paid, invoiced, moved, cancelled, found again."""

import csv
import threading
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.bootstrap import Desktop
from desktop.commands import bookings
from desktop.commands.bookings import make_booking
from desktop.commands.packages import add_package
from desktop.commands.resources import add_resource
from desktop.local_store.replica import Connection
from desktop.local_store.store_errors import DiskFull
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.dialogs.booking_dialog import BookingDialog, BookingDraft
from desktop.qt.dialogs.confirm_dialog import ConfirmDialog
from desktop.qt.dialogs.move_dialog import MoveDialog
from desktop.qt.dialogs.record_payment_dialog import RecordPaymentDialog
from desktop.qt.dialogs.refund_dialog import RefundDialog
from desktop.qt.failure_box import FailureBox
from desktop.qt.flows import booking_flow, record_flow
from desktop.qt.flows.search_popover import SearchPopover
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.pages.invoices import InvoicesPage
from desktop.qt.studio_window import StudioWindow
from desktop.queries.record_rows import BookingRecord
from desktop.queries.slots import clash_words
from shared.errors import SlotTaken
from shared.ids import new_id
from shared.models.slot import Slot
from shared.sync_protocol.operations import (
    BookingCreate,
    CustomerCreate,
    PackageCreate,
    ResourceCreate,
    SlotArgs,
)
from tests.desktop.conftest import Start

Dialog = TypeVar("Dialog", bound=QWidget)


class Day:
    """The desktop, and what a person does with it."""

    def __init__(self, desktop: Desktop, qtbot: QtBot) -> None:
        assert desktop.studio is not None, "the practice studio is there"
        self.desktop, self.qtbot = desktop, qtbot
        self.studio: StudioWindow = desktop.studio
        self._do(
            add_package,
            PackageCreate(
                id=new_id(), name="Portrait", price_minor=29000, currency="EUR", duration_minutes=90
            ),
        )
        self.anna = new_id()
        self._do(add_resource, ResourceCreate(id=self.anna, name="Anna"))

    def _do(self, command: object, draft: object) -> None:
        self.desktop.writer.submit(command, self.desktop.desk, draft).result()  # type: ignore[arg-type] # a command of any kind

    def rest(self) -> None:
        """Until nothing is under way."""
        self.qtbot.waitUntil(lambda: self.desktop.runner.running == 0)

    def dialog(self, kind: type[Dialog]) -> Dialog:
        """The dialog that has opened."""
        self.qtbot.waitUntil(lambda: any(each.isVisible() for each in self.desktop.window.findChildren(kind)))
        return next(each for each in self.desktop.window.findChildren(kind) if each.isVisible())

    def book(self, name: str = "Zoë Brûlé", *, days_ahead: int = 60) -> BookingRecord:
        """A booking by the dialog; its record is open then."""
        before = self.desktop.window.page
        self.type_booking(name, days_ahead=days_ahead).submit()
        self.qtbot.waitUntil(lambda: self.desktop.window.page is not before)
        self.qtbot.waitUntil(lambda: self.page.record is not None)
        return self.record

    def type_booking(self, name: str = "Zoë Brûlé", *, days_ahead: int = 60) -> BookingDialog:
        """The dialog of a new booking, filled in and not yet saved."""
        self.desktop.window.new_booking_requested.emit()
        dialog = self.dialog(BookingDialog)
        dialog.email.setText(f"{name.split(maxsplit=1)[0].lower()}@example.com")
        dialog.name.setText(name)
        today = self.desktop.clock.now().date()
        dialog.slot.day.set_day(today + timedelta(days=days_ahead))
        for box in dialog.resources.values():
            box.setChecked(True)
        self.rest()
        return dialog

    def take(self, wanted: BookingDraft, name: str = "Hana Sato") -> None:
        """Somebody else takes the time that is typed here."""
        other = CustomerCreate(
            id=new_id(), name=name, email=f"{name.split(maxsplit=1)[0].lower()}@example.com"
        )
        draft = BookingCreate(
            id=new_id(),
            customer_id=other.id,
            package_id=wanted.package_id,
            slot=SlotArgs.of(wanted.slot),
            resource_ids=list(wanted.resource_ids),
        )
        self._do(partial(make_booking, new_customer=other), draft)

    @property
    def page(self) -> BookingRecordPage:
        """The record page shown."""
        shown = self.desktop.window.page
        assert isinstance(shown, BookingRecordPage)
        return shown

    @property
    def record(self) -> BookingRecord:
        """The record shown."""
        assert self.page.record is not None
        return self.page.record

    def pay(self) -> None:
        """Write the next stage down as cash."""
        paid = self.record.paid_minor
        self.page.stages.pay.click()
        self.dialog(RecordPaymentDialog).record_button.click()
        self.qtbot.waitUntil(lambda: self.record.paid_minor > paid)


def _shown_words(invoices: InvoicesPage) -> str:
    loaded = invoices.preview.paper.loaded
    return "" if loaded is None else str(loaded.document.getAllText(0).text())


@pytest.fixture
def day(start: Start, qtbot: QtBot) -> Day:
    return Day(start(), qtbot)


def test_a_booking_is_taken_paid_and_invoiced(day: Day, qtbot: QtBot, tmp_path: Path) -> None:
    record = day.book()
    assert (record.status, record.due_minor) == ("held", 29000)
    day.pay()
    assert day.record.status == "confirmed"
    day.pay()
    assert day.record.due_minor == 0
    assert day.page.stages.pay.toolTip() == "Nothing is left to pay"

    day.page.documents.link.click()
    invoices = day.studio.pages.invoices
    qtbot.waitUntil(lambda: invoices.preview.paper.loaded is not None)
    draft = invoices.table.current_row()
    assert draft.status == "draft"
    invoices.preview.issue_button.click()
    day.dialog(ConfirmDialog).act.click()
    qtbot.waitUntil(lambda: any(row.status == "issued" for row in invoices.model.rows))
    (issued,) = invoices.model.rows
    year = day.desktop.clock.now().year
    assert issued.printed_number == f"BELLAWEDS_{year}_001"
    assert issued.document_id == draft.document_id
    qtbot.waitUntil(invoices.preview.export_button.isVisible)
    qtbot.waitUntil(lambda: str(issued.printed_number) in _shown_words(invoices))
    path = tmp_path / "invoice.pdf"
    day.studio.invoices.export_to(issued, path)
    qtbot.waitUntil(path.exists)
    day.rest()
    assert str(issued.printed_number) in PdfReader(path).pages[0].extract_text()


def test_a_taken_time_is_refused_while_it_is_typed(day: Day) -> None:
    day.book()
    day.desktop.window.new_booking_requested.emit()
    dialog = day.dialog(BookingDialog)
    dialog.slot.day.set_day(day.desktop.clock.now().date() + timedelta(days=60))
    for box in dialog.resources.values():
        box.setChecked(True)
    day.rest()
    assert "Anna has a hold" in dialog.save.toolTip()


def test_a_clash_of_people_who_were_unticked_meanwhile_is_dropped(
    day: Day, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.book()
    day.desktop.window.new_booking_requested.emit()
    dialog = day.dialog(BookingDialog)
    dialog.slot.day.set_day(day.desktop.clock.now().date() + timedelta(days=60))
    (box,) = dialog.resources.values()
    box.setChecked(False)
    day.rest()
    may_answer = threading.Event()

    def slow_about_people(
        connection: Connection, tenant_id: UUID, slot: Slot, *, resource_ids: Sequence[UUID], **more: UUID
    ) -> str:
        if resource_ids:
            may_answer.wait(10)
        return clash_words(connection, tenant_id, slot, resource_ids=resource_ids, **more)

    monkeypatch.setattr(booking_flow, "clash_words", slow_about_people)
    box.setChecked(True)
    with qtbot.waitSignal(dialog.clash.told):
        box.setChecked(False)
    may_answer.set()
    day.rest()
    assert dialog.clash.words == ""
    assert dialog.save.isEnabled()


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


def test_a_booking_moves_and_says_so(day: Day, qtbot: QtBot) -> None:
    record = day.book()
    seen = record.slot.wall
    assert seen is not None
    day.page.move_button.click()
    dialog = day.dialog(MoveDialog)
    later = seen.start_date + timedelta(days=7)
    dialog.slot.day.set_day(later)
    day.rest()
    dialog.submit()
    qtbot.waitUntil(lambda: day.record.slot.wall == seen.on(later))


def test_a_time_that_was_taken_meanwhile_is_told_when_a_new_one_is_asked_for(day: Day) -> None:
    day.book()
    day.page.postpone_button.click()
    day.dialog(ConfirmDialog).act.click()
    day.qtbot.waitUntil(lambda: day.record.status == "postponed")
    postponed = day.page
    day.book("Hana Sato")
    day.desktop.window.go_back()
    assert day.page is postponed
    day.page.move_button.click()
    dialog = day.dialog(MoveDialog)
    day.rest()
    assert "for Hana Sato" in dialog.move_button.toolTip()


def test_an_answer_that_comes_after_its_dialog_was_closed_is_dropped(day: Day) -> None:
    day.book()
    day.page.move_button.click()
    moving = day.dialog(MoveDialog)
    moving.slot.day.set_day(moving.slot.day.day() + timedelta(days=7))
    _let_go(moving)
    day.rest()
    day.desktop.window.new_booking_requested.emit()
    booking = day.dialog(BookingDialog)
    booking.email.setText("zoë@example.com")
    _let_go(booking)
    day.rest()


def _let_go(dialog: DialogFrame) -> None:
    """Close a dialog and drop it at once, before the answer to its last question is home."""
    dialog.answer(None)
    QCoreApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    assert not isValid(dialog)


def test_a_cancellation_asks_for_exactly_what_was_shown(day: Day, qtbot: QtBot) -> None:
    day.book()
    day.pay()
    day.page.cancel_button.click()
    dialog = day.dialog(RefundDialog)
    shown = dialog.draft()
    assert shown is not None
    dialog.submit()
    qtbot.waitUntil(lambda: day.record.status == "cancelled")
    asked = [(refund.amount_minor, refund.request_status) for refund in day.record.refunds]
    assert asked == [(amount, "approved") for _, amount in shown.lines]
    assert day.record.due_minor == 0


def test_a_note_is_saved_from_the_record(day: Day, qtbot: QtBot) -> None:
    day.book()
    day.page.notes.begin_edit()
    day.page.notes.input.setPlainText("Rain plan: the barn.")
    day.page.save()
    qtbot.waitUntil(lambda: day.record.notes == "Rain plan: the barn.")


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


def test_the_search_box_leads_to_the_booking(day: Day, qtbot: QtBot) -> None:
    record = day.book()
    day.desktop.window.show_page(PageKey.TODAY)
    field = day.desktop.window.top_strip.search
    field.setFocus()
    QTest.keyClicks(field, "brul")
    popover = day.desktop.window.findChild(SearchPopover)
    assert popover is not None
    qtbot.waitUntil(lambda: popover.isVisible() and popover.model.rowCount() > 1)
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(day.desktop.window.page, BookingRecordPage))
    qtbot.waitUntil(lambda: day.page.record is not None)
    assert day.record.booking_id == record.booking_id


def test_a_change_from_the_server_reaches_the_open_record_under_a_dialog(day: Day, qtbot: QtBot) -> None:
    record = day.book()
    day.page.move_button.click()
    dialog = day.dialog(MoveDialog)
    day.desktop.loop.sync_now()
    qtbot.waitUntil(lambda: not day.record.mark)
    assert day.record.booking_id == record.booking_id
    assert dialog.isVisible()


def test_the_list_is_exported_as_it_is_seen(day: Day, qtbot: QtBot, tmp_path: Path) -> None:
    day.book("=Zoë Brûlé")
    day.desktop.window.show_page(PageKey.BOOKINGS)
    page = day.studio.pages.bookings
    qtbot.waitUntil(lambda: bool(page.model.rows))
    path = tmp_path / "bookings.csv"
    day.studio.lists.export_to(path, page.model.columns, page.proxy.shown_rows())
    day.rest()
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, row = list(csv.reader(file))
    assert head[:3] == ["Date and time", "Customer", "Package"]
    assert row[1] == "'=Zoë Brûlé", "a name is never a formula"
