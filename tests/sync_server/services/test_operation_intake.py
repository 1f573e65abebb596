"""How the intake behaves when something breaks, takes long, or comes at the same time from many sides."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors as pg
from sqlalchemy.exc import IntegrityError, OperationalError

from shared.errors import Busy
from shared.ids import new_id
from shared.models.act import Act
from shared.sync_protocol.changes import PushedOperation, PushRequest
from shared.sync_protocol.results import OperationResult
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.changed_rows import ChangedRows
from sync_server.repositories.devices import Devices
from sync_server.repositories.receipts import Receipts
from sync_server.repositories.studio_units import StudioSessions
from sync_server.services.operation_intake import Check, OperationIntake, Pusher
from sync_server.services.push_batch import LOCK_BUDGET_S
from sync_server.services.studio_unit import StudioUnits
from tests.postgres_cluster import Database
from tests.statements import statements_of
from tests.sync_server.studio_house import StudioHouse


@dataclass
class Device:
    """Numbers and sends operations without a network."""

    units: StudioUnits
    house: StudioHouse
    id: UUID = field(default_factory=new_id)
    no: int = 0

    def __post_init__(self) -> None:
        with self.units.queue_transaction(self.house.tenant_id) as (unit, _):
            Devices(unit.session).add(self.house.tenant_id, self.id, name="Desk")
            self.epoch = Receipts(unit.session).standing(self.house.tenant_id, self.id).epoch

    def operation(self, what: str = "customer.create", /, **args: object) -> PushedOperation:
        """The next one."""
        self.no += 1
        args = args or {"id": str(new_id()), "name": "Ben", "email": "ben@example.com"}
        return PushedOperation(
            no=self.no, id=new_id(), name=what, v=1, args=args, user_id=self.house.owner_id
        )

    def push(
        self,
        *operations: PushedOperation,
        checks: Mapping[str, Check] | None = None,
        stopwatch: Callable[[], float] = lambda: 0.0,
    ) -> tuple[OperationResult, ...]:
        """What the server decided."""
        intake = OperationIntake(self.units, checks=checks or {}, stopwatch=stopwatch)
        pusher = Pusher(self.house.tenant_id, self.id, self.house.owner_id)
        return intake.push(
            pusher, PushRequest(protocol=1, epoch=self.epoch, operations=list(operations))
        ).results


@pytest.fixture
def units(app_engine: sa.Engine) -> StudioUnits:
    return StudioUnits(StudioSessions(app_engine))


@pytest.fixture
def house(units: StudioUnits) -> StudioHouse:
    return StudioHouse(units).open()


@pytest.fixture
def device(units: StudioUnits, house: StudioHouse) -> Device:
    return Device(units, house)


def _breaking(failure: Exception, *, only: UUID) -> dict[str, Check]:
    def _check(unit: UnitOfWork, act: Act, device_id: UUID, args: Mapping[str, Any]) -> None:
        if act.operation_id == only:
            raise failure

    return {"customer.create": _check}


def _customers(units: StudioUnits, house: StudioHouse) -> set[str]:
    with units.reading(house.tenant_id) as (unit, _):
        return {str(customer.id) for customer in unit.customers.all(house.tenant_id)}


def test_what_breaks_three_times_is_parked_and_the_queue_goes_on(
    units: StudioUnits, house: StudioHouse, device: Device
) -> None:
    before, broken, after = device.operation(), device.operation(), device.operation()
    checks = _breaking(ZeroDivisionError(), only=broken.id)
    for _ in range(2):
        with pytest.raises(Busy):
            device.push(before, broken, after, checks=checks)
        assert before.args["id"] not in _customers(units, house)  # the whole request was taken back
    results = device.push(before, broken, after, checks=checks)
    assert [(result.status, result.code) for result in results] == [
        ("applied", None),
        ("parked", "parked"),
        ("applied", None),
    ]
    # a decided id stays decided, also when the fault is mended
    assert device.push(before, broken, after) == results
    with units.reading(house.tenant_id) as (unit, _):
        issue = unit.issues.get(house.tenant_id, broken.id)
    assert issue.kind == "parked"
    assert issue.payload["operation"]["args"] == broken.args
    assert issue.payload["error_class"] == "ZeroDivisionError"


@pytest.mark.parametrize("kind", [pg.LockNotAvailable, pg.DiskFull, pg.DeadlockDetected])
def test_a_busy_database_parks_nothing(
    units: StudioUnits, house: StudioHouse, device: Device, kind: type[pg.Error]
) -> None:
    operation = device.operation()
    checks = _breaking(OperationalError("…", {}, kind()), only=operation.id)
    for _ in range(4):
        with pytest.raises(Busy):
            device.push(operation, checks=checks)
    assert [result.status for result in device.push(operation)] == ["applied"]


def test_after_two_seconds_under_the_lock_the_rest_waits(device: Device) -> None:
    ticks = iter([0.0, 0.0, LOCK_BUDGET_S + 0.1, LOCK_BUDGET_S + 0.2])
    operations = [device.operation() for _ in range(3)]
    results = device.push(*operations, stopwatch=lambda: next(ticks))
    assert [result.id for result in results] == [operations[0].id, operations[1].id][: len(results)]
    assert 1 <= len(results) < 3
    rest = device.push(*operations[len(results) :])
    assert [result.status for result in rest] == ["applied"] * (3 - len(results))


def test_a_row_that_points_to_nothing_is_pinned_to_its_operation(
    units: StudioUnits, house: StudioHouse, device: Device
) -> None:
    """Nothing is committed, the operation at fault is counted, and the others are not blamed."""
    good, bad = device.operation(), device.operation()

    def _check(unit: UnitOfWork, act: Act, device_id: UUID, args: Mapping[str, Any]) -> None:
        if act.operation_id == bad.id:
            unit.session.execute(
                sa.text("INSERT INTO note (tenant_id, id, booking_id, body) VALUES (:t, :i, :b, 'x')"),
                {"t": act.tenant_id, "i": new_id(), "b": new_id()},
            )

    for _ in range(2):
        with pytest.raises(Busy) as raised:
            device.push(good, bad, checks={"customer.create": _check})
        assert isinstance(raised.value.__cause__, IntegrityError)
    results = device.push(good, bad, checks={"customer.create": _check})
    assert [result.status for result in results] == ["applied", "parked"]


def test_a_rejection_leaves_no_trace_but_its_issue(
    units: StudioUnits, house: StudioHouse, device: Device
) -> None:
    customer_id = str(new_id())
    half_done = device.operation(
        "booking.create", id=customer_id, customer_id=str(house.customer_id), package_id=str(new_id())
    )
    (result,) = device.push(half_done)
    assert result.status == "rejected"
    with units.reading(house.tenant_id) as (unit, _):
        assert unit.bookings.all(house.tenant_id) == []
        feed = ChangedRows(unit.session).after(house.tenant_id, 0, limit=100)
    assert feed[-1].entity == "sync_issue"
    assert feed[-1].seq <= result.seq


def test_the_audit_log_names_who_and_what_but_no_personal_value(
    units: StudioUnits, house: StudioHouse, device: Device
) -> None:
    device.push(device.operation(id=str(new_id()), name="Zoë Brûlé", email="zoe@example.com"))
    with units.reading(house.tenant_id) as (unit, _):
        row = unit.session.execute(sa.text("SELECT * FROM audit_log WHERE action = 'customer.create'")).one()
    assert (row.actor_id, row.device_id, row.entity) == (house.owner_id, device.id, "customer")
    assert row.after["fields"] == ["email", "id", "name"]
    assert "zoe" not in str(row).lower()


# --- many at once -----------------------------------------------------------------------------------------


@pytest.fixture
def eight() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as threads:
        yield threads


def test_eight_devices_with_the_same_operations_decide_each_once(
    units: StudioUnits, house: StudioHouse, eight: ThreadPoolExecutor
) -> None:
    """Devices that were restored from one copy send the same ids."""
    devices = [Device(units, house) for _ in range(8)]
    first = devices[0]
    operations = [first.operation() for _ in range(10)]
    start = threading.Barrier(8)

    def send(device: Device) -> list[tuple[OperationResult, ...]]:
        start.wait()
        return [device.push(operation) for operation in operations]

    answers = list(eight.map(send, devices))
    assert all(answer == answers[0] for answer in answers)
    assert {operation.args["id"] for operation in operations} < _customers(units, house)
    with units.reading(house.tenant_id) as (unit, _):
        count = unit.session.scalar(sa.text("SELECT count(*) FROM receipt"))
    assert count == 10


def test_a_poller_misses_nothing_that_eight_writers_commit(
    units: StudioUnits, house: StudioHouse, eight: ThreadPoolExecutor
) -> None:
    done = threading.Event()
    seen: list[int] = []

    def write(number: int) -> None:
        for _ in range(12):
            with units.transaction(house.tenant_id) as (unit, _):
                customer = unit.customers.get(house.tenant_id, house.customer_id)
                customer.phone = f"{number}"
                for _ in range(2):
                    _add_resource(unit, house)

    def poll() -> None:
        cursor = 0
        while True:
            last_round = done.is_set()
            with units.reading(house.tenant_id) as (unit, _):
                entries = ChangedRows(unit.session).after(house.tenant_id, cursor, limit=7)
            seen.extend(entry.seq for entry in entries)
            cursor = seen[-1] if seen else 0
            if last_round and not entries:
                return

    poller = threading.Thread(target=poll)
    poller.start()
    list(eight.map(write, range(8)))
    done.set()
    poller.join()
    with units.reading(house.tenant_id) as (unit, _):
        feed = {
            entry.seq: entry.row_id
            for entry in ChangedRows(unit.session).after(house.tenant_id, 0, limit=9999)
        }
        head = unit.session.scalar(sa.text("SELECT head FROM tenant_sync"))
    assert seen == sorted(seen)
    assert feed.keys() <= set(seen)
    assert max(feed) == head


def _add_resource(unit: UnitOfWork, house: StudioHouse) -> None:
    unit.session.execute(
        sa.text("INSERT INTO resource (tenant_id, id, name, kind) VALUES (:t, :i, 'r', 'room')"),
        {"t": house.tenant_id, "i": new_id()},
    )


def _book(device: Device, house: StudioHouse, start_time: str) -> PushedOperation:
    slot = {
        "start_date": "2027-06-12",
        "start_time": start_time,
        "end_date": "2027-06-12",
        "end_time": "23:00",
        "zone": "Europe/Paris",
    }
    return device.operation(
        "booking.create",
        id=str(new_id()),
        customer_id=str(house.customer_id),
        package_id=str(house.package_id),
        slot=slot,
        resource_ids=[str(house.resource_id)],
    )


def test_of_eight_bookings_of_one_slot_one_stands(
    units: StudioUnits, house: StudioHouse, eight: ThreadPoolExecutor
) -> None:
    devices = [Device(units, house) for _ in range(8)]
    start = threading.Barrier(8)

    def send(device: Device) -> str | None:
        start.wait()
        (result,) = device.push(_book(device, house, "14:00"))
        return result.code

    codes = list(eight.map(send, devices))
    assert sorted(codes, key=str) == [None, *["slot_taken"] * 7]


def test_an_operation_sees_what_those_before_it_in_the_request_did(
    units: StudioUnits, house: StudioHouse, device: Device
) -> None:
    customer_id, slot = str(new_id()), _book(device, house, "14:00").args["slot"]
    device.no = 0
    results = device.push(
        device.operation(id=customer_id, name="Ben", email="ben@example.com"),
        device.operation("customer.edit", id=customer_id, patch={"name": {"from": "Ben", "to": "Benedikt"}}),
        device.operation(id=customer_id, name="Somebody else", email=""),  # the same row again
        device.operation(
            "block.create", id=str(new_id()), resource_id=str(house.resource_id), slot=slot, reason="Holiday"
        ),
        _book(device, house, "15:00"),
    )
    assert [(result.status, result.code) for result in results] == [
        ("applied", None),
        ("applied", None),
        ("applied", None),
        ("applied", None),
        ("amended", "blocked"),
    ]
    with units.reading(house.tenant_id) as (unit, _):
        assert unit.customers.get(house.tenant_id, UUID(customer_id)).name == "Benedikt"


def test_new_rows_of_one_request_are_written_together(device: Device, app_engine: sa.Engine) -> None:
    with statements_of(app_engine) as statements:
        device.push(*(device.operation() for _ in range(20)))
    about_customers = [words for words in statements if "customer" in words]
    assert len(about_customers) == 1, about_customers  # what is made is not asked for first


def test_a_row_that_was_made_before_stays_as_it_is_beside_new_ones(
    units: StudioUnits, house: StudioHouse, device: Device
) -> None:
    made = device.operation(id=str(new_id()), name="Ben", email="ben@example.com")
    device.push(made)
    again = Device(units, house)
    results = again.push(
        again.operation(),
        again.operation(id=made.args["id"], name="Somebody else", email=""),
        again.operation("customer.edit", id=made.args["id"], patch={"phone": {"from": "", "to": "+33 1"}}),
    )
    assert [(result.status, result.code) for result in results] == [("applied", None)] * 3
    with units.reading(house.tenant_id) as (unit, _):
        found = unit.customers.get(house.tenant_id, UUID(made.args["id"]))
        assert (found.name, found.phone) == ("Ben", "+33 1")
        assert len(unit.customers.all(house.tenant_id)) == 3  # with the one of the house


def test_without_the_lock_the_same_race_is_lost(
    units: StudioUnits, house: StudioHouse, eight: ThreadPoolExecutor
) -> None:
    """The naive variant: check, then write, each client in its own transaction without the studio's lock."""
    start = threading.Barrier(8)

    def check_then_write(_: int) -> bool:
        with units.sessions.unlocked(house.tenant_id) as session:
            start.wait()
            taken = session.scalar(sa.text("SELECT count(*) FROM number_register WHERE number = 1"))
            start.wait()
            if taken:
                return False
            session.execute(
                sa.text(
                    "INSERT INTO operation_failure (tenant_id, operation_id, tries, error_class)"
                    " VALUES (:t, :o, 1, 'took number 1')"
                ),
                {"t": house.tenant_id, "o": new_id()},
            )
            return True

    assert sum(eight.map(check_then_write, range(8))) > 1


def test_five_hundred_rows_are_one_notification(
    units: StudioUnits, house: StudioHouse, migrated_database: Database
) -> None:
    with psycopg.connect(migrated_database.conninfo, autocommit=True) as listening:
        listening.execute("LISTEN sync")
        with units.transaction(house.tenant_id) as (unit, _):
            for _ in range(500):
                _add_resource(unit, house)
        heard = list(listening.notifies(timeout=0.5))
    assert [notice.payload for notice in heard] == [str(house.tenant_id)]
