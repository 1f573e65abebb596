"""Decides whether money may go back, how much, and what becomes of a refund on its way."""

import copy

from sync_server.practice.stripe_emulator import charges, objects
from sync_server.practice.stripe_emulator.answers import Answer, Body, invalid, missing, refused
from sync_server.practice.stripe_emulator.call import Call
from sync_server.practice.stripe_emulator.events import record_event
from sync_server.practice.stripe_emulator.parameters import merged_metadata
from sync_server.practice.stripe_emulator.records import Cause, Record, Unit, new_id

# What the control door may set: from -> to.
TRANSITIONS = {
    "pending": ("requires_action", "succeeded", "failed", "canceled"),
    "requires_action": ("pending", "succeeded", "failed", "canceled"),
    "succeeded": ("failed", "pending", "requires_action"),
    "failed": (),
    "canceled": (),
}


def create(call: Call) -> Answer:
    """`POST /v1/refunds`."""
    charge = _charge(call)
    unit = call.unit
    if charges.blocked_by_dispute(unit, charge):
        raise refused(f"Charge {charge.id} has been charged back; cannot issue a refund.", "charge_disputed")
    rest = charges.refundable_rest(unit, charge)
    if rest == 0:
        raise refused(f"Charge {charge.id} has already been refunded.", "charge_already_refunded")
    amount = call.params.get("amount", rest)
    if amount > rest:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({rest})"
        raise refused(message, param="amount")
    then = charge.hidden.get("refund_then")
    body = objects.refund(
        unit.now_s(),
        charge.body,
        amount=amount,
        status="pending" if then == "succeed" else "succeeded",
        given=dict(call.params) | {"metadata": merged_metadata({}, call.params.get("metadata"))},
    )
    if body["status"] == "pending":
        body["pending_reason"] = "processing"
    refund = unit.add(Record(call.account, "refund", body))
    record_event(unit, call.cause, "refund.created", body=refund.body)
    charges.settle(unit, call.cause, charge, announce=True)
    if then is not None:
        unit.do_later(call.account, f"refund_{then}", refund.id)
    return call.shown(refund.body)


def retrieve(call: Call) -> Answer:
    """`GET /v1/refunds/{id}`."""
    return call.shown(_refund(call).body)


def listing(call: Call) -> Answer:
    """`GET /v1/refunds`."""
    return call.plain_list("refund", "/v1/refunds", "charge", "payment_intent")


def update(call: Call) -> Answer:
    """`POST /v1/refunds/{id}`: only metadata can change."""
    refund = _refund(call)
    before = copy.deepcopy(refund.body)
    refund.body["metadata"] = merged_metadata(refund.body["metadata"], call.params.get("metadata"))
    call.unit.save(refund)
    record_event(call.unit, call.cause, "refund.updated", body=refund.body, before=before)
    return call.shown(refund.body)


def cancel(call: Call) -> Answer:
    """`POST /v1/refunds/{id}/cancel`."""
    refund = _refund(call)
    if refund.body["status"] != "requires_action":
        raise refused(f"Refund {refund.id} is {refund.body['status']} and can no longer be canceled.")
    set_status(call.unit, call.cause, refund, status="canceled")
    return call.shown(refund.body)


def set_status(
    unit: Unit, cause: Cause, refund: Record, *, status: str, failure_reason: str = "unknown"
) -> None:
    """Move a refund on and bring its charge in line; refuses a step that Stripe does not make."""
    present = refund.body["status"]
    if status not in TRANSITIONS[present]:
        raise refused(f"A refund that is {present} does not become {status}.")
    before = copy.deepcopy(refund.body)
    refund.body["status"] = status
    for name in ("pending_reason", "next_action"):
        refund.body.pop(name, None)
    refund.body |= _details_of(status, failure_reason)
    if status == "succeeded":
        refund.body["balance_transaction"] = refund.body["balance_transaction"] or new_id("txn")
    unit.save(refund)
    charge = unit.get(refund.account, "charge", refund.body["charge"])
    charges.settle(unit, cause, charge, announce=False)
    record_event(unit, cause, "refund.updated", body=refund.body, before=before)
    if status == "failed":
        record_event(unit, cause, "refund.failed", body=refund.body)


def _details_of(status: str, failure_reason: str) -> Body:
    if status == "failed":
        return {"failure_reason": failure_reason, "failure_balance_transaction": new_id("txn")}
    if status == "pending":
        return {"pending_reason": "processing"}
    if status == "requires_action":
        return {"next_action": {"type": "display_details"}}
    return {}


def _refund(call: Call) -> Record:
    return call.unit.get(call.account, "refund", call.object_id)


def _charge(call: Call) -> Record:
    """The successful charge that the refund is for."""
    if "charge" in call.params and "payment_intent" in call.params:
        raise invalid("Pass charge or payment_intent, not both.", "charge")
    charge = call.referred("charge", "charge")
    if charge is None:
        intent = call.referred("payment_intent", "payment_intent")
        if intent is None:
            message = (
                "One of the following params should be provided for this request: payment_intent or charge."
            )
            raise invalid(message, "payment_intent", "parameter_missing")
        if intent.body["status"] != "succeeded":
            message = f"This PaymentIntent ({intent.id}) does not have a successful charge to refund."
            raise refused(message, "payment_intent_unexpected_state", param="payment_intent")
        charge = call.unit.get(call.account, "charge", intent.body["latest_charge"])
    if not charge.body["paid"]:
        raise missing("charge", charge.id, param="charge", status=400)
    return charge
