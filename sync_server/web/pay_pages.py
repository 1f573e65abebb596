"""The pages of a pay link in words: what is asked for and why, what the bank said, what has arrived."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from shared.clock import local_date
from shared.mail_text import wording
from shared.models.payment import PaymentStage
from shared.models.states import StageKind
from shared.policies.cancellation import TierOutlook, days_before, tier_outlook
from sync_server.services.booking_words import last_day
from sync_server.services.link_cases import BookingSight, LinkCase
from sync_server.web.booking_page_words import (
    booking_words,
    event_start,
    money,
    price_name,
    who_comes,
)
from sync_server.web.page_notices import AFTER_PAYING, WHILE_PAYING, declined_notice
from sync_server.web.page_pieces import AmountLine, Brand, Form, Notice, Step
from sync_server.web.page_values import PaidPage, PayCheckingPage, PayPage, StripeForm

_TITLES: Final = {
    StageKind.FULL: "Pay for your booking",
    StageKind.DEPOSIT: "Pay the deposit",
    StageKind.MIDDLE: "Pay the next part",
    StageKind.REMAINDER: "Pay the remainder",
    StageKind.SURPLUS: "Pay",
}
_ARRIVED: Final = {
    StageKind.FULL: "Your payment has arrived.",
    StageKind.DEPOSIT: "Your deposit has arrived.",
    StageKind.MIDDLE: "Your payment has arrived.",
    StageKind.REMAINDER: "Your payment has arrived.",
    StageKind.SURPLUS: "Your payment has arrived.",
}
_IN_SENTENCE: Final = {
    StageKind.FULL: "full payment",
    StageKind.DEPOSIT: "deposit",
    StageKind.MIDDLE: "middle payment",
    StageKind.REMAINDER: "remainder",
    StageKind.SURPLUS: "surplus",
}
_FIRST_CARD: Final = "pm_card_visa"
WHOLE: Final = 100


def pay_page(
    case: LinkCase, brand: Brand, *, form: Form, stripe: StripeForm | None, notice: Notice | None = None
) -> PayPage:
    """Amount, how it comes about, and the card; in practice the test cards."""
    sight, stage = case.of_booking(), stage_of(case)
    practice = sight.studio.practice
    return PayPage(
        brand=brand,
        practice=practice,
        language=sight.language,
        booking_words=booking_words(sight),
        title=_TITLES[stage.kind],
        amount=money(stage.amount_minor, stage.currency, sight),
        how=how(sight, stage),
        notice=notice or _declined(case, sight, stage),
        while_paying=WHILE_PAYING if practice else (),
        after_paying=AFTER_PAYING if practice else (),
        chosen_card=_FIRST_CARD if practice else "",
        stripe=stripe,
        policy=policy_in_sums(sight, paying=stage),
        form=form,
    )


def checking_page(case: LinkCase, brand: Brand) -> PayCheckingPage:
    """The bank has not decided yet, as far as the database knows."""
    sight, stage = case.of_booking(), stage_of(case)
    return PayCheckingPage(
        brand=brand,
        practice=sight.studio.practice,
        language=sight.language,
        booking_words=booking_words(sight),
        title=_TITLES[stage.kind],
        amount=money(stage.amount_minor, stage.currency, sight),
        again_href="/pay/return",
    )


def paid_page(case: LinkCase, brand: Brand) -> PaidPage:
    """The database says that this stage is paid."""
    sight, stage = case.of_booking(), stage_of(case)
    booking, language = sight.booking, sight.language
    owed = [one for one in sight.stages if one.is_payable]
    received_minor = sum(one.received_minor for one in sight.stages)
    still_minor = sum(one.amount_minor for one in owed)
    received_words, label = "", "Received"
    if stage.paid_at is not None:
        received_words = f"{wording.moment(stage.paid_at, booking.zone, language)}."
        if local_date(stage.paid_at, booking.zone) == local_date(sight.now, booking.zone):
            label = "Received today"
    event_day = wording.day_date(booking.start_date, language)
    return PaidPage(
        brand=brand,
        practice=sight.studio.practice,
        language=language,
        given_name=wording.given_name(sight.customer.name, language),
        title=_ARRIVED[stage.kind] if owed else "Everything is paid.",
        lead=f"{event_day} is yours." if owed else f"We look forward to {event_day}.",
        received_label=label,
        received=money(stage.received_minor, stage.currency, sight),
        received_words=" ".join(
            part for part in (received_words, f"{stage.paid_words}." if stage.paid_words else "") if part
        ),
        lines=(
            AmountLine(price_name(sight), money(booking.price_minor, booking.currency, sight)),
            AmountLine("Paid", money(received_minor, booking.currency, sight)),
            AmountLine("Still to pay", money(still_minor, booking.currency, sight)),
        ),
        steps=(_receipt(sight), *(_due_step(sight, one) for one in owed), _event_step(sight)),
    )


def how(sight: BookingSight, stage: PaymentStage) -> tuple[str, ...]:
    """How the amount comes about, and when it is due."""
    language, booking = sight.language, sight.booking
    price = money(booking.price_minor, booking.currency, sight)
    others = [one for one in sight.stages if one.id != stage.id and one.kind is not StageKind.SURPLUS]
    if not others:
        sentence = f"The price of {price}."
    elif stage.kind is StageKind.DEPOSIT:
        sentence = f"{stage.percent} % of the price of {price}."
    else:
        sentence = f"The price of {price} less {_and([_less(sight, one) for one in others])}."
    due = _due(stage.due_local_date, local_date(sight.now, stage.zone), language)
    held = ""
    if booking.hold_ends_at is not None:
        day = wording.day_date(last_day(booking.hold_ends_at, booking.zone), language)
        held = f"Your date is kept free for you until {day}."
    return tuple(part for part in (sentence, due, held) if part)


def policy_in_sums(sight: BookingSight, *, paying: PaymentStage | None = None) -> str:
    """What the frozen policy keeps from today on, in sums; ``paying`` counts as if it were paid."""
    booking, language = sight.booking, sight.language
    deposit_minor = 0
    if sight.policy.deposit_kept:
        deposit_minor = sum(
            one.amount_minor
            for one in sight.stages
            if one.kind is StageKind.DEPOSIT and (one.is_paid or one is paying)
        )
    outlook = tier_outlook(
        sight.policy,
        total=booking.price,
        event_date=booking.start_date,
        days=days_before(booking.start_date, zone=booking.zone, at=sight.now),
        deposit_minor=deposit_minor,
    )
    today = local_date(sight.now, booking.zone)
    ahead = [tier for tier in outlook if tier.last_date is None or tier.last_date >= today]
    agreed = ""
    if booking.created_at is not None:
        day = wording.plain_date(local_date(booking.created_at, booking.zone), language)
        agreed = f", as agreed on {day}"
    if not any(tier.kept_minor for tier in ahead):
        return f"You get back what you have paid{agreed}."
    kept = ", then ".join(_kept(sight, tier) for tier in ahead)
    return f"We keep {kept}, and refund the rest{agreed}."


def stage_of(case: LinkCase) -> PaymentStage:
    """The stage that the link is about."""
    assert case.stage is not None, "a pay link is about a stage"
    return case.stage


def _kept(sight: BookingSight, tier: TierOutlook) -> str:
    if tier.kept_minor == 0:
        words = "nothing"
    else:
        words = money(tier.kept_minor, sight.booking.currency, sight)
        if tier.keep_percent and not sight.policy.deposit_kept and not sight.policy.fixed_fee_minor:
            words = f"{tier.keep_percent} % of the price, {words}"
    return f"{words} until {wording.plain_date(tier.last_date, sight.language)}" if tier.last_date else words


def _declined(case: LinkCase, sight: BookingSight, stage: PaymentStage) -> Notice | None:
    if not stage.last_error:
        return None
    code, _, card = stage.last_error.partition("|")
    until = wording.long_date(last_day(case.grant.row.expires_at, stage.zone), sight.language)
    return declined_notice(code, card, until)


def _less(sight: BookingSight, stage: PaymentStage) -> str:
    language = sight.language
    amount = money(stage.amount_minor, stage.currency, sight)
    words = f"the {_IN_SENTENCE[stage.kind]} of {amount}"
    if stage.paid_at is not None:
        return f"{words}, paid on {wording.plain_date(local_date(stage.paid_at, stage.zone), language)}"
    return f"{words}, due on {wording.plain_date(stage.due_local_date, language)}"


def _due(day: date, today: date, language: str) -> str:
    if day == today:
        return "Due today."
    words = wording.day_date(day, language) if day.year == today.year else wording.long_date(day, language)
    return f"Due on {words}." if day > today else f"It was due on {words}."


def _and(parts: Sequence[str]) -> str:
    return " and ".join(parts)


def _receipt(sight: BookingSight) -> Step:
    return Step("Receipt", f"On its way to {wording.masked_address(sight.customer.email)}", done=True)


def _due_step(sight: BookingSight, stage: PaymentStage) -> Step:
    day = wording.long_date(stage.due_local_date, sight.language)
    amount = money(stage.amount_minor, stage.currency, sight)
    name = _IN_SENTENCE[stage.kind]
    return Step(day, f"The {name} of {amount} is due. We write to you in time, with the link to pay.")


def _event_step(sight: BookingSight) -> Step:
    who, place = who_comes(sight), sight.booking.place
    detail = f"{who} will be there for you" if who else "We look forward to seeing you"
    return Step(event_start(sight), detail + (f", at {place}" if place else ""))
