"""A sync server in memory: the real services and the real wire, one studio, no Postgres.

It decides pushes, gives out pages and leases, and can be told to lose its history, forget a device or refuse.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from desktop.local_store import replay, undo_log
from desktop.local_store.engine import LocalStore
from desktop.local_store.outbox import Entry
from desktop.local_store.schema import SYNCED_BY_NAME, json_columns, synced_columns
from desktop.sync.exchange import Answer, Call, Request
from shared.errors import DomainError
from shared.ids import new_id
from shared.models.act import Role
from shared.models.studio import Member, Studio
from shared.sync_protocol.changes import PageHeader, PushedOperation
from shared.sync_protocol.codec import deleted_line, read_push, result_to_wire, row_line, write_page
from shared.sync_protocol.numbers import LeaseAnswer, LeasedNumber, LeaseRequest
from shared.sync_protocol.results import OperationResult, ResultStatus
from shared.tables import map_models
from shared.tables.column_types import canonical_json
from tests.fakes.clock import FrozenClock


@dataclass
class Known:
    """What the server knows of one device."""

    last_no: int = 0
    issued: int = 0
    superseded: bool = False
    leases: list[LeasedNumber] = field(default_factory=list)


class FakeSyncServer:
    """Serves one studio; ``answer`` is the whole door."""

    def __init__(self, clock: FrozenClock, *, page_rows: int = 5000) -> None:
        map_models()
        self.clock = clock
        self.tenant_id, self.owner_id = new_id(), new_id()
        self.page_rows = page_rows
        self.devices: dict[UUID, Known] = {}
        self.pushed: list[PushedOperation] = []
        self.refusals: list[tuple[int, dict[str, object]]] = []
        """Statuses and bodies that the next calls get."""
        self.next_number = 1
        self._begin_history()

    def _begin_history(self) -> None:
        self.epoch, self.head = new_id(), 0
        self.feed: dict[tuple[str, str], tuple[int, bool]] = {}
        self.receipts: dict[UUID, OperationResult] = {}
        self.store = LocalStore()
        with self.store.writing() as connection:
            undo_log.begin_capture(connection, 0)
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                session.add(
                    Studio(
                        tenant_id=self.tenant_id,
                        id=self.tenant_id,
                        code="BELLAWEDS",
                        name="Bella Weddings",
                        zone="Europe/Paris",
                        currency="EUR",
                        vat_id="FR1",
                    )
                )
                session.add(Member(tenant_id=self.tenant_id, id=self.owner_id, name="Clara", role=Role.OWNER))
                session.commit()
            self._feed_captured(connection)

    # --- faults -----------------------------------------------------------------------------------------

    def restore(self, *, keep_operations: int) -> None:
        """As after a restore from a backup: a new history that holds only the first operations."""
        kept = self.pushed[:keep_operations]
        self._begin_history()
        self.pushed = []
        for known in self.devices.values():
            known.last_no = known.issued = 0
        device = Known()
        for operation in kept:
            self._decide(operation.model_copy(update={"no": device.last_no + 1}), device)

    def touch_rows(self, entity: str) -> None:
        """As if somebody else had written every row of one kind."""
        with self.store.reading() as connection:
            ids = connection.exec_driver_sql(f"SELECT id FROM {entity} ORDER BY id").scalars().all()
        for row_id in ids:
            self.head += 1
            self.feed[entity, row_id] = (self.head, False)

    def write(self, statement: str, *values: object) -> None:
        """As a job of the server would: whatever the statement changes goes into the feed."""
        with self.store.writing() as connection:
            undo_log.begin_capture(connection, 0)
            connection.exec_driver_sql(statement, values)
            self._feed_captured(connection)

    # --- the door ---------------------------------------------------------------------------------------

    def answer(self, request: Request, device_id: UUID) -> Answer:
        """Decide one request of one device."""
        if self.refusals:
            status, body = self.refusals.pop(0)
            return self._reply(request, status, body)
        if request.call is Call.RENEW:
            return self._renew(request)
        device = self.devices.setdefault(device_id, Known())
        if device.superseded:
            return self._reply(request, 409, {"code": "forked", "results": []})
        doors = {
            Call.PUSH: self._push,
            Call.PULL: self._pull,
            Call.LEASE: self._lease,
            Call.GIVE_BACK: self._take_numbers_back,
        }
        return doors[request.call](request, device)

    def _push(self, request: Request, device: Known) -> Answer:
        assert request.body is not None
        asked = read_push(request.body)
        if asked.epoch != self.epoch:
            return self._reply(request, 409, {"code": "epoch", "epoch": str(self.epoch)})
        results: list[dict[str, object]] = []
        for operation in asked.operations:
            if operation.id not in self.receipts and operation.no != device.last_no + 1:
                code = "gap" if operation.no > device.last_no else "forked"
                return self._reply(
                    request, 409, {"code": code, "expected": device.last_no + 1, "results": results}
                )
            results.append(result_to_wire(self._decide(operation, device)))
        return self._reply(request, 200, {"epoch": str(self.epoch), "results": results})

    def _decide(self, operation: PushedOperation, device: Known) -> OperationResult:
        if operation.no == device.last_no + 1:
            device.last_no = operation.no
        known = self.receipts.get(operation.id)
        if known is not None:
            return known
        self.pushed.append(operation)
        entry = Entry(
            operation.no,
            operation.id,
            operation.name,
            operation.v,
            canonical_json(operation.args),
            operation.user_id,
            self.clock.now(),
        )
        status, code = ResultStatus.APPLIED, None
        with self.store.writing() as connection:
            try:
                outcome = replay.perform(connection, self.tenant_id, entry, asks_right=True)
                status = ResultStatus.AMENDED if outcome.code else status
                code = outcome.code
            except DomainError as refusal:
                status, code = ResultStatus.REJECTED, refusal.code
            if code is not None:
                self._add_issue(connection, operation, code)
            self._feed_captured(connection)
        if operation.name == "invoice.issue":
            used = (operation.args["series"], operation.args["year"], operation.args["number"])
            device.leases = [one for one in device.leases if (one.series, one.year, one.number) != used]
        result = OperationResult(operation.id, status, self.head, code)
        self.receipts[operation.id] = result
        return result

    def _add_issue(self, connection: sa.Connection, operation: PushedOperation, code: str) -> None:
        undo_log.begin_capture(connection, 0)
        connection.exec_driver_sql(
            "INSERT INTO sync_issue (tenant_id, id, kind, state, entity, row_id, payload)"
            " VALUES (?, ?, ?, 'open', ?, ?, '{}')",
            (
                str(self.tenant_id),
                str(operation.id),
                code,
                operation.name.split(".")[0],
                str(operation.args["id"]),
            ),
        )

    def _feed_captured(self, connection: sa.Connection) -> None:
        undo_log.end_capture(connection)
        touched = connection.exec_driver_sql("SELECT DISTINCT tbl, row_id FROM sync_undo ORDER BY seq").all()
        for entity, row_id in touched:
            self.head += 1
            found = connection.exec_driver_sql(f"SELECT 1 FROM {entity} WHERE id = ?", (row_id,)).first()
            self.feed[entity, row_id] = (self.head, found is None)
        connection.exec_driver_sql("DELETE FROM sync_undo")

    def _pull(self, request: Request, device: Known) -> Answer:
        cursor = parse_qs(urlsplit(request.path).query).get("cursor", [f"{self.epoch}:0"])[0]
        epoch, _, seq = cursor.partition(":")
        if epoch != str(self.epoch):
            return self._reply(request, 409, {"code": "epoch", "epoch": str(self.epoch)})
        start = int(seq)
        waiting = sorted((s, entity, row_id) for (entity, row_id), (s, _) in self.feed.items() if s > start)
        page = waiting[: self.page_rows]
        more = len(waiting) > len(page)
        reached = page[-1][0] if more else self.head
        device.issued = max(device.issued, reached)
        header = PageHeader(
            epoch=self.epoch,
            from_seq=start,
            next_seq=reached,
            head=self.head,
            more=more,
            cursor=f"{self.epoch}:{reached}",
            protocol=1,
            schema_number=1,
            server_time=self.clock.now() - timedelta(seconds=2),
            keep_days=35,
            device_last_no=device.last_no,
            rows=len(page),
        )
        lines = [self._line(entity, row_id, s) for s, entity, row_id in page]
        return Answer(request.serial, 200, write_page(header, lines, compress=True), encoding="zstd")

    def _line(self, entity: str, row_id: str, seq: int) -> str:
        if self.feed[entity, row_id][1]:
            return deleted_line(entity, row_id, seq)
        table = SYNCED_BY_NAME[entity]
        listed = ", ".join(synced_columns(table))
        with self.store.reading() as connection:
            found = connection.exec_driver_sql(f"SELECT {listed} FROM {entity} WHERE id = ?", (row_id,))
            row = dict(found.mappings().one())
        for name in json_columns(table):
            row[name] = None if row[name] is None else json.loads(row[name])
        return row_line(entity, row_id, seq, json.dumps(row))

    def _lease(self, request: Request, device: Known) -> Answer:
        assert request.body is not None
        wish = LeaseRequest.model_validate_json(request.body)
        mine = [one for one in device.leases if (one.series, one.year) == (wish.series, wish.year)]
        for _ in range(len(mine), wish.count):
            device.leases.append(
                LeasedNumber(
                    series=wish.series, year=wish.year, number=self.next_number, lease_id=wish.request_id
                )
            )
            self.next_number += 1
        return Answer(request.serial, 200, LeaseAnswer(leased=device.leases).model_dump_json().encode())

    def _take_numbers_back(self, request: Request, device: Known) -> Answer:
        assert request.body is not None
        back = {UUID(one) for one in json.loads(request.body)["lease_ids"]}
        device.leases = [one for one in device.leases if one.lease_id not in back]
        return Answer(request.serial, 204)

    def _renew(self, request: Request) -> Answer:
        assert request.body is not None
        wish = json.loads(request.body)
        self.devices.setdefault(UUID(wish["replaces"]), Known()).superseded = True
        device_id = UUID(int=UUID(wish["request_id"]).int ^ 1)
        self.devices.setdefault(device_id, Known())
        body = {
            "access_token": "a",
            "access_expires_at": "2027-01-01T00:00:00Z",
            "refresh_token": "r",
            "tenant_id": str(self.tenant_id),
            "device_id": str(device_id),
            "user_id": str(self.owner_id),
            "user_name": "Clara",
            "role": "owner",
        }
        return self._reply(request, 200, body)

    def _reply(self, request: Request, status: int, body: object) -> Answer:
        return Answer(request.serial, status, json.dumps(body).encode())
