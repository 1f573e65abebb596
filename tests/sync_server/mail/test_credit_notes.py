"""A refund of billed money makes its credit note by itself, once, with the next number."""

import hashlib
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from shared.clock import local_date
from shared.ids import new_id
from shared.invoice_pdf.document import content_hash, to_json
from shared.invoice_pdf.fonts import bundled_fonts
from shared.invoice_pdf.render import RENDERER_VERSION, render
from shared.models.slot import Slot
from shared.models.states import Series
from shared.services import invoicing, refund_outcomes
from shared.sync_protocol.operations import InvoiceIssue
from sync_server.services.document_files import FileKind
from sync_server.services.provider_events import system_act
from tests.sync_server.mail.mail_room import MailRoom

START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
EVENT = Slot(date(2027, 6, 12), time(14), date(2027, 6, 12), time(23), "Europe/Paris")


@pytest.fixture
def booking_id(room: MailRoom) -> UUID:
    """A confirmed booking with a paid deposit."""
    room.set_now(START)
    booking_id = room.a_booking(EVENT)
    room.pay(booking_id, 1)
    return booking_id


def _issue_invoice(room: MailRoom, booking_id: UUID) -> UUID:
    """As the desk issues it."""
    document_id = new_id()
    with room.units.transaction(room.t) as (unit, now):
        act = room.act(now)
        unit.begin_act(act)
        studio = unit.studios.settings(room.t)
        year = local_date(now, studio.zone).year
        number = invoicing.next_number_words(studio, Series.INVOICE, year, 1)
        snapshot = invoicing.compose_invoice(unit, act, booking_id, number=number)
        pdf_sha256 = hashlib.sha256(render(snapshot, None, bundled_fonts())).hexdigest()
        args = InvoiceIssue(
            id=document_id,
            booking_id=booking_id,
            series=Series.INVOICE,
            year=year,
            number=1,
            snapshot=to_json(snapshot),
            content_hash=content_hash(snapshot),
            pdf_sha256=pdf_sha256,
            renderer_version=RENDERER_VERSION,
        )
        invoicing.issue(unit, act, args)
    return document_id


def _refund(room: MailRoom, booking_id: UUID, amount_minor: int, reason: str = "goodwill") -> None:
    """Asked for by the owner, approved, and settled by the provider."""
    with room.units.transaction(room.t) as (unit, _):
        stage_id = room.stage(unit, booking_id, 1).id
    room.do(
        "refund.request",
        {
            "id": str(new_id()),
            "request_key": str(new_id()),
            "booking_id": str(booking_id),
            "lines": [{"stage_id": str(stage_id), "amount_minor": amount_minor}],
            "currency": "EUR",
            "reason_code": reason,
            "another": True,
        },
    )
    for row in room.rows("refund_request"):
        if row.status == "requested":
            room.do("refund.approve", {"id": str(row.id)})
    _settle(room)


def _settle(room: MailRoom) -> None:
    for row in room.rows("refund"):
        if row.status != "succeeded":
            room.execute_locked(f"UPDATE refund SET status = 'submitted' WHERE id = '{row.id}'")
            with room.units.transaction(room.t) as (unit, now):
                act = system_act(room.t, now, row.id, "refund", "re_1")
                unit.begin_act(act)
                refund_outcomes.settle(unit, act, row.id, ref=f"re_{row.id}")


def _credits(room: MailRoom) -> list[Any]:
    return [row for row in room.rows("document") if row.series == "credit"]


def test_a_refund_makes_its_credit_note_and_both_mails(room: MailRoom, booking_id: UUID) -> None:
    invoice_id = _issue_invoice(room, booking_id)
    _refund(room, booking_id, 24_500)
    room.work()
    (note,) = _credits(room)
    assert (note.printed_number, note.total_minor, note.refers_to) == (
        "BELLAWEDS-CN_2027_001",
        24_500,
        invoice_id,
    )
    assert note.chain_pos == 2
    assert room.files.get(room.t, note.pdf_sha256, kind=FileKind.DOCUMENT).data.startswith(b"%PDF-")
    assert {"refund_settled", "credit_note"} <= set(room.spooled())
    assert "Here is credit note BELLAWEDS-CN_2027_001 over 245.00 EUR" in room.text_of("credit_note")
    assert "Refunded on Monday 11 January 2027: 245.00 EUR" in room.text_of("refund_settled")
    audited = {row.action for row in room.rows("audit_log")}
    assert {"refund.settled", "document.issued"} <= audited


def test_a_fact_told_again_makes_no_second_note(room: MailRoom, booking_id: UUID) -> None:
    _issue_invoice(room, booking_id)
    _refund(room, booking_id, 24_500)
    room.work()
    room.execute("UPDATE event_outbox SET status = 'new', lease_until = NULL, next_try = now()")
    room.work()
    assert len(_credits(room)) == 1
    assert room.spooled().count("credit_note") == 1


def test_each_refund_has_a_note_and_the_next_number(room: MailRoom, booking_id: UUID) -> None:
    _issue_invoice(room, booking_id)
    _refund(room, booking_id, 10_000)
    room.work()
    _refund(room, booking_id, 20_000)
    room.work()
    assert sorted((row.number, row.total_minor) for row in _credits(room)) == [(1, 10_000), (2, 20_000)]


def test_money_that_was_never_billed_makes_no_note(room: MailRoom, booking_id: UUID) -> None:
    _refund(room, booking_id, 24_500)
    room.work()
    assert _credits(room) == []
    assert "refund_settled" in room.spooled()


def test_a_cancellation_credits_what_was_billed_and_never_paid(room: MailRoom, booking_id: UUID) -> None:
    _issue_invoice(room, booking_id)
    room.do("booking.cancel", {"id": str(booking_id), "reason": "studio_cancelled", "refund": False})
    room.work()
    (note,) = _credits(room)
    assert note.total_minor == 122_500  # the remainder: the deposit was paid and is kept
