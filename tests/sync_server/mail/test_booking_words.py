"""A booking's plan, price and policy in sums and dates, as mails tell them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.clock import end_of_local_day
from shared.mail_text.placeholders import AmountRow
from shared.models.booking import Booking
from shared.models.payment import PaymentStage
from shared.models.states import BookingStatus, Channel, DueRuleKind, StageKind
from shared.policies.cancellation import CancellationPolicy, CancellationTier
from sync_server.services import booking_words
from sync_server.web import booking_page_words as page_words

T = UUID(int=1)
ZONE = "Europe/Paris"
BOOKED = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
POLICY = CancellationPolicy(
    currency="EUR",
    tiers=(
        CancellationTier(180, 0),
        CancellationTier(90, 20),
        CancellationTier(30, 50),
        CancellationTier(0, 80),
    ),
    move_until_days_before=60,
)


def _booking(**more: Any) -> Booking:  # noqa: ANN401 - a case names some fields
    values: dict[str, Any] = {
        "tenant_id": T,
        "id": UUID(int=2),
        "customer_id": UUID(int=3),
        "package_id": UUID(int=4),
        "package_name": "Full day",
        "status": BookingStatus.CONFIRMED,
        "start_date": date(2027, 6, 12),
        "start_time": time(14),
        "end_date": date(2027, 6, 12),
        "end_time": time(23, 30),
        "zone": ZONE,
        "starts_at": datetime(2027, 6, 12, 12, tzinfo=UTC),
        "ends_at": datetime(2027, 6, 12, 21, 30, tzinfo=UTC),
        "currency": "EUR",
        "price_minor": 245_000,
        "tax_percent": "20",
        "policy": POLICY.to_json(),
    }
    return Booking(**(values | more))


def _stage(position: int, kind: StageKind, due: date, *, paid: bool = False) -> PaymentStage:
    stage = PaymentStage(
        tenant_id=T,
        id=UUID(int=100 + position),
        booking_id=UUID(int=2),
        position=position,
        kind=kind,
        amount_minor=122_500,
        currency="EUR",
        due_rule=DueRuleKind.ON_BOOKING if position == 1 else DueRuleKind.DAYS_BEFORE_EVENT,
        due_local_date=due,
        zone=ZONE,
        due_at=end_of_local_day(due, ZONE),
    )
    if paid:
        stage.receive(122_500, channel=Channel.CARD, words="Visa ending 4242", at=BOOKED)
    return stage


def _stages(*, paid: bool) -> list[PaymentStage]:
    return [
        _stage(1, StageKind.DEPOSIT, date(2026, 11, 20), paid=paid),
        _stage(2, StageKind.REMAINDER, date(2027, 6, 9)),
    ]


def test_the_policy_is_told_in_sums_and_dates() -> None:
    assert booking_words.policy_words(_booking(), _stages(paid=True), BOOKED, language="en") == (
        "You can move free of charge until 13 April 2027. If you cancel, we keep nothing until"
        " 14 December 2026, 490.00 EUR until 14 March 2027, 1,225.00 EUR until 13 May 2027, and 1,960.00 EUR"
        " after that, but never more than you have paid."
    )


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2027, 5, 1, tzinfo=UTC), "1,225.00 EUR until 13 May 2027, and 1,960.00 EUR after that"),
        (datetime(2027, 6, 11, tzinfo=UTC), "1,960.00 EUR"),
    ],
)
def test_what_has_passed_is_not_told(at: datetime, told: str) -> None:
    whole = f"If you cancel, we keep {told}, but never more than you have paid."
    assert booking_words.policy_words(_booking(), _stages(paid=True), at, language="en") == whole


def test_the_amount_comes_about_row_by_row() -> None:
    stages = _stages(paid=True)
    assert booking_words.breakdown(_booking(), stages, stages[1], language="en") == (
        AmountRow("Price, VAT included", "2,450.00 EUR"),
        AmountRow("Deposit, paid on 20 November 2026", "−1,225.00 EUR"),
        AmountRow("Remainder", "1,225.00 EUR", total=True),
    )
    assert booking_words.breakdown(_booking(price_minor=250_000), stages, stages[1], language="en") == ()


def test_paid_and_still_to_pay() -> None:
    stages = _stages(paid=True)
    paid = "1,225.00 EUR on 20 November 2026, Visa ending 4242"
    assert booking_words.paid_words(_booking(), stages, "en") == paid
    assert booking_words.still_to_pay(stages, "en") == "1,225.00 EUR by Wednesday 9 June 2027"
    assert booking_words.price_words(_booking(tax_percent="0"), "en") == "2,450.00 EUR"


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2027, 6, 5, 8, tzinfo=UTC), "One week to go"),
        (datetime(2027, 6, 9, 8, tzinfo=UTC), "Three days to go"),
        (datetime(2027, 6, 11, 8, tzinfo=UTC), "One day to go"),
        (datetime(2027, 6, 11, 23, tzinfo=UTC), ""),  # past midnight in Paris
        (datetime(2027, 5, 15, 8, tzinfo=UTC), "Four weeks to go"),
        (datetime(2027, 5, 20, 8, tzinfo=UTC), "23 days to go"),
    ],
)
def test_the_time_that_is_left(at: datetime, told: str) -> None:
    assert booking_words.time_to_go(_booking(), at) == told


@pytest.mark.parametrize(
    ("zone", "day", "typed", "shown_day", "shown"),
    [
        ("Europe/Paris", date(2027, 6, 12), time(14), "Saturday 12 June 2027", "14:00"),
        ("America/New_York", date(2027, 3, 14), time(2, 30), "Sunday 14 March 2027", "03:30"),
        ("America/New_York", date(2027, 11, 7), time(1, 30), "Sunday 7 November 2027", "01:30"),
        ("Asia/Beirut", date(2027, 3, 28), time(0, 30), "Sunday 28 March 2027", "01:30"),
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15), "Sunday 3 October 2027", "02:45"),
        ("Pacific/Apia", date(2011, 12, 30), time(10), "Saturday 31 December 2011", "10:00"),
    ],
)
def test_a_customer_is_told_what_the_clocks_show(
    zone: str, day: date, typed: time, shown_day: str, shown: str
) -> None:
    ends = day + timedelta(days=2)
    booking = _booking(start_date=day, start_time=typed, end_date=ends, end_time=time(12), zone=zone)
    values = booking_words.event_values(booking, "en")
    assert (values["event_date"], values["start_time"]) == (shown_day, shown)
    assert values["event_time"].startswith(f"{shown}–12:00, ends on ")
    assert page_words.event_time(booking.slot, "en") == values["event_time"]
