"""The pages of a booking in words: its first page, what is agreed, where it moved, what cancelling does."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from shared.clock import local_date
from shared.mail_text import wording
from shared.models.document import Document
from shared.models.payment import PaymentStage
from shared.models.slot import Slot
from shared.models.states import BookingStatus, Series, StageStatus
from shared.money import Money
from shared.policies.cancellation import (
    CancellationPreview,
    PreviewLine,
    TierOutlook,
    move_deadline,
)
from shared.policies.refund_allocation import customer_approved_at_once
from sync_server.services.booking_words import STAGE_WORDS, last_day
from sync_server.services.customer_links import may_cancel, may_move
from sync_server.services.link_cases import BookingSight
from sync_server.web.booking_page_words import (
    booking_words,
    event_time,
    money,
    price_name,
    slot_time,
    who_comes,
)
from sync_server.web.page_pieces import AmountLine, Brand, Form, Notice, Step
from sync_server.web.page_values import (
    CancelledPage,
    CancelPage,
    DocumentLine,
    InvoicePage,
    LinkOffer,
    MovedPage,
    TierLine,
    ViewOpenPage,
    ViewPage,
)

SEND: Final = "/l/send"
_STATUS: Final = {
    BookingStatus.HELD: "On hold",
    BookingStatus.CONFIRMED: "Confirmed",
    BookingStatus.NEEDS_SLOT: "We look for a date",
    BookingStatus.POSTPONED: "Postponed",
    BookingStatus.COMPLETED: "Completed",
    BookingStatus.CANCELLED: "Cancelled",
}
_GOOD: Final = frozenset({BookingStatus.CONFIRMED, BookingStatus.COMPLETED})
_WHOLE: Final = 100
_CHECK_DAYS: Final = 2
_SATURDAY: Final = 5

MakeForm = Callable[..., Form]
"""``make_form(action, *fields)``: a form that posts there, with its proof."""


def view_open_page(sight: BookingSight, brand: Brand, *, form: Form) -> ViewOpenPage:
    """The first page of a view link."""
    return ViewOpenPage(
        brand=brand,
        practice=sight.studio.practice,
        language=sight.language,
        given_name=wording.given_name(sight.customer.name, sight.language),
        event_date=wording.long_date(sight.booking.start_date, sight.language),
        place=sight.booking.place,
        form=form,
    )


def view_page(sight: BookingSight, brand: Brand, *, make_form: MakeForm, notice: Notice | None) -> ViewPage:
    """The booking, its payments and papers, and what can be asked for."""
    booking, language = sight.booking, sight.language
    received_minor = sum(stage.received_minor - stage.refunded_minor for stage in sight.stages)
    owed = [stage for stage in sight.stages if stage.is_payable] if booking.is_active else []
    still_minor = sum(stage.amount_minor for stage in owed)
    return ViewPage(
        brand=brand,
        practice=sight.studio.practice,
        language=language,
        status=_STATUS[booking.status],
        status_good=booking.status in _GOOD,
        given_name=wording.given_name(sight.customer.name, language),
        event_date=wording.long_date(booking.start_date, language),
        event_time=event_time(booking.slot, language),
        place=booking.place,
        package=booking.package_name,
        package_detail=sight.lines[0].detail if sight.lines else "",
        who=who_comes(sight),
        paid_percent=min(_WHOLE, received_minor * _WHOLE // booking.price_minor)
        if booking.price_minor
        else 0,
        stages=tuple(_stage_line(sight, stage) for stage in sight.stages),
        still_to_pay=money(still_minor, booking.currency, sight),
        total_words=_total_words(sight),
        documents=tuple(_document_line(sight, document) for document in sight.documents),
        masked_email=wording.masked_address(sight.customer.email),
        pay=_pay_offer(sight, owed[0], make_form) if owed else None,
        offers=_offers(sight, make_form),
        notice=notice,
    )


def moved_page(sight: BookingSight, brand: Brand, *, was: Slot | None) -> MovedPage:
    """Where the booking is now."""
    booking, language = sight.booking, sight.language
    owed = [stage for stage in sight.stages if stage.is_payable]
    pay = ""
    if owed:
        amount = money(owed[0].amount_minor, owed[0].currency, sight)
        day = wording.long_date(owed[0].due_local_date, language)
        pay = f"{STAGE_WORDS[owed[0].kind]} of {amount} by {day}"
    return MovedPage(
        brand=brand,
        practice=sight.studio.practice,
        language=language,
        new_day=wording.day_date(booking.start_date, language),
        event_date=wording.long_date(booking.start_date, language),
        event_time=event_time(booking.slot, language),
        place=booking.place,
        was_words=""
        if was is None
        else f"{wording.long_date(was.start_date, language)}, {slot_time(was, language)}",
        pay_words=pay,
        masked_email=wording.masked_address(sight.customer.email),
    )


def cancel_page(
    sight: BookingSight,
    preview: CancellationPreview,
    brand: Brand,
    *,
    make_form: MakeForm,
    notice: Notice | None = None,
) -> CancelPage:
    """What cancelling now would give back and keep, to the last sum."""
    booking, language, currency = sight.booking, sight.language, preview.currency
    refund = money(preview.refund_minor, currency, sight)
    deadline = ""
    if preview.refund_minor and preview.next_tier is not None and preview.tier_until is not None:
        deadline = wording.deadline(preview.tier_until, booking.zone, language)
    can_move = may_move(sight)
    move_until = last_day(
        move_deadline(sight.policy, event_date=booking.start_date, zone=booking.zone), booking.zone
    )
    return CancelPage(
        brand=brand,
        practice=sight.studio.practice,
        language=language,
        booking_words=booking_words(sight, place=True),
        refund=refund,
        deadline=deadline,
        paid=money(preview.paid_minor, currency, sight),
        kept=money(-preview.kept_minor, currency, sight),
        kept_reason=_kept_reason(sight, preview),
        stages=tuple(_preview_line(sight, preview, stage) for stage in sight.stages),
        checked_by=_checked_by(sight, preview),
        tiers=tuple(_tier_line(sight, tier) for tier in preview.tiers) if len(preview.tiers) > 1 else (),
        nothing_back=preview.refund_minor == 0,
        button=f"Cancel and refund {refund}" if preview.refund_minor else "Cancel the booking",
        form=make_form("/l/cancel", ("preview_hash", preview.preview_hash)),
        move_until=wording.short_date(move_until, language) if can_move else "",
        move_form=make_form(SEND, ("purpose", "reschedule")) if can_move else None,
        notice=notice,
    )


def cancelled_page(sight: BookingSight, brand: Brand) -> CancelledPage:
    """What was promised with the cancellation."""
    booking, language = sight.booking, sight.language
    back_minor = sum(stage.refund_reserved_minor for stage in sight.stages)
    received_minor = sum(stage.received_minor for stage in sight.stages)
    at = booking.cancelled_at or sight.now
    steps = [Step("Cancelled", wording.moment(at, booking.zone, language), done=True)]
    if back_minor:
        waits = any(stage.refund_reserved_minor > stage.refunded_minor for stage in sight.stages)
        if waits and not _approved_by_policy(sight, back_minor):
            day = wording.long_date(_working_day(local_date(at, booking.zone)), language)
            steps.append(Step("We check the refund", f"By {day}"))
        steps.append(
            Step("We write to you", "As soon as the refund has gone through. The credit note follows.")
        )
        steps.append(Step("Your bank shows the money", "Usually 5 to 10 working days after that"))
    return CancelledPage(
        brand=brand,
        practice=sight.studio.practice,
        language=language,
        booking_words=booking_words(sight),
        refund=money(back_minor, booking.currency, sight) if back_minor else "",
        refund_words=_refund_words(sight, back_minor, received_minor - back_minor),
        steps=tuple(steps),
    )


def invoice_page(sight: BookingSight, document: Document, brand: Brand, *, form: Form) -> InvoicePage:
    """A document's number and sum, and the button that gives it."""
    issued = wording.long_date(document.issue_date, sight.language)
    return InvoicePage(
        brand=brand,
        practice=sight.studio.practice,
        language=sight.language,
        title=_document_name(document),
        number=document.printed_number,
        amount=money(document.total_minor, document.currency, sight),
        issued_words=f"Issued on {issued}.",
        booking_words=booking_words(sight),
        form=form,
    )


# --- pieces -------------------------------------------------------------------------------------------------


def _stage_line(sight: BookingSight, stage: PaymentStage) -> AmountLine:
    language = sight.language
    name, amount = STAGE_WORDS[stage.kind], money(stage.amount_minor, stage.currency, sight)
    if stage.is_paid:
        day = local_date(stage.paid_at, stage.zone) if stage.paid_at is not None else stage.due_local_date
        words = ", ".join(part for part in (wording.plain_date(day, language), stage.paid_words) if part)
        if stage.refunded_minor:
            words += f"; {money(stage.refunded_minor, stage.currency, sight)} given back"
        return AmountLine(name, amount, words, done="Paid", strong=True)
    if stage.status is StageStatus.CANCELED or not sight.booking.is_active:
        return AmountLine(name, "Not paid", f"{amount} no longer due", strong=True, quiet=True)
    due = wording.long_date(stage.due_local_date, language)
    was = stage.due_local_date < local_date(sight.now, stage.zone)
    return AmountLine(name, amount, f"{'Was due' if was else 'Due'} on {due}", strong=True)


def _total_words(sight: BookingSight) -> str:
    price = money(sight.booking.price_minor, sight.booking.currency, sight)
    _, _, tax = price_name(sight).partition(", ")
    return f"of {price} in all" + (f", {tax}" if tax else "")


def _document_name(document: Document) -> str:
    return "Credit note" if document.series is Series.CREDIT else "Invoice"


def _document_line(sight: BookingSight, document: Document) -> DocumentLine:
    day = wording.plain_date(document.issue_date, sight.language)
    amount = money(document.total_minor, document.currency, sight)
    name = f"{_document_name(document)} {document.printed_number}"
    return DocumentLine(name, f"{day}, {amount}", "PDF", f"/l/documents/{document.id}")


def _pay_offer(sight: BookingSight, stage: PaymentStage, make_form: MakeForm) -> LinkOffer:
    amount = money(stage.amount_minor, stage.currency, sight)
    day = wording.plain_date(stage.due_local_date, sight.language)
    return LinkOffer(
        "Pay",
        f"{STAGE_WORDS[stage.kind]}, {amount}, due on {day}.",
        "Send me the link to pay",
        make_form(SEND, ("purpose", "pay"), ("subject", str(stage.id))),
    )


def _offers(sight: BookingSight, make_form: MakeForm) -> tuple[LinkOffer, ...]:
    booking, language = sight.booking, sight.language
    offers: list[LinkOffer] = []
    if may_move(sight):
        until = move_deadline(sight.policy, event_date=booking.start_date, zone=booking.zone)
        day = wording.long_date(last_day(until, booking.zone), language)
        offers.append(
            LinkOffer(
                "Move to another date",
                f"Free of charge until {day}.",
                "Send me the link to move",
                make_form(SEND, ("purpose", "reschedule")),
            )
        )
    if may_cancel(sight):
        offers.append(
            LinkOffer(
                "Cancel the booking",
                "You first see exactly what you get back. Nothing happens until you confirm.",
                "Send me the link to cancel",
                make_form(SEND, ("purpose", "cancel")),
            )
        )
    return tuple(offers)


def _kept_reason(sight: BookingSight, preview: CancellationPreview) -> str:
    if preview.kept_minor == 0:
        return ""
    parts = []
    if preview.kept_deposit_minor > preview.kept_by_percent_minor:
        parts.append("the deposit")
    elif preview.kept_by_percent_minor:
        total = money(sight.booking.price_minor, preview.currency, sight)
        parts.append(f"{preview.tier_keep_percent} % of {total}")
    if preview.kept_fee_minor:
        parts.append(f"a fee of {money(preview.kept_fee_minor, preview.currency, sight)}")
    reason = " and ".join(parts)
    if sight.booking.created_at is None or not reason:
        return reason
    day = local_date(sight.booking.created_at, sight.booking.zone)
    return f"{reason}, as agreed on {wording.plain_date(day, sight.language)}"


def _preview_line(sight: BookingSight, preview: CancellationPreview, stage: PaymentStage) -> AmountLine:
    name = STAGE_WORDS[stage.kind]
    line: PreviewLine | None = next((one for one in preview.lines if one.stage_id == stage.id), None)
    if line is None:
        amount = money(stage.amount_minor, stage.currency, sight)
        return AmountLine(name, "Not paid", f"{amount} no longer due", strong=True, quiet=True)
    paid = money(line.paid_minor, preview.currency, sight)
    way = f", back to {stage.paid_words}" if line.refund_minor and stage.paid_words else ""
    return AmountLine(name, money(line.refund_minor, preview.currency, sight), f"of {paid}{way}", strong=True)


def _tier_line(sight: BookingSight, tier: TierOutlook) -> TierLine:
    def plain(day: date) -> str:
        return wording.plain_date(day, sight.language)

    if tier.first_date is None and tier.last_date is not None:
        span = f"Until {plain(tier.last_date)}"
    elif tier.first_date is not None and tier.last_date is None:
        span = f"From {plain(tier.first_date)}"
    elif tier.first_date is not None and tier.last_date is not None:
        first = (
            wording.short_date(tier.first_date, sight.language)
            if tier.first_date.year == tier.last_date.year
            else plain(tier.first_date)
        )
        span = f"{first} to {plain(tier.last_date)}"
    else:
        span = "On any day"
    return TierLine(span, money(tier.kept_minor, sight.booking.currency, sight), today=tier.applies)


def _approved_by_policy(sight: BookingSight, refund_minor: int) -> bool:
    refund = Money(refund_minor, sight.booking.currency)
    return customer_approved_at_once(
        refund,
        policy_refund=refund,
        auto_limit_minor=sight.studio.customer_auto_limit_minor,
        studio_currency=sight.studio.currency,
    )


def _checked_by(sight: BookingSight, preview: CancellationPreview) -> str:
    if not preview.refund_minor or _approved_by_policy(sight, preview.refund_minor):
        return ""
    return wording.day_date(_working_day(local_date(sight.now, sight.booking.zone)), sight.language)


def _working_day(day: date) -> date:
    """Two working days on."""
    left = _CHECK_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def _refund_words(sight: BookingSight, back_minor: int, kept_minor: int) -> str:
    currency = sight.booking.currency
    parts = []
    ways = {stage.paid_words for stage in sight.stages if stage.refund_reserved_minor and stage.paid_words}
    if len(ways) == 1 and back_minor:
        parts.append(f"To {ways.pop()}.")
    if kept_minor > 0:
        parts.append(f"We keep {money(kept_minor, currency, sight)}, as agreed.")
    unpaid = [stage for stage in sight.stages if not stage.is_paid]
    if unpaid:
        stage = unpaid[0]
        amount = money(stage.amount_minor, currency, sight)
        parts.append(
            f"The {STAGE_WORDS[stage.kind].lower()} of {amount} is no longer due,"
            " and no more reminders go out."
        )
    return " ".join(parts)
