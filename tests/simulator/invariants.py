"""The promises of a history, each named as in proofs.md, and the witness that remembers what was seen.

``device_moved`` and ``server_moved`` judge what must hold always, ``at_the_end`` what holds once all is calm.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn
from uuid import UUID

import sqlalchemy as sa

from desktop.local_store import outbox
from desktop.local_store.replay import replay
from desktop.local_store.sync_state import read_state
from desktop.local_store.undo_log import take_back
from shared.ids import TenantId
from shared.tables import SYNCED_TABLES
from shared.tables.column_types import canonical_json
from tests.simulator.ground import STUDIOS
from tests.simulator.server import Break, edited_table, other_studio

if TYPE_CHECKING:
    from tests.simulator.device import SimDevice
    from tests.simulator.world import World

VIEW_EVERY: Final = 8
"""Every so many pages a device's whole view is compared with its base and what lies on it."""
_ROWS: Final = {
    table.name: f"SELECT {', '.join(column.name for column in table.columns)} FROM {table.name}"
    for table in SYNCED_TABLES
}
_CONFIRMED: Final = " UNION ALL ".join(
    f"SELECT '{table.name}' AS entity, id, server_seq FROM \"{table.name}\" WHERE server_seq IS NOT NULL"
    for table in SYNCED_TABLES
)
_PAPERS: Final = (
    "SELECT id, series, year, number, content_hash, pdf_sha256, snapshot, printed_number FROM document"
)
_STATE: Final = "SELECT device_id, epoch, cursor_seq, next_no, consistent, rebuild FROM sync_state"
_WAITING: Final = "SELECT no, id, name, status, overlay FROM outbox ORDER BY no"
_RECEIPTS: Final = "SELECT operation_id, seq FROM receipt WHERE tenant_id = ? AND seq >= ?"
_OVERLAPS: Final = (
    "SELECT a.id, b.id FROM booking_resource a JOIN booking_resource b ON a.tenant_id = b.tenant_id"
    " AND a.resource_id = b.resource_id AND a.booking_id < b.booking_id AND a.starts_at < b.ends_at"
    " AND b.starts_at < a.ends_at WHERE a.blocks AND b.blocks AND a.tenant_id = ?"
)

State = Any
"""The row of ``sync_state``, as far as it is looked at."""
Rows = dict[str, list[tuple[object, ...]]]
FeedKey = tuple[str, str]


@dataclass(frozen=True)
class Done:
    """An operation that a device has committed."""

    device: "SimDevice"
    id: str
    name: str


@dataclass
class _Seen:
    """What was last seen of one device."""

    epoch: str | None = None
    cursor_seq: int = 0
    last_no: int = 0
    pages: int = 0


@dataclass
class _Feed:
    """The feed of one studio: the last change of each row."""

    head: int = 0
    rows: dict[FeedKey, int] = field(default_factory=dict)


class _LookedAt(Exception):
    """Takes a look back."""


class Watch:
    """The witness of one history."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.operations: dict[str, Done] = {}
        """What every device has committed, by operation id."""
        self.acknowledged: set[str] = set()
        self.done: set[str] = set()
        """What has taken effect on the server."""
        self._deeds = 0
        self.receipts: dict[str, int] = {}
        """The seq of each receipt."""
        self.papers: dict[tuple[TenantId, str], tuple[object, ...]] = {}
        self.numbers: dict[tuple[TenantId, str, int, int], str] = {}
        """Which document bears a number, also of those that were only ever printed."""
        self._seen: dict[UUID, _Seen] = {}
        self._feeds = {plan.tenant_id: _Feed() for plan in STUDIOS}
        for plan in STUDIOS:
            self.server_moved(plan.tenant_id)

    # --- always ---------------------------------------------------------------------------------------------

    def server_moved(self, tenant_id: TenantId) -> int | None:
        """After each request: I4, I6, I7 and I10 on the server; its head, if that is another now."""
        server, feed = self._world.server, self._feeds[tenant_id]
        for deed in server.deeds[self._deeds :]:
            if str(deed.operation_id) in self.done:
                raise Break("I4", f"{deed.name} took effect twice")
            self.done.add(str(deed.operation_id))
        self._deeds = len(server.deeds)
        for operation_id, seq in server.select(_RECEIPTS, str(tenant_id), feed.head):
            self.receipts.setdefault(operation_id, seq)
        head = server.head(tenant_id)
        if head == feed.head:
            return None
        changed = server.select(
            "SELECT entity, row_id, seq FROM sync_feed WHERE tenant_id = ? AND seq > ?",
            str(tenant_id),
            feed.head,
        )
        feed.rows.update({(entity, row_id): seq for entity, row_id, seq in changed})
        feed.head = head
        overlap = server.select(_OVERLAPS, str(tenant_id))
        if overlap:
            raise Break("I6", f"two bookings hold one resource at a time: {overlap[0]}")
        if any(row.entity == "document" for row in changed):
            self.judge_papers(tenant_id, server.select(f"{_PAPERS} WHERE tenant_id = ?", str(tenant_id)))
        return head

    def device_moved(self, device: "SimDevice") -> None:
        """After each step of a device: I7, I8, I9, I10 there."""
        seen = self._seen.setdefault(device.id, _Seen())
        state, waiting = device.select(_STATE)[0], device.select(_WAITING)
        for entry in waiting:
            if entry.no > seen.last_no:
                self.operations[entry.id] = Done(device, entry.id, entry.name)
            if entry.status == "done":
                self.acknowledged.add(entry.id)
            elif self.receipts.get(entry.id, state.cursor_seq + 1) <= state.cursor_seq:
                self._world.hit("effects pulled before the receipt is known")
        seen.last_no = state.next_no - 1
        self._check_cursor(device, seen, state)
        self._check_own_changes(device, state, {entry.id for entry in waiting if entry.overlay})
        self.judge_papers(device.plan.tenant_id, device.select(_PAPERS))
        if state.cursor_seq != seen.cursor_seq:
            seen.cursor_seq, seen.epoch = state.cursor_seq, state.epoch
            seen.pages += 1
            self._check_base(device, state)
            if seen.pages % VIEW_EVERY == 0:
                self.check_view(device)

    def judge_papers(self, tenant_id: TenantId, rows: Any) -> None:  # noqa: ANN401 - rows of documents
        """I7 and I10: one number, one document; one document, the same bytes for ever."""
        for row in rows:
            number = (tenant_id, row.series, row.year, row.number)
            if self.numbers.setdefault(number, row.id) != row.id:
                raise Break("I7", f"{row.printed_number} stands on two documents")
            if self.papers.setdefault((tenant_id, row.id), tuple(row)) != tuple(row):
                raise Break("I10", f"{row.printed_number} has changed")

    def _check_cursor(self, device: "SimDevice", seen: _Seen, state: State) -> None:
        if state.rebuild is not None or state.device_id != str(device.id):
            raise Break("I8", f"{device.name} starts over, though nothing was lost: {state.rebuild}")
        if seen.epoch not in (None, state.epoch):
            raise Break("I8", f"{device.name} is in another epoch, though nothing was lost")
        if state.cursor_seq < seen.cursor_seq:
            words = f"went back: {seen.cursor_seq} → {state.cursor_seq}"
            raise Break("I8", f"the cursor of {device.name} {words}")

    def _check_own_changes(self, device: "SimDevice", state: State, on_top: set[str]) -> None:
        for done in self.operations.values():
            if done.device is not device or done.id in on_top:
                continue
            decided_at = self.receipts.get(done.id)
            if decided_at is None or decided_at > state.cursor_seq:
                raise Break("I8", f"{done.name} is neither on top of the rows of {device.name} nor in them")

    def _check_base(self, device: "SimDevice", state: State) -> None:
        """Up to the cursor nothing is missing and nothing is older; nothing is of the other studio."""
        feed, others = self._feeds[device.plan.tenant_id], self._feeds[other_studio(device.plan.tenant_id)]
        base = {(row.entity, row.id): row.server_seq for row in device.select(_CONFIRMED)}
        for key, seq in base.items():
            if key not in feed.rows:
                broken = "I9" if key in others.rows else "I8"
                raise Break(broken, f"{device.name} holds a row that is not its own: {key}")
            if seq > state.cursor_seq or (feed.rows[key] <= state.cursor_seq and seq != feed.rows[key]):
                raise Break("I8", f"{device.name} at {state.cursor_seq} has {key} as of {seq}")
        for key, seq in feed.rows.items():
            if seq <= state.cursor_seq and key not in base:
                raise Break("I8", f"the cursor of {device.name} has passed {key}, which is not there")

    def check_view(self, device: "SimDevice") -> None:
        """I8: what is seen is the base with what is pending on top of it."""
        try:
            with device.store.writing() as connection:
                view, again = _view_and_again(connection, device.plan.tenant_id)
                _take_the_look_back()
        except _LookedAt:
            _compare("I8", f"the view of {device.name}", view, again)

    # --- at the end -----------------------------------------------------------------------------------------

    def is_level(self, device: "SimDevice") -> bool:
        """Whether a device has everything and the server has everything of it."""
        state, head = device.select(_STATE)[0], self._feeds[device.plan.tenant_id].head
        return state.consistent and state.cursor_seq == head and not device.select(_WAITING)

    def at_the_end(self) -> None:
        """I1 to I4, I7, I11."""
        bases = {device: self._base(device) for device in self._world.devices}
        for device, base in bases.items():
            _compare("I1", f"the base of {device.name}", base, self._server_rows(device.plan.tenant_id))
        self._check_decisions(bases)
        self._check_deeds()
        self._check_register()
        self._check_edits()

    def _base(self, device: "SimDevice") -> Rows:
        if device.select(_WAITING):
            raise Break("I1", f"the outbox of {device.name} is not empty")
        with device.store.reading() as connection:
            return _rows(connection)

    def _server_rows(self, tenant_id: TenantId) -> Rows:
        select = self._world.server.select
        return {
            name: [
                tuple(row) for row in select(f"{statement} WHERE tenant_id = ? ORDER BY id", str(tenant_id))
            ]
            for name, statement in _ROWS.items()
        }

    def _check_decisions(self, bases: "Mapping[SimDevice, Rows]") -> None:
        receipts = self._world.server.receipts()
        for operation_id in sorted(self.acknowledged):
            if operation_id not in receipts:
                raise Break("I2", f"{operation_id} was acknowledged and has no receipt")
        place = [column.name for column in SYNCED_TABLES[-1].columns].index("id")
        assert SYNCED_TABLES[-1].name == "sync_issue"
        told = {device: {row[place] for row in rows["sync_issue"]} for device, rows in bases.items()}
        for done in self.operations.values():
            if done.id not in receipts:
                raise Break("I3", f"{done.name} of {done.device.name} has no receipt")
            status, code, _ = receipts[done.id]
            for device, issues in told.items():
                same = device.plan.tenant_id == done.device.plan.tenant_id
                if same and status != "applied" and done.id not in issues:
                    raise Break("I3", f"{done.name} was {status} ({code}), {device.name} does not know")

    def _check_deeds(self) -> None:
        receipts = self._world.server.receipts()
        expected = {id_ for id_, (status, _, _) in receipts.items() if status in ("applied", "amended")}
        if expected != self.done:
            raise Break("I4", f"effects and receipts differ: {sorted(expected ^ self.done)}")

    def _check_register(self) -> None:
        rows = self._world.server.select(
            "SELECT tenant_id, series, year, number, state, document_id, reason FROM number_register"
            " ORDER BY tenant_id, series, year, number"
        )
        expected: dict[tuple[str, str, int], int] = {}
        for row in rows:
            key = (row.tenant_id, row.series, row.year)
            expected[key] = expected.get(key, 0) + 1
            if row.number != expected[key] or row.state not in ("leased", "used", "void"):
                raise Break("I7", f"the register of {key} does not explain {expected[key]}")
            bearer = self.numbers.get((TenantId(UUID(row.tenant_id)), row.series, row.year, row.number))
            if row.state == "used" and bearer != row.document_id:
                raise Break("I7", f"{row.number} of {key} is used, but by no document that was seen")

    def _check_edits(self) -> None:
        """I11: by the edits in the order of their receipts, what each field is, and who was told."""
        world, values = self._world, dict[tuple[UUID, str, str, str], Any]()
        for deed in world.server.deeds:
            table = edited_table(deed.name)
            if table is None:
                continue
            for name, change in deed.args["patch"].items():
                key, found = (deed.tenant_id, table, deed.args["id"], name), deed.found[name]
                if values.get(key, found) != found:
                    raise Break("I11", f"{table}.{name} is not what the last edit made it")
                values[key] = change["to"]
                if found not in (change["from"], change["to"]):
                    self._check_told(deed.tenant_id, str(deed.operation_id), name, found)
        for (tenant_id, table, row_id, name), value in values.items():
            if world.server.value_of(table, row_id, tenant_id, field=name) != value:
                raise Break("I11", f"{table}.{name} is not what the last edit made it")

    def _check_told(self, tenant_id: UUID, operation_id: str, name: str, replaced: object) -> None:
        payload = self._world.server.value_of("sync_issue", operation_id, tenant_id, field="payload")
        fields = {} if payload is None else json.loads(payload).get("fields", {})
        if name not in fields or fields[name]["theirs"] != replaced:
            raise Break("I11", f"an edit replaced {replaced!r} in {name}, and nobody was told")


def _rows(connection: sa.Connection) -> Rows:
    raw: Any = connection.connection.driver_connection
    return {name: raw.execute(f"{statement} ORDER BY id").fetchall() for name, statement in _ROWS.items()}


def _view_and_again(connection: sa.Connection, tenant_id: TenantId) -> tuple[Rows, Rows]:
    is_whole, view = read_state(connection).consistent, _rows(connection)
    take_back(connection, str(tenant_id))
    replay(connection, tenant_id, outbox.overlaid(connection), partly=not is_whole)
    return view, _rows(connection)


def _take_the_look_back() -> NoReturn:
    raise _LookedAt


def _compare(invariant: str, what: str, one: Rows, other: Rows) -> None:
    for name in _ROWS:
        if one[name] != other[name]:
            ours, theirs = set(one[name]) - set(other[name]), set(other[name]) - set(one[name])
            words = canonical_json({"here": sorted(map(str, ours)), "there": sorted(map(str, theirs))})
            raise Break(invariant, f"{what}, table {name}: {words}")
