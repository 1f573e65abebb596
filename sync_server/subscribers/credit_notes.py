"""Issues the credit note that follows from money given back, or never owed any more, after an invoice.

A refund credits the part of it that an issued document covers; a cancellation credits what was billed, never
paid and is no longer asked for. So invoice less credit notes is what the studio keeps.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from shared.clock import local_date
from shared.errors import Busy
from shared.ids import TenantId, derived_id
from shared.invoice_pdf.document import Snapshot, content_hash, to_json
from shared.invoice_pdf.fonts import bundled_fonts
from shared.invoice_pdf.render import RENDERER_VERSION, render
from shared.models.act import Act, Actor, ActorKind
from shared.models.document import Document
from shared.models.states import ReasonCode, Series, StageKind
from shared.services import invoicing
from shared.sync_protocol.operations import InvoiceIssue
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.event_outbox import OutboxFact
from sync_server.services.document_files import DocumentFiles, FileKind
from sync_server.services.number_leases import NumberLeases

log = structlog.get_logger()

WORDS: Final[Mapping[ReasonCode, str]] = {
    ReasonCode.CUSTOMER_CANCELLED: "Refund after your cancellation",
    ReasonCode.STUDIO_CANCELLED: "Refund, because we had to cancel",
    ReasonCode.DUPLICATE: "Refund of a double payment",
    ReasonCode.GOODWILL: "Refund",
    ReasonCode.CORRECTION: "Correction",
}
CANCELLED_WORDS: Final = "No longer due after the cancellation"

_NOT_BILLED: Final = frozenset({ReasonCode.SURPLUS, ReasonCode.PAID_AFTER_CANCEL})
"""This money was never on an invoice, or what it paid for was credited when the booking ended."""


@dataclass(frozen=True)
class _Wanted:
    booking_id: UUID
    amount_minor: int
    words: str
    cause_id: UUID


class CreditNotes:
    """The handler of that name."""

    def __init__(self, numbers: NumberLeases, files: DocumentFiles) -> None:
        self._numbers = numbers
        self._files = files

    def __call__(self, unit: UnitOfWork, now: datetime, fact: OutboxFact) -> None:
        """Credit what the fact calls for; a repetition finds its documents."""
        wanted = _of_refund(unit, fact) if fact.name == "RefundSettled" else _of_cancellation(unit, fact)
        if wanted is None or unit.documents.for_cause(fact.tenant_id, wanted.cause_id):
            return
        left_minor = wanted.amount_minor
        for invoice in _newest_first(unit, fact.tenant_id, wanted.booking_id):
            part_minor = min(left_minor, invoicing.creditable_of(unit, invoice))
            if part_minor > 0:
                self._issue(unit, now, invoice, wanted, part_minor)
                left_minor -= part_minor

    def _issue(
        self, unit: UnitOfWork, now: datetime, invoice: Document, wanted: _Wanted, amount_minor: int
    ) -> None:
        tenant_id = TenantId(invoice.tenant_id)
        document_id = derived_id(wanted.cause_id, "credit_note", invoice.id)
        act = Act(tenant_id, Actor(ActorKind.SYSTEM, document_id), now, document_id)
        studio = unit.studios.settings(tenant_id)
        year = local_date(now, studio.zone).year
        number = self._numbers.next_server_number(unit, tenant_id, Series.CREDIT, year)
        snapshot = invoicing.compose_credit_note(
            unit,
            act,
            invoice.id,
            amount_minor=amount_minor,
            words=wanted.words,
            number=invoicing.next_number_words(studio, Series.CREDIT, year, number),
        )
        pdf = render(snapshot, self._logo(tenant_id, snapshot), bundled_fonts())
        pdf_sha256 = hashlib.sha256(pdf).hexdigest()
        self._files.put(tenant_id, pdf_sha256, data=pdf, kind=FileKind.DOCUMENT)
        taken = self._numbers.take_server_number(
            unit, tenant_id, series=Series.CREDIT, year=year, number=number, document_id=document_id
        )
        if not taken:
            raise Busy  # the register was repaired meanwhile: the next try takes the next number
        args = InvoiceIssue(
            id=document_id,
            booking_id=invoice.booking_id,
            series=Series.CREDIT,
            year=year,
            number=number,
            snapshot=to_json(snapshot),
            content_hash=content_hash(snapshot),
            pdf_sha256=pdf_sha256,
            renderer_version=RENDERER_VERSION,
            refers_to=invoice.id,
            cause_id=wanted.cause_id,
        )
        invoicing.issue(unit, act, args)
        unit.session.flush()
        log.info("credit_note_issued", tenant_id=str(tenant_id), document_id=str(document_id))

    def _logo(self, tenant_id: UUID, snapshot: Snapshot) -> bytes | None:
        sha256 = snapshot.look.logo_sha256
        return self._files.get(tenant_id, sha256, kind=FileKind.BLOB).data if sha256 is not None else None


def _of_refund(unit: UnitOfWork, fact: OutboxFact) -> _Wanted | None:
    refund = unit.refunds.get(fact.tenant_id, fact.id_of("refund_id"))
    stage = unit.stages.get(fact.tenant_id, refund.stage_id)
    reason = ReasonCode.GOODWILL
    if refund.request_id is not None:
        reason = unit.refund_requests.get(fact.tenant_id, refund.request_id).reason_code
    if stage.kind is StageKind.SURPLUS or reason in _NOT_BILLED:
        return None
    return _Wanted(refund.booking_id, refund.amount_minor, WORDS[reason], refund.id)


def _of_cancellation(unit: UnitOfWork, fact: OutboxFact) -> _Wanted | None:
    """What was billed, never paid and is asked for no more; what was paid is credited when it goes back."""
    booking_id = fact.id_of("booking_id")
    never_paid_minor = sum(
        stage.amount_minor
        for stage in unit.stages.of_booking(fact.tenant_id, booking_id)
        if not stage.is_paid and stage.kind is not StageKind.SURPLUS
    )
    if not never_paid_minor:
        return None
    return _Wanted(booking_id, never_paid_minor, CANCELLED_WORDS, fact.event_id)


def _newest_first(unit: UnitOfWork, tenant_id: UUID, booking_id: UUID) -> list[Document]:
    documents = unit.documents.of_booking(tenant_id, booking_id)
    return [one for one in reversed(documents) if one.series is Series.INVOICE]
