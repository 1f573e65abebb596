"""What a card is charged and given back in the currencies that Stripe counts otherwise than ISO 4217."""

from collections.abc import Iterator

import pytest

from shared.ids import new_id
from shared.money import currencies, least_charge_minor
from shared.ports import PaymentAccount
from sync_server.adapters.stripe_amounts import from_stripe, to_stripe
from sync_server.adapters.stripe_payments import StripePayments
from sync_server.practice.stripe_emulator.cards import LEAST_AMOUNT_MINOR
from tests.gateways.emulator_process import Emulator

ACCOUNT = "acct_practice_amounts"

AMOUNTS = [
    ("EUR", 122500, 122500),
    ("JPY", 120000, 120000),
    ("KWD", 300010, 300010),
    ("ISK", 5000, 500000),
    ("UGX", 380000, 38000000),
    ("MGA", 2500000, 25000),
]


@pytest.fixture
def gateway(emulator: Emulator) -> Iterator[StripePayments]:
    gateway = StripePayments(
        emulator.api_key, webhook_secrets=(emulator.webhook_secret,), api_base=emulator.base_url
    )
    yield gateway
    gateway.close()


@pytest.mark.parametrize(("currency", "amount_minor", "amount"), AMOUNTS)
def test_stripe_is_sent_what_it_reads_as_the_same_sum(
    gateway: StripePayments, emulator: Emulator, currency: str, amount_minor: int, amount: int
) -> None:
    account = PaymentAccount(new_id(), ACCOUNT, scope=ACCOUNT)
    opened = gateway.create_payment_intent(
        account, amount_minor=amount_minor, currency=currency, metadata={}, idempotency_key=str(new_id())
    )
    paid = gateway.confirm_payment_intent(
        account, opened.pi_id, payment_method="pm_card_visa", idempotency_key=str(new_id())
    )
    half = amount_minor // 2
    back = gateway.create_refund(
        account,
        pi_id=opened.pi_id,
        amount_minor=half,
        currency=currency,
        metadata={},
        idempotency_key=str(new_id()),
    )
    assert [one["amount_received"] for one in emulator.objects(ACCOUNT, "payment_intent")] == [amount]
    assert [one["amount"] for one in emulator.objects(ACCOUNT, "refund")] == [amount // 2]
    assert (paid.amount_minor, paid.amount_received_minor, back.amount_minor) == (
        amount_minor,
        amount_minor,
        half,
    )


@pytest.mark.parametrize("currency", currencies())
def test_every_currency_comes_back_as_it_went(currency: str) -> None:
    assert from_stripe(to_stripe(1_234_500, currency), currency) == 1_234_500


@pytest.mark.parametrize(("currency", "least"), LEAST_AMOUNT_MINOR.items())
def test_we_plan_no_stage_that_the_network_finds_too_small(currency: str, least: int) -> None:
    ours = currency.upper()
    assert to_stripe(least_charge_minor(ours), ours) >= least
