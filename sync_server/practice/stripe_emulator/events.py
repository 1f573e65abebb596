"""Decides that a change is an event, and to which endpoints, when and in which order its webhooks go."""

import random
from typing import Any

from sync_server.practice.stripe_emulator.answers import Body
from sync_server.practice.stripe_emulator.records import PLATFORM, Cause, Record, Unit, new_id

API_VERSION = "2026-10-28.endive"
CONFIGURED_ENDPOINT = "we_configured"


def record_event(unit: Unit, cause: Cause, kind: str, *, body: Body, before: Body | None = None) -> None:
    """Store the event with its change and plan its webhooks; `before` is the object as it was."""
    data: Body = {"object": body}
    if before is not None:
        data["previous_attributes"] = {
            name: value for name, value in before.items() if body.get(name) != value
        }
        data["previous_attributes"] |= dict.fromkeys(name for name in body if name not in before)
    event: Body = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": cause.api_version or API_VERSION,
        "created": unit.now_s(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": cause.request_id, "idempotency_key": cause.idempotency_key},
        "type": kind,
    }
    if cause.account != PLATFORM:
        event["account"] = cause.account
    record = unit.add(Record(cause.account, "event", event))
    for endpoint in _listening(unit, cause.account, kind):
        _plan(unit, record, endpoint)


def _listening(unit: Unit, account: str, kind: str) -> list[Record]:
    own = unit.all(account, "webhook_endpoint")
    above = unit.all(PLATFORM, "webhook_endpoint") if account != PLATFORM else []
    candidates = [endpoint for endpoint in own if not endpoint.hidden.get("connect")]
    candidates += [endpoint for endpoint in above if endpoint.hidden.get("connect")]
    candidates += [endpoint for endpoint in own if endpoint.id == CONFIGURED_ENDPOINT]
    return [
        endpoint
        for endpoint in candidates
        if "*" in endpoint.body["enabled_events"] or kind in endpoint.body["enabled_events"]
    ]


def _plan(unit: Unit, event: Record, endpoint: Record) -> None:
    due_ms, copies, state, place = unit.now_ms(), 1, "pending", event.seq
    weather = unit.setting("weather")
    if weather:
        # Seeded by the event's place, so a run with the same seed and calls meets the same weather.
        chance = random.Random(f"{weather['seed']}:{event.seq}")  # noqa: S311 - weather, not a secret
        if chance.randrange(100) < weather["drop_percent"]:
            state = "dropped"
        if chance.randrange(100) < weather["duplicate_percent"]:
            copies = 2
        if weather["shuffle_s"]:
            place = chance.randrange(2**40)
            due_ms += chance.randrange(weather["shuffle_s"] * 1000)
    rule = _matching_rule(unit, str(event.body["type"]))
    if rule is not None:
        state = {"drop": "dropped", "reorder": "held"}.get(rule["action"], state)
        copies = 2 if rule["action"] == "duplicate" else copies
        due_ms += rule["delay_s"] * 1000
    for _ in range(copies):
        unit.sql.execute(
            "INSERT INTO delivery (account, event_id, endpoint_id, state, place, tries, due_ms, rule)"
            " VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
            (event.account, event.id, endpoint.id, state, place, due_ms, rule["seq"] if rule else None),
        )
    if rule is not None and rule["action"] == "reorder" and rule["remaining"] == 1:
        release_held(unit, rule["seq"])


def _matching_rule(unit: Unit, kind: str) -> dict[str, Any] | None:
    row = unit.sql.execute(
        "SELECT seq, action, remaining, delay_s FROM webhook_rule"
        " WHERE remaining > 0 AND (type IS NULL OR type = ?) ORDER BY seq LIMIT 1",
        (kind,),
    ).fetchone()
    if row is None:
        return None
    unit.sql.execute("UPDATE webhook_rule SET remaining = remaining - 1 WHERE seq = ?", (row[0],))
    return dict(zip(("seq", "action", "remaining", "delay_s"), row, strict=True))


def release_held(unit: Unit, rule: int | None = None) -> int:
    """Let the deliveries held for reordering go, the last one first; answers how many."""
    held = unit.sql.execute(
        "SELECT seq, place FROM delivery WHERE state = 'held' AND (? IS NULL OR rule = ?) ORDER BY seq DESC",
        (rule, rule),
    ).fetchall()
    first_place = min((place for _, place in held), default=0)
    for step, (seq, _) in enumerate(held):
        unit.sql.execute(
            "UPDATE delivery SET state = 'pending', place = ? WHERE seq = ?", (first_place + step, seq)
        )
    return len(held)


def shown(unit: Unit, event: Record) -> Body:
    """The event with the number of webhooks that still have to arrive."""
    pending = unit.sql.execute(
        "SELECT count(*) FROM delivery WHERE event_id = ? AND state IN ('pending', 'held')", (event.id,)
    ).fetchone()[0]
    return event.body | {"pending_webhooks": pending}
