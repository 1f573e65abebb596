"""What stands in a snapshot, and that it never changes on the way."""

import json
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shared.errors import BadContent, DocumentTooLarge
from shared.invoice_pdf.document import (
    DocumentLine,
    Payment,
    Snapshot,
    content_hash,
    from_json,
    to_canonical_json,
    to_json,
)
from shared.invoice_pdf.wording import wording
from shared.policies.pricing_policy import PricedLine, TaxRate
from tests.shared.invoice_pdf import papers


@pytest.mark.parametrize(
    "snapshot", [papers.an_invoice(), papers.a_draft(), papers.a_practice_invoice(), papers.a_credit_note()]
)
def test_a_snapshot_survives_storage_unchanged(snapshot: Snapshot) -> None:
    again = from_json(to_canonical_json(snapshot))
    assert again == snapshot
    assert from_json(json.loads(json.dumps(to_json(snapshot)))) == snapshot
    assert content_hash(again) == content_hash(snapshot)


def test_the_canonical_form_has_sorted_keys_no_spaces_and_numbers_as_text() -> None:
    text = to_canonical_json(papers.an_invoice()).decode()
    values = json.loads(text)
    assert text == json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert values["figures"]["sums"]["paid_minor"] == "122500"
    assert values["issued_at_utc"] == "2026-11-23T09:30:00Z"
    assert unicodedata.is_normalized("NFC", text)


def test_letters_typed_in_two_ways_give_one_hash() -> None:
    composed = papers.an_invoice(buyer=replace(papers.ZOE, name=unicodedata.normalize("NFC", "Zoë Brûlé")))
    apart = papers.an_invoice(buyer=replace(papers.ZOE, name=unicodedata.normalize("NFD", "Zoë Brûlé")))
    assert content_hash(composed) == content_hash(apart)


def test_every_change_changes_the_hash() -> None:
    hashes = {
        content_hash(snapshot)
        for snapshot in (
            papers.an_invoice(),
            papers.an_invoice(place="Écouen", subject=""),
            papers.an_invoice(colour="#7A2E5D"),
            papers.an_invoice(practice=True),
            papers.an_invoice(payments=()),
            papers.a_draft(),
        )
    }
    assert len(hashes) == 6


@pytest.mark.parametrize(
    "damage",
    [
        {"schema_version": "2"},
        {"kind": "receipt"},
        {"issue_date": "2026-02-30"},
        {"paper": None},
    ],
)
def test_what_is_no_snapshot_is_refused(damage: dict[str, object]) -> None:
    with pytest.raises(BadContent):
        from_json({**to_json(papers.an_invoice()), **damage})
    with pytest.raises(BadContent):
        from_json(b"{")


def test_a_snapshot_of_more_than_200_kib_is_refused() -> None:
    with pytest.raises(DocumentTooLarge):
        to_canonical_json(papers.an_invoice(terms=("long " * 45_000,)))


def test_an_invoice_says_what_is_due_and_by_when() -> None:
    paper = papers.an_invoice().paper
    assert [(row.label, row.amount) for row in paper.totals] == [
        ("Net", "2,041.67\u00a0EUR"),
        ("VAT 20\u00a0%", "408.33\u00a0EUR"),
        ("Total", "2,450.00\u00a0EUR"),
        ("Paid", "−1,225.00\u00a0EUR"),
        ("Due by 9\u00a0June\u00a02027", "1,225.00\u00a0EUR"),
    ]
    assert paper.box
    assert paper.box.title == "How to pay 1,225.00\u00a0EUR by 9\u00a0June\u00a02027"
    assert paper.facts[0] == ("Invoice", "BELLAWEDS_2026_041")
    assert paper.terms[0].startswith("Thank you for your trust. Prices include VAT. If you cancel,")


def test_a_paid_invoice_asks_for_nothing() -> None:
    paper = papers.an_invoice(payments=(Payment(date(2026, 11, 20), "Visa", 245000),)).paper
    assert (paper.totals[-1].label, paper.totals[-1].amount) == ("Paid in full, thank you", "0.00\u00a0EUR")
    assert paper.box is None


def test_the_rounding_stands_between_total_and_due() -> None:
    tax = TaxRate.of_percent("19")
    priced = PricedLine(Decimal(1), Decimal("99.99"), tax)
    paper = papers.an_invoice(lines=(DocumentLine("Session", priced),), payments=()).paper
    labels = [row.label for row in paper.totals]
    assert labels == ["Net", "VAT 19\u00a0%", "Total", "Rounding", "Due by 9\u00a0June\u00a02027"]
    assert [row.amount.split("\u00a0")[0] for row in paper.totals] == [
        "84.03",
        "15.97",
        "100.00",
        "−0.01",
        "99.99",
    ]


def test_a_credit_note_says_which_invoice_and_what_remains_of_it() -> None:
    paper = papers.a_credit_note().paper
    assert ("For invoice", "BELLAWEDS_2026_041") in paper.facts
    assert paper.totals[-1].label == "Credited"
    assert paper.totals[-1].amount == "735.00\u00a0EUR"
    assert paper.box
    assert paper.box.sum_row == ("Kept by the studio, paid in full", "490.00\u00a0EUR")
    assert [row[2] for row in paper.box.rows] == [
        "2,450.00\u00a0EUR",
        "−1,225.00\u00a0EUR",
        "−735.00\u00a0EUR",
    ]


def test_a_draft_has_no_number_and_no_payment_code() -> None:
    paper = papers.a_draft().paper
    assert (paper.number, paper.marks) == ("Draft", ("DRAFT",))
    assert paper.box
    assert paper.box.code == ""


def test_the_payment_code_is_that_of_the_bank_transfer_scheme() -> None:
    box = papers.an_invoice().paper.box
    assert box
    assert box.code.split("\n") == [
        "BCD", "002", "1", "SCT", "EXMPFRPPXXX", "Bella Weddings", "FR7630006000011234567890189",
        "EUR1225.00", "", "", "BELLAWEDS_2026_041",
    ]  # fmt: skip
    dollars = papers.an_invoice(currency="USD").paper.box
    assert dollars
    assert dollars.code == ""


def test_every_line_knows_the_sum_so_far() -> None:
    lines = papers.an_invoice_of(30).paper.lines
    assert (lines[0].carried, lines[9].carried, lines[29].carried) == ("8.50", "85.00", "255.00")


@pytest.mark.parametrize(
    ("language", "amount", "day"),
    [
        ("en", "−1,225.50\u00a0EUR", "12\u00a0June\u00a02027"),
        ("de", "−1.225,50\u00a0EUR", "12.\u00a0Juni\u00a02027"),
        ("fr", "−1\u202f225,50\u00a0EUR", "12\u00a0juin\u00a02027"),
        ("xx", "−1,225.50\u00a0EUR", "12\u00a0June\u00a02027"),
    ],
)
def test_sums_and_dates_are_worded_in_the_documents_language(language: str, amount: str, day: str) -> None:
    say = wording(language)
    assert say.money(-122550, "EUR") == amount
    assert say.day(date(2027, 6, 12)) == day


def test_currencies_keep_their_decimals() -> None:
    say = wording("en")
    assert (say.number(1500, "JPY"), say.number(1500, "KWD")) == ("1,500", "1.500")
    assert say.price(Decimal("0.0125"), "EUR") == "0.0125"
    assert say.quantity(Decimal("2.500")) == "2.5"
