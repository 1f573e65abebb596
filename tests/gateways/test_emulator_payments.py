"""Payments on the emulator go the ways that Stripe's do, seen through Stripe's own client."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from tests.gateways.emulator_process import Emulator

ACCOUNT = "acct_practice_studio"
OPTIONS: stripe.RequestOptions = {"stripe_account": ACCOUNT}


def an_intent(client: stripe.StripeClient, amount: int = 5000, currency: str = "eur") -> stripe.PaymentIntent:
    return client.v1.payment_intents.create(
        {
            "amount": amount,
            "currency": currency,
            "allowed_payment_method_types": ["card"],
            "metadata": {"stage_id": "s1", "stage_rev": "1"},
        },
        OPTIONS,
    )


def pay(client: stripe.StripeClient, intent: str, card: str = "pm_card_visa") -> stripe.PaymentIntent:
    return client.v1.payment_intents.confirm(intent, {"payment_method": card}, OPTIONS)


def event_types(emulator: Emulator) -> list[str]:
    return [event["type"] for event in emulator.objects(ACCOUNT, "event")]


def test_a_payment_is_taken(emulator: Emulator) -> None:
    client = emulator.stripe(retries=2)
    paid = pay(client, an_intent(client).id)
    assert (paid.status, paid.amount_received, paid.currency, paid.livemode) == (
        "succeeded",
        5000,
        "eur",
        False,
    )
    assert paid.metadata.to_dict() == {"stage_id": "s1", "stage_rev": "1"}
    charge = client.v1.charges.retrieve(str(paid.latest_charge), {}, OPTIONS)
    assert (charge.paid, charge.amount, charge.payment_intent) == (True, 5000, paid.id)
    assert event_types(emulator) == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("pm_card_visa_chargeDeclined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    ],
)
def test_after_a_decline_another_card_pays_the_same_intent(
    emulator: Emulator, card: str, reason: str
) -> None:
    client = emulator.stripe()
    intent = an_intent(client)
    with pytest.raises(stripe.CardError) as caught:
        pay(client, intent.id, card)
    assert caught.value.code == "card_declined"
    declined = client.v1.payment_intents.retrieve(intent.id, {}, OPTIONS)
    assert (declined.status, declined.payment_method, declined.amount_received) == (
        "requires_payment_method",
        None,
        0,
    )
    assert declined.last_payment_error is not None
    assert declined.last_payment_error.decline_code == reason
    paid = pay(client, intent.id)
    assert (paid.status, paid.last_payment_error) == ("succeeded", None)
    assert event_types(emulator)[1:3] == ["charge.failed", "payment_intent.payment_failed"]


def test_a_paid_intent_is_neither_confirmed_nor_canceled_nor_changed(emulator: Emulator) -> None:
    client = emulator.stripe()
    intent = an_intent(client).id
    pay(client, intent)
    tries: list[Callable[[], object]] = [
        lambda: pay(client, intent),
        lambda: client.v1.payment_intents.cancel(intent, {}, OPTIONS),
        lambda: client.v1.payment_intents.update(intent, {"amount": 100}, OPTIONS),
    ]
    for again in tries:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            again()
        assert caught.value.code == "payment_intent_unexpected_state"
        assert caught.value.error is not None
        assert caught.value.error.payment_intent is not None
        assert caught.value.error.payment_intent.status == "succeeded"


def test_a_canceled_intent_takes_no_card(emulator: Emulator) -> None:
    client = emulator.stripe()
    intent = an_intent(client).id
    canceled = client.v1.payment_intents.cancel(intent, {"cancellation_reason": "abandoned"}, OPTIONS)
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    with pytest.raises(stripe.InvalidRequestError, match="canceled"):
        pay(client, intent)
    assert emulator.objects(ACCOUNT, "charge") == []


@pytest.mark.parametrize(("approved", "status"), [(True, "succeeded"), (False, "requires_payment_method")])
def test_the_bank_asks_and_the_customer_answers(emulator: Emulator, approved: bool, status: str) -> None:  # noqa: FBT001 - a case
    client = emulator.stripe()
    intent = an_intent(client)
    waiting = client.v1.payment_intents.confirm(
        intent.id,
        {"payment_method": "pm_card_authenticationRequired", "return_url": "http://127.0.0.1/back?a=1"},
        OPTIONS,
    )
    assert waiting.status == "requires_action"
    assert waiting.next_action is not None
    assert waiting.next_action.redirect_to_url is not None
    page = str(waiting.next_action.redirect_to_url.url).removeprefix(emulator.base_url)
    shown = emulator.call("GET", page, secret="nobody")
    assert (shown[0], "PRACTICE – no real money" in shown[2]) == (200, True)
    choice = "approve" if approved else "fail"
    sent, headers, _ = emulator.call("POST", page, body=f"choice={choice}", secret="nobody")
    assert sent == 303
    assert headers["Location"].startswith(f"http://127.0.0.1/back?a=1&payment_intent={intent.id}&")
    assert client.v1.payment_intents.retrieve(intent.id, {}, OPTIONS).status == status


def test_the_banks_page_needs_the_client_secret(emulator: Emulator) -> None:
    intent = an_intent(emulator.stripe()).id
    assert emulator.call("GET", f"/practice/authenticate/{intent}?client_secret=wrong")[0] == 404


def test_without_the_customer_a_card_that_asks_is_declined(emulator: Emulator) -> None:
    client = emulator.stripe()
    intent = an_intent(client).id
    with pytest.raises(stripe.CardError) as caught:
        client.v1.payment_intents.confirm(
            intent, {"payment_method": "pm_card_authenticationRequired", "off_session": True}, OPTIONS
        )
    assert caught.value.code == "authentication_required"
    assert client.v1.payment_intents.retrieve(intent, {}, OPTIONS).status == "requires_payment_method"


def test_a_card_is_kept_for_the_next_payment(emulator: Emulator) -> None:
    client = emulator.stripe()
    customer = client.v1.customers.create({"email": "ada@example.org"}, OPTIONS).id
    first = client.v1.payment_intents.create(
        {
            "amount": 2000,
            "currency": "eur",
            "customer": customer,
            "setup_future_usage": "off_session",
            "payment_method": "pm_card_visa",
            "confirm": True,
        },
        OPTIONS,
    )
    card = client.v1.payment_methods.retrieve(str(first.payment_method), {}, OPTIONS)
    assert card.customer == customer
    second = client.v1.payment_intents.create(
        {
            "amount": 3000,
            "currency": "eur",
            "customer": customer,
            "payment_method": card.id,
            "off_session": True,
            "confirm": True,
        },
        OPTIONS,
    )
    assert second.status == "succeeded"
    listed = client.v1.payment_intents.list({"customer": customer}, OPTIONS)
    assert [intent.id for intent in listed.data] == [second.id, first.id]


def test_a_payment_can_stay_in_processing_for_a_while(emulator: Emulator) -> None:
    client = emulator.stripe()
    emulator.control("POST", "payments/processing", next=1)
    intent = pay(client, an_intent(client).id)
    assert intent.status == "processing"
    emulator.forward(3)
    assert client.v1.payment_intents.retrieve(intent.id, {}, OPTIONS).status == "succeeded"
    assert "payment_intent.processing" in event_types(emulator)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (49, "eur", "amount_too_small"),
        (29, "gbp", "amount_too_small"),
        (49, "jpy", "amount_too_small"),
        (1005, "kwd", None),
        (5050, "isk", "invalid_charge_amount_no_decimal_compatible"),
        (5001, "ugx", "invalid_charge_amount_no_decimal_compatible"),
        (5000, "euro", None),
    ],
)
def test_an_amount_that_no_card_can_take_is_refused(
    emulator: Emulator, amount: int, currency: str, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        an_intent(emulator.stripe(), amount, currency)
    assert caught.value.code == code
    assert emulator.objects(ACCOUNT, "payment_intent") == []


@pytest.mark.parametrize(("amount", "currency"), [(50, "jpy"), (1010, "kwd"), (999_999_999_999, "eur")])
def test_odd_currencies_and_large_sums_are_taken(emulator: Emulator, amount: int, currency: str) -> None:
    client = emulator.stripe()
    assert pay(client, an_intent(client, amount, currency).id).amount_received == amount


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ("amount=5000&currency=eur&color=red", "color"),
        (
            "amount=5000&currency=eur&automatic_payment_methods[enabeld]=true",
            "automatic_payment_methods[enabeld]",
        ),
    ],
)
def test_an_unknown_parameter_is_refused_by_name(emulator: Emulator, form: str, param: str) -> None:
    status, _, text = emulator.call("POST", "/v1/payment_intents", body=form)
    error = json.loads(text)["error"]
    assert (status, error["code"], error["param"]) == (400, "parameter_unknown", param)


def test_the_types_of_payment_can_no_longer_be_written(emulator: Emulator) -> None:
    form = "amount=5000&currency=eur&payment_method_types[0]=card"
    status, _, text = emulator.call("POST", "/v1/payment_intents", body=form)
    assert (status, json.loads(text)["error"]["code"]) == (400, "payment_method_types_no_longer_supported")


@pytest.mark.parametrize("path", ["/v1/balance", "/v1/payment_intents/pi_1/capture", "/other", "/"])
def test_what_is_not_built_answers_404(emulator: Emulator, path: str) -> None:
    assert emulator.call("GET", path)[0] == 404


@pytest.mark.parametrize("key", ["wrong", "sk_live_0123456789"])
def test_only_its_own_key_opens_the_emulator(emulator: Emulator, key: str) -> None:
    assert emulator.call("GET", "/v1/events", secret=key)[0] == 401
    assert emulator.call("GET", "/_control/health", secret=emulator.api_key)[0] == 401


def test_an_account_sees_nothing_of_another(emulator: Emulator) -> None:
    client = emulator.stripe()
    intent = pay(client, an_intent(client).id)
    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 100}, OPTIONS)
    other: stripe.RequestOptions = {"stripe_account": "acct_practice_other"}
    reads: list[Any] = [
        lambda: client.v1.payment_intents.retrieve(intent.id, {}, other),
        lambda: client.v1.payment_intents.cancel(intent.id, {}, other),
        lambda: client.v1.charges.retrieve(str(intent.latest_charge), {}, other),
        lambda: client.v1.refunds.retrieve(refund.id, {}, other),
        lambda: client.v1.refunds.create({"payment_intent": intent.id}, other),
        lambda: client.v1.payment_methods.retrieve(str(intent.payment_method), {}, other),
        lambda: client.v1.events.retrieve(emulator.objects(ACCOUNT, "event")[0]["id"], {}, other),
        lambda: client.v1.accounts.retrieve(ACCOUNT, {}, other),
        lambda: client.v1.payment_intents.retrieve(intent.id),
    ]
    for read in reads:
        with pytest.raises((stripe.InvalidRequestError, stripe.PermissionError)) as caught:
            read()
        # Stripe's client leaves `code` of a PermissionError empty; the body has it.
        assert caught.value.error is not None
        assert caught.value.error.code in ("resource_missing", "account_invalid")
    assert client.v1.events.list({}, other).data == []
    assert client.v1.refunds.list({"payment_intent": intent.id}, other).data == []


def test_an_account_that_was_never_made_is_refused(emulator: Emulator) -> None:
    with pytest.raises(stripe.PermissionError) as caught:
        emulator.stripe().v1.events.list({}, {"stripe_account": "acct_unknown"})
    assert caught.value.error is not None
    assert caught.value.error.code == "account_invalid"


def test_an_account_may_charge_after_onboarding(emulator: Emulator) -> None:
    client = emulator.stripe()
    account = client.v1.accounts.create({"type": "standard", "country": "DE"})
    assert account.charges_enabled is False
    link = client.v1.account_links.create({"account": account.id, "type": "account_onboarding"})
    page = link.url.removeprefix(emulator.base_url)
    assert emulator.call("GET", page, secret="nobody")[0] == 200
    emulator.call("POST", page, body="choice=finish", secret="nobody")
    assert client.v1.accounts.retrieve(account.id).charges_enabled is True
    assert emulator.objects(account.id, "event")[0]["type"] == "account.updated"
    assert emulator.control("POST", f"accounts/{account.id}", ready=False)["charges_enabled"] is False


def test_lists_go_page_by_page_without_gap_or_repeat(emulator: Emulator) -> None:
    client = emulator.stripe()
    made = [an_intent(client).id for _ in range(7)]
    page = client.v1.payment_intents.list({"limit": 3}, OPTIONS)
    assert page.has_more is True
    assert [intent.id for intent in page.auto_paging_iter()] == made[::-1]
    before = client.v1.payment_intents.list({"limit": 2, "ending_before": made[2]}, OPTIONS)
    assert [intent.id for intent in before.data] == [made[4], made[3]]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.list({"limit": 101}, OPTIONS)


def test_references_are_put_in_when_asked_for(emulator: Emulator) -> None:
    client = emulator.stripe()
    paid = pay(client, an_intent(client).id)
    expanded = client.v1.payment_intents.retrieve(paid.id, {"expand": ["latest_charge"]}, OPTIONS)
    assert isinstance(expanded.latest_charge, stripe.Charge)
    listed = client.v1.payment_intents.list({"expand": ["data.latest_charge"]}, OPTIONS)
    assert isinstance(listed.data[0].latest_charge, stripe.Charge)
