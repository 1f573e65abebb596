"""Money goes back as it does at Stripe: never more than was paid, sometimes late, sometimes not."""

import pytest
import stripe

from tests.gateways.emulator_process import Emulator

ACCOUNT = "acct_practice_studio"
OPTIONS: stripe.RequestOptions = {"stripe_account": ACCOUNT}


def a_paid_intent(client: stripe.StripeClient, card: str = "pm_card_visa", amount: int = 5000) -> str:
    return client.v1.payment_intents.create(
        {"amount": amount, "currency": "eur", "payment_method": card, "confirm": True}, OPTIONS
    ).id


def refund(client: stripe.StripeClient, intent: str, amount: int | None = None) -> stripe.Refund:
    params: stripe.params.RefundCreateParams = {"payment_intent": intent, "metadata": {"refund_id": "r1"}}
    if amount is not None:
        params["amount"] = amount
    return client.v1.refunds.create(params, OPTIONS)


def refunded(emulator: Emulator) -> int:
    amount: int = emulator.objects(ACCOUNT, "charge")[-1]["amount_refunded"]
    return amount


def event_types(emulator: Emulator) -> list[str]:
    return [event["type"] for event in emulator.objects(ACCOUNT, "event")]


def test_refunds_add_up_to_what_was_paid_and_no_further(emulator: Emulator) -> None:
    client = emulator.stripe()
    intent = a_paid_intent(client)
    first, second = refund(client, intent, 2000), refund(client, intent, 2000)
    assert first.id != second.id
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as caught:
        refund(client, intent, 1001)
    assert caught.value.param == "amount"
    assert refund(client, intent).amount == 1000
    with pytest.raises(stripe.InvalidRequestError) as full:
        refund(client, intent, 1)
    assert full.value.code == "charge_already_refunded"
    assert (refunded(emulator), emulator.objects(ACCOUNT, "charge")[0]["refunded"]) == (5000, True)
    listed = client.v1.refunds.list({"payment_intent": intent}, OPTIONS).data
    assert [one.amount for one in listed] == [1000, 2000, 2000]
    assert listed[0].metadata is not None
    assert listed[0].metadata["refund_id"] == "r1"


def test_what_was_not_paid_is_not_refunded(emulator: Emulator) -> None:
    client = emulator.stripe()
    intent = client.v1.payment_intents.create({"amount": 5000, "currency": "eur"}, OPTIONS).id
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        refund(client, intent)


def test_a_refund_can_fail_after_it_succeeded(emulator: Emulator) -> None:
    client = emulator.stripe()
    intent = a_paid_intent(client, "pm_card_refundFail")
    made = refund(client, intent)
    assert (made.status, refunded(emulator)) == ("succeeded", 5000)
    emulator.forward(1)
    assert client.v1.refunds.retrieve(made.id, {}, OPTIONS).status == "succeeded"
    emulator.forward(2)
    failed = client.v1.refunds.retrieve(made.id, {}, OPTIONS)
    assert (failed.status, failed.failure_reason, refunded(emulator)) == ("failed", "unknown", 0)
    assert event_types(emulator)[-2:] == ["refund.updated", "refund.failed"]
    assert refund(client, intent).amount == 5000


def test_a_refund_can_be_pending_first(emulator: Emulator) -> None:
    client = emulator.stripe()
    intent = a_paid_intent(client, "pm_card_pendingRefund")
    made = refund(client, intent, 3000)
    assert (made.status, made.pending_reason, refunded(emulator)) == ("pending", "processing", 3000)
    with pytest.raises(stripe.InvalidRequestError):
        refund(client, intent, 3000)
    emulator.forward(3)
    assert client.v1.refunds.retrieve(made.id, {}, OPTIONS).status == "succeeded"
    updated = emulator.objects(ACCOUNT, "event")[-1]
    assert (updated["type"], updated["data"]["previous_attributes"]["status"]) == (
        "refund.updated",
        "pending",
    )


def test_the_delay_can_be_set(emulator: Emulator) -> None:
    client = emulator.stripe()
    emulator.control("POST", "settings", then_delay_s=86_400)
    made = refund(client, a_paid_intent(client, "pm_card_pendingRefund"))
    emulator.forward(86_399)
    assert client.v1.refunds.retrieve(made.id, {}, OPTIONS).status == "pending"
    emulator.forward(2)
    assert client.v1.refunds.retrieve(made.id, {}, OPTIONS).status == "succeeded"


def test_only_a_refund_that_waits_for_the_customer_is_canceled(emulator: Emulator) -> None:
    client = emulator.stripe()
    intent = a_paid_intent(client)
    made = refund(client, intent, 3000)
    with pytest.raises(stripe.InvalidRequestError, match="no longer be canceled"):
        client.v1.refunds.cancel(made.id, {}, OPTIONS)
    emulator.control("POST", f"refunds/{made.id}", status="requires_action")
    assert client.v1.refunds.cancel(made.id, {}, OPTIONS).status == "canceled"
    assert refunded(emulator) == 0
    assert refund(client, intent).amount == 5000


@pytest.mark.parametrize(
    ("steps", "refused"),
    [
        (["failed"], "succeeded"),
        (["pending", "succeeded"], "canceled"),
        (["requires_action", "pending", "failed"], "pending"),
    ],
)
def test_the_control_door_moves_a_refund_only_as_stripe_does(
    emulator: Emulator, steps: list[str], refused: str
) -> None:
    client = emulator.stripe()
    made = refund(client, a_paid_intent(client))
    for step in steps:
        assert emulator.control("POST", f"refunds/{made.id}", status=step)["status"] == step
    body = f'{{"status": "{refused}"}}'
    path = f"/_control/refunds/{made.id}"
    assert emulator.call("POST", path, body=body, secret=emulator.control_secret)[0] == 400


@pytest.mark.parametrize(
    ("kind", "blocked", "steps", "blocked_after"),
    [
        ("chargeback", True, ["under_review", "won"], False),
        ("chargeback", True, ["lost"], True),
        ("inquiry", False, ["warning_under_review", "warning_closed"], False),
    ],
)
def test_a_chargeback_blocks_refunds_and_an_inquiry_does_not(
    emulator: Emulator,
    *,
    kind: str,
    blocked: bool,
    steps: list[str],
    blocked_after: bool,
) -> None:
    client = emulator.stripe()
    intent = a_paid_intent(client)
    dispute = emulator.control("POST", "disputes", payment_intent=intent, kind=kind)
    _refund_is(client, intent, blocked=blocked)
    for step in steps:
        emulator.control("POST", f"disputes/{dispute['id']}", status=step)
    _refund_is(client, intent, blocked=blocked_after)
    fetched = client.v1.disputes.list({"payment_intent": intent}, OPTIONS).data[0]
    assert (fetched.status, fetched.is_charge_refundable) == (steps[-1], not blocked_after)
    wanted = ["charge.dispute.created", *["charge.dispute.updated"] * len(steps), "charge.dispute.closed"]
    assert [kind for kind in event_types(emulator) if "dispute" in kind] == wanted


def _refund_is(client: stripe.StripeClient, intent: str, *, blocked: bool) -> None:
    if not blocked:
        assert refund(client, intent, 100).status == "succeeded"
        return
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(client, intent, 100)
    assert caught.value.code == "charge_disputed"


@pytest.mark.parametrize(
    ("card", "status"),
    [("pm_card_createDispute", "needs_response"), ("pm_card_createDisputeInquiry", "warning_needs_response")],
)
def test_some_cards_are_disputed_later(emulator: Emulator, card: str, status: str) -> None:
    client = emulator.stripe()
    intent = a_paid_intent(client, card)
    assert client.v1.disputes.list({"payment_intent": intent}, OPTIONS).data == []
    emulator.forward(3)
    assert [one.status for one in client.v1.disputes.list({"payment_intent": intent}, OPTIONS).data] == [
        status
    ]


def test_metadata_of_a_refund_can_be_changed(emulator: Emulator) -> None:
    client = emulator.stripe()
    made = refund(client, a_paid_intent(client))
    changed = client.v1.refunds.update(made.id, {"metadata": {"install": "i2", "refund_id": ""}}, OPTIONS)
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"install": "i2"}
