"""One open transaction on the state: objects by account, kind and id, settings, clock, things to come."""

import json
import secrets
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync_server.practice.stripe_emulator.answers import Body, missing

PLATFORM = "platform"
SHOWN_FIELDS = {"charge", "customer", "payment_intent", "type"}


@dataclass
class Record:
    """An object as callers see it, and what only the emulator knows of it."""

    account: str
    kind: str
    body: Body
    hidden: Body = field(default_factory=dict)
    seq: int = 0

    @property
    def id(self) -> str:
        """The object's id."""
        return str(self.body["id"])


@dataclass(frozen=True)
class Cause:
    """Why something happens: the account and, when a call did it, that call."""

    account: str
    request_id: str | None = None
    idempotency_key: str | None = None
    api_version: str | None = None


@dataclass(frozen=True)
class Page:
    """Which part of a list is asked for."""

    limit: int = 10
    starting_after: str | None = None
    ending_before: str | None = None


def new_id(prefix: str) -> str:
    """An unguessable id that looks like Stripe's."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return f"{prefix}_" + "".join(secrets.choice(alphabet) for _ in range(24))


class Unit:
    """What may be done inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.sql = connection

    # clock and settings
    def setting(self, name: str) -> Any:  # noqa: ANN401 - settings are plain JSON values
        """The value of a setting, or None."""
        row = self.sql.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def set_setting(self, name: str, value: object) -> None:
        """Keep a setting."""
        self.sql.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    def now_ms(self) -> int:
        """Practice time in milliseconds: the real clock and the present shift."""
        return time.time_ns() // 1_000_000 + int(self.setting("shift_ms") or 0)

    def now_s(self) -> int:
        """Practice time in whole seconds, as objects carry it."""
        return self.now_ms() // 1000

    # objects
    def add(self, record: Record) -> Record:
        """Store a new object."""
        cursor = self.sql.execute(
            "INSERT INTO object (account, kind, id, body, hidden) VALUES (?, ?, ?, ?, ?)",
            (record.account, record.kind, record.id, json.dumps(record.body), json.dumps(record.hidden)),
        )
        record.seq = cursor.lastrowid or 0
        return record

    def save(self, record: Record) -> None:
        """Store the changed state of an object."""
        self.sql.execute(
            "UPDATE object SET body = ?, hidden = ? WHERE account = ? AND kind = ? AND id = ?",
            (json.dumps(record.body), json.dumps(record.hidden), record.account, record.kind, record.id),
        )

    def find(self, account: str, kind: str, object_id: str) -> Record | None:
        """The object of this account, or None."""
        row = self.sql.execute(
            "SELECT account, kind, body, hidden, seq FROM object WHERE account = ? AND kind = ? AND id = ?",
            (account, kind, object_id),
        ).fetchone()
        return None if row is None else _record(row)

    def get(self, account: str, kind: str, object_id: str) -> Record:
        """The object of this account; 404 `resource_missing` when there is none."""
        found = self.find(account, kind, object_id)
        if found is None:
            raise missing(kind, object_id)
        return found

    def anywhere(self, kind: str, object_id: str) -> Record:
        """The object of whichever account; only the control door asks so."""
        row = self.sql.execute(
            "SELECT account, kind, body, hidden, seq FROM object WHERE kind = ? AND id = ?", (kind, object_id)
        ).fetchone()
        if row is None:
            raise missing(kind, object_id)
        return _record(row)

    def all(self, account: str | None, kind: str | None, **fields: str) -> list[Record]:
        """Every object that fits, oldest first."""
        where, values = ["1 = 1"], list[object]()
        for column, wanted in (("account", account), ("kind", kind)):
            if wanted is not None:
                where.append(f"{column} = ?")
                values.append(wanted)
        for name, wanted in fields.items():
            where.append(f"{_shown(name)} = ?")
            values.append(wanted)
        return self._rows(where, values, "ORDER BY seq")

    def page(
        self,
        account: str,
        kind: str,
        *,
        page: Page,
        fields: Mapping[str, str | Sequence[str]],
        created: Mapping[str, int],
        also: str = "1 = 1",
    ) -> tuple[list[Record], bool]:
        """One page, newest first, and whether more lies beyond it."""
        where, values = ["account = ?", "kind = ?", also], list[object]([account, kind])
        for name, wanted in fields.items():
            several = [wanted] if isinstance(wanted, str) else list(wanted)
            where.append(f"{_shown(name)} IN ({', '.join('?' * len(several))})")
            values.extend(several)
        for name, sign in (("gt", ">"), ("gte", ">="), ("lt", "<"), ("lte", "<=")):
            if name in created:
                where.append(f"json_extract(body, '$.created') {sign} ?")
                values.append(created[name])
        for cursor, sign, param in (
            (page.starting_after, "<", "starting_after"),
            (page.ending_before, ">", "ending_before"),
        ):
            if cursor is not None:
                found = self.find(account, kind, cursor)
                if found is None:
                    raise missing(kind, cursor, param=param, status=400)
                where.append(f"seq {sign} ?")
                values.append(found.seq)
        backwards = page.ending_before is not None
        order = "ASC" if backwards else "DESC"
        rows = self._rows(where, values, f"ORDER BY seq {order} LIMIT {page.limit + 1}")
        shown = rows[: page.limit]
        return (shown[::-1] if backwards else shown), len(rows) > page.limit

    def _rows(self, where: list[str], values: list[object], end: str) -> list[Record]:
        # Names come from tables of ours, values are bound.
        question = "SELECT account, kind, body, hidden, seq FROM object WHERE "
        return [_record(row) for row in self.sql.execute(f"{question}{' AND '.join(where)} {end}", values)]

    # later
    def do_later(self, account: str, act: str, object_id: str) -> None:
        """Let an act happen after the settable delay."""
        due_ms = self.now_ms() + int(self.setting("then_delay_s")) * 1000
        self.sql.execute(
            "INSERT INTO later (account, act, object_id, due_ms) VALUES (?, ?, ?, ?)",
            (account, act, object_id, due_ms),
        )


def _shown(name: str) -> str:
    assert name in SHOWN_FIELDS, name
    return f"json_extract(body, '$.{name}')"


def _record(row: tuple[str, str, str, str, int]) -> Record:
    account, kind, body, hidden, seq = row
    return Record(account, kind, json.loads(body), json.loads(hidden), seq)
