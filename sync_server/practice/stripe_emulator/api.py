"""Answers one call on `/v1`: key, account, parameters, idempotency, rule and commit, in this order."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from sync_server.practice.stripe_emulator import faults, idempotency
from sync_server.practice.stripe_emulator.accounts import ensure_account
from sync_server.practice.stripe_emulator.answers import Answer, RefusedError
from sync_server.practice.stripe_emulator.call import Call
from sync_server.practice.stripe_emulator.faults import Fault, Silence
from sync_server.practice.stripe_emulator.idempotency import InFlight, KeyedCall
from sync_server.practice.stripe_emulator.parameters import checked, nested
from sync_server.practice.stripe_emulator.records import Cause, Unit, new_id
from sync_server.practice.stripe_emulator.routes import Rule, route_for
from sync_server.practice.stripe_emulator.store import Store


@dataclass(frozen=True)
class Request:
    """What came in at the door; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Api:
    """The routes under `/v1`."""

    def __init__(self, store: Store, *, api_key: str, base_url: str, committed: Callable[[], None]) -> None:
        self._store = store
        self._api_key = api_key
        self._base_url = base_url
        self._committed = committed
        self._in_flight = InFlight()

    def answer(self, request: Request, hold: Callable[[int], None]) -> Answer | Silence:
        """The answer with its headers; `hold` keeps a silent call open for some seconds."""
        request_id = new_id("req")
        try:
            answer = self._answered(request, request_id, hold)
        except RefusedError as refusal:
            answer = refusal.answer()
        if isinstance(answer, Silence):
            return answer
        echoed = {
            name: request.headers[name.lower()]
            for name in ("Idempotency-Key", "Stripe-Account", "Stripe-Version")
            if name.lower() in request.headers
        }
        return Answer(answer.status, answer.text, {"Request-Id": request_id, **echoed, **answer.headers})

    def _answered(self, request: Request, request_id: str, hold: Callable[[int], None]) -> Answer | Silence:
        self._authenticate(request.headers.get("authorization", ""))
        route, object_id = route_for(request.method, request.path)
        with self._store.transaction() as unit:
            fault = faults.next_fault(unit, request.method, request.path)
        if fault is not None and fault.kind in faults.AT_THE_DOOR:
            raise faults.door_error(fault.kind)
        text = request.query if request.method == "GET" else request.body.decode("utf-8", "replace")
        params = checked(nested(parse_qsl(text, keep_blank_values=True)), route.accepts)
        with self._store.transaction() as unit:
            account = ensure_account(unit, request.headers.get("stripe-account"))
        keyed = idempotency.keyed_call(
            account,
            request.headers.get("idempotency-key"),
            method=request.method,
            path=request.path,
            params=params,
        )
        cause = Cause(
            account, request_id, keyed.key if keyed else None, request.headers.get("stripe-version")
        )
        with self._in_flight.claimed(keyed):
            if fault is not None and fault.kind == "timeout_before":
                hold(fault.hang_s)
                return Silence(0)
            answer = self._run(
                route.rule, keyed, fault, lambda unit: Call(unit, cause, params, object_id, self._base_url)
            )
        self._committed()
        if fault is not None and fault.kind == "timeout_after_commit":
            return Silence(fault.hang_s)
        return answer

    def _authenticate(self, header: str) -> None:
        given = header.removeprefix("Bearer ").strip()
        if not given:
            message = (
                "You did not provide an API key. Provide it in the Authorization header, using Bearer auth."
            )
            raise RefusedError(401, message, remembered=False)
        if not hmac.compare_digest(given.encode(), self._api_key.encode()):
            raise RefusedError(401, "Invalid API Key provided.", remembered=False)

    def _run(
        self, rule: Rule, keyed: KeyedCall | None, fault: Fault | None, call: Callable[[Unit], Call]
    ) -> Answer:
        """The rule's answer, committed together with its events and the remembered answer."""
        try:
            with self._store.transaction() as unit:
                saved = idempotency.saved_answer(unit, keyed) if keyed else None
                if saved is not None:
                    return saved
                if fault is not None and fault.kind == "server_error":
                    answer = faults.server_error()
                else:
                    answer = rule(call(unit))
                if fault is not None and fault.kind == "server_error_after_commit":
                    answer = faults.server_error()
                if keyed:
                    idempotency.remember(unit, keyed, answer)
                return answer
        except RefusedError as refusal:
            if keyed and refusal.remembered:
                with self._store.transaction() as unit:
                    idempotency.remember(unit, keyed, refusal.answer())
            raise
