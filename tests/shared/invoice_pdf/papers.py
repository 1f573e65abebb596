# ruff: noqa: ANN401 - builders take any field of the facts
"""The papers of the story: Zoë Brûlé, Full day, 12 June 2027; every test changes only what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared.invoice_pdf.composing import InvoiceFacts, build_snapshot
from shared.invoice_pdf.document import (
    Bank,
    DocumentLine,
    DocumentNumber,
    Party,
    Payment,
    Reference,
    Snapshot,
)
from shared.models.states import DocumentKind, Series
from shared.policies.pricing_policy import PricedLine, PriceMode, TaxRate, credit_sums, invoice_sums

LOGO_FILE = Path(__file__).parents[3] / "resources" / "practice" / "bella_weddings.jpg"
VAT = TaxRate.of_percent("20")

BELLA = Party(
    name="Bella Weddings",
    street=("14 rue des Tilleuls",),
    town="95440 Écouen",
    country="France",
    country_code="FR",
    phone="01 99 00 42 17",
    email="hello@bellaweddings.example",
    vat_id="FR00 123 456 789",
    registrations=("SIRET 123 456 789 00012", "Owner: Clara Moreau"),
)
ZOE = Party(name="Zoë Brûlé", street=("8 rue de la Fontaine",), town="75016 Paris", country="France")
WEDDING = (
    "Photography for the wedding of Zoë Brûlé and Malik Haddad,\nSaturday 12 June 2027, Château d’Écouen"
)
POLICY = (
    "If you cancel, the studio keeps nothing until 14 December 2026, 490.00\u00a0EUR until 14 March 2027, "
    "1,225.00\u00a0EUR until 13 May 2027 and 1,960.00\u00a0EUR after that, and refunds the rest."
)
LATE = "For late payment by businesses: interest at three times the legal rate and 40.00 EUR for collection."
BANK = Bank(iban="FR7630006000011234567890189", bic="EXMPFRPPXXX", name="Exemple Banque, Paris")


@lru_cache(maxsize=1)
def logo() -> bytes:
    return LOGO_FILE.read_bytes()


def a_line(
    title: str = "Full day", detail: str = "", price: str = "2450.00", quantity: str = "1"
) -> DocumentLine:
    return DocumentLine(title, PricedLine(Decimal(quantity), Decimal(price), VAT), detail)


def a_number(printed: str = "BELLAWEDS_2026_041") -> DocumentNumber:
    code, year, number = printed.rsplit("_", 2)
    series = Series.CREDIT if code.endswith("-CN") else Series.INVOICE
    return DocumentNumber(series, int(year), int(number), printed)


def invoice_facts(**changed: Any) -> InvoiceFacts:
    facts = InvoiceFacts(
        kind=DocumentKind.INVOICE,
        number=a_number(),
        issue_date=date(2026, 11, 23),
        issued_at_utc=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        supply_date=date(2027, 6, 12),
        zone="Europe/Paris",
        currency="EUR",
        seller=BELLA,
        buyer=ZOE,
        lines=(
            a_line("Full day", "Two photographers from 14:00 to 23:30, edited pictures within six weeks"),
            a_line("Online gallery", "Twelve months, with download and private link", "0.00"),
            a_line("Travel", "Within 50 km of the studio", "0.00"),
        ),
        bank=BANK,
        booking_name="Full day",
        event_date=date(2027, 6, 12),
        subject=WEDDING,
        payments=(Payment(date(2026, 11, 20), "Deposit, Visa ending 4242", 122500),),
        due_date=date(2027, 6, 9),
        pay_link_on=date(2027, 6, 5),
        opening="Thank you for your trust.",
        terms=(
            POLICY,
            LATE,
        ),
        logo_sha256=sha256(logo()).hexdigest(),
        payment_qr="epc",
    )
    return replace(facts, **changed)


def an_invoice(*, currency: str = "EUR", **changed: Any) -> Snapshot:
    facts = invoice_facts(currency=currency, **changed)
    priced = [line.priced for line in facts.lines]
    paid = sum(payment.amount_minor for payment in facts.payments)
    sums = invoice_sums(priced, price_mode=PriceMode.INCLUSIVE, currency=currency, paid_minor=paid)
    return build_snapshot(facts, sums)


def a_draft() -> Snapshot:
    return an_invoice(number=None)


def a_practice_invoice(**changed: Any) -> Snapshot:
    return an_invoice(practice=True, **changed)


def an_invoice_of(lines: int) -> Snapshot:
    return an_invoice(
        lines=tuple(a_line(f"Service {number}", "One hour", "8.50") for number in range(1, lines + 1)),
        payments=(),
    )


def a_credit_note(**changed: Any) -> Snapshot:
    invoice = invoice_sums([a_line().priced], price_mode=PriceMode.INCLUSIVE, currency="EUR")
    dropped = credit_sums(invoice, 122500)
    facts = invoice_facts(
        kind=DocumentKind.CREDIT,
        number=a_number("BELLAWEDS-CN_2027_002"),
        issue_date=date(2027, 3, 5),
        issued_at_utc=datetime(2027, 3, 5, 10, 0, tzinfo=UTC),
        lines=(
            a_line(
                "Full day, part of the deposit",
                "Cancelled 103 days before the day. The studio keeps 20\u00a0% of 2,450.00\u00a0EUR, "
                "that is 490.00\u00a0EUR; the rest of the deposit of 1,225.00\u00a0EUR is refunded.",
                "735.00",
            ),
        ),
        subject="Refund after the cancellation of 1 March 2027,\n"
        "wedding of Zoë Brûlé and Malik Haddad on Saturday 12 June 2027",
        payments=(Payment(date(2027, 3, 5), "To Visa ending 4242", 73500),),
        references=(
            Reference("BELLAWEDS_2026_041", date(2026, 11, 23), 245000),
            Reference(
                "BELLAWEDS-CN_2027_001",
                date(2027, 3, 1),
                122500,
                kind=DocumentKind.CREDIT,
                remark="remainder no longer due",
            ),
        ),
        remains_paid=True,
        due_date=None,
        opening="Most banks show the refund within 5 to 10 working days. Nothing more is due. "
        "Please keep this credit note together with the invoice.",
        terms=(),
    )
    facts = replace(facts, **changed)
    return build_snapshot(facts, credit_sums(invoice, 73500, [dropped]))
