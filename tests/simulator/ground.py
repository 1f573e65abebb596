"""Databases in memory, made once and wiped for each history: making them would take longer than it does."""

from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import NAMESPACE_DNS, UUID, uuid5

import sqlalchemy as sa
import sqlcipher3.dbapi2

from desktop.local_store.engine import LocalStore
from shared.ids import TenantId
from shared.models.act import Act, Actor, ActorKind, Role
from shared.models.studio import Customer, Member, Package, Resource, Studio
from shared.tables import map_models, metadata
from sync_server.repositories import sync_tables, tenant_lock
from sync_server.repositories.access_tables import audit_log
from sync_server.repositories.studio_units import StudioSessions
from sync_server.services.studio_unit import StudioUnits
from tests.simulator.faults import Fuse

FOUNDED_AT: Final = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
_SERVER_TABLES: Final = (
    sync_tables.tenant_sync,
    sync_tables.sync_feed,
    sync_tables.device,
    sync_tables.receipt,
    sync_tables.operation_failure,
    sync_tables.number_register,
    audit_log,
)


Image = Any
"""What a database holds: another of the same untyped driver, or its bytes."""


def fixed_id(*words: object) -> UUID:
    """An id of the ground, the same in every history and process."""
    return uuid5(NAMESPACE_DNS, "/".join(map(str, words)))


OWNER: Final = fixed_id("owner")
"""One person owns both studios, under one id."""


@dataclass(frozen=True)
class Plan:
    """A studio as it stands before the history begins."""

    tenant_id: TenantId
    members: tuple[UUID, ...]
    """The owner, a manager, somebody of the staff."""

    def id_of(self, *words: object) -> UUID:
        """The id of one of its first rows."""
        return fixed_id(self.tenant_id, *words)


def _plan(name: str) -> Plan:
    return Plan(TenantId(fixed_id(name)), (OWNER, fixed_id(name, "manager"), fixed_id(name, "staff")))


STUDIOS: Final = (_plan("bella"), _plan("luce"))


@dataclass
class StoreOnShelf:
    """A store of a device, empty when it is taken. ``look`` reads it between its transactions."""

    store: LocalStore = field(default_factory=LocalStore)
    fuse: Fuse = field(default_factory=Fuse)

    def __post_init__(self) -> None:
        with self.store.reading() as connection:
            self._raw: Any = connection.connection.driver_connection
            _watch(connection.engine, self.fuse)

    def wipe(self, image: Image | None = None) -> None:
        """As in the image, else empty."""
        (image or _empty_store()).backup(self._raw)

    def image(self) -> Image:
        """A copy of what it holds now."""
        copy = sqlcipher3.dbapi2.connect(":memory:", check_same_thread=False)
        self._raw.backup(copy)
        return copy

    def look(self, statement: str, *values: object) -> list[Any]:
        """Rows, by the driver alone: a history is looked at more often than it is written."""
        assert not self._raw.in_transaction, "looking is done between transactions"
        return _named(self._raw.execute(statement, values))


@dataclass
class ServerDatabase:
    """The server's database, with two studios when it is taken.

    ``now`` tells its time; ``begun`` and ``committed`` hear of its transactions.
    """

    fuse: Fuse = field(default_factory=Fuse)
    now: Callable[[], datetime] = lambda: FOUNDED_AT
    begun: Callable[[], None] = lambda: None
    committed: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.engine = sa.create_engine(
            "sqlite://",
            poolclass=sa.pool.StaticPool,
            connect_args={"isolation_level": None, "check_same_thread": False},
        ).execution_options(business_clock=self._tell)

        @sa.event.listens_for(self.engine, "begin")
        def begin(connection: sa.Connection) -> None:
            connection.exec_driver_sql("BEGIN")
            self.begun()

        _watch(self.engine, self.fuse)

        @sa.event.listens_for(self.engine, "commit")
        def commit(connection: sa.Connection) -> None:
            del connection
            self.committed()

        self.units = StudioUnits(StudioSessions(self.engine))

        with self.engine.connect() as connection:
            self._raw: Any = connection.connection.driver_connection

    def _tell(self) -> datetime:
        return self.now()

    def wipe(self, image: Image | None = None) -> None:
        """As in the image, else as it was founded."""
        self._raw.deserialize(image or _founded())

    def image(self) -> Image:
        """A copy of what it holds now."""
        return self._raw.serialize()

    def close(self) -> None:
        """Let the database go."""
        self.engine.dispose()

    def look(self, statement: str, *values: object) -> list[Any]:
        """As for a store."""
        assert not self._raw.in_transaction, "looking is done between transactions"
        return _named(self._raw.execute(statement, values))


def _named(cursor: Any) -> list[Any]:  # noqa: ANN401 - a driver's cursor
    row_type = _row_type(tuple(column[0] for column in cursor.description))
    return [row_type(*row) for row in cursor]


@lru_cache(maxsize=256)
def _row_type(names: tuple[str, ...]) -> Any:  # noqa: ANN401 - a type made of its columns
    return namedtuple("Row", names, rename=True)  # noqa: PYI024 - the columns are known when it is looked at


def _watch(engine: sa.Engine, fuse: Fuse) -> None:
    @sa.event.listens_for(engine, "before_cursor_execute")
    def burn(connection: object, cursor: object, statement: str, *_: object) -> None:
        del connection, cursor
        fuse.burn(statement)

    @sa.event.listens_for(engine, "commit")
    def burn_too(connection: object) -> None:
        del connection
        fuse.burn("COMMIT")


@lru_cache(maxsize=1)
def _empty_store() -> Image:
    return StoreOnShelf().image()


@lru_cache(maxsize=1)
def _founded() -> Image:
    map_models()
    database = ServerDatabase()
    metadata.create_all(database.engine)
    sync_tables.server_metadata.create_all(database.engine, tables=_SERVER_TABLES)
    with database.engine.begin() as connection:
        for statement in tenant_lock.sqlite_twin():
            connection.exec_driver_sql(statement)
    for plan in STUDIOS:
        _found(database.units, plan)
    image = database.image()
    database.close()
    return image


def _found(units: StudioUnits, plan: Plan) -> None:
    t = plan.tenant_id
    units.sessions.found(t, plan.id_of("epoch"))
    with units.transaction(t) as (unit, now):
        unit.begin_act(Act(t, Actor(ActorKind.OPERATOR, OWNER), now, plan.id_of("founding")))
        unit.studios.add(
            t,
            Studio(
                tenant_id=t,
                id=t,
                code=f"STUDIO{t.int % 10}",
                name="Bella",
                zone="Europe/Paris",
                currency="EUR",
                vat_id="FR1",
            ),
        )
        for member_id, role in zip(plan.members, (Role.OWNER, Role.MANAGER, Role.STAFF), strict=True):
            unit.members.add(t, Member(tenant_id=t, id=member_id, name=role.value, role=role))
        for number in range(2):
            unit.resources.add(
                t, Resource(tenant_id=t, id=plan.id_of("resource", number), name=f"Room {number}")
            )
            unit.customers.add(
                t,
                Customer(
                    tenant_id=t,
                    id=plan.id_of("customer", number),
                    name=f"Zoë {number}",
                    email="zoe@example.com",
                ),
            )
        unit.packages.add(
            t,
            Package(
                tenant_id=t,
                id=plan.id_of("package"),
                name="Full day",
                price_minor=90000,
                currency="EUR",
                deposit_percent=50,
                tax_percent="20",
            ),
        )


class Shelf:
    """Hands databases out and takes them back."""

    def __init__(self) -> None:
        self._stores: list[StoreOnShelf] = []
        self._servers: list[ServerDatabase] = []

    @contextmanager
    def store(self, image: Image | None) -> Iterator[StoreOnShelf]:
        """A store like the image, else an empty one, until the history ends."""
        taken = self._stores.pop() if self._stores else StoreOnShelf()
        taken.wipe(image)
        yield taken
        self._stores.append(taken)

    @contextmanager
    def server(self, image: Image | None) -> Iterator[ServerDatabase]:
        """A server like the image, else just founded, until the history ends."""
        taken = self._servers.pop() if self._servers else ServerDatabase()
        try:
            taken.wipe(image)
            yield taken
        except BaseException:  # what a history broke is not handed out again
            taken.close()
            raise
        self._servers.append(taken)


SHELF: Final = Shelf()
