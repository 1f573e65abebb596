"""Every object the emulator returns has the keys and types of Stripe's own published examples."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gateways.emulator_process import REPOSITORY, Emulator, WebhookReceiver

COPY = Path(__file__).with_name("stripe_fixtures.json")
ORIGINAL = REPOSITORY.parent / "shared" / "stripe" / "fixtures3.json"
FIXTURES: dict[str, dict[str, Any]] = json.loads(COPY.read_text(encoding="utf-8"))["resources"]
HEAD = {"Stripe-Account": "acct_practice_shapes"}
FORM = HEAD | {"Content-Type": "application/x-www-form-urlencoded"}

# Keys that Stripe sends but its examples lack. This list is closed.
BEYOND_THE_FIXTURE = {
    "refund.failure_reason": str,
    "refund.failure_balance_transaction": str,
    "refund.pending_reason": str,
    "refund.next_action": dict,
    "payment_intent.last_payment_error.code": str,
    "payment_intent.last_payment_error.decline_code": str,
    "payment_intent.last_payment_error.message": str,
    "payment_intent.last_payment_error.payment_method": dict,
    "payment_intent.next_action.redirect_to_url": dict,
    "payment_intent.next_action.use_stripe_sdk": dict,
    "event.account": str,
    "event.data.previous_attributes": dict,
    "webhook_endpoint.secret": str,
}
# What may stand where the example has null.
WHERE_THE_FIXTURE_IS_NULL = {
    "account.business_profile.mcc": str,
    "account.business_profile.name": str,
    "account.business_profile.support_email": str,
    "account.business_profile.url": str,
    "account.business_type": str,
    "account.settings.dashboard.display_name": str,
    "charge.calculated_statement_descriptor": str,
    "charge.customer": str,
    "charge.failure_code": str,
    "charge.failure_message": str,
    "charge.outcome.network_status": str,
    "charge.outcome.reason": str,
    "charge.outcome.seller_message": str,
    "charge.payment_intent": str,
    "charge.receipt_email": str,
    "charge.statement_descriptor_suffix": str,
    "customer.address.city": str,
    "customer.description": str,
    "customer.email": str,
    "customer.name": str,
    "customer.phone": str,
    "dispute.payment_intent": str,
    "event.api_version": str,
    "event.request.id": str,
    "event.request.idempotency_key": str,
    "payment_intent.cancellation_reason": str,
    "payment_intent.customer": str,
    "payment_intent.description": str,
    "payment_intent.latest_charge": str,
    "payment_intent.payment_method": str,
    "payment_intent.receipt_email": str,
    "payment_intent.setup_future_usage": str,
    "payment_intent.statement_descriptor_suffix": str,
    "payment_method.card.regulated_status": str,
    "payment_method.customer": str,
    "refund.balance_transaction": str,
    "refund.payment_intent": str,
    "refund.reason": str,
    "webhook_endpoint.api_version": str,
}
# Where the example has a value and null is right too.
NULLABLE = {
    "account.email",
    "account.requirements.disabled_reason",
    "charge.balance_transaction",
    "charge.billing_details.name",
    "charge.description",
    "charge.payment_method_details.card.installments",
    "charge.payment_method_details.card.three_d_secure",
    "charge.payment_method_details.card.wallet",
    "charge.receipt_url",
    "charge.shipping",
    "charge.source",
    "charge.transfer_data",
    "customer.address",
    "customer.currency",
    "customer.discount",
    "customer.invoice_settings.rendering_options",
    "customer.shipping",
    "payment_intent.automatic_payment_methods",
    "payment_intent.canceled_at",
    "payment_intent.last_payment_error",
    "payment_intent.next_action",
    "payment_intent.payment_method_configuration_details",
    "payment_intent.processing",
    "payment_intent.shipping",
    "payment_intent.transfer_data",
    "payment_method.billing_details.address.city",
    "payment_method.billing_details.address.country",
    "payment_method.billing_details.address.line1",
    "payment_method.billing_details.address.postal_code",
    "payment_method.billing_details.address.state",
    "payment_method.billing_details.email",
    "payment_method.billing_details.phone",
    "payment_method.card.generated_from",
    "payment_method.card.wallet",
    "webhook_endpoint.description",
}
FREE_MAPS = {
    "event.data.previous_attributes",
    "payment_intent.next_action.redirect_to_url",
    "refund.next_action",
}


def departures(kind: str, value: dict[str, Any]) -> list[str]:
    """Where an object is not as Stripe's example of it."""
    return list(_departures(kind, value, FIXTURES[kind]))


def _departures(path: str, value: dict[str, Any], example: dict[str, Any]) -> Iterator[str]:
    for name, inner in value.items():
        here = f"{path}.{name}"
        if name == "metadata":
            if not all(isinstance(text, str) for text in inner.values()):
                yield f"{here} is not a map of strings"
        elif here == "event.data.object":
            yield from departures(inner["object"], inner)
        elif here == "payment_intent.last_payment_error.payment_method":
            yield from departures("payment_method", inner)
        elif here in BEYOND_THE_FIXTURE:
            if type(inner) is not BEYOND_THE_FIXTURE[here]:
                yield f"{here} is {inner!r}"
        elif name not in example:
            yield f"{here} is not Stripe's"
        else:
            yield from _value_departures(here, inner, example[name])


def _value_departures(here: str, value: object, example: object) -> Iterator[str]:
    if value is None:
        if example is not None and here not in NULLABLE:
            yield f"{here} is null"
    elif example is None:
        if here not in WHERE_THE_FIXTURE_IS_NULL or type(value) is not WHERE_THE_FIXTURE_IS_NULL[here]:
            yield f"{here} is {value!r} where the example is null"
    elif type(value) is not type(example):
        yield f"{here} is {value!r}, the example has {example!r}"
    elif isinstance(value, dict) and isinstance(example, dict):
        if here not in FREE_MAPS:
            yield from _departures(here, value, example)
    elif isinstance(value, list) and isinstance(example, list) and example:
        for item in value:
            yield from _value_departures(f"{here}[]", item, example[0])


def _ask(emulator: Emulator, method: str, path: str, form: str = "", *, status: int = 200) -> dict[str, Any]:
    answered, _, text = emulator.call(method, f"/v1/{path}", body=form, headers=FORM)
    assert answered == status, text
    body: dict[str, Any] = json.loads(text)
    return body


def a_paid_intent(emulator: Emulator, card: str = "pm_card_visa") -> dict[str, Any]:
    intent = _ask(emulator, "POST", "payment_intents", "amount=5000&currency=eur&metadata[stage_id]=s1")
    return _ask(emulator, "POST", f"payment_intents/{intent['id']}/confirm", f"payment_method={card}")


def check(kind: str, *objects: dict[str, Any]) -> None:
    assert objects
    for value in objects:
        assert departures(kind, value) == []


def test_the_copy_agrees_with_the_published_examples() -> None:
    if not ORIGINAL.exists():
        pytest.skip("beside a clone there is no ../shared, where Stripe's own file lies")
    original = json.loads(ORIGINAL.read_text(encoding="utf-8"))["resources"]
    assert {name: original[name] for name in FIXTURES} == FIXTURES


def test_the_check_finds_a_wrong_object() -> None:
    wrong = {"id": 5, "object": "refund", "status": None, "colour": "red", "metadata": {"a": 1}}
    assert departures("refund", wrong) == [
        "refund.id is 5, the example has 're_1Pgc72B7WZ01zgkWqPvrRrPE'",
        "refund.status is null",
        "refund.colour is not Stripe's",
        "refund.metadata is not a map of strings",
    ]


def test_customers_and_accounts_have_stripes_shape(emulator: Emulator) -> None:
    check("customer", _ask(emulator, "POST", "customers"))
    full = _ask(
        emulator, "POST", "customers", "email=a%40b.example&name=Ä&address[city]=Ulm&phone=1&metadata[a]=b"
    )
    check("customer", full, _ask(emulator, "GET", f"customers/{full['id']}"))
    form = "type=standard&country=DE&email=s%40b.example&business_profile[name]=Studio"
    _, _, text = emulator.call("POST", "/v1/accounts", body=form)
    account = json.loads(text)
    check("account", account, _ask(emulator, "GET", "account"))
    link = f"account={account['id']}&type=account_onboarding&return_url=http%3A%2F%2F127.0.0.1%2Fback"
    check("account_link", _ask(emulator, "POST", "account_links", link))


def test_payments_have_stripes_shape_in_every_state(emulator: Emulator) -> None:
    customer = _ask(emulator, "POST", "customers")["id"]
    form = f"amount=5000&currency=eur&customer={customer}&description=d&receipt_email=a%40b.example"
    fresh = _ask(emulator, "POST", "payment_intents", form + "&setup_future_usage=off_session")
    confirm = f"payment_intents/{fresh['id']}/confirm"
    declined = _ask(emulator, "POST", confirm, "payment_method=pm_card_visa_chargeDeclined", status=402)[
        "error"
    ]
    after_decline = _ask(emulator, "GET", f"payment_intents/{fresh['id']}")
    paid = _ask(emulator, "POST", confirm, "payment_method=pm_card_visa")
    check("payment_intent", fresh, declined["payment_intent"], after_decline, paid)
    for asking in ("&return_url=http%3A%2F%2F127.0.0.1%2Fback", ""):
        other = _ask(emulator, "POST", "payment_intents", "amount=100&currency=usd")
        form = f"payment_method=pm_card_authenticationRequired{asking}"
        waiting = _ask(emulator, "POST", f"payment_intents/{other['id']}/confirm", form)
        assert waiting["status"] == "requires_action"
        canceled = _ask(emulator, "POST", f"payment_intents/{other['id']}/cancel")
        check("payment_intent", waiting, canceled)
    check("payment_method", _ask(emulator, "GET", f"payment_methods/{paid['payment_method']}"))
    check("charge", *emulator.objects(HEAD["Stripe-Account"], "charge"))


def test_refunds_and_disputes_have_stripes_shape_in_every_state(emulator: Emulator) -> None:
    for card in ("pm_card_visa", "pm_card_refundFail", "pm_card_pendingRefund"):
        intent = a_paid_intent(emulator, card)
        first = _ask(
            emulator, "POST", "refunds", f"payment_intent={intent['id']}&amount=100&metadata[refund_id]=r"
        )
        second = _ask(
            emulator, "POST", "refunds", f"payment_intent={intent['id']}&amount=100&reason=duplicate"
        )
        check("refund", first, second)
        emulator.control(
            "POST", f"refunds/{second['id']}", status="requires_action"
        ) if card == "pm_card_visa" else None
        check("refund", _ask(emulator, "GET", f"refunds/{second['id']}"))
        emulator.forward(3)
        check("refund", _ask(emulator, "GET", f"refunds/{first['id']}"))
    for card in ("pm_card_createDispute", "pm_card_createDisputeInquiry"):
        a_paid_intent(emulator, card)
    emulator.forward(3)
    check("dispute", *emulator.objects(HEAD["Stripe-Account"], "dispute"))
    check("charge", *emulator.objects(HEAD["Stripe-Account"], "charge"))


def test_events_and_endpoints_have_stripes_shape(emulator: Emulator, receiver: WebhookReceiver) -> None:
    form = f"url={receiver.url}&enabled_events[0]=*&description=d&metadata[a]=b&api_version=2026-10-28.endive"
    made = _ask(emulator, "POST", "webhook_endpoints", form)
    assert made["secret"].startswith("whsec_")
    check("webhook_endpoint", made, *_ask(emulator, "GET", "webhook_endpoints")["data"])
    intent = a_paid_intent(emulator, "pm_card_refundFail")
    _ask(emulator, "POST", "refunds", f"payment_intent={intent['id']}")
    emulator.control("POST", "disputes", payment_intent=intent["id"])
    emulator.forward(3)
    events = _ask(emulator, "GET", "events?limit=100")["data"]
    check("event", *events, *(webhook.event for webhook in receiver.wait_for(len(events))))
    assert all(
        "previous_attributes" in event["data"] for event in events if event["type"] == "refund.updated"
    )


@pytest.mark.parametrize("kind", ["payment_intents", "refunds", "events", "disputes", "webhook_endpoints"])
def test_a_list_is_an_envelope(emulator: Emulator, kind: str) -> None:
    assert _ask(emulator, "GET", kind) == {
        "object": "list",
        "url": f"/v1/{kind}",
        "has_more": False,
        "data": [],
    }
