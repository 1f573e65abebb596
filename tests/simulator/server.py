"""The server of one history: the real services on SQLite behind a door of bytes, one request at a time."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import sqlalchemy as sa

from shared.errors import Busy, DomainError, SignIn
from shared.ids import TenantId
from shared.models.act import Act, Actor, ActorKind
from shared.services import operations
from shared.services.operations import Operation
from shared.sync_protocol.changes import PULL_MAX_ROWS
from shared.sync_protocol.codec import ZSTD, read_push, result_to_wire, write_page
from shared.sync_protocol.numbers import LeaseRequest, ReturnRequest
from shared.sync_protocol.results import Outcome
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.devices import Devices
from sync_server.services.change_feed import ChangeFeed
from sync_server.services.key_ring import KeyRing
from sync_server.services.number_leases import JournalEntry, NumberLeases
from sync_server.services.operation_intake import OperationIntake, Pusher
from sync_server.web.error_mapping import body_of, status_of
from tests.simulator.ground import STUDIOS, ServerDatabase

PUSH: Final = "/v1/sync/push"
PULL: Final = "/v1/sync/pull"
LEASE: Final = "/v1/numbers/lease"
GIVE_BACK: Final = "/v1/numbers/return"
KEEP_DAYS: Final = 35
_RETRY_AFTER_S: Final = 5.0
_SLOW_S: Final = 0.3
_EDITS: Final = {
    "customer.edit": "customer",
    "booking.edit": "booking",
    "package.edit": "package",
    "resource.edit": "resource",
    "settings.edit": "studio",
}


class Break(Exception):
    """A promise was broken; ``invariant`` names it as the list in proofs.md does, "bug" for a breakdown."""

    def __init__(self, invariant: str, words: str) -> None:
        super().__init__(f"{invariant}: {words}")
        self.invariant = invariant


@dataclass(frozen=True)
class Letter:
    """A request on its way: what it says, and who the token in it speaks for."""

    tenant_id: TenantId
    device_id: UUID
    user_id: UUID
    path: str
    body: bytes | None


@dataclass(frozen=True)
class Reply:
    """What the server said."""

    status: int
    body: bytes
    encoding: str | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True)
class Deed:
    """An operation whose effect was committed, with the fields that it found where it edits."""

    tenant_id: UUID
    operation_id: UUID
    name: str
    args: Mapping[str, Any]
    found: Mapping[str, Any]


class Surroundings(Protocol):
    """What the server knows of the world."""

    dice: random.Random

    def now(self) -> datetime:
        """The true time."""
        ...


JournalLine = tuple[UUID, JournalEntry]


class MemoryJournal:
    """Implements NumberJournal; it outlives every crash, as a disk does."""

    def __init__(self) -> None:
        self.lines: list[JournalLine] = []

    def append(self, tenant_id: UUID, entries: Any) -> None:  # noqa: ANN401 - entries
        self.lines += [(tenant_id, entry) for entry in entries]

    def entries(self, tenant_id: UUID, series: str, year: int) -> list[JournalEntry]:
        return [e for owner, e in self.lines if (owner, e.series, e.year) == (tenant_id, series, year)]


class SimServer:
    """Serves; remembers what was committed. A crash leaves what the database holds, and the journal."""

    def __init__(self, world: Surroundings, database: ServerDatabase, *, page_rows: int, slow: bool) -> None:
        self.database = database
        self.journal = MemoryJournal()
        self.deeds: list[Deed] = []
        self._world = world
        self._page_rows = page_rows
        self._slow_s = _SLOW_S if slow else 0.0
        self._stopwatch_s = 0.0
        self._doing: list[Deed] = []
        database.now = world.now
        database.begun, database.committed = self._doing.clear, self._remember
        self._numbers = NumberLeases(database.units, self.journal)
        self._intake = OperationIntake(
            database.units,
            checks={"invoice.issue": self._numbers.check_issue, "credit.issue": self._numbers.check_issue},
            stopwatch=self._stopwatch,
        )
        self._feed = ChangeFeed(
            database.units, cursor_key=KeyRing({1: b"cursor key".ljust(32)}), keep_days=KEEP_DAYS
        )

    # --- the door -----------------------------------------------------------------------------------------

    def serve(self, letter: Letter) -> Reply:
        """Answer one request; raises Crash where the process ends."""
        try:
            reply = self._route(letter)
        except Busy as failure:
            if failure.__cause__ is not None:
                raise Break("bug", f"an operation broke down: {failure.__cause__!r}") from failure
            reply = _refusal(failure)
        except DomainError as failure:
            reply = _refusal(failure)
        return reply

    def _remember(self) -> None:
        """What was done in this transaction is true from now on."""
        self.deeds += self._doing
        self._doing.clear()

    def _route(self, letter: Letter) -> Reply:
        self._authenticate(letter)
        url = urlsplit(letter.path)
        if url.path == PUSH:
            return self._push(letter)
        if url.path == PULL:
            return self._pull(letter, parse_qs(url.query))
        if url.path == LEASE:
            wish = LeaseRequest.model_validate_json(letter.body or b"")
            answer = self._numbers.lease(letter.tenant_id, letter.device_id, wish)
            return Reply(200, answer.model_dump_json().encode())
        if url.path == GIVE_BACK:
            back = ReturnRequest.model_validate_json(letter.body or b"")
            self._numbers.give_back(letter.tenant_id, letter.device_id, back.lease_ids)
            return Reply(204, b"")
        raise Break("I8", f"a device asked for {url.path}, though nothing was lost")

    def _authenticate(self, letter: Letter) -> None:
        member = self.select(
            "SELECT disabled_at FROM member WHERE tenant_id = ? AND id = ?",
            str(letter.tenant_id),
            str(letter.user_id),
        )
        if not member or member[0].disabled_at is not None:
            raise SignIn

    def _push(self, letter: Letter) -> Reply:
        request = read_push(letter.body or b"")
        answer = self._intake.push(Pusher(letter.tenant_id, letter.device_id, letter.user_id), request)
        results = [result_to_wire(result) for result in answer.results]
        if answer.stop is not None:
            return _refusal(answer.stop, results=results)
        return _json(200, {"epoch": str(answer.epoch), "results": results})

    def _pull(self, letter: Letter, query: Mapping[str, list[str]]) -> Reply:
        cursor, limit = query.get("cursor"), int(query.get("limit", [str(PULL_MAX_ROWS)])[0])
        page = self._feed.pull(
            letter.tenant_id,
            letter.device_id,
            cursor=cursor[0] if cursor else None,
            limit=min(limit, self._page_rows),
        )
        return Reply(200, write_page(page.header, page.lines, compress=True), encoding=ZSTD)

    # --- what the history does to it ----------------------------------------------------------------------

    def register(self, tenant_id: UUID, device_id: UUID, name: str) -> None:
        """A new computer has signed in."""
        with self.database.units.sessions.unlocked(tenant_id) as session:
            Devices(session).add(tenant_id, device_id, name=name)

    def disable(self, tenant_id: TenantId, member_id: UUID, operation_id: UUID) -> None:
        """Somebody no longer works here."""
        with self.database.units.transaction(tenant_id) as (unit, now):
            unit.begin_act(Act(tenant_id, Actor(ActorKind.OPERATOR, member_id), now, operation_id))
            unit.members.get(tenant_id, member_id).disabled_at = now

    def run(self, unit: UnitOfWork, act: Act, operation: Operation, *, args: Mapping[str, object]) -> Outcome:
        """In the place of the intake's: the same, and the deed is remembered once it is committed."""
        found = self._fields_before(unit, act, operation.name, args)
        outcome = operations.run(unit, act, operation, args=args)
        self._doing.append(Deed(act.tenant_id, act.operation_id, operation.name, args, found))
        return outcome

    def _fields_before(
        self, unit: UnitOfWork, act: Act, name: str, args: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        table = _EDITS.get(name)
        if table is None:
            return {}
        listed = ", ".join(sorted(args["patch"]))
        query = sa.text(f"SELECT {listed} FROM {table} WHERE tenant_id = :t AND id = :id")
        found = unit.session.execute(query, {"t": str(act.tenant_id), "id": args["id"]}).mappings().all()
        return dict(found[0]) if found else {}

    def _stopwatch(self) -> float:
        self._stopwatch_s += self._slow_s * self._world.dice.random()
        return self._stopwatch_s

    # --- looking at it ------------------------------------------------------------------------------------

    def select(self, statement: str, *values: object) -> list[Any]:
        """Rows, between two requests."""
        return self.database.look(statement, *values)

    def value_of(self, entity: str, row_id: str, tenant_id: UUID, *, field: str) -> Any:  # noqa: ANN401 - a column
        """One column of one row now."""
        found = self.select(
            f"SELECT {field} FROM {entity} WHERE tenant_id = ? AND id = ?", str(tenant_id), row_id
        )
        return found[0][0] if found else None

    def head(self, tenant_id: UUID) -> int:
        """The studio's last number."""
        return int(self.select("SELECT head FROM tenant_sync WHERE tenant_id = ?", str(tenant_id))[0][0])

    def receipts(self) -> dict[str, tuple[str, str | None, int]]:
        """Status, code and seq by operation."""
        rows = self.select("SELECT operation_id, status, code, seq FROM receipt")
        return {row[0]: (row[1], row[2], row[3]) for row in rows}


def edited_table(name: str) -> str | None:
    """The table whose fields an operation edits."""
    return _EDITS.get(name)


def other_studio(tenant_id: UUID) -> TenantId:
    """The one of the two that is not this one."""
    return next(plan.tenant_id for plan in STUDIOS if plan.tenant_id != tenant_id)


def _json(status: int, body: object, *, retry_after_s: float | None = None) -> Reply:
    return Reply(status, json.dumps(body).encode(), retry_after_s=retry_after_s)


def _refusal(failure: DomainError, **more: object) -> Reply:
    status = status_of(failure)
    is_passing = status in (429, 503)
    return _json(status, {**body_of(failure), **more}, retry_after_s=_RETRY_AFTER_S if is_passing else None)
