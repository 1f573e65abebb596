"""Answers what happened in an account: one event, or the list that repairs lost webhooks."""

from sync_server.practice.stripe_emulator import events
from sync_server.practice.stripe_emulator.answers import Answer, invalid
from sync_server.practice.stripe_emulator.call import Call


def retrieve_event(call: Call) -> Answer:
    """`GET /v1/events/{id}`."""
    return call.shown(events.shown(call.unit, call.unit.get(call.account, "event", call.object_id)))


def list_events(call: Call) -> Answer:
    """`GET /v1/events`, newest first; `types` and `type` exclude each other."""
    params = dict(call.params)
    if "types" in params and "type" in params:
        raise invalid("You may only specify one of these parameters: type, types.", "type")
    if "types" in params:
        params["type"] = params["types"]
    undelivered = (
        "EXISTS (SELECT 1 FROM delivery WHERE delivery.event_id = object.id"
        " AND delivery.state <> 'delivered')"
    )
    wanted = params.get("delivery_success")
    also = "1 = 1" if wanted is None else f"NOT {undelivered}" if wanted else undelivered
    asking = Call(call.unit, call.cause, params, call.object_id, call.base_url)
    records, envelope = asking.listed("event", "/v1/events", filters=("type",), also=also)
    return call.shown(envelope | {"data": [events.shown(call.unit, record) for record in records]})
