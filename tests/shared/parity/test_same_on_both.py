"""One program of operations leaves the same rows, answers and feed on SQLite and on Postgres."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.errors import DomainError
from shared.ids import TenantId
from shared.models.act import Act, Actor, ActorKind
from shared.services.operations import carry_out, find_operation
from shared.tables import SYNCED_TABLES, map_models, metadata
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.studio_units import StudioSessions
from sync_server.repositories.sync_tables import server_metadata, sync_feed, tenant_sync
from sync_server.services.studio_unit import StudioUnits
from tests.shared.parity.random_program import Step, a_program
from tests.sync_server.conftest import (
    app_engine,
    engines,
    migrated_database,
    migrated_template,
    shared_database,
)
from tests.sync_server.studio_house import StudioHouse

__all__ = ["app_engine", "engines", "migrated_database", "migrated_template", "shared_database"]

SEEDS = range(12)
STEPS = 45
FIXED = datetime(2026, 11, 22, tzinfo=UTC)
TENANT = TenantId(UUID("01000000-0000-7000-8000-000000000001"))
OWNER = UUID("01000000-0000-7000-8000-000000000002")


@dataclass
class Side:
    """One database with the studio in it."""

    engine: sa.Engine
    sessions: StudioSessions

    @contextmanager
    def unit(self) -> Iterator[UnitOfWork]:
        with self.sessions.locked(TENANT) as session:
            yield UnitOfWork(session)

    def run(self, step: Step) -> tuple[object, ...]:
        """What the service answered, or why it refused; nothing stays of a refused step."""
        operation = find_operation(step.name, 1)
        assert operation is not None, step.name
        act = Act(TENANT, Actor(ActorKind.STAFF, OWNER, step.role), step.at, step.operation_id)
        try:
            with self.unit() as unit:
                outcome = carry_out(unit, act, operation, args=step.args)
                events = [(event.name, event.payload()) for event in unit.take_events()]
                tenant_lock.check_references(unit.session)
        except DomainError as refusal:
            return ("refused", refusal.code, refusal.sentence)
        return ("done", outcome, events)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        with self.sessions.reading(TENANT) as session:
            return {
                table.name: [
                    dict(row)
                    for row in session.execute(
                        sa.select(table).where(table.c.tenant_id == TENANT).order_by(table.c.id)
                    ).mappings()
                ]
                for table in SYNCED_TABLES
            }

    def feed(self) -> set[tuple[str, UUID, bool]]:
        with self.sessions.reading(TENANT) as session:
            query = sa.select(sync_feed).where(sync_feed.c.tenant_id == TENANT)
            return {(row.entity, row.row_id, bool(row.deleted)) for row in session.execute(query)}


def sqlite_side() -> Side:
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool).execution_options(
        business_clock=lambda: FIXED
    )
    metadata.create_all(engine)
    server_metadata.create_all(engine, tables=[tenant_sync, sync_feed])
    with engine.begin() as connection:
        for statement in tenant_lock.sqlite_twin():
            connection.exec_driver_sql(statement)
    return Side(engine, StudioSessions(engine))


def opened(side: Side) -> Side:
    house = StudioHouse(StudioUnits(side.sessions), tenant_id=TENANT, owner_id=OWNER)
    for name in ("customer_id", "package_id", "resource_id"):
        setattr(house, name, UUID(int=hash_free(name)))
    house.open()
    return side


def hash_free(name: str) -> int:
    """A number from a word, the same in every process."""
    return int.from_bytes(name.encode(), "big") % (1 << 122)


@pytest.fixture
def both(app_engine: sa.Engine) -> Iterator[tuple[Side, Side]]:
    map_models()
    small = sqlite_side()
    yield opened(small), opened(Side(app_engine, StudioSessions(app_engine)))
    small.engine.dispose()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_program_leaves_the_same_studio(both: tuple[Side, Side], seed: int) -> None:
    small, real = both
    answers: set[str] = set()
    for number, step in enumerate(a_program(seed, TENANT, steps=STEPS)):
        on_sqlite, on_postgres = small.run(step), real.run(step)
        assert on_sqlite == on_postgres, (number, step)
        answers.add(str(on_sqlite[0]))
    assert answers == {"done", "refused"}, "the program is worth running"
    ours, theirs = small.rows(), real.rows()
    for name in ours:
        for row in (*ours[name], *theirs[name]):
            if row["created_by"] == OWNER and name in {"studio", "member", "customer", "package", "resource"}:
                row["created_at"] = row["updated_at"] = None  # the house was opened at each side's own moment
        assert ours[name] == theirs[name], name
        values = [value for row in (*ours[name], *theirs[name]) for value in row.values()]
        assert {value.tzinfo for value in values if isinstance(value, datetime)} <= {UTC}, name
    assert small.feed() == real.feed()
