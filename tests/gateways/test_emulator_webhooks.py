"""Webhooks are signed, sent after the commit, tried again, and lost or doubled only when told so."""

import pytest
import stripe

from tests.gateways.emulator_process import Emulator, WebhookReceiver

ACCOUNT = "acct_practice_studio"
OPTIONS: stripe.RequestOptions = {"stripe_account": ACCOUNT}


def a_paid_intent(client: stripe.StripeClient) -> stripe.PaymentIntent:
    params: stripe.params.PaymentIntentCreateParams = {
        "amount": 5000,
        "currency": "eur",
        "payment_method": "pm_card_visa",
        "confirm": True,
        "description": "Fête d'été – 夏",
    }
    return client.v1.payment_intents.create(params, OPTIONS)


PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def states(emulator: Emulator) -> list[str]:
    return [delivery["state"] for delivery in emulator.control("GET", "deliveries")["data"]]


def test_stripes_own_check_accepts_the_signature(emulator: Emulator, receiver: WebhookReceiver) -> None:
    emulator.control("POST", "clock", forward_s=400 * 86_400)
    intent = a_paid_intent(emulator.stripe())
    emulator.run_due()
    for webhook in receiver.wait_for(3):
        event = stripe.Webhook.construct_event(webhook.body, webhook.signature, emulator.webhook_secret)
        assert (event.account, event.livemode) == (ACCOUNT, False)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(webhook.body + b" ", webhook.signature, emulator.webhook_secret)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(webhook.body, webhook.signature, "whsec_other")
    assert receiver.types() == PAID
    assert receiver.got[2].event["data"]["object"] == intent.to_dict()


def test_they_go_by_themselves_when_nobody_asks(emulator: Emulator, receiver: WebhookReceiver) -> None:
    emulator.control("POST", "settings", by_hand=False, then_delay_s=0)
    intent = a_paid_intent(emulator.stripe())
    receiver.wait_for(3)
    assert intent.status == "succeeded"


def test_a_webhook_comes_after_the_commit(emulator: Emulator, receiver: WebhookReceiver) -> None:
    emulator.control("POST", "settings", by_hand=False)
    client = emulator.stripe()
    a_paid_intent(client)
    for webhook in receiver.wait_for(3):
        event = webhook.event
        assert client.v1.events.retrieve(event["id"], {}, OPTIONS).type == event["type"]


def test_a_failed_webhook_is_tried_five_times_more(emulator: Emulator, receiver: WebhookReceiver) -> None:
    receiver.answers = [500] * 6
    emulator.stripe().v1.payment_intents.create({"amount": 5000, "currency": "eur"}, OPTIONS)
    assert emulator.run_due()["failed"] == 1
    for tries, wait_s in enumerate((5, 30, 300, 3600, 21_600), start=1):
        assert emulator.forward(wait_s - 2) == {"acts": 0, "delivered": 0, "failed": 0}
        assert states(emulator) == ["pending"]
        assert emulator.forward(3)["failed"] == 1
        assert len(receiver.got) == tries + 1
    assert states(emulator) == ["gave_up"]
    assert emulator.forward(10 * 86_400)["failed"] == 0


def test_a_webhook_arrives_when_the_receiver_is_well_again(
    emulator: Emulator, receiver: WebhookReceiver
) -> None:
    receiver.answers = [500, 302]
    client = emulator.stripe()
    client.v1.payment_intents.create({"amount": 5000, "currency": "eur"}, OPTIONS)
    emulator.run_due()
    emulator.forward(5)
    assert client.v1.events.list({}, OPTIONS).data[0].pending_webhooks == 1
    assert [event.type for event in client.v1.events.list({"delivery_success": False}, OPTIONS).data] == PAID[
        :1
    ]
    emulator.forward(30)
    assert states(emulator) == ["delivered"]
    assert client.v1.events.list({}, OPTIONS).data[0].pending_webhooks == 0
    assert client.v1.events.list({"delivery_success": False}, OPTIONS).data == []
    assert {webhook.body for webhook in receiver.got[1:]} == {receiver.got[0].body}


def test_webhooks_wait_for_an_address(emulator: Emulator) -> None:
    emulator.stripe().v1.payment_intents.create({"amount": 5000, "currency": "eur"}, OPTIONS)
    receiver = WebhookReceiver()
    emulator.control("POST", "webhooks/endpoint", url="http://127.0.0.1:9/closed")
    assert emulator.run_due()["failed"] == 1
    emulator.control("POST", "webhooks/endpoint", url=receiver.url)
    assert emulator.forward(5)["delivered"] == 1
    receiver.close()


def test_webhooks_stay_on_this_machine(emulator: Emulator) -> None:
    body = '{"url": "https://example.com/hook"}'
    path = "/_control/webhooks/endpoint"
    assert emulator.call("POST", path, body=body, secret=emulator.control_secret)[0] == 400
    client = emulator.stripe()
    client.v1.webhook_endpoints.create({"url": "https://example.com/hook", "enabled_events": ["*"]}, OPTIONS)
    client.v1.payment_intents.create({"amount": 5000, "currency": "eur"}, OPTIONS)
    emulator.run_due()
    outcomes = [one["outcome"] for one in emulator.control("GET", "deliveries")["data"]]
    assert "refused: practice webhooks stay on this machine" in outcomes


def test_an_endpoint_of_ones_own_hears_what_it_asked_for(
    emulator: Emulator, receiver: WebhookReceiver
) -> None:
    own = WebhookReceiver()
    client = emulator.stripe()
    made = client.v1.webhook_endpoints.create(
        {"url": own.url, "enabled_events": ["payment_intent.succeeded"]}, OPTIONS
    )
    a_paid_intent(client)
    client.v1.payment_intents.create(
        {"amount": 5000, "currency": "eur"}, {"stripe_account": "acct_practice_other"}
    )
    emulator.run_due()
    (only,) = own.wait_for(1)
    assert stripe.Webhook.construct_event(only.body, only.signature, str(made.secret)).type == PAID[2]
    own.close()


@pytest.mark.parametrize(
    ("rule", "arrived"),
    [
        ({"action": "drop", "next": 2}, PAID[2:]),
        ({"action": "drop", "type": "charge.succeeded"}, [PAID[0], PAID[2]]),
        ({"action": "duplicate", "type": "charge.succeeded"}, [PAID[0], PAID[1], PAID[1], PAID[2]]),
        ({"action": "delay", "type": "payment_intent.created", "delay_s": 60}, [PAID[1], PAID[2], PAID[0]]),
        ({"action": "reorder", "next": 3}, PAID[::-1]),
        ({"action": "reorder", "next": 2}, [PAID[1], PAID[0], PAID[2]]),
    ],
)
def test_the_control_door_loses_doubles_delays_and_turns_round(
    emulator: Emulator, receiver: WebhookReceiver, rule: dict[str, object], arrived: list[str]
) -> None:
    emulator.control("POST", "webhooks/rules", **rule)
    a_paid_intent(emulator.stripe())
    emulator.run_due()
    emulator.forward(61)
    assert receiver.types() == arrived


def test_held_webhooks_can_be_let_go(emulator: Emulator, receiver: WebhookReceiver) -> None:
    emulator.control("POST", "webhooks/rules", action="reorder", next=10)
    a_paid_intent(emulator.stripe())
    assert emulator.run_due()["delivered"] == 0
    assert emulator.control("POST", "webhooks/clear")["released"] == 3
    emulator.run_due()
    assert receiver.types() == PAID[::-1]


def test_the_weather_is_the_same_for_the_same_seed(emulator: Emulator, receiver: WebhookReceiver) -> None:
    runs = []
    for _ in range(2):
        emulator.control("POST", "reset")
        emulator.control("POST", "settings", by_hand=True)
        weather = {"seed": 7, "drop_percent": 30, "duplicate_percent": 33, "shuffle_s": 60}
        emulator.control("POST", "webhooks/weather", **weather)
        receiver.got.clear()
        for _ in range(10):
            a_paid_intent(emulator.stripe())
        emulator.forward(60)
        deliveries = emulator.control("GET", "deliveries")["data"]
        runs.append(([one["state"] for one in deliveries], receiver.types()))
    assert runs[0] == runs[1]
    assert {"delivered", "dropped"} == set(runs[0][0])
    assert len(runs[0][0]) > 30


def test_an_event_can_be_sent_again(emulator: Emulator, receiver: WebhookReceiver) -> None:
    emulator.stripe().v1.payment_intents.create({"amount": 5000, "currency": "eur"}, OPTIONS)
    emulator.run_due()
    event = receiver.got[0].event["id"]
    assert emulator.control("POST", "webhooks/resend", event=event) == {"resent": 1}
    emulator.run_due()
    assert [webhook.event["id"] for webhook in receiver.got] == [event, event]


def test_lost_webhooks_are_found_in_the_list_of_events(emulator: Emulator, receiver: WebhookReceiver) -> None:
    client = emulator.stripe()
    emulator.control("POST", "webhooks/rules", action="drop", next=100)
    a_paid_intent(client)
    emulator.forward(3600)
    now_s = emulator.control("GET", "health")["now_s"]
    second = a_paid_intent(client)
    assert receiver.got == []
    late = client.v1.events.list({"created": {"gte": now_s}, "types": [PAID[2], PAID[0]]}, OPTIONS)
    assert [event.type for event in late.data] == [PAID[2], PAID[0]]
    assert late.data[0].data.object["id"] == second.id
    paid = client.v1.events.list({"type": PAID[2], "limit": 1}, OPTIONS)
    assert len(list(paid.auto_paging_iter())) == 2
