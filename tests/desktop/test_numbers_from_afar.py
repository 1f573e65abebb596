"""While the server is asked for a number its dialog is out of the way; a refusal brings it back."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.commands.invoices import InvoiceDesk
from desktop.local_store.store_errors import DiskFull
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.dialogs.confirm_dialog import ConfirmDialog
from desktop.qt.dialogs.credit_dialog import CreditDialog
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.invoices import InvoicesPage
from desktop.queries.rows import InvoiceRow
from shared.sync_protocol.numbers import LeaseAnswer, LeaseRequest
from tests.desktop.conftest import Start
from tests.desktop.day import Day


class SlowOffice:
    """The server answers about numbers when it may."""

    def __init__(self, day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
        self.may_answer, self.asked = threading.Event(), 0
        self._ask = day.desktop.transport.lease_number
        monkeypatch.setattr(day.desktop.transport, "lease_number", self._slowly)

    def _slowly(self, wish: LeaseRequest) -> LeaseAnswer | None:
        self.asked += 1
        self.may_answer.wait(10)
        return self._ask(wish)


@pytest.fixture
def day(start: Start, qtbot: QtBot) -> Day:
    return Day(start(), qtbot)


@pytest.fixture
def office(day: Day, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowOffice]:
    office = SlowOffice(day, monkeypatch)
    yield office
    office.may_answer.set()


def _draft(day: Day) -> InvoicesPage:
    """The draft of a booking's invoice, on its page."""
    day.book()
    day.pay()
    day.page.documents.link.click()
    invoices = day.studio.pages.invoices
    day.qtbot.waitUntil(lambda: invoices.preview.paper.loaded is not None)
    return invoices


def _issued(page: InvoicesPage) -> list[InvoiceRow]:
    return [row for row in page.model.rows if row.status == "issued"]


def _dialogs(day: Day) -> list[DialogFrame]:
    return [dialog for dialog in day.desktop.window.findChildren(DialogFrame) if dialog.isVisible()]


def test_an_invoice_is_issued_while_its_person_goes_on(day: Day, office: SlowOffice, qtbot: QtBot) -> None:
    invoices, window = _draft(day), day.desktop.window
    invoices.preview.issue_button.click()
    day.dialog(ConfirmDialog).act.click()
    qtbot.waitUntil(lambda: office.asked == 1)
    assert not _dialogs(day)
    window.show_page(PageKey.CALENDAR)
    office.may_answer.set()
    day.rest()
    assert window.page_key is PageKey.CALENDAR
    window.show_page(PageKey.INVOICES)
    qtbot.waitUntil(lambda: len(_issued(invoices)) == 1)


def test_an_invoice_that_is_being_issued_is_not_issued_again(
    day: Day, office: SlowOffice, qtbot: QtBot
) -> None:
    invoices = _draft(day)
    invoices.preview.issue_button.click()
    day.dialog(ConfirmDialog).act.click()
    qtbot.waitUntil(lambda: office.asked == 1)
    first = invoices.table.current_row()
    day.studio.invoices.begin(first.booking_id)
    qtbot.waitUntil(lambda: invoices.table.current_row().document_id != first.document_id)
    invoices.preview.issue_button.click()
    assert not _dialogs(day), "a second draft of the same booking waits too"
    office.may_answer.set()
    qtbot.waitUntil(lambda: len(_issued(invoices)) == 1)
    day.rest()
    assert (office.asked, len(_issued(invoices))) == (1, 1)


def test_a_credit_note_that_is_refused_comes_back_with_what_was_typed(
    day: Day, office: SlowOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DiskFull

    invoices = _draft(day)
    office.may_answer.set()
    invoices.preview.issue_button.click()
    day.dialog(ConfirmDialog).act.click()
    qtbot.waitUntil(lambda: len(_issued(invoices)) == 1)
    day.rest()
    office.may_answer.clear()
    invoices.preview.credit_button.click()
    dialog = day.dialog(CreditDialog)
    dialog.words.setText("A day of rain")
    with monkeypatch.context() as patch:
        patch.setattr(InvoiceDesk, "issue_credit_note", full)
        dialog.issue.click()
        qtbot.waitUntil(lambda: office.asked == 2)
        assert not dialog.isVisible()
        office.may_answer.set()
        qtbot.waitUntil(dialog.isVisible)
    assert dialog.refusal.isVisible()
    assert dialog.words.text() == "A day of rain"
    dialog.issue.click()
    qtbot.waitUntil(lambda: any(row.kind == "credit" for row in invoices.model.rows))
    day.rest()
    assert not _dialogs(day)
    assert invoices.table.current_row().kind == "credit"


def test_what_is_looked_at_meanwhile_stays_chosen(day: Day, office: SlowOffice, qtbot: QtBot) -> None:
    office.may_answer.set()
    invoices = _draft(day)
    invoices.preview.issue_button.click()
    day.dialog(ConfirmDialog).act.click()
    qtbot.waitUntil(lambda: len(_issued(invoices)) == 1)
    (first,) = _issued(invoices)
    day.rest()
    office.may_answer.clear()
    day.desktop.window.show_page(PageKey.BOOKINGS)
    day.book("Hana Sato", days_ahead=70)
    day.page.documents.link.click()
    qtbot.waitUntil(lambda: invoices.table.current_row().status == "draft")
    invoices.preview.issue_button.click()
    day.dialog(ConfirmDialog).act.click()
    qtbot.waitUntil(lambda: office.asked == 2)
    invoices.choose_document(first.document_id)
    office.may_answer.set()
    qtbot.waitUntil(lambda: len(_issued(invoices)) == 2)
    day.rest()
    assert invoices.table.current_row().document_id == first.document_id
