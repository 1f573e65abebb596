"""A computer of a studio: store, desk and cycle, talking to a server in memory without a thread."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from uuid import UUID

import pytest

from desktop.commands.bookings import make_booking
from desktop.commands.customers import add_customer
from desktop.commands.desk import Desk
from desktop.commands.packages import add_package
from desktop.commands.resources import add_resource
from desktop.local_store import undo_log
from desktop.local_store.engine import LocalStore
from desktop.local_store.numbers import Numbers
from desktop.local_store.secrets import KeyFileSecrets
from desktop.local_store.sync_state import SyncRow, read_state, write_state
from desktop.sync.cycle import Cycle
from desktop.sync.exchange import Answer, Request
from shared.clock import ShiftedClock
from shared.ids import new_id
from shared.models.slot import Slot
from shared.sync_protocol.operations import (
    BookingCreate,
    CustomerCreate,
    PackageCreate,
    ResourceCreate,
    SlotArgs,
)
from shared.tables import SYNCED_TABLES, map_models
from tests.fakes.sync_server import FakeSyncServer

MANY = 2000
Fault = Callable[[Request, Answer], Answer]

Rows = dict[str, list[tuple[object, ...]]]


def a_slot(day: int = 12, *, month: int = 6, start_hour: int = 14) -> Slot:
    """Four hours of a day in 2027."""
    on = date(2027, month, day)
    return Slot(on, time(start_hour), on, time(start_hour + 4), "Europe/Paris")


@dataclass
class DeskWorld:
    """One computer. ``sync`` runs one round against the server, through ``fault`` when there is one."""

    server: FakeSyncServer
    folder: Path
    store: LocalStore = field(default_factory=LocalStore)
    fault: Fault | None = None

    def __post_init__(self) -> None:
        map_models()
        self.clock = ShiftedClock(self.server.clock)
        self.secrets = KeyFileSecrets(self.folder / f"{new_id()}.keys.json")
        self.numbers = Numbers(self.secrets)
        with self.store.writing() as connection:
            write_state(connection, SyncRow(self.server.tenant_id, new_id(), "mark"))
        self.wake()

    def wake(self) -> None:
        """As after a start of the app: nothing in memory is left."""
        self.desk = Desk(self.store, self.clock)
        self.desk.sit_down(self.server.owner_id)
        self.cycle = Cycle(self.store, self.numbers, self.clock, dice=random.Random(1))  # noqa: S311 - not a secret

    @property
    def state(self) -> SyncRow:
        """What the store says about sync."""
        with self.store.reading() as connection:
            return read_state(connection)

    def sync(self, rounds: int = 1) -> frozenset[str]:
        """Whole rounds; the tables that changed."""
        touched: frozenset[str] = frozenset()
        for _ in range(rounds):
            self.cycle.on_timer()
            for _ in range(MANY):
                request = self.cycle.build_request()
                if request is None:
                    break
                answer = self.server.answer(request, self.state.device_id)
                if self.fault is not None:
                    answer = self.fault(request, answer)
                touched |= self.cycle.on_response(answer)
            else:
                pytest.fail("a round ends")
        return touched

    # --- what is there ----------------------------------------------------------------------------------

    def rows(self, *, without_overlay: bool = False, store: LocalStore | None = None) -> Rows:
        """Every synced row, by table; without what is pending when asked."""
        found: Rows = {}
        with (store or self.store).writing() as connection:
            look = connection.begin_nested()
            if without_overlay:
                undo_log.take_back(connection, str(self.server.tenant_id))
            for table in SYNCED_TABLES:
                listed = ", ".join(column.name for column in table.columns)
                statement = f"SELECT {listed} FROM {table.name} ORDER BY id"
                found[table.name] = [tuple(row) for row in connection.exec_driver_sql(statement)]
            look.rollback()
        return found

    def server_rows(self) -> Rows:
        """Every row of the server."""
        return self.rows(store=self.server.store)

    def one(self, statement: str, *values: object) -> object:
        """One value of the store."""
        with self.store.reading() as connection:
            return connection.exec_driver_sql(statement, values).scalar_one_or_none()

    # --- what staff do ----------------------------------------------------------------------------------

    def a_customer(self, name: str = "Zoë Brûlé", email: str = "zoe@example.com") -> UUID:
        """A new customer's id."""
        row_id = new_id()
        add_customer(self.desk, CustomerCreate(id=row_id, name=name, email=email))
        return row_id

    def a_package(self) -> UUID:
        """A new package's id."""
        row_id = new_id()
        add_package(self.desk, PackageCreate(id=row_id, name="Full day", price_minor=245000, currency="EUR"))
        return row_id

    def a_resource(self) -> UUID:
        """A new resource's id."""
        row_id = new_id()
        add_resource(self.desk, ResourceCreate(id=row_id, name="Anna"))
        return row_id

    def a_booking(self, slot: Slot | None = None, *, like: BookingCreate | None = None) -> BookingCreate:
        """A new booking; ``like`` another one, with its customer, package and resource."""
        draft = BookingCreate(
            id=new_id(),
            customer_id=like.customer_id if like else self.a_customer(),
            package_id=like.package_id if like else self.a_package(),
            slot=SlotArgs.of(slot or a_slot()),
            resource_ids=like.resource_ids if like else [self.a_resource()],
            place="Château d’Écouen",
        )
        make_booking(self.desk, draft)
        return draft


def dropped(request: Request, answer: Answer) -> Answer:
    """The server decided, the answer was lost."""
    return replace(answer, serial=request.serial, status=None, body=b"")
