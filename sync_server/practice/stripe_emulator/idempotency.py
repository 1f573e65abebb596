"""Decides whether a call with an idempotency key runs, repeats its saved answer or is refused."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sync_server.practice.stripe_emulator.answers import Answer, invalid, key_in_use, key_reused
from sync_server.practice.stripe_emulator.records import Unit

LONGEST_KEY = 255
KEPT_S = 24 * 3600


@dataclass(frozen=True)
class KeyedCall:
    """A call that carries a key: in which account, for what, with which parameters."""

    account: str
    key: str
    method: str
    path: str
    params_hash: str


def keyed_call(
    account: str, key: str | None, *, method: str, path: str, params: Mapping[str, Any]
) -> KeyedCall | None:
    """The call by its key; only POST is remembered."""
    if key is None or method != "POST":
        return None
    if not 1 <= len(key) <= LONGEST_KEY:
        raise invalid("Idempotency keys must be between 1 and 255 characters long.", "idempotency_key")
    text = json.dumps(params, sort_keys=True, separators=(",", ":"))
    return KeyedCall(account, key, method, path, hashlib.sha256(text.encode()).hexdigest())


class InFlight:
    """The keys that are being worked on; a killed process leaves none behind."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: set[tuple[str, str]] = set()

    @contextmanager
    def claimed(self, call: KeyedCall | None) -> Iterator[None]:
        """Hold the key while the call runs; 409 when somebody else holds it."""
        if call is None:
            yield
            return
        mine = (call.account, call.key)
        with self._lock:
            if mine in self._keys:
                raise key_in_use()
            self._keys.add(mine)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(mine)


def saved_answer(unit: Unit, call: KeyedCall) -> Answer | None:
    """The answer given before; refuses the key when it was used for something else."""
    kept_s = unit.setting("idempotency_keep_s")
    oldest_ms = unit.now_ms() - (KEPT_S if kept_s is None else int(kept_s)) * 1000
    unit.sql.execute("DELETE FROM remembered WHERE at_ms <= ?", (oldest_ms,))
    row = unit.sql.execute(
        "SELECT method, path, params_hash, status, body FROM remembered WHERE account = ? AND key = ?",
        (call.account, call.key),
    ).fetchone()
    if row is None:
        return None
    if tuple(row[:3]) != (call.method, call.path, call.params_hash):
        raise key_reused(call.key)
    return Answer(row[3], row[4], {"Idempotent-Replayed": "true"})


def remember(unit: Unit, call: KeyedCall, answer: Answer) -> None:
    """Keep the answer in the same transaction as what it tells of."""
    unit.sql.execute(
        "INSERT OR REPLACE INTO remembered VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            call.account,
            call.key,
            call.method,
            call.path,
            call.params_hash,
            answer.status,
            answer.text,
            unit.now_ms(),
        ),
    )
