"""A push begins and ends in one question each on Postgres; step by step, on SQLite, the same is left."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.ids import new_id
from shared.models.act import ActorKind, Role
from shared.tables import map_models, metadata
from sync_server.repositories import tenant_lock
from sync_server.repositories.access_tables import audit_log
from sync_server.repositories.audit_log import AuditRow
from sync_server.repositories.devices import Devices
from sync_server.repositories.push_records import PushRecord, PushStanding, begin_push, keep_push
from sync_server.repositories.server_tables import server_metadata
from sync_server.repositories.studio_units import StudioSessions
from sync_server.repositories.sync_tables import (
    device,
    operation_failure,
    receipt,
    sync_feed,
    tenant_sync,
)
from sync_server.services.studio_unit import StudioUnits
from tests.sync_server.studio_house import StudioHouse

NOON = datetime(2027, 1, 10, 12, tzinfo=UTC)
OWN = {"tenant_id", "id", "at"}
"""Columns that differ from run to run."""

_SERVER_TABLES = [audit_log, device, operation_failure, receipt, sync_feed, tenant_sync]


@dataclass
class Front:
    """A studio and its one device, on one of the two databases."""

    units: StudioUnits
    house: StudioHouse
    device_id: UUID

    @classmethod
    def on(cls, engine: sa.Engine) -> "Front":
        """Opened."""
        units = StudioUnits(StudioSessions(engine))
        house = StudioHouse(units).open()
        with units.queue_transaction(house.tenant_id) as (unit, _):
            device_id = new_id()
            Devices(unit.session).add(house.tenant_id, device_id, name="Front desk")
        return cls(units, house, device_id)

    def begin(self, *operation_ids: UUID) -> PushStanding:
        """How a push of these would be measured."""
        begin = partial(
            begin_push,
            device_id=self.device_id,
            user_id=self.house.owner_id,
            operation_ids=operation_ids,
        )
        with self.units.transaction_by(self.house.tenant_id, begin) as (_, _, standing):
            return standing

    def keep(self, record: PushRecord) -> int:
        """The ``seq`` it got."""
        with self.units.transaction(self.house.tenant_id) as (unit, _):
            return keep_push(unit.session, self.house.tenant_id, record)

    def record(self, *operation_ids: UUID, last_no: int) -> PushRecord:
        """The decisions on these, the last with this number."""
        first = last_no - len(operation_ids) + 1
        return PushRecord(
            self.device_id,
            last_no,
            decisions=[
                {
                    "operation_id": operation_id,
                    "device_id": self.device_id,
                    "no": no,
                    "user_id": self.house.owner_id,
                    "pushed_by": self.house.owner_id,
                    "name": "customer.create",
                    "v": 1,
                    "args_hash": bytes(range(32)),
                    "status": "amended" if no % 2 else "applied",
                    "code": "slot_taken" if no % 2 else None,
                    "result": {'ß " \\ 名': "ok"} if no % 2 else None,
                }
                for no, operation_id in enumerate(operation_ids, first)
            ],
            audit=[
                AuditRow(
                    actor=ActorKind.STAFF,
                    actor_id=self.house.owner_id,
                    device_id=self.device_id,
                    action="customer.create",
                    entity="customer",
                    entity_id=operation_id,
                    after={"operation_id": str(operation_id), "fields": ["name", "ß"]},
                )
                for operation_id in operation_ids
            ],
        )

    def left(self) -> dict[str, list[dict[str, Any]]]:
        """What the database holds of it, but for ids and moments."""
        with self.units.reading(self.house.tenant_id) as (unit, _):
            found = {}
            for table in (receipt, audit_log, device):
                query = sa.select(table).where(table.c.tenant_id == self.house.tenant_id)
                rows = [dict(row) for row in unit.session.execute(query).mappings()]
                told = [
                    {
                        name: "mine" if value in (self.device_id, self.house.owner_id) else value
                        for name, value in row.items()
                        if name not in OWN and not name.endswith("_at")
                    }
                    for row in rows
                ]
                found[table.name] = sorted(told, key=repr)  # no order was asked for
        return found


@pytest.fixture
def on_postgres(app_engine: sa.Engine) -> Front:
    map_models()
    return Front.on(app_engine)


@pytest.fixture
def on_sqlite() -> Iterator[Front]:
    map_models()
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool).execution_options(
        business_clock=lambda: NOON
    )
    metadata.create_all(engine)
    server_metadata.create_all(engine, tables=_SERVER_TABLES)
    with engine.begin() as connection:
        for statement in tenant_lock.sqlite_twin():
            connection.exec_driver_sql(statement)
    yield Front.on(engine)
    engine.dispose()


def test_both_databases_hold_the_same_afterwards(on_postgres: Front, on_sqlite: Front) -> None:
    ids = [new_id() for _ in range(3)]
    seqs, standings = [], []
    for front in (on_sqlite, on_postgres):
        seqs.append(front.keep(front.record(*ids, last_no=3)))
        standings.append(front.begin(ids[0]))
    assert seqs[0] == seqs[1] > 0
    assert on_sqlite.left() == on_postgres.left()
    assert len(on_postgres.left()["receipt"]) == len(on_postgres.left()["audit_log"]) == len(ids)
    for standing in standings:
        assert (standing.device_name, standing.last_no) == ("Front desk", 3)
        assert (standing.has_receipts, standing.has_failures) == (True, False)
        assert (standing.sender.role, standing.sender.works_here) == (Role.OWNER, True)


@pytest.mark.parametrize("where", ["on_postgres", "on_sqlite"])
def test_only_the_counter_moves_where_nothing_was_decided(where: str, request: pytest.FixtureRequest) -> None:
    front: Front = request.getfixturevalue(where)
    assert front.keep(PushRecord(front.device_id, 7, decisions=[], audit=[])) == 0
    assert front.begin(new_id()).last_no == 7
    assert front.left()["receipt"] == []


def test_a_push_is_measured_by_what_was_committed_before_it_had_the_lock(on_postgres: Front) -> None:
    front, operation_id = on_postgres, new_id()
    with ThreadPoolExecutor(1) as other:
        with front.units.transaction(front.house.tenant_id) as (unit, _):
            waiting = other.submit(front.begin, operation_id)
            _wait_for_a_waiter(unit.session.connection())
            keep_push(unit.session, front.house.tenant_id, front.record(operation_id, last_no=1))
            assert not waiting.done()
        standing = waiting.result(timeout=10)
    assert (standing.last_no, standing.has_receipts) == (1, True)


def test_neither_question_reaches_another_studio(on_postgres: Front) -> None:
    theirs = StudioHouse(on_postgres.units, code="OTHERS").open()
    for tenant_id, user_id in (
        (theirs.tenant_id, theirs.owner_id),
        (on_postgres.house.tenant_id, theirs.owner_id),
    ):
        begin = partial(
            begin_push,
            device_id=on_postgres.device_id,
            user_id=user_id,
            operation_ids=[],
        )
        with pytest.raises(AssertionError), on_postgres.units.transaction_by(tenant_id, begin):
            pass
    with on_postgres.units.transaction(theirs.tenant_id) as (unit, _):
        keep_push(unit.session, theirs.tenant_id, PushRecord(on_postgres.device_id, 9, [], []))
    assert on_postgres.begin(new_id()).last_no == 0


def _wait_for_a_waiter(connection: sa.Connection) -> None:
    """Until somebody stands in line for a lock that this connection holds."""
    query = sa.text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    for _ in range(500):
        if connection.scalar(query):
            return
        connection.execute(sa.text("SELECT pg_sleep(0.01)"))
    raise AssertionError("nobody waits")
