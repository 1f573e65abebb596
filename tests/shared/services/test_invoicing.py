"""An invoice is composed, issued once, never believed, and credited exactly."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from shared.errors import BadContent, CreditAboveInvoice, NumberConflict, TaxDataMissing
from shared.ids import new_id
from shared.invoice_pdf.document import Snapshot, content_hash, to_json
from shared.models.refund import Refund
from shared.models.states import Channel, Series
from shared.services import invoicing
from tests.builders.studio_world import StudioWorld, sqlite_world


@pytest.fixture
def world() -> Iterator[StudioWorld]:
    with sqlite_world() as world:
        world.do(
            "settings.edit",
            {"id": str(world.tenant_id), "patch": {"vat_id": {"from": "", "to": "FR00 123 456 789"}}},
        )
        yield world


def composed(world: StudioWorld, booking_id: UUID, n: int) -> Snapshot:
    with world.unit() as unit:
        studio = unit.studios.settings(world.tenant_id)
        number = invoicing.next_number_words(studio, Series.INVOICE, world.now.year, n)
        return invoicing.compose_invoice(unit, world.act(), booking_id, number=number)


def issue_args(booking_id: UUID, snapshot: Snapshot, **fields: object) -> dict[str, Any]:
    assert snapshot.number is not None
    return {
        "id": str(new_id()),
        "booking_id": str(booking_id),
        "series": snapshot.number.series.value,
        "year": snapshot.number.year,
        "number": snapshot.number.number,
        "snapshot": to_json(snapshot),
        "content_hash": content_hash(snapshot),
        "pdf_sha256": "0" * 64,
        "renderer_version": "test",
        **fields,
    }


def test_an_issued_invoice_keeps_the_sums_and_the_number(world: StudioWorld) -> None:
    booking_id = world.a_booking(package_id=world.a_package(tax_percent="20"))
    args = issue_args(booking_id, composed(world, booking_id, 1))
    world.do("invoice.issue", args)
    world.do("invoice.issue", args)
    with world.unit() as unit:
        document = unit.documents.of_booking(world.tenant_id, booking_id)[0]
        assert document.printed_number == "BELLAWEDS_2026_001"
        assert (document.total_net_minor, document.total_tax_minor) == (204167, 40833)
        assert document.due_minor == 245000


def test_a_document_that_does_not_add_up_is_refused(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    args = issue_args(booking_id, composed(world, booking_id, 1))
    cheaper = args["snapshot"] | {"currency": "USD"}
    wrongs: tuple[dict[str, Any], ...] = (
        {"content_hash": "1" * 64},
        {"number": 2},
        {"snapshot": cheaper},
        {"snapshot": {}},
    )
    for wrong in wrongs:
        with pytest.raises(BadContent):
            world.do("invoice.issue", args | wrong)


def test_a_number_is_used_once(world: StudioWorld) -> None:
    first, second = world.a_booking(), world.a_booking()
    world.do("invoice.issue", issue_args(first, composed(world, first, 1)))
    with pytest.raises(NumberConflict):
        world.do("invoice.issue", issue_args(second, composed(world, second, 1)))


def test_a_second_invoice_of_one_booking_is_kept_and_told(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    world.do("invoice.issue", issue_args(booking_id, composed(world, booking_id, 1)))
    outcome = world.do("invoice.issue", issue_args(booking_id, composed(world, booking_id, 2)))
    assert outcome.code == "duplicate_invoice"


def test_taxed_lines_need_the_studios_tax_number(world: StudioWorld) -> None:
    booking_id = world.a_booking(package_id=world.a_package(tax_percent="20"))
    world.do(
        "settings.edit",
        {"id": str(world.tenant_id), "patch": {"vat_id": {"from": "FR00 123 456 789", "to": ""}}},
    )
    with pytest.raises(TaxDataMissing):
        composed(world, booking_id, 1)


def test_an_invoice_is_credited_up_to_its_sum_and_no_further(world: StudioWorld) -> None:
    booking_id = world.a_booking(package_id=world.a_package(tax_percent="20"))
    args = issue_args(booking_id, composed(world, booking_id, 1))
    world.do("invoice.issue", args)
    document_id = UUID(args["id"])

    def credit(n: int, amount_minor: int) -> Snapshot:
        with world.unit() as unit:
            studio = unit.studios.settings(world.tenant_id)
            number = invoicing.next_number_words(studio, Series.CREDIT, world.now.year, n)
            return invoicing.compose_credit_note(
                unit, world.act(), document_id, amount_minor=amount_minor, words="Cancelled", number=number
            )

    for n, amount_minor in ((1, 73501), (2, 171499)):
        snapshot = credit(n, amount_minor)
        world.do("credit.issue", issue_args(booking_id, snapshot, refers_to=str(document_id)))
    with world.unit() as unit:
        invoice = unit.documents.get(world.tenant_id, document_id)
        assert invoicing.creditable_of(unit, invoice) == 0
        notes = unit.documents.credits_of(world.tenant_id, document_id)
        assert [note.printed_number for note in notes] == ["BELLAWEDS-CN_2026_001", "BELLAWEDS-CN_2026_002"]
        assert sum(note.total_minor + note.rounding_minor for note in notes) == 245000
    with pytest.raises(CreditAboveInvoice):
        credit(3, 1)


def test_a_credit_note_calls_nothing_kept_while_more_goes_back(world: StudioWorld) -> None:
    booking_id = world.a_booking(package_id=world.a_package(tax_percent="20"))
    args = issue_args(booking_id, composed(world, booking_id, 1))
    world.do("invoice.issue", args)
    document_id = UUID(args["id"])
    with world.unit() as unit:
        for stage in unit.stages.of_booking(world.tenant_id, booking_id):
            unit.refunds.add(
                world.tenant_id,
                Refund(
                    tenant_id=world.tenant_id,
                    id=new_id(),
                    booking_id=booking_id,
                    request_id=None,
                    stage_id=stage.id,
                    channel=Channel.MANUAL,
                    amount_minor=98000,
                    currency="EUR",
                    approved_at=world.now,
                ),
            )

    def last_line(n: int) -> tuple[str, str]:
        with world.unit() as unit:
            number = invoicing.next_number_words(
                unit.studios.settings(world.tenant_id), Series.CREDIT, world.now.year, n
            )
            snapshot = invoicing.compose_credit_note(
                unit, world.act(), document_id, amount_minor=98000, words="Cancelled", number=number
            )
        world.do("credit.issue", issue_args(booking_id, snapshot, refers_to=str(document_id)))
        assert snapshot.paper.box is not None
        assert snapshot.paper.box.sum_row is not None
        return snapshot.paper.box.sum_row

    assert last_line(1) == ("Remains, more is on its way back", "1,470.00\xa0EUR")
    assert last_line(2) == ("Kept by the studio", "490.00\xa0EUR")
