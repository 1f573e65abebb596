"""Decides what an invoice or credit note says, and in which words: from plain facts to the snapshot.

It reads no clock, no database and no settings: who calls it brings the facts and their sums.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from shared.invoice_pdf.document import (
    Bank,
    DocumentLine,
    DocumentNumber,
    Figures,
    Look,
    Paper,
    PaperBox,
    PaperLine,
    PaperTable,
    PaperTotal,
    Party,
    Payment,
    Reference,
    Snapshot,
)
from shared.invoice_pdf.payment_code import payment_code
from shared.invoice_pdf.wording import Wording, iban_in_groups, wording
from shared.models.states import DocumentKind
from shared.policies.brand_colour import brand_colours
from shared.policies.pricing_policy import DocumentSums, PriceMode

DEFAULT_COLOUR: Final = "#1F6F5C"
STRONG, LAST = "strong", "last"


@dataclass(frozen=True)
class InvoiceFacts:
    """What a document is about. ``number`` is None for a draft; ``lines`` stand in the order of the sums.

    ``references`` of a credit note: first the document that it credits, then earlier credit notes on that
    one; ``remains_paid`` says that what remains of it is paid, ``more_goes_back`` that not all of it is kept
    (other refunds are on their way). ``subject`` may have several lines; without
    one it says booking, date and place. The small print is ``opening``, a sentence on tax, then ``terms`` by
    paragraph, the first one running on. ``payment_qr`` is ``none`` or ``epc``.
    """

    kind: DocumentKind
    number: DocumentNumber | None
    issue_date: date
    issued_at_utc: datetime
    supply_date: date
    zone: str
    currency: str
    seller: Party
    buyer: Party
    lines: tuple[DocumentLine, ...]
    language: str = "en"
    bank: Bank | None = None
    booking_name: str = ""
    event_date: date | None = None
    place: str = ""
    subject: str = ""
    payments: tuple[Payment, ...] = ()
    references: tuple[Reference, ...] = ()
    remains_paid: bool = False
    more_goes_back: bool = False
    due_date: date | None = None
    pay_link_on: date | None = None
    tax_reasons: tuple[str, ...] = ()
    opening: str = ""
    terms: tuple[str, ...] = ()
    colour: str = DEFAULT_COLOUR
    logo_sha256: str | None = None
    payment_qr: str = "none"
    practice: bool = False
    e_invoice: str = "none"


def build_snapshot(facts: InvoiceFacts, sums: DocumentSums) -> Snapshot:
    """The document that follows from facts and sums; the same input gives the same snapshot.

    Raises CurrencyUnknown, FieldInvalid (colour). That every line has its sum is asserted.
    """
    assert len(facts.lines) == len(sums.line_amounts_minor), "every line has its sum"
    assert facts.currency == sums.currency, "facts and sums are of one currency"
    light = brand_colours(facts.colour).light
    return Snapshot(
        kind=facts.kind,
        number=facts.number,
        issue_date=facts.issue_date,
        issued_at_utc=facts.issued_at_utc,
        supply_date=facts.supply_date,
        zone=facts.zone,
        currency=facts.currency,
        language=facts.language,
        seller=facts.seller,
        buyer=facts.buyer,
        bank=facts.bank,
        figures=Figures(
            price_mode=sums.price_mode.value,
            lines=facts.lines,
            sums=sums,
            payments=facts.payments,
            references=facts.references,
        ),
        look=Look(accent=light.accent, accent_soft=light.accent_soft, logo_sha256=facts.logo_sha256),
        practice=facts.practice,
        paper=_paper(facts, sums, wording(facts.language)),
        due_date=facts.due_date,
        e_invoice=facts.e_invoice,
    )


def _paper(facts: InvoiceFacts, sums: DocumentSums, say: Wording) -> Paper:
    seller, buyer = facts.seller, facts.buyer
    band = (say.label("mark_practice"), say.label("practice_sentence"))
    box = _remains if facts.kind is DocumentKind.CREDIT else _how_to_pay
    marks = (("mark_draft", facts.number is None), ("mark_practice", facts.practice))
    return Paper(
        title=_clean(say.label(f"kind_{facts.kind.value}")),
        number=facts.number.printed if facts.number else say.label("draft_number"),
        sender=_texts([seller.name, *seller.street, _place(seller), seller.phone, seller.email]),
        sender_line=", ".join(_texts([seller.name, *seller.street, seller.town])),
        buyer=_texts([buyer.name, *buyer.street, buyer.town, buyer.country, *_buyer_ids(facts, say)]),
        facts=_facts(facts, say),
        subject=_texts((facts.subject or _default_subject(facts, say)).split("\n")),
        table_head=(
            say.label("description"),
            say.label("quantity"),
            say.label("price", currency=facts.currency),
            say.label("amount", currency=facts.currency),
        ),
        lines=_lines(facts, sums, say),
        carried_forward=say.label("carried_forward"),
        brought_forward=say.label("brought_forward"),
        taxes=_taxes(sums, say),
        payments=_payments(facts, say),
        totals=_totals(facts, sums, say),
        box=box(facts, sums, say),
        terms=_terms(facts, sums, say),
        footer=_footer(facts, say),
        page_of=say.label("page_of", page="{page}", pages="{pages}"),
        marks=tuple(say.label(key) for key, wanted in marks if wanted),
        practice_band=band if facts.practice else None,
    )


def _facts(facts: InvoiceFacts, say: Wording) -> tuple[tuple[str, str], ...]:
    credit = facts.kind is DocumentKind.CREDIT
    number = facts.number.printed if facts.number else say.label("draft_number")
    rows = [(say.label(f"kind_{facts.kind.value}"), number), (say.label("date"), say.day(facts.issue_date))]
    if credit and facts.references:
        credited = facts.references[0]
        rows += [
            (say.label("for_invoice"), credited.printed_number),
            (say.label("invoice_date"), say.day(credited.issue_date)),
        ]
    if not credit:
        rows.append((say.label("supply_date"), say.day(facts.supply_date)))
    if facts.booking_name:
        when = say.day(facts.event_date) if facts.event_date else ""
        rows.append((say.label("booking"), ", ".join(_texts([facts.booking_name, when]))))
    if facts.due_date and not credit:
        rows.append((say.label("due"), say.day(facts.due_date)))
    return tuple((_clean(label), _clean(value)) for label, value in rows)


def _default_subject(facts: InvoiceFacts, say: Wording) -> str:
    when = say.weekday_and_day(facts.event_date) if facts.event_date else ""
    return ", ".join(_texts([facts.booking_name, when, facts.place]))


def _lines(facts: InvoiceFacts, sums: DocumentSums, say: Wording) -> tuple[PaperLine, ...]:
    rows = []
    carried = 0
    for position, (line, amount) in enumerate(
        zip(facts.lines, sums.line_amounts_minor, strict=True), start=1
    ):
        carried += amount
        discounts = []
        if line.priced.discount_percent:
            discounts.append(say.label("discount_percent", percent=say.percent(line.priced.discount_percent)))
        if line.priced.discount_amount:
            taken_off = f"{say.price(line.priced.discount_amount, facts.currency)} {facts.currency}"
            discounts.append(say.label("discount_amount", amount=taken_off))
        rows.append(
            PaperLine(
                position=str(position),
                title=_clean(line.title),
                detail="\n".join(_texts([*line.detail.split("\n"), *discounts])),
                quantity=say.quantity(line.priced.quantity),
                price=say.price(line.priced.unit_price, facts.currency),
                amount=say.number(amount, facts.currency),
                carried=say.number(carried, facts.currency),
            )
        )
    return tuple(rows)


def _taxes(sums: DocumentSums, say: Wording) -> PaperTable:
    head = [say.label(key, currency=sums.currency) for key in ("tax", "tax_net", "tax_tax", "tax_gross")]
    rows = tuple(
        (
            say.percent(part.tax.percent),
            say.number(part.net_minor, sums.currency),
            say.number(part.tax_minor, sums.currency),
            say.number(part.gross_minor, sums.currency),
        )
        for part in sums.taxes
    )
    return PaperTable(tuple(head), rows)


def _payments(facts: InvoiceFacts, say: Wording) -> PaperTable | None:
    if not facts.payments:
        return None
    title = say.label("refunded" if facts.kind is DocumentKind.CREDIT else "payments")
    rows = tuple(
        (say.day(payment.on), _clean(payment.text), say.number(payment.amount_minor, facts.currency))
        for payment in facts.payments
    )
    return PaperTable((title, "", facts.currency), rows)


def _totals(facts: InvoiceFacts, sums: DocumentSums, say: Wording) -> tuple[PaperTotal, ...]:
    def money(amount_minor: int) -> str:
        return say.money(amount_minor, sums.currency)

    rows = [PaperTotal(say.label("total_net"), money(sums.total_net_minor))]
    discount = sum(part.discount_minor for part in sums.taxes)
    if discount:
        full = sums.total_net_minor + discount
        rows[0] = PaperTotal(say.label("total_net"), money(full))
        rows.append(PaperTotal(say.label("total_discount"), money(-discount)))
    for part in sums.taxes:
        label = say.label("total_tax", percent=say.percent(part.tax.percent))
        rows.append(PaperTotal(label, money(part.tax_minor)))
    rounding = (
        [PaperTotal(say.label("total_rounding"), money(sums.rounding_minor))] if sums.rounding_minor else []
    )
    if facts.kind is DocumentKind.CREDIT:
        return (*rows, *rounding, PaperTotal(say.label("total_credited"), money(sums.payable_minor), LAST))
    rows.append(PaperTotal(say.label("total"), money(sums.total_minor), STRONG))
    rows += rounding
    if sums.paid_minor:
        rows.append(PaperTotal(say.label("total_paid"), money(-sums.paid_minor)))
    rows.append(PaperTotal(_due_label(facts, sums, say), money(abs(sums.due_minor)), LAST))
    return tuple(rows)


def _due_label(facts: InvoiceFacts, sums: DocumentSums, say: Wording) -> str:
    if sums.due_minor < 0:
        return say.label("total_overpaid")
    if sums.due_minor == 0:
        return say.label("total_settled")
    if facts.due_date:
        return say.label("total_due_by", date=say.day(facts.due_date))
    return say.label("total_due")


def _how_to_pay(facts: InvoiceFacts, sums: DocumentSums, say: Wording) -> PaperBox | None:
    number = facts.number.printed if facts.number else say.label("draft_number")
    rows = []
    if facts.pay_link_on:
        rows.append((say.label("pay_card"), say.label("pay_card_text", date=say.day(facts.pay_link_on))))
    if facts.bank:
        holder = facts.bank.holder or facts.seller.name
        text = say.label("pay_transfer_text", holder=holder, iban=iban_in_groups(facts.bank.iban))
        rows.append((say.label("pay_transfer"), text))
    if sums.due_minor <= 0 or not rows:
        return None
    rows.append((say.label("pay_reference"), number))
    amount = say.money(sums.due_minor, sums.currency)
    title = say.label("how_to_pay", amount=amount)
    if facts.due_date:
        title = say.label("how_to_pay_by", amount=amount, date=say.day(facts.due_date))
    code = ""
    if facts.payment_qr == "epc" and facts.bank and facts.number:
        code = payment_code(facts.bank, facts.seller.name, sums, reference=facts.number.printed)
    return PaperBox(
        title=title,
        rows=tuple((label, _clean(text)) for label, text in rows),
        code=code,
        code_caption=say.label("code_caption") if code else "",
    )


def _remains(facts: InvoiceFacts, sums: DocumentSums, say: Wording) -> PaperBox | None:
    if not facts.references:
        return None
    credited, *others = facts.references
    left = credited.amount_minor - sum(other.amount_minor for other in others) - sums.payable_minor
    label = say.label("remains_invoice", number=credited.printed_number)
    rows = [_remain_row(label, credited.issue_date, credited.amount_minor, facts, say)]
    for other in others:
        key = "remains_credit_remark" if other.remark else "remains_credit"
        label = say.label(key, number=other.printed_number, remark=other.remark)
        rows.append(_remain_row(label, other.issue_date, -other.amount_minor, facts, say))
    rows.append(_remain_row(say.label("remains_this"), facts.issue_date, -sums.payable_minor, facts, say))
    kept = "remains_kept_paid" if facts.remains_paid else "remains_kept"
    if facts.more_goes_back:
        kept = "remains_rest"
    return PaperBox(
        title=say.label("remains", number=credited.printed_number),
        rows=tuple(rows),
        sum_row=(say.label(kept if left else "remains_nothing"), say.money(left, facts.currency)),
    )


def _remain_row(
    label: str, on: date, amount_minor: int, facts: InvoiceFacts, say: Wording
) -> tuple[str, str, str]:
    return (_clean(label), say.day(on), say.money(amount_minor, facts.currency))


def _terms(facts: InvoiceFacts, sums: DocumentSums, say: Wording) -> tuple[str, ...]:
    mode = "prices_inclusive" if sums.price_mode is PriceMode.INCLUSIVE else "prices_exclusive"
    tax_sentence = say.label(mode) if sums.total_tax_minor else ""
    first, *others = facts.terms or ("",)
    return _texts([" ".join(_texts([facts.opening, tax_sentence, first])), *others, *facts.tax_reasons])


def _footer(facts: InvoiceFacts, say: Wording) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    seller, bank = facts.seller, facts.bank
    ids = [
        *seller.registrations[:1],
        say.label("vat_id", vat_id=seller.vat_id) if seller.vat_id else "",
        say.label("tax_number", tax_number=seller.tax_number) if seller.tax_number else "",
        *seller.registrations[1:],
    ]
    account = []
    if bank:
        account = [
            say.label("iban", iban=iban_in_groups(bank.iban)),
            say.label("bic", bic=bank.bic) if bank.bic else "",
            bank.name,
        ]
    return (_texts([seller.name, *seller.street, _place(seller)]), _texts(ids), _texts(account))


def _place(party: Party) -> str:
    return ", ".join(_texts([party.town, party.country]))


def _buyer_ids(facts: InvoiceFacts, say: Wording) -> list[str]:
    return [say.label("buyer_vat_id", vat_id=facts.buyer.vat_id)] if facts.buyer.vat_id else []


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    """Cleaned texts, without the empty ones."""
    return tuple(clean for clean in map(_clean, texts) if clean)


def _clean(text: str) -> str:
    """NFC, control characters as spaces, no space at the ends."""
    plain = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return unicodedata.normalize("NFC", plain).strip()
