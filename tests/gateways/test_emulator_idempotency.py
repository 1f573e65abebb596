"""A key is one act: the emulator repeats, refuses and forgets answers as Stripe does."""

import json
import threading
from typing import Any

import pytest
import stripe

from tests.gateways.emulator_process import Emulator

ACCOUNT = "acct_practice_keys"


def _post(
    emulator: Emulator, path: str, form: str, key: str, account: str = ACCOUNT
) -> tuple[int, bool, Any]:
    headers = {"Stripe-Account": account, "Idempotency-Key": key}
    status, answered, text = emulator.call("POST", f"/v1/{path}", body=form, headers=headers)
    return status, answered.get("Idempotent-Replayed") == "true", json.loads(text)


CREATE = ("payment_intents", "amount=5000&currency=eur")


def test_the_same_call_gets_the_same_answer_and_happens_once(emulator: Emulator) -> None:
    first = _post(emulator, *CREATE, "k1")
    again = _post(emulator, *CREATE, "k1")
    assert (first[0], first[1]) == (200, False)
    assert again == (200, True, first[2])
    assert len(emulator.objects(ACCOUNT, "payment_intent")) == 1


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("payment_intents", "amount=5001&currency=eur"),
        ("payment_intents", "amount=5000&currency=eur&metadata[a]=b"),
        ("customers", ""),
    ],
)
def test_a_key_is_not_reused_for_something_else(emulator: Emulator, path: str, form: str) -> None:
    _post(emulator, *CREATE, "k1")
    status, replayed, body = _post(emulator, path, form, "k1")
    assert (status, replayed, body["error"]["type"]) == (400, False, "idempotency_error")


def test_a_key_belongs_to_its_account(emulator: Emulator) -> None:
    first = _post(emulator, *CREATE, "k1")
    other = _post(emulator, *CREATE, "k1", account="acct_practice_other")
    assert other[:2] == (200, False)
    assert other[2]["id"] != first[2]["id"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("amount=5000&currency=eur&colour=red", "parameter_unknown"),
        ("currency=eur", "parameter_missing"),
        ("amount=0&currency=eur", "parameter_invalid_integer"),
        ("amount=10&currency=eur", "amount_too_small"),
    ],
)
def test_bad_parameters_leave_the_key_free(emulator: Emulator, form: str, code: str) -> None:
    status, _, body = _post(emulator, "payment_intents", form, "k1")
    assert (status, body["error"]["code"]) == (400, code)
    assert _post(emulator, *CREATE, "k1")[:2] == (200, False)


@pytest.mark.parametrize(
    ("kind", "status"), [("rate_limit", 429), ("lock_timeout", 409), ("unavailable", 503)]
)
def test_an_answer_at_the_door_leaves_the_key_free(emulator: Emulator, kind: str, status: int) -> None:
    emulator.control("POST", "faults", kind=kind)
    assert _post(emulator, *CREATE, "k1")[0] == status
    assert _post(emulator, *CREATE, "k1")[:2] == (200, False)


def test_a_decline_is_remembered(emulator: Emulator) -> None:
    intent = _post(emulator, *CREATE, "k1")[2]["id"]
    confirm = (f"payment_intents/{intent}/confirm", "payment_method=pm_card_visa_chargeDeclined", "k2")
    first = _post(emulator, *confirm)
    assert first[:2] == (402, False)
    assert _post(emulator, *confirm) == (402, True, first[2])
    assert len(emulator.objects(ACCOUNT, "charge")) == 1


def test_a_refusal_by_state_is_remembered(emulator: Emulator) -> None:
    intent = _post(emulator, *CREATE, "k1")[2]["id"]
    refund = ("refunds", f"payment_intent={intent}", "k2")
    assert _post(emulator, *refund)[:2] == (400, False)
    _post(emulator, f"payment_intents/{intent}/confirm", "payment_method=pm_card_visa", "k3")
    assert _post(emulator, *refund)[:2] == (400, True)
    assert emulator.objects(ACCOUNT, "refund") == []


@pytest.mark.parametrize(("kind", "made"), [("server_error", 0), ("server_error_after_commit", 1)])
def test_a_500_is_remembered_whether_or_not_something_happened(
    emulator: Emulator, kind: str, made: int
) -> None:
    emulator.control("POST", "faults", kind=kind)
    assert _post(emulator, *CREATE, "k1")[:2] == (500, False)
    assert _post(emulator, *CREATE, "k1")[:2] == (500, True)
    assert len(emulator.objects(ACCOUNT, "payment_intent")) == made


def test_a_key_in_use_is_refused(emulator: Emulator) -> None:
    emulator.control("POST", "faults", kind="timeout_before", hang_s=60)
    client, outcome = emulator.stripe(), list[BaseException]()
    options: stripe.RequestOptions = {"stripe_account": ACCOUNT, "idempotency_key": "k1"}

    def hanging() -> None:
        with pytest.raises(stripe.APIConnectionError) as caught:
            client.v1.payment_intents.create({"amount": 5000, "currency": "eur"}, options)
        outcome.append(caught.value)

    caller = threading.Thread(target=hanging)
    caller.start()
    emulator.wait_until_held()
    status, _, body = _post(emulator, *CREATE, "k1")
    assert (status, body["error"]["code"]) == (409, "idempotency_key_in_use")
    emulator.control("POST", "release")
    caller.join()
    assert len(outcome) == 1
    assert _post(emulator, *CREATE, "k1")[:2] == (200, False)


def test_a_key_is_forgotten_after_a_day(emulator: Emulator) -> None:
    first = _post(emulator, *CREATE, "k1")
    emulator.forward(24 * 3600 - 60)
    assert _post(emulator, *CREATE, "k1") == (200, True, first[2])
    emulator.forward(61)
    assert _post(emulator, *CREATE, "k1")[:2] == (200, False)
    assert len(emulator.objects(ACCOUNT, "payment_intent")) == 2


def test_how_long_a_key_is_kept_can_be_set(emulator: Emulator) -> None:
    emulator.control("POST", "settings", idempotency_keep_s=10)
    _post(emulator, *CREATE, "k1")
    emulator.forward(11)
    assert _post(emulator, *CREATE, "k1")[:2] == (200, False)


def test_without_a_key_each_call_is_a_new_one(emulator: Emulator) -> None:
    for _ in range(2):
        emulator.call("POST", "/v1/customers", headers={"Stripe-Account": ACCOUNT})
    assert len(emulator.objects(ACCOUNT, "customer")) == 2
