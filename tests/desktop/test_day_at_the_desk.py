"""One day at the desk through the real widgets: booked, paid, invoiced, moved, cancelled, found again."""

import csv
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.local_store.replica import Connection
from desktop.qt.components.buttons import Button
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.dialogs.booking_dialog import BookingDialog
from desktop.qt.dialogs.confirm_dialog import ConfirmDialog
from desktop.qt.dialogs.move_dialog import MoveDialog
from desktop.qt.dialogs.refund_dialog import RefundDialog
from desktop.qt.flows import booking_flow
from desktop.qt.flows.search_popover import SearchPopover
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.pages.calendar.side_panel import PostponedCard
from desktop.qt.pages.invoices import InvoicesPage
from desktop.queries.slots import clash_words
from shared.models.slot import Slot
from shared.tables import booking
from tests.builders.copies import copies
from tests.desktop.conftest import Start
from tests.desktop.day import Day


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


def test_all_open_payments_are_the_bookings_that_owe(day: Day, qtbot: QtBot) -> None:
    day.book()
    day.pay()
    day.pay()
    owing = day.book("Hana Sato", days_ahead=70)
    bookings, window = day.studio.pages.bookings, day.desktop.window
    window.show_page(PageKey.BOOKINGS)
    bookings.filter_field.setText("zoë")
    qtbot.waitUntil(lambda: [row.customer_name for row in bookings.model.rows] == ["Zoë Brûlé"])
    window.show_page(PageKey.TODAY)
    all_open = next(
        link for link in day.studio.pages.today.findChildren(Button) if link.text() == "All open payments"
    )
    all_open.click()
    assert window.page is bookings
    qtbot.waitUntil(lambda: [row.booking_id for row in bookings.model.rows] == [owing.booking_id])
    assert bookings.chips["open_payments"].isChecked()
    qtbot.waitUntil(lambda: bookings.chips["open_payments"].accessibleName() == "Open payments, 1")


def test_every_booking_without_a_date_is_reached_from_the_calendar(day: Day, qtbot: QtBot) -> None:
    day.book()
    day.pay()
    day.page.postpone_button.click()
    day.dialog(ConfirmDialog).act.click()
    qtbot.waitUntil(lambda: day.record.status == "postponed")
    with day.desktop.store.writing() as connection:
        copied = copies(connection, booking, 60)
    window, calendar = day.desktop.window, day.studio.pages.calendar
    window.show_page(PageKey.CALENDAR)
    qtbot.waitUntil(lambda: bool(calendar.side.findChildren(PostponedCard)))
    shown = len(calendar.side.findChildren(PostponedCard))
    more = next(link for link in calendar.side.findChildren(Button) if link.text().endswith(" more"))
    assert more.text() == f"{1 + len(copied) - shown} more"
    more.click()
    bookings = day.studio.pages.bookings
    assert window.page is bookings
    qtbot.waitUntil(lambda: len(bookings.model.rows) == 1 + len(copied))
    assert bookings.chips["postponed"].isChecked()
