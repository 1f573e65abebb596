"""The door by which tests and the practice server play the bank, the network and the clock."""

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from sync_server.practice.stripe_emulator.answers import Answer, Body, RefusedError, invalid, said
from sync_server.practice.stripe_emulator.api import Request
from sync_server.practice.stripe_emulator.control_acts import ACTS, Act, Field
from sync_server.practice.stripe_emulator.events import CONFIGURED_ENDPOINT
from sync_server.practice.stripe_emulator.http_door import Door
from sync_server.practice.stripe_emulator.objects import webhook_endpoint
from sync_server.practice.stripe_emulator.records import PLATFORM, Record
from sync_server.practice.stripe_emulator.runner import Runner
from sync_server.practice.stripe_emulator.store import Store

WITH_AN_ID = ("accounts", "disputes", "payment_intents", "refunds")


class Control:
    """The routes under `/_control`; each takes and answers JSON."""

    def __init__(self, store: Store, *, secret: str, runner: Runner, door: Door) -> None:
        self._store = store
        self._secret = secret
        self._own: dict[str, Callable[[], Body]] = {
            "GET held": lambda: {"held": len(door.held)},
            "POST release": lambda: _said_after(door.release, "released"),
            "POST reset": lambda: _said_after(self._reset, "reset"),
            "POST run_due": lambda: vars(runner.run_due()),
        }
        self._wake = runner.wake

    def answer(self, request: Request) -> Answer:
        """Do what is asked, wake the runner and answer with what stands now."""
        try:
            self._authenticate(request)
            route, object_id = _split(request.path)
            name = f"{request.method} {route}"
            if name in self._own:
                return said(self._own[name]())
            act = _act(name)
            asked = _asked(request, act)
            with self._store.transaction() as unit:
                body = act.do(unit, object_id, asked)
            self._wake()
            return said(body)
        except RefusedError as refusal:
            return refusal.answer()

    def _authenticate(self, request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise RefusedError(401, "The control door needs its own secret.", remembered=False)

    def _reset(self) -> None:
        """Forget everything but the address that was named for webhooks."""
        with self._store.transaction() as unit:
            endpoint = unit.find(PLATFORM, "webhook_endpoint", CONFIGURED_ENDPOINT)
        self._store.reset()
        if endpoint is not None:
            with self._store.transaction() as unit:
                unit.add(endpoint)


def keep_configured_endpoint(store: Store, url: str | None) -> None:
    """The endpoint named at the start hears everything; without a url its webhooks wait for one."""
    with store.transaction() as unit:
        endpoint = unit.find(PLATFORM, "webhook_endpoint", CONFIGURED_ENDPOINT)
        if endpoint is None:
            given = {"enabled_events": ["*"], "url": "", "description": "named at the start"}
            body = webhook_endpoint(unit.now_s(), given) | {"id": CONFIGURED_ENDPOINT}
            endpoint = unit.add(Record(PLATFORM, "webhook_endpoint", body, {"connect": True}))
        if url is not None:
            endpoint.body["url"] = url
            unit.save(endpoint)


def _said_after(act: Callable[[], None], word: str) -> Body:
    act()
    return {word: True}


def _act(name: str) -> Act:
    if name not in ACTS:
        raise RefusedError(404, f"The control door has no {name}.", remembered=False)
    return ACTS[name]


def _split(path: str) -> tuple[str, str]:
    """`/_control/refunds/re_1` as ("refunds/{id}", "re_1")."""
    parts = path.strip("/").split("/")[1:]
    if len(parts) > 1 and parts[0] in WITH_AN_ID:
        return "/".join([parts[0], "{id}", *parts[2:]]), parts[1]
    return "/".join(parts), ""


def _asked(request: Request, act: Act) -> Mapping[str, Any]:
    """The checked body or query; refuses unknown names and wrong types."""
    given: Any = dict(parse_qsl(request.query))
    if request.method == "POST":
        try:
            given = json.loads(request.body or b"{}")
        except ValueError:
            raise invalid("The body is not JSON.", "body") from None
    if not isinstance(given, dict):
        raise invalid("The body is not an object.", "body")
    for name in given:
        if name not in act.fields:
            raise invalid(f"Unknown: {name}.", name, "parameter_unknown")
    return {name: _value(given.get(name), name, field) for name, field in act.fields.items()}


def _value(value: object, name: str, field: Field) -> object:
    if value is None and not field.required:
        return field.default
    right = type(value) is field.type and (not field.choices or value in field.choices)
    if not right or (isinstance(value, int) and value < field.least):
        raise invalid(f"{name} is missing or not as it should be.", name)
    return value
