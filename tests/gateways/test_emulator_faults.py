"""The control door makes the next calls go wrong in every way that Stripe's can."""

import pytest
import stripe

from tests.gateways.emulator_process import Emulator

ACCOUNT = "acct_practice_faults"
PARAMS: stripe.params.PaymentIntentCreateParams = {"amount": 5000, "currency": "eur"}


def keyed(key: str) -> stripe.RequestOptions:
    return {"stripe_account": ACCOUNT, "idempotency_key": key}


@pytest.mark.parametrize(
    ("kind", "error", "made"),
    [
        ("rate_limit", stripe.RateLimitError, 0),
        ("lock_timeout", stripe.APIError, 0),
        ("unavailable", stripe.APIError, 0),
        ("server_error", stripe.APIError, 0),
        ("server_error_after_commit", stripe.APIError, 1),
        ("timeout_before", stripe.APIConnectionError, 0),
        ("timeout_after_commit", stripe.APIConnectionError, 1),
    ],
)
def test_the_next_call_goes_wrong_and_the_one_after_does_not(
    emulator: Emulator, kind: str, error: type[Exception], made: int
) -> None:
    client = emulator.stripe()
    emulator.control("POST", "faults", kind=kind, next=1)
    with pytest.raises(error):
        client.v1.payment_intents.create(PARAMS, keyed("k1"))
    assert len(emulator.objects(ACCOUNT, "payment_intent")) == made
    client.v1.payment_intents.create(PARAMS, keyed("k2"))
    assert len(emulator.objects(ACCOUNT, "payment_intent")) == made + 1


@pytest.mark.parametrize("kind", ["timeout_before", "timeout_after_commit", "unavailable", "lock_timeout"])
def test_stripes_client_tries_again_with_the_same_key(emulator: Emulator, kind: str) -> None:
    emulator.control("POST", "faults", kind=kind, next=1)
    intent = emulator.stripe(retries=2).v1.payment_intents.create(PARAMS, {"stripe_account": ACCOUNT})
    assert [one["id"] for one in emulator.objects(ACCOUNT, "payment_intent")] == [intent.id]


def test_a_caller_that_gives_up_can_find_what_happened(emulator: Emulator) -> None:
    emulator.control("POST", "faults", kind="timeout_after_commit", hang_s=60)
    with pytest.raises(stripe.APIConnectionError):
        emulator.stripe(timeout_s=0.3).v1.payment_intents.create(PARAMS, keyed("k1"))
    again = emulator.stripe().v1.payment_intents.create(PARAMS, keyed("k1"))
    assert [one["id"] for one in emulator.objects(ACCOUNT, "payment_intent")] == [again.id]


def test_a_fault_can_be_meant_for_some_calls_only(emulator: Emulator) -> None:
    client = emulator.stripe()
    emulator.control("POST", "faults", kind="rate_limit", next=3, method="POST", path_start="/v1/refunds")
    intent = client.v1.payment_intents.create(
        PARAMS | {"payment_method": "pm_card_visa", "confirm": True}, keyed("k1")
    )
    client.v1.refunds.list({}, {"stripe_account": ACCOUNT})
    for _ in range(3):
        with pytest.raises(stripe.RateLimitError):
            client.v1.refunds.create({"payment_intent": intent.id}, {"stripe_account": ACCOUNT})
    assert (
        client.v1.refunds.create({"payment_intent": intent.id}, {"stripe_account": ACCOUNT}).status
        == "succeeded"
    )


def test_faults_can_be_taken_back(emulator: Emulator) -> None:
    emulator.control("POST", "faults", kind="unavailable", next=100)
    emulator.control("POST", "faults/clear")
    emulator.stripe().v1.payment_intents.create(PARAMS, keyed("k1"))


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("faults", '{"kind": "meteor"}', 400),
        ("faults", '{"kind": "unavailable", "next": 0}', 400),
        ("faults", '{"kind": "unavailable", "often": 3}', 400),
        ("faults", "[]", 400),
        ("faults", "{", 400),
        ("clock", "{}", 400),
        ("clock", '{"forward_s": -1}', 400),
        ("clock", '{"forward_s": true}', 400),
        ("refunds/re_none", '{"status": "failed"}', 404),
        ("nothing", "{}", 404),
    ],
)
def test_the_control_door_says_what_it_does_not_understand(
    emulator: Emulator, path: str, body: str, status: int
) -> None:
    answer = emulator.call("POST", f"/_control/{path}", body=body, secret=emulator.control_secret)
    assert answer[0] == status


def test_the_clock_starts_where_it_is_set_and_then_only_moves_forward(emulator: Emulator) -> None:
    before_s = emulator.control("GET", "health")["now_s"]
    started = emulator.control("POST", "clock", shift_s=-30 * 86_400)
    assert abs(started["now_s"] - (before_s - 30 * 86_400)) <= 5
    intent = emulator.stripe().v1.payment_intents.create(PARAMS, keyed("k1"))
    assert abs(intent.created - started["now_s"]) <= 5
    status, _, _ = emulator.call(
        "POST", "/_control/clock", body='{"shift_s": -31536000}', secret=emulator.control_secret
    )
    assert status == 400
    assert emulator.control("POST", "clock", forward_s=86_400)["shift_s"] == -29 * 86_400


def test_the_truth_can_be_read_back(emulator: Emulator) -> None:
    intent = emulator.stripe().v1.payment_intents.create(PARAMS, keyed("k1"))
    everything = emulator.control("GET", "objects")
    assert everything[ACCOUNT] == {"payment_intent": [intent.to_dict()]}
    assert list(emulator.control("GET", f"objects?account={ACCOUNT}")) == [ACCOUNT]
    assert emulator.control("GET", "objects?account=acct_practice_none") == {}
