"""Decides what a bank's complaint does to a charge: chargebacks block refunds, inquiries do not."""

import copy

from sync_server.practice.stripe_emulator import objects
from sync_server.practice.stripe_emulator.answers import Answer, refused
from sync_server.practice.stripe_emulator.call import Call
from sync_server.practice.stripe_emulator.events import record_event
from sync_server.practice.stripe_emulator.records import Cause, Record, Unit

CLOSED = ("lost", "warning_closed", "won")
STEPS = {
    "chargeback": ("needs_response", "under_review", "won", "lost"),
    "inquiry": ("warning_needs_response", "warning_under_review", "warning_closed"),
}


def retrieve(call: Call) -> Answer:
    """`GET /v1/disputes/{id}`."""
    return call.shown(call.unit.get(call.account, "dispute", call.object_id).body)


def listing(call: Call) -> Answer:
    """`GET /v1/disputes`."""
    return call.plain_list("dispute", "/v1/disputes", "charge", "payment_intent")


def open_dispute(
    unit: Unit, cause: Cause, charge: Record, *, kind: str, reason: str = "fraudulent"
) -> Record:
    """The bank opens a dispute over the whole charge; one at a time."""
    if not charge.body["paid"]:
        raise refused(f"Charge {charge.id} was never paid.")
    others = unit.all(charge.account, "dispute", charge=charge.id)
    if any(other.body["status"] not in CLOSED for other in others):
        raise refused(f"Charge {charge.id} already has an open dispute.")
    body = objects.dispute(unit.now_s(), charge.body, kind=kind, amount=charge.body["amount"], reason=reason)
    dispute = unit.add(Record(charge.account, "dispute", body, {"kind": kind}))
    charge.body["disputed"] = True
    unit.save(charge)
    record_event(unit, cause, "charge.dispute.created", body=dispute.body)
    return dispute


def move_dispute(unit: Unit, cause: Cause, dispute: Record, *, status: str) -> None:
    """The bank goes on: under review, or closed as won, lost or without consequence."""
    if dispute.body["status"] in CLOSED or status not in STEPS[dispute.hidden["kind"]]:
        raise refused(f"A dispute that is {dispute.body['status']} does not become {status}.")
    before = copy.deepcopy(dispute.body)
    dispute.body["status"] = status
    dispute.body["is_charge_refundable"] = dispute.hidden["kind"] == "inquiry" or status == "won"
    unit.save(dispute)
    record_event(unit, cause, "charge.dispute.updated", body=dispute.body, before=before)
    if status in CLOSED:
        record_event(unit, cause, "charge.dispute.closed", body=dispute.body)
