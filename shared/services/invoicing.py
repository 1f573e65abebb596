"""Invoices and credit notes: what a booking's document says, and keeping one that was issued.

A document is composed and rendered by whoever issues it (the desk, or the server for its own ones), then
kept by :func:`issue`, which believes nothing: number, hash and sums are checked again.
"""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.clock import local_date
from shared.errors import (
    AlreadyIssued,
    BadContent,
    FieldInvalid,
    NothingToInvoice,
    NumberConflict,
    TaxDataMissing,
    ThingNotFound,
)
from shared.events import DocumentIssued
from shared.invoice_pdf.composing import InvoiceFacts, build_snapshot
from shared.invoice_pdf.document import (
    Bank,
    DocumentNumber,
    Party,
    Payment,
    Reference,
    Snapshot,
    content_hash,
    from_json,
    to_json,
)
from shared.invoice_pdf.document import DocumentLine as SnapshotLine
from shared.models.act import Act
from shared.models.booking import Booking, BookingLine
from shared.models.document import Document, DocumentLine, printed_number
from shared.models.payment import PaymentStage
from shared.models.states import DocumentKind, RefundStatus, Series, StageKind
from shared.models.studio import Customer, Studio
from shared.money import Money
from shared.policies.pricing_policy import (
    DocumentSums,
    PricedLine,
    PriceMode,
    TaxCategory,
    TaxRate,
    credit_sums,
    creditable_minor,
    invoice_sums,
)
from shared.sync_protocol.operations import InvoiceIssue
from shared.sync_protocol.results import IssueDraft, Outcome
from shared.unit_of_work import UnitOfWork

_WENT_NOWHERE = {RefundStatus.FAILED, RefundStatus.REJECTED, RefundStatus.CANCELED, RefundStatus.WITHDRAWN}
_STAGE_WORDS = {
    StageKind.FULL: "Payment",
    StageKind.DEPOSIT: "Deposit",
    StageKind.MIDDLE: "Part payment",
    StageKind.REMAINDER: "Remainder",
    StageKind.SURPLUS: "Surplus",
}


def next_number_words(studio: Studio, series: Series, year: int, number: int) -> DocumentNumber:
    """A number in its parts and as printed."""
    return DocumentNumber(series, year, number, printed_number(studio.code, series, year, number))


def compose_invoice(
    unit: UnitOfWork, act: Act, booking_id: UUID, *, number: DocumentNumber | None
) -> Snapshot:
    """What the booking's invoice says now; without a number it is a draft. Raises TaxDataMissing."""
    booking = unit.bookings.get(act.tenant_id, booking_id)
    studio = unit.studios.settings(act.tenant_id)
    stages = unit.stages.of_booking(act.tenant_id, booking.id)
    lines = [_line(booking, line) for line in unit.booking_lines.of_booking(act.tenant_id, booking.id)]
    if not lines or booking.price_minor == 0:
        raise NothingToInvoice
    sums = invoice_sums(
        [line.priced for line in lines],
        price_mode=PriceMode(booking.price_mode),
        currency=booking.currency,
        agreed_minor=booking.price_minor,
        paid_minor=sum(stage.received_minor - stage.refunded_minor for stage in stages),
    )
    _check_tax_data(studio, sums)
    unpaid = [stage for stage in stages if stage.is_payable]
    facts = InvoiceFacts(
        kind=DocumentKind.INVOICE,
        number=number,
        supply_date=booking.start_date,
        lines=tuple(lines),
        event_date=booking.start_date,
        place=booking.place,
        payments=tuple(_payment(booking, stage) for stage in stages if stage.received_minor),
        due_date=max(stage.due_local_date for stage in unpaid) if unpaid else None,
        terms=tuple(part for part in studio.invoice_terms.split("\n\n") if part.strip()),
        payment_qr="epc" if studio.iban and booking.currency == "EUR" else "none",
        **_common(unit, act, studio, booking),
    )
    return build_snapshot(facts, sums)


def compose_credit_note(
    unit: UnitOfWork,
    act: Act,
    document_id: UUID,
    *,
    amount_minor: int,
    words: str,
    number: DocumentNumber | None,
) -> Snapshot:
    """What a credit note over a part of a document says; ``words`` tell why. Raises CreditAboveInvoice."""
    original = unit.documents.get(act.tenant_id, document_id)
    booking = unit.bookings.get(act.tenant_id, original.booking_id)
    studio = unit.studios.settings(act.tenant_id)
    credited = from_json(original.snapshot)
    earlier = unit.documents.credits_of(act.tenant_id, original.id)
    earlier_sums = [from_json(credit.snapshot).figures.sums for credit in earlier]
    sums = credit_sums(credited.figures.sums, amount_minor, earlier_sums)
    references = [
        Reference(original.printed_number, original.issue_date, credited.figures.sums.payable_minor)
    ]
    references += [
        Reference(credit.printed_number, credit.issue_date, part.payable_minor, kind=DocumentKind.CREDIT)
        for credit, part in zip(earlier, earlier_sums, strict=True)
    ]
    facts = InvoiceFacts(
        kind=DocumentKind.CREDIT,
        number=number,
        supply_date=original.supply_date,
        lines=tuple(_credit_lines(sums, words)),
        event_date=booking.start_date,
        place=booking.place,
        references=tuple(references),
        more_goes_back=_more_goes_back(
            unit, booking, sum(each.payable_minor for each in (*earlier_sums, sums))
        ),
        **_common(unit, act, studio, booking),
    )
    return build_snapshot(facts, sums)


def _more_goes_back(unit: UnitOfWork, booking: Booking, credited_minor: int) -> bool:
    """Whether refunds that have not failed come to more than is credited: what remains is not all kept."""
    refunds = unit.refunds.of_booking(booking.tenant_id, booking.id)
    return sum(each.amount_minor for each in refunds if each.status not in _WENT_NOWHERE) > credited_minor


def _common(unit: UnitOfWork, act: Act, studio: Studio, booking: Booking) -> dict[str, Any]:
    customer = unit.customers.find(act.tenant_id, booking.customer_id)
    assert customer is not None, "a booking has a customer"
    return {
        "issue_date": local_date(act.at, studio.zone),
        "issued_at_utc": act.at.replace(microsecond=0),
        "zone": booking.zone,
        "currency": booking.currency,
        "seller": seller_of(studio),
        "buyer": _buyer_of(customer),
        "language": studio.language,
        "bank": Bank(studio.iban, studio.bic, studio.bank_name, studio.name) if studio.iban else None,
        "booking_name": booking.package_name,
        "colour": studio.brand_color,
        "logo_sha256": studio.logo_sha256,
        "practice": studio.practice,
    }


def seller_of(studio: Studio) -> Party:
    """The studio as it stands on paper."""
    return Party(
        name=studio.name,
        street=(studio.street,) if studio.street else (),
        town=studio.postal_city,
        country=studio.country,
        phone=studio.phone,
        email=studio.email,
        vat_id=studio.vat_id,
        registrations=(studio.registration,) if studio.registration else (),
    )


def _buyer_of(customer: Customer) -> Party:
    return Party(
        name=customer.name,
        street=(customer.street,) if customer.street else (),
        town=customer.postal_city,
        country=customer.country,
    )


def _line(booking: Booking, line: BookingLine) -> SnapshotLine:
    return SnapshotLine(
        title=line.text,
        detail=line.detail,
        priced=PricedLine(
            quantity=Decimal(line.quantity),
            unit_price=Money(line.unit_price_minor, booking.currency).decimal,
            tax=TaxRate.of_percent(line.tax_percent),
        ),
    )


def _credit_lines(sums: DocumentSums, words: str) -> list[SnapshotLine]:
    return [
        SnapshotLine(
            title=words,
            priced=PricedLine(
                quantity=Decimal(1), unit_price=Money(amount, sums.currency).decimal, tax=part.tax
            ),
        )
        for amount, part in zip(sums.line_amounts_minor, sums.taxes, strict=True)
    ]


def _payment(booking: Booking, stage: PaymentStage) -> Payment:
    assert stage.paid_at is not None, "money that came, came at some time"
    paid_on: date = local_date(stage.paid_at, booking.zone)
    how = stage.paid_words.replace(" ", "\N{NO-BREAK SPACE}")  # "Visa ending" and "4242" stay on one line
    return Payment(paid_on, f"{_STAGE_WORDS[stage.kind]}, {how}", stage.received_minor)


def _check_tax_data(studio: Studio, sums: DocumentSums) -> None:
    taxed = any(part.tax.category is TaxCategory.STANDARD for part in sums.taxes)
    if taxed and not (studio.vat_id or studio.registration):
        raise TaxDataMissing(fields="VAT id or tax number of the studio")


def issue(unit: UnitOfWork, act: Act, args: InvoiceIssue) -> Outcome:
    """``invoice.issue`` and ``credit.issue``: keep a numbered document for ever.

    Raises NumberConflict, AlreadyIssued, BadContent. Whether the number may be used by this device is checked
    by the server before. A second invoice of one booking is kept and reported (``duplicate_invoice``).
    """
    known = unit.documents.find(act.tenant_id, args.id)
    if known is not None:
        if known.content_hash != args.content_hash:
            raise AlreadyIssued
        return Outcome()
    if unit.documents.by_number(act.tenant_id, args.series, args.year, args.number) is not None:
        raise NumberConflict
    booking = unit.bookings.get(act.tenant_id, args.booking_id)
    snapshot = from_json(args.snapshot)
    _check_content(unit, act, args, snapshot, booking)
    twins = [
        other
        for other in unit.documents.of_booking(act.tenant_id, booking.id)
        if args.series is Series.INVOICE and other.series is Series.INVOICE and _is_open(unit, other)
    ]
    unit.documents.add(act.tenant_id, _document(act, args, snapshot, booking))
    _add_lines(unit, act, args.id, snapshot)
    unit.record(DocumentIssued(act.tenant_id, act.operation_id, booking.id, args.id))
    if not twins:
        return Outcome()
    issue_draft = IssueDraft("duplicate_invoice", "document", args.id, {"other": str(twins[0].id)})
    return Outcome(code="duplicate_invoice", issues=(issue_draft,))


def _check_content(
    unit: UnitOfWork, act: Act, args: InvoiceIssue, snapshot: Snapshot, booking: Booking
) -> None:
    studio = unit.studios.settings(act.tenant_id)
    number = snapshot.number
    if number is None or content_hash(snapshot) != args.content_hash:
        raise BadContent
    if number != next_number_words(studio, args.series, args.year, args.number):
        raise BadContent
    if snapshot.issue_date.year != args.year or snapshot.currency != booking.currency:
        raise BadContent
    sums = snapshot.figures.sums
    if args.series is Series.INVOICE:
        again = invoice_sums(
            [line.priced for line in snapshot.figures.lines],
            price_mode=PriceMode(snapshot.figures.price_mode),
            currency=snapshot.currency,
            agreed_minor=booking.price_minor,
            paid_minor=sums.paid_minor,
        )
    else:
        if args.refers_to is None:
            raise FieldInvalid(field="refers_to", detail="a credit note names its document")
        original = unit.documents.find(act.tenant_id, args.refers_to)
        if original is None:
            raise ThingNotFound
        earlier = unit.documents.credits_of(act.tenant_id, original.id)
        again = credit_sums(
            from_json(original.snapshot).figures.sums,
            sums.payable_minor,
            [from_json(credit.snapshot).figures.sums for credit in earlier],
        )
    if again != sums:
        raise BadContent


def _is_open(unit: UnitOfWork, invoice: Document) -> bool:
    """Whether something of it has not been credited."""
    return creditable_of(unit, invoice) > 0


def creditable_of(unit: UnitOfWork, invoice: Document) -> int:
    """How much of an issued invoice can still be credited, in minor units."""
    credits_so_far = [
        from_json(credit.snapshot).figures.sums
        for credit in unit.documents.credits_of(invoice.tenant_id, invoice.id)
    ]
    return creditable_minor(from_json(invoice.snapshot).figures.sums, credits_so_far)


def _document(act: Act, args: InvoiceIssue, snapshot: Snapshot, booking: Booking) -> Document:
    assert snapshot.number is not None, "checked with the content"
    sums = snapshot.figures.sums
    return Document(
        tenant_id=act.tenant_id,
        id=args.id,
        kind=snapshot.kind,
        series=args.series,
        year=args.year,
        number=args.number,
        printed_number=snapshot.number.printed,
        booking_id=booking.id,
        customer_id=booking.customer_id,
        cause_id=args.cause_id,
        refers_to=args.refers_to,
        issue_date=snapshot.issue_date,
        supply_date=snapshot.supply_date,
        currency=snapshot.currency,
        total_net_minor=sums.total_net_minor,
        total_tax_minor=sums.total_tax_minor,
        total_minor=sums.total_minor,
        paid_minor=sums.paid_minor,
        rounding_minor=sums.rounding_minor,
        due_minor=sums.due_minor,
        snapshot=to_json(snapshot),
        content_hash=args.content_hash,
        pdf_sha256=args.pdf_sha256,
        template_version=snapshot.template_version,
        renderer_version=args.renderer_version,
        issued_by=act.actor.id,
        device_id=args.device_id,
        issued_at=act.at,
    )


def _add_lines(unit: UnitOfWork, act: Act, document_id: UUID, snapshot: Snapshot) -> None:
    sums = snapshot.figures.sums
    inclusive = sums.price_mode is PriceMode.INCLUSIVE
    for position, line in enumerate(snapshot.figures.lines, start=1):
        amount, net = sums.line_amounts_minor[position - 1], sums.lines_net_minor[position - 1]
        unit.document_lines.add(
            act.tenant_id,
            DocumentLine(
                tenant_id=act.tenant_id,
                id=act.new_id("document_line", document_id, position),
                document_id=document_id,
                position=position,
                text=line.title,
                quantity=str(line.priced.quantity),
                net_minor=net,
                gross_minor=amount if inclusive else net + line.priced.tax.tax_on(net, sums.currency),
                tax_category=line.priced.tax.category.value,
                tax_percent=str(line.priced.tax.percent),
            ),
        )
