"""Invoices: looking at drafts and issued ones, issuing, printing, exporting, and credit notes by hand."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtPrintSupport import QPrintDialog, QPrinter

from desktop.commands.invoices import CreditDraft
from desktop.data_changes import DataChanges
from desktop.local_store.replica import Connection
from desktop.qt.background.task_runner import Task
from desktop.qt.dialogs.confirm_dialog import ConfirmDialog, Question
from desktop.qt.dialogs.credit_dialog import CreditDialog
from desktop.qt.flows.frame import Flow, Frame, Outcome, choose_pdf_path
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.pages.invoices import InvoicesPage
from desktop.qt.pdf_paper import print_pdf
from desktop.qt.workbench import Workbench
from desktop.queries.documents import issued_file, open_invoice_of
from desktop.queries.next_numbers import next_of_series
from desktop.queries.record_rows import BookingRecord
from desktop.queries.rows import InvoiceRow
from shared.errors import DomainError, ThingNotFound
from shared.ids import new_id
from shared.models.states import Series
from shared.sync_protocol.numbers import LeaseAnswer

_INITIATOR = "invoices"
_ASKING = "The server is asked for the number; then it is issued."
Issuing = Callable[[LeaseAnswer | None], DataChanges]


class InvoiceFlow(Flow):
    """Supplies the invoices page with bytes, and carries out what its buttons ask for."""

    def __init__(self, bench: Workbench, frame: Frame, page: InvoicesPage) -> None:
        super().__init__(bench, frame)
        self._page = page
        self._under_way: dict[UUID, Task[LeaseAnswer | None]] = {}
        page.pdf_wanted.connect(self._supply)
        page.issue_wanted.connect(self.ask_issue)
        page.print_wanted.connect(self.print_document)
        page.export_wanted.connect(self.export_document)
        page.credit_wanted.connect(self.ask_credit_note)

    def dress(self, page: BookingRecordPage) -> None:
        """Connect what a record asks for about papers."""
        page.invoice_wanted.connect(lambda record: self.begin(record.booking_id))
        page.document_opened.connect(self.open_document)
        page.print_wanted.connect(lambda record: self.print_document(newest_document(record)))
        page.export_wanted.connect(lambda record: self.export_document(newest_document(record)))

    # --- looking ------------------------------------------------------------------------------------------

    def begin(self, booking_id: UUID) -> None:
        """Show the booking's draft on the invoices page; one that has an invoice shows that."""
        bench = self.bench

        def look(connection: Connection) -> tuple[UUID | None, BookingRecord | None, str]:
            existing = open_invoice_of(connection, bench.tenant_id, booking_id)
            return existing, self.read_record(connection, booking_id), self._next_number(connection)

        def go_on(found: tuple[UUID | None, BookingRecord | None, str]) -> None:
            existing, record, number = found
            if record is None:
                self.refused(ThingNotFound())
                return
            self.frame.show_page(PageKey.INVOICES)
            if existing is not None:
                self._page.choose_document(existing)
                self.frame.toast("This booking has an invoice already.")
                return
            self._page.show_draft(_draft(record, number))

        bench.reading.ask(look, go_on, asker=self.frame.window)

    def open_document(self, document_id: UUID) -> None:
        """Show one document on its page."""
        self.frame.show_page(PageKey.INVOICES)
        self._page.choose_document(document_id)

    def read_pdf(self, row: InvoiceRow) -> bytes:
        """The bytes of a row: rendered now for a draft, the stored ones for an issued document.

        Runs on any thread but the GUI's. Raises PdfNotReady, TaxDataMissing, TextNotPrintable and the like.
        """
        if row.status == "draft":
            return self.bench.invoices.preview_invoice(_booking_of(row))
        tenant_id = self.bench.tenant_id
        found = self.bench.reading.now(lambda connection: issued_file(connection, tenant_id, row.document_id))
        if found is None:
            raise ThingNotFound
        return self.bench.invoices.stored_pdf(found.pdf_sha256)

    def _supply(self, row: InvoiceRow) -> None:
        def failed(failure: BaseException) -> None:
            if isinstance(failure, DomainError):
                self._page.show_trouble(row, failure.sentence)
            else:
                self.bench.failed(failure)

        self.bench.runner.run(
            partial(self.read_pdf, row),
            lambda data: self._page.show_pdf(row, data),
            on_failed=failed,
            words="Preparing the PDF",
        )

    def _next_number(self, connection: Connection) -> str:
        studio, today = self.bench.studio, self.bench.today()
        found = next_of_series(
            connection,
            self.bench.tenant_id,
            code=studio.code,
            series=Series.INVOICE,
            year=today.year,
            numbers=self.bench.numbers,
        )
        return "" if found.is_passed else found.next_number

    # --- issue --------------------------------------------------------------------------------------------

    def ask_issue(self, row: InvoiceRow) -> None:
        """Ask once more: what is issued never changes."""
        if self._is_under_way(row):
            return
        number = row.next_number or "the next number"
        dialog = ConfirmDialog(
            self.bench.theme,
            self.frame.window,
            Question(
                "Issue invoice",
                subtitle=row.customer_name,
                sentences=(
                    f"It takes {number} and never changes after that; a credit note can take it back.",
                    "The customer finds it behind their link.",
                ),
                keep="Not yet",
                act="Issue invoice",
            ),
        )
        issuing = partial(self._issuing, _booking_of(row), row.document_id)
        self.ask_in_steps(
            dialog,
            lambda _, outcome: self._with_number(
                row, row.document_id, series=Series.INVOICE, issuing=issuing, outcome=outcome
            ),
            then=lambda _: self._issued(row, row.document_id),
            aside=True,
        )

    def _issuing(self, booking_id: UUID, document_id: UUID, answer: LeaseAnswer | None) -> DataChanges:
        return self.bench.invoices.issue_invoice(
            booking_id, document_id=document_id, answer=answer, initiator=_INITIATOR
        )

    def _is_under_way(self, row: InvoiceRow) -> bool:
        """Whether a document of its booking is being issued; that is said then."""
        task = self._under_way.get(_booking_of(row))
        if task is None or task.control.cancelled:
            return False
        self.frame.toast(_ASKING)
        return True

    def _with_number(
        self, row: InvoiceRow, document_id: UUID, *, series: Series, issuing: Issuing, outcome: Outcome
    ) -> None:
        """Ask the server for a number, for two seconds at most, then issue. People go on meanwhile."""
        booking_id = _booking_of(row)

        def done() -> None:
            del self._under_way[booking_id]
            outcome.done()

        def failed(failure: BaseException) -> None:
            del self._under_way[booking_id]
            outcome.failed(failure)

        self.frame.toast(_ASKING)
        self._under_way[booking_id] = self.bench.runner.run(
            lambda: self.bench.invoices.ask_number(series, document_id),
            lambda answer: self.bench.acting.do(lambda _: issuing(answer), then=done, on_failed=failed),
            on_failed=failed,
            words="Asking for a number",
        )

    def _issued(self, row: InvoiceRow, document_id: UUID) -> None:
        self._page.follow(row.document_id, document_id)
        self.frame.toast("The invoice is issued." if row.status == "draft" else "The credit note is issued.")

    def ask_credit_note(self, row: InvoiceRow) -> None:
        """Ask how much of an invoice is taken back, and why."""
        if self._is_under_way(row):
            return
        dialog, document_id = CreditDialog(self.bench.theme, self.frame.window, row), new_id()

        def act(draft: CreditDraft, outcome: Outcome) -> None:
            crediting = partial(self._crediting, draft, document_id)
            self._with_number(row, document_id, series=Series.CREDIT, issuing=crediting, outcome=outcome)

        self.ask_in_steps(dialog, act, then=lambda _: self._issued(row, document_id), aside=True)

    def _crediting(self, draft: CreditDraft, document_id: UUID, answer: LeaseAnswer | None) -> DataChanges:
        return self.bench.invoices.issue_credit_note(
            draft, document_id=document_id, answer=answer, initiator=_INITIATOR
        )

    # --- paper and file -----------------------------------------------------------------------------------

    def print_document(self, row: InvoiceRow) -> None:
        """The system's own print dialog, then paper."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(row.printed_number or "Draft")
        dialog = QPrintDialog(printer, self.frame.window)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.print_to(row, printer)

    def print_to(self, row: InvoiceRow, printer: QPrinter) -> None:
        """Print a document on a printer that was chosen."""

        def go_on(data: bytes) -> None:
            print_pdf(data, printer)
            self.frame.toast("Handed to the printer.")

        self.bench.runner.run(partial(self.read_pdf, row), go_on, words="Preparing the PDF")

    def export_document(self, row: InvoiceRow) -> None:
        """The system's own file dialog, then the same bytes."""
        path = choose_pdf_path(self.frame.window, row.printed_number or "Draft")
        if path is not None:
            self.export_to(row, path)

    def export_to(self, row: InvoiceRow, path: Path) -> None:
        """Write a document's bytes to a path."""

        def work() -> None:
            path.write_bytes(self.read_pdf(row))

        self.bench.runner.run(work, lambda _: self.frame.toast(f"Saved {path.name}."), words="Exporting")


def _booking_of(row: InvoiceRow) -> UUID:
    assert row.booking_id is not None, "a document is of a booking"
    return row.booking_id


def newest_document(record: BookingRecord) -> InvoiceRow:
    """The newest issued document of a booking that has one."""
    newest = record.documents[-1]
    return InvoiceRow(
        newest.document_id,
        newest.kind,
        newest.status,
        newest.printed_number,
        record.customer.name,
        newest.total_minor,
        newest.currency,
        booking_id=record.booking_id,
    )


def _draft(record: BookingRecord, next_number: str) -> InvoiceRow:
    return InvoiceRow(
        document_id=new_id(),
        kind="invoice",
        status="draft",
        printed_number=None,
        customer_name=record.customer.name,
        total_minor=record.total_minor,
        currency=record.currency,
        booking_id=record.booking_id,
        next_number=next_number,
    )
