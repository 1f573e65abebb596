"""Decides how much of a charge is taken, given back or blocked by the bank."""

import copy

from sync_server.practice.stripe_emulator import objects
from sync_server.practice.stripe_emulator.answers import Answer, Body
from sync_server.practice.stripe_emulator.call import Call
from sync_server.practice.stripe_emulator.cards import Decline
from sync_server.practice.stripe_emulator.events import record_event
from sync_server.practice.stripe_emulator.records import Cause, Record, Unit

TAKES_ROOM = ("pending", "requires_action", "succeeded")


def retrieve(call: Call) -> Answer:
    """`GET /v1/charges/{id}`."""
    return call.shown(call.unit.get(call.account, "charge", call.object_id).body)


def take(unit: Unit, cause: Cause, intent: Body, *, method: Record) -> Record:
    """A charge that went through."""
    charge = unit.add(
        Record(cause.account, "charge", objects.charge(unit.now_s(), intent, method.body), method.hidden)
    )
    record_event(unit, cause, "charge.succeeded", body=charge.body)
    if method.hidden.get("dispute"):
        unit.do_later(cause.account, "open_dispute", charge.id)
    return charge


def fail(unit: Unit, cause: Cause, intent: Body, *, method: Record, decline: Decline) -> Record:
    """A charge that the bank refused."""
    failure = (decline.code, decline.decline_code or decline.code, decline.message)
    body = objects.charge(unit.now_s(), intent, method.body, failure=failure)
    charge = unit.add(Record(cause.account, "charge", body, method.hidden))
    record_event(unit, cause, "charge.failed", body=charge.body)
    return charge


def refundable_rest(unit: Unit, charge: Record) -> int:
    """What has not been given back nor is on its way back."""
    taken = sum(
        refund.body["amount"] for refund in refunds_of(unit, charge) if refund.body["status"] in TAKES_ROOM
    )
    return int(charge.body["amount_captured"]) - int(taken)


def refunds_of(unit: Unit, charge: Record) -> list[Record]:
    """Every refund of this charge, oldest first."""
    intent = charge.body["payment_intent"]
    return [
        refund
        for refund in unit.all(charge.account, "refund", payment_intent=intent)
        if refund.body["charge"] == charge.id
    ]


def blocked_by_dispute(unit: Unit, charge: Record) -> bool:
    """Whether a dispute keeps this charge from being refunded."""
    disputes = unit.all(charge.account, "dispute", payment_intent=charge.body["payment_intent"])
    return any(
        dispute.body["charge"] == charge.id and not dispute.body["is_charge_refundable"]
        for dispute in disputes
    )


def settle(unit: Unit, cause: Cause, charge: Record, *, announce: bool) -> None:
    """Bring the charge's refunded amount in line with its refunds."""
    before = copy.deepcopy(charge.body)
    refunded = charge.body["amount_captured"] - refundable_rest(unit, charge)
    charge.body["amount_refunded"] = refunded
    charge.body["refunded"] = refunded == charge.body["amount"]
    unit.save(charge)
    if announce:
        record_event(unit, cause, "charge.refunded", body=charge.body, before=before)
