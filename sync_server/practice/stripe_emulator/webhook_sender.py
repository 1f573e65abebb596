"""Decides how a webhook is signed and sent, and when one that failed is tried again."""

import hashlib
import hmac
import http.client
import json
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog

from sync_server.practice.stripe_emulator import events
from sync_server.practice.stripe_emulator.events import CONFIGURED_ENDPOINT
from sync_server.practice.stripe_emulator.records import Unit
from sync_server.practice.stripe_emulator.store import Store

RETRY_WAITS_S = (5, 30, 300, 3600, 21_600)
ANSWER_WITHIN_S = 20
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
log = structlog.get_logger()


@dataclass(frozen=True)
class Letter:
    """One webhook ready to go."""

    delivery: int
    tries: int
    event_id: str
    url: str
    secret: str
    body: str


def signature(secret: str, body: str, at_s: int) -> str:
    """The `Stripe-Signature` header over the real clock."""
    mac = hmac.new(secret.encode(), f"{at_s}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at_s},v1={mac}"


class WebhookSender:
    """Sends what is due; knows the secret of the endpoint that was configured from outside."""

    def __init__(self, store: Store, configured_secret: str | None) -> None:
        self._store = store
        self._configured_secret = configured_secret

    def next_due(self, *, before_ms: int | None = None) -> Letter | None:
        """The next webhook whose time has come, or None."""
        with self._store.transaction() as unit:
            until_ms = unit.now_ms() if before_ms is None else before_ms
            # A webhook without an address or secret waits until somebody names one.
            row = unit.sql.execute(
                "SELECT seq, account, event_id, endpoint_id, tries FROM delivery"
                " WHERE state = 'pending' AND due_ms <= ? AND (? OR endpoint_id <> ?) AND EXISTS"
                " (SELECT 1 FROM object WHERE kind = 'webhook_endpoint' AND id = endpoint_id"
                " AND json_extract(body, '$.url') <> '') ORDER BY place, seq LIMIT 1",
                (until_ms, self._configured_secret is not None, CONFIGURED_ENDPOINT),
            ).fetchone()
            return None if row is None else self._letter(unit, row)

    def _letter(self, unit: Unit, row: tuple[int, str, str, str, int]) -> Letter:
        delivery, account, event_id, endpoint_id, tries = row
        endpoint = unit.anywhere("webhook_endpoint", endpoint_id)
        secret = self._configured_secret if endpoint_id == CONFIGURED_ENDPOINT else endpoint.hidden["secret"]
        event = events.shown(unit, unit.get(account, "event", event_id))
        body = json.dumps(event, ensure_ascii=False, indent=2)
        return Letter(delivery, tries, event_id, endpoint.body["url"], str(secret), body)

    def send(self, letter: Letter) -> bool:
        """Send one webhook and note what became of it."""
        outcome = _post(letter)
        delivered = outcome.startswith("2")
        with self._store.transaction() as unit:
            if delivered:
                state, due_ms = "delivered", 0
            elif letter.tries < len(RETRY_WAITS_S):
                state, due_ms = "pending", unit.now_ms() + RETRY_WAITS_S[letter.tries] * 1000
            else:
                state, due_ms = "gave_up", 0
            unit.sql.execute(
                "UPDATE delivery SET state = ?, due_ms = ?, tries = tries + 1, outcome = ? WHERE seq = ?",
                (state, due_ms, outcome, letter.delivery),
            )
        log.info("webhook_sent", event_id=letter.event_id, outcome=outcome, state=state)
        return delivered


def _post(letter: Letter) -> str:
    """The receiver's status, or the name of what went wrong."""
    target = urlsplit(letter.url)
    if target.hostname not in LOOPBACK or target.scheme != "http":
        return "refused: practice webhooks stay on this machine"
    connection = http.client.HTTPConnection(target.hostname, target.port, timeout=ANSWER_WITHIN_S)
    payload = letter.body.encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(letter.secret, letter.body, int(time.time())),
        "User-Agent": "Stripe/1.0 (practice)",
    }
    try:
        connection.request(
            "POST", target.path + (f"?{target.query}" if target.query else ""), payload, headers
        )
        answer = connection.getresponse()
        answer.read(65_536)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
    return str(answer.status)
