"""What the control door can do, act by act, and which fields each act takes."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sync_server.practice.stripe_emulator import accounts, disputes, faults, payments, refunds
from sync_server.practice.stripe_emulator.answers import Body, invalid, missing, refused
from sync_server.practice.stripe_emulator.events import CONFIGURED_ENDPOINT, release_held
from sync_server.practice.stripe_emulator.records import PLATFORM, Cause, Record, Unit
from sync_server.practice.stripe_emulator.webhook_sender import LOOPBACK

Asked = Mapping[str, Any]
RULE_ACTIONS = ("delay", "drop", "duplicate", "reorder")


@dataclass(frozen=True)
class Field:
    """One field of an act's JSON body."""

    type: type = str
    required: bool = False
    default: object = None
    choices: tuple[object, ...] = ()
    least: int = 0


@dataclass(frozen=True)
class Act:
    """One act: its fields and what it does."""

    do: Callable[[Unit, str, Asked], Body]
    fields: Mapping[str, Field] = field(default_factory=dict)


def _health(unit: Unit, _: str, __: Asked) -> Body:
    waiting = dict(unit.sql.execute("SELECT state, count(*) FROM delivery GROUP BY state").fetchall())
    later = unit.sql.execute("SELECT count(*) FROM later").fetchone()[0]
    return {
        "pid": os.getpid(),
        "now_s": unit.now_s(),
        "shift_s": int(unit.setting("shift_ms")) // 1000,
        "deliveries": waiting,
        "acts_to_come": later,
    }


def _objects(unit: Unit, _: str, asked: Asked) -> Body:
    """Every object as it stands, by account and kind, oldest first; events only when asked for."""
    found: Body = {}
    for record in unit.all(asked["account"], asked["kind"]):
        if record.kind != "event" or asked["kind"] == "event":
            found.setdefault(record.account, {}).setdefault(record.kind, []).append(record.body)
    return found


def _deliveries(unit: Unit, _: str, asked: Asked) -> Body:
    rows = unit.sql.execute(
        "SELECT delivery.account, delivery.event_id, json_extract(object.body, '$.type'),"
        " delivery.endpoint_id, delivery.state, delivery.tries, delivery.due_ms / 1000,"
        " delivery.outcome FROM delivery"
        " JOIN object ON object.kind = 'event' AND object.id = delivery.event_id"
        " WHERE ? IS NULL OR delivery.account = ? ORDER BY delivery.seq",
        (asked["account"], asked["account"]),
    )
    names = ("account", "event_id", "type", "endpoint_id", "state", "tries", "due_s", "outcome")
    return {"data": [dict(zip(names, row, strict=True)) for row in rows]}


def _clock(unit: Unit, _: str, asked: Asked) -> Body:
    if (asked["forward_s"] is None) == (asked["shift_s"] is None):
        raise invalid("Give forward_s or shift_s.", "forward_s")
    present_ms = int(unit.setting("shift_ms"))
    shift_ms = present_ms + asked["forward_s"] * 1000 if asked["shift_s"] is None else asked["shift_s"] * 1000
    if shift_ms < present_ms and any(
        record.kind not in ("account", "webhook_endpoint") for record in unit.all(None, None)
    ):
        raise refused("The clock only moves forward once something has happened.")
    unit.set_setting("shift_ms", shift_ms)
    return {"now_s": unit.now_s(), "shift_s": shift_ms // 1000}


def _settings(unit: Unit, _: str, asked: Asked) -> Body:
    for name, value in asked.items():
        if value is not None:
            unit.set_setting(name, value)
    return {name: unit.setting(name) for name in asked}


def _fault(unit: Unit, _: str, asked: Asked) -> Body:
    unit.sql.execute(
        "INSERT INTO fault (kind, remaining, method, path_start, hang_s) VALUES (?, ?, ?, ?, ?)",
        (asked["kind"], asked["next"], asked["method"], asked["path_start"], asked["hang_s"]),
    )
    return dict(asked)


def _faults(unit: Unit, _: str, __: Asked) -> Body:
    rows = unit.sql.execute(
        "SELECT kind, remaining, method, path_start FROM fault WHERE remaining > 0 ORDER BY seq"
    )
    names = ("kind", "remaining", "method", "path_start")
    return {"data": [dict(zip(names, row, strict=True)) for row in rows]}


def _clear_faults(unit: Unit, _: str, __: Asked) -> Body:
    unit.sql.execute("DELETE FROM fault")
    return {"cleared": True}


def _webhook_rule(unit: Unit, _: str, asked: Asked) -> Body:
    unit.sql.execute(
        "INSERT INTO webhook_rule (action, remaining, type, delay_s) VALUES (?, ?, ?, ?)",
        (asked["action"], asked["next"], asked["type"], asked["delay_s"]),
    )
    return dict(asked)


def _weather(unit: Unit, _: str, asked: Asked) -> Body:
    unit.set_setting("weather", dict(asked))
    return dict(asked)


def _clear_webhooks(unit: Unit, _: str, __: Asked) -> Body:
    unit.sql.execute("DELETE FROM webhook_rule")
    unit.set_setting("weather", None)
    return {"released": release_held(unit)}


def _endpoint(unit: Unit, _: str, asked: Asked) -> Body:
    target = urlsplit(asked["url"])
    if target.scheme != "http" or target.hostname not in LOOPBACK:
        raise invalid("Practice webhooks stay on this machine: http://127.0.0.1:port/path.", "url")
    endpoint = unit.get(PLATFORM, "webhook_endpoint", CONFIGURED_ENDPOINT)
    endpoint.body["url"] = asked["url"]
    unit.save(endpoint)
    return endpoint.body


def _resend(unit: Unit, _: str, asked: Asked) -> Body:
    """Send an event once more to every endpoint that was to hear of it."""
    event = unit.anywhere("event", asked["event"])
    changed = unit.sql.execute(
        "INSERT INTO delivery (account, event_id, endpoint_id, state, place, tries, due_ms)"
        " SELECT DISTINCT account, event_id, endpoint_id, 'pending', ?, 0, ? FROM delivery"
        " WHERE event_id = ?",
        (event.seq, unit.now_ms(), event.id),
    ).rowcount
    return {"resent": changed}


def _refund(unit: Unit, object_id: str, asked: Asked) -> Body:
    refund = unit.anywhere("refund", object_id)
    refunds.set_status(
        unit, Cause(refund.account), refund, status=asked["status"], failure_reason=asked["failure_reason"]
    )
    return refund.body


def _open_dispute(unit: Unit, _: str, asked: Asked) -> Body:
    charge_id = asked["charge"]
    if charge_id is None:
        if asked["payment_intent"] is None:
            raise invalid("Give charge or payment_intent.", "charge")
        charge_id = unit.anywhere("payment_intent", asked["payment_intent"]).body["latest_charge"]
    if charge_id is None:
        raise missing("charge", "none yet", param="payment_intent", status=400)
    charge = unit.anywhere("charge", charge_id)
    return disputes.open_dispute(
        unit, Cause(charge.account), charge, kind=asked["kind"], reason=asked["reason"]
    ).body


def _move_dispute(unit: Unit, object_id: str, asked: Asked) -> Body:
    dispute = unit.anywhere("dispute", object_id)
    disputes.move_dispute(unit, Cause(dispute.account), dispute, status=asked["status"])
    return dispute.body


def _authenticate(unit: Unit, object_id: str, asked: Asked) -> Body:
    intent = unit.anywhere("payment_intent", object_id)
    payments.authenticate(unit, Cause(intent.account), intent, approved=asked["approved"])
    return intent.body


def _processing(unit: Unit, _: str, asked: Asked) -> Body:
    unit.set_setting("processing_next", asked["next"])
    return dict(asked)


def _account(unit: Unit, object_id: str, asked: Asked) -> Body:
    account: Record = unit.get(PLATFORM, "account", object_id)
    accounts.set_ready(unit, account, ready=asked["ready"])
    return account.body


NEXT = Field(int, default=1, least=1)
ACTS: dict[str, Act] = {
    "GET health": Act(_health),
    "GET objects": Act(_objects, {"account": Field(), "kind": Field()}),
    "GET deliveries": Act(_deliveries, {"account": Field()}),
    "POST clock": Act(_clock, {"forward_s": Field(int), "shift_s": Field(int, least=-(10**10))}),
    "POST settings": Act(
        _settings,
        {"then_delay_s": Field(int), "idempotency_keep_s": Field(int), "by_hand": Field(bool)},
    ),
    "GET faults": Act(_faults),
    "POST faults": Act(
        _fault,
        {
            "kind": Field(required=True, choices=faults.KINDS),
            "next": NEXT,
            "method": Field(choices=("GET", "POST")),
            "path_start": Field(default="/v1/"),
            "hang_s": Field(int, default=0),
        },
    ),
    "POST faults/clear": Act(_clear_faults),
    "POST webhooks/rules": Act(
        _webhook_rule,
        {
            "action": Field(required=True, choices=RULE_ACTIONS),
            "next": NEXT,
            "type": Field(),
            "delay_s": Field(int, default=0),
        },
    ),
    "POST webhooks/weather": Act(
        _weather,
        {
            "seed": Field(int, required=True),
            "drop_percent": Field(int, default=0),
            "duplicate_percent": Field(int, default=0),
            "shuffle_s": Field(int, default=0),
        },
    ),
    "POST webhooks/clear": Act(_clear_webhooks),
    "POST webhooks/endpoint": Act(_endpoint, {"url": Field(required=True)}),
    "POST webhooks/resend": Act(_resend, {"event": Field(required=True)}),
    "POST refunds/{id}": Act(
        _refund,
        {
            "status": Field(required=True, choices=tuple(refunds.TRANSITIONS)),
            "failure_reason": Field(default="unknown"),
        },
    ),
    "POST disputes": Act(
        _open_dispute,
        {
            "charge": Field(),
            "payment_intent": Field(),
            "kind": Field(default="chargeback", choices=("chargeback", "inquiry")),
            "reason": Field(default="fraudulent"),
        },
    ),
    "POST disputes/{id}": Act(_move_dispute, {"status": Field(required=True)}),
    "POST payment_intents/{id}/authenticate": Act(_authenticate, {"approved": Field(bool, required=True)}),
    "POST payments/processing": Act(_processing, {"next": Field(int, default=1)}),
    "POST accounts/{id}": Act(_account, {"ready": Field(bool, required=True)}),
}
