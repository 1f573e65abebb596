"""Words a booking as mails and pages tell it: when and where, price, what is paid, what the policy says."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from shared.clock import local_date
from shared.mail_text import wording
from shared.mail_text.placeholders import AmountRow
from shared.models.booking import Booking
from shared.models.payment import PaymentStage
from shared.models.states import StageKind
from shared.policies.cancellation import (
    CancellationPolicy,
    days_before,
    move_deadline,
    tier_outlook,
)

_INSTANT: Final = timedelta(microseconds=1)
_DAYS_A_WEEK: Final = 7
_WEEKS_IN_WORDS: Final = 4
_NUMBERS: Final = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)

STAGE_WORDS: Final[Mapping[StageKind, str]] = {
    StageKind.FULL: "Full payment",
    StageKind.DEPOSIT: "Deposit",
    StageKind.MIDDLE: "Middle payment",
    StageKind.REMAINDER: "Remainder",
    StageKind.SURPLUS: "Surplus",
}


def last_day(ends_at: datetime, zone: str) -> date:
    """The local date of the last moment before an end: "until 11 June" for an end at midnight after it."""
    return local_date(ends_at - _INSTANT, zone)


def event_values(booking: Booking, language: str) -> dict[str, str]:
    """When and where, in the booking's zone."""
    start, end = booking.shown
    day = start.date()
    values = {
        "booking_name": booking.package_name,
        "event_date": wording.long_date(day, language),
        "event_day": wording.day_date(day, language),
        "event_weekday": wording.weekday(day, language),
        "event_time": wording.event_time(start, end, booking.zone, language),
        "start_time": wording.clock_time(start),
    }
    return values | ({"place": booking.place} if booking.place else {})


def price_words(booking: Booking, language: str) -> str:
    """``2,450.00 EUR, VAT included``; without tax the sum alone."""
    price = wording.money_text(booking.price_minor, booking.currency, language)
    taxed = booking.tax_percent.strip("0.") != ""
    return f"{price}, VAT included" if taxed and booking.price_mode == "inclusive" else price


def paid_words(booking: Booking, stages: Sequence[PaymentStage], language: str) -> str:
    """``1,225.00 EUR on 20 November 2026, Visa ending 4242``, one payment after the other."""
    return "; ".join(
        ", ".join(part for part in (_paid_sum(stage, booking.zone, language), stage.paid_words) if part)
        for stage in stages
        if stage.is_paid
    )


def _paid_sum(stage: PaymentStage, zone: str, language: str) -> str:
    amount = wording.money_text(stage.received_minor, stage.currency, language)
    if stage.paid_at is None:
        return amount
    return f"{amount} on {wording.plain_date(local_date(stage.paid_at, zone), language)}"


def still_to_pay(stages: Sequence[PaymentStage], language: str) -> str:
    """``1,225.00 EUR by Wednesday 9 June 2027``; empty when nothing is open."""
    return wording.names(
        [
            f"{wording.money_text(stage.amount_minor, stage.currency, language)}"
            f" by {wording.long_date(stage.due_local_date, language)}"
            for stage in stages
            if stage.is_payable and not stage.pi_cancel_wanted
        ],
        language,
    )


def breakdown(
    booking: Booking, stages: Sequence[PaymentStage], about: PaymentStage, *, language: str
) -> tuple[AmountRow, ...]:
    """How one stage's amount comes about from the price; empty where the stages are not the whole of it."""
    counted = [stage for stage in stages if stage.kind is not StageKind.SURPLUS]
    if sum(stage.amount_minor for stage in counted) != booking.price_minor:
        return ()

    def money(amount_minor: int) -> str:
        return wording.money_text(amount_minor, booking.currency, language)

    taxed = booking.tax_percent.strip("0.") != "" and booking.price_mode == "inclusive"
    others = [stage for stage in counted if stage.id != about.id]
    rows = [AmountRow("Price, VAT included" if taxed else "Price", money(booking.price_minor))]
    rows += [
        AmountRow(
            f"{STAGE_WORDS[stage.kind]}, {_when(stage, booking.zone, language)}", money(-stage.amount_minor)
        )
        for stage in others
    ]
    return (*rows, AmountRow(STAGE_WORDS[about.kind], money(about.amount_minor), total=True))


def _when(stage: PaymentStage, zone: str, language: str) -> str:
    if stage.paid_at is not None:
        return f"paid on {wording.plain_date(local_date(stage.paid_at, zone), language)}"
    return f"due on {wording.plain_date(stage.due_local_date, language)}"


def policy_words(booking: Booking, stages: Sequence[PaymentStage], now: datetime, *, language: str) -> str:
    """The frozen policy in sums and dates; empty when nothing is said by it any more."""
    policy = CancellationPolicy.from_json(booking.policy or {"currency": booking.currency})
    move_until = move_deadline(policy, event_date=booking.start_date, zone=booking.zone)
    parts = []
    if now < move_until:
        day = wording.plain_date(last_day(move_until, booking.zone), language)
        parts.append(f"You can move free of charge until {day}.")
    deposit_minor = sum(stage.amount_minor for stage in stages if stage.kind is StageKind.DEPOSIT)
    outlook = tier_outlook(
        policy,
        total=booking.price,
        event_date=booking.start_date,
        days=days_before(booking.start_date, zone=booking.zone, at=now),
        deposit_minor=deposit_minor if policy.deposit_kept else 0,
    )
    today = local_date(now, booking.zone)
    ahead = [tier for tier in outlook if tier.last_date is None or tier.last_date >= today]
    kept = [
        (
            "nothing"
            if tier.kept_minor == 0
            else wording.money_text(tier.kept_minor, booking.currency, language),
            f"until {wording.plain_date(tier.last_date, language)}" if tier.last_date else "",
        )
        for tier in ahead
    ]
    if any(sum_ != "nothing" for sum_, _ in kept):
        *dated, (last, _) = kept
        steps = ", ".join(f"{sum_} {until}" for sum_, until in dated)
        told = f"{steps}, and {last} after that" if steps else last
        parts.append(f"If you cancel, we keep {told}, but never more than you have paid.")
    else:
        parts.append("If you cancel, you get back what you have paid.")
    return " ".join(parts)


def time_to_go(booking: Booking, now: datetime) -> str:
    """``One week to go``; empty on the day itself and after it."""
    days = (booking.start_date - local_date(now, booking.zone)).days
    if days <= 0:
        return ""
    weeks, odd = divmod(days, _DAYS_A_WEEK)
    count, unit = (weeks, "week") if odd == 0 and weeks <= _WEEKS_IN_WORDS else (days, "day")
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number.capitalize()} {unit if count == 1 else unit + 's'} to go"
