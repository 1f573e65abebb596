"""Issuing an invoice or credit note: number, snapshot, PDF, then one commit; and looking at one.

The order keeps the law of numbers: the bytes are safe on the disk and the keyring knows the number before the
document exists.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from desktop.commands.desk import Desk, Intent
from desktop.data_changes import DataChanges
from desktop.local_store import file_queue
from desktop.local_store.blobs import BLOB, DOCUMENT, Blobs
from desktop.local_store.numbers import Numbers
from desktop.local_store.reading import open_unit
from desktop.local_store.replica import Connection
from desktop.local_store.sync_state import read_state
from shared.clock import local_date
from shared.errors import PdfNotReady
from shared.ids import TenantId, new_id
from shared.invoice_pdf.document import DocumentNumber, Snapshot, content_hash, to_json
from shared.invoice_pdf.fonts import bundled_fonts
from shared.invoice_pdf.render import RENDERER_VERSION, render
from shared.models.act import Act, Actor, ActorKind
from shared.models.states import Series
from shared.models.studio import Studio
from shared.services import invoicing
from shared.sync_protocol.numbers import LeaseAnswer, LeasedNumber, LeaseRequest
from shared.sync_protocol.operations import InvoiceIssue
from shared.unit_of_work import UnitOfWork

Compose = Callable[[UnitOfWork, Act, DocumentNumber | None], Snapshot]


class NumberOffice(Protocol):
    """Who gives out numbers, when it can be reached."""

    def lease_number(self, wish: LeaseRequest) -> LeaseAnswer | None:
        """One number for one document, or None within two seconds."""
        ...


@dataclass(frozen=True, slots=True)
class CreditDraft:
    """A credit note over a part of an invoice; ``words`` say why."""

    invoice_id: UUID
    booking_id: UUID
    amount_minor: int
    words: str


@dataclass(frozen=True, slots=True)
class _Paper:
    """A document that has its number and its bytes, but is not issued yet."""

    number: LeasedNumber
    snapshot: Snapshot
    pdf_sha256: str


class InvoiceDesk:
    """Documents at the desk. Previews run on any thread, issuing on the writer thread."""

    def __init__(self, desk: Desk, numbers: Numbers, blobs: Blobs, *, office: NumberOffice) -> None:
        self._desk = desk
        self._numbers = numbers
        self._blobs = blobs
        self._office = office

    # --- before -------------------------------------------------------------------------------------------

    def preview_invoice(self, booking_id: UUID) -> bytes:
        """The invoice as it would be issued now, marked as a draft. Raises TaxDataMissing and the like."""
        return self._preview(_invoice_of(booking_id))

    def preview_credit_note(self, draft: CreditDraft) -> bytes:
        """The credit note as it would be issued now, marked as a draft. Raises CreditAboveInvoice."""
        return self._preview(_credit_of(draft))

    def ask_number(self, series: Series, document_id: UUID) -> LeaseAnswer | None:
        """Ask the server for the document's number, for up to two seconds: never on the writer thread."""
        with self._reading() as (unit, act, connection):
            year = _year(act, unit.studios.settings(act.tenant_id))
            free = self._numbers.free(connection, series, year)
        return self._office.lease_number(
            LeaseRequest(
                request_id=new_id(),
                series=series,
                year=year,
                document_id=document_id,
                standing_next=free[0].number if free else None,
            )
        )

    # --- issue --------------------------------------------------------------------------------------------

    def issue_invoice(
        self,
        booking_id: UUID,
        *,
        document_id: UUID,
        answer: LeaseAnswer | None = None,
        initiator: str | None = None,
    ) -> DataChanges:
        """Issue the booking's invoice with the server's number, else the next standing one.

        Raises NoNumberLeft, TaxDataMissing, NothingToInvoice, TextNotPrintable, PdfNotReady, DiskFull.
        """
        paper = self._make_paper(_invoice_of(booking_id), Series.INVOICE, answer)
        args = self._args(paper, document_id, booking_id)
        return self._issue("invoice.issue", args, paper, initiator)

    def issue_credit_note(
        self,
        draft: CreditDraft,
        *,
        document_id: UUID,
        answer: LeaseAnswer | None = None,
        initiator: str | None = None,
    ) -> DataChanges:
        """Issue a credit note; raises as :meth:`issue_invoice`, and CreditAboveInvoice."""
        paper = self._make_paper(_credit_of(draft), Series.CREDIT, answer)
        args = self._args(paper, document_id, draft.booking_id)
        args = args.model_copy(update={"refers_to": draft.invoice_id, "cause_id": document_id})
        return self._issue("credit.issue", args, paper, initiator)

    # --- after --------------------------------------------------------------------------------------------

    def stored_pdf(self, pdf_sha256: str) -> bytes:
        """The issued bytes, checked. Raises PdfNotReady, FileDamaged."""
        data = self._blobs.get(DOCUMENT, pdf_sha256)
        if data is None:
            raise PdfNotReady
        return data

    # --- how ----------------------------------------------------------------------------------------------

    def _preview(self, compose: Compose) -> bytes:
        with self._reading() as (unit, act, _):
            snapshot = compose(unit, act, None)
        return render(snapshot, self._logo(snapshot), bundled_fonts())

    def _make_paper(self, compose: Compose, series: Series, answer: LeaseAnswer | None) -> _Paper:
        if answer is not None and answer.leased:
            with self._desk.store.writing() as connection:
                self._numbers.add(connection, answer.leased)
        with self._reading() as (unit, act, connection):
            studio = unit.studios.settings(act.tenant_id)
            number = self._choose(connection, series, _year(act, studio), answer)
            words = invoicing.next_number_words(studio, series, number.year, number.number)
            snapshot = compose(unit, act, words)
        data = render(snapshot, self._logo(snapshot), bundled_fonts())
        sha256 = self._blobs.put(DOCUMENT, data)
        assert sha256 == hashlib.sha256(data).hexdigest(), "a file stands under the hash of its bytes"
        return _Paper(number, snapshot, sha256)

    def _choose(
        self, connection: Connection, series: Series, year: int, answer: LeaseAnswer | None
    ) -> LeasedNumber:
        if answer is not None and not answer.use_standing:
            for number in self._numbers.free(connection, series, year):
                if number.number in answer.numbers:
                    return number
        return self._numbers.lowest_free(connection, series, year)

    def _args(self, paper: _Paper, document_id: UUID, booking_id: UUID) -> InvoiceIssue:
        with self._desk.store.reading() as connection:
            device_id = read_state(connection).device_id
        return InvoiceIssue(
            id=document_id,
            booking_id=booking_id,
            series=paper.number.series,
            year=paper.number.year,
            number=paper.number.number,
            lease_id=paper.number.lease_id,
            device_id=device_id,
            snapshot=to_json(paper.snapshot),
            content_hash=content_hash(paper.snapshot),
            pdf_sha256=paper.pdf_sha256,
            renderer_version=RENDERER_VERSION,
        )

    def _issue(self, name: str, args: InvoiceIssue, paper: _Paper, initiator: str | None) -> DataChanges:
        def commit_with_it(connection: Connection) -> None:
            file_queue.send_document(connection, paper.pdf_sha256)
            self._numbers.take(connection, paper.number, args.id)

        return self._desk.carry_out(Intent(name, args), initiator=initiator, beside=commit_with_it)

    def _logo(self, snapshot: Snapshot) -> bytes | None:
        sha256 = snapshot.look.logo_sha256
        if sha256 is None:
            return None
        data = self._blobs.get(BLOB, sha256)
        if data is None:
            raise PdfNotReady
        return data

    @contextmanager
    def _reading(self) -> Iterator[tuple[UnitOfWork, Act, Connection]]:
        """What is here now, for composing; nothing that is done in it is kept."""
        with self._desk.store.reading() as connection:
            tenant_id = TenantId(read_state(connection).tenant_id)
            actor = Actor(ActorKind.STAFF, self._desk.user_id)
            act = Act(tenant_id, actor, self._desk.clock.now(), new_id())
            with open_unit(connection) as unit:
                yield unit, act, connection


def _invoice_of(booking_id: UUID) -> Compose:
    def compose(unit: UnitOfWork, act: Act, number: DocumentNumber | None) -> Snapshot:
        return invoicing.compose_invoice(unit, act, booking_id, number=number)

    return compose


def _credit_of(draft: CreditDraft) -> Compose:
    def compose(unit: UnitOfWork, act: Act, number: DocumentNumber | None) -> Snapshot:
        return invoicing.compose_credit_note(
            unit, act, draft.invoice_id, amount_minor=draft.amount_minor, words=draft.words, number=number
        )

    return compose


def _year(act: Act, studio: Studio) -> int:
    return local_date(act.at, studio.zone).year
