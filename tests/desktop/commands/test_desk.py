"""What staff do: shown at once, queued in the same commit, refused in words."""

from datetime import date
from pathlib import Path

import pytest

from desktop.commands.bookings import cancel_booking, make_booking, move_booking
from desktop.commands.customers import edit_customer
from desktop.commands.drafts import changed_fields
from desktop.commands.payments import record_manual
from desktop.commands.refunds import request_refund
from desktop.commands.refusals import SameRefundOpen
from desktop.data_changes import DataChanges
from desktop.local_store.outbox import args_text
from desktop.local_store.store_errors import ChangeTooLarge
from shared.errors import ExceedsRefundable, NeedsRight
from shared.ids import new_id
from shared.models.states import ManualMethod, ReasonCode
from shared.sync_protocol.operations import (
    BookingCreate,
    CustomerCreate,
    PaymentRecordManual,
    RefundAsk,
    RefundLine,
    SlotArgs,
)
from tests.builders.desk_world import DeskWorld, a_slot
from tests.fakes.clock import FrozenClock
from tests.fakes.sync_server import FakeSyncServer


@pytest.fixture
def world(clock: FrozenClock, tmp_path: Path) -> DeskWorld:
    """A computer that has synced once."""
    world = DeskWorld(FakeSyncServer(clock), tmp_path)
    world.sync()
    return world


def queued(world: DeskWorld) -> object:
    return world.one("SELECT group_concat(name) FROM (SELECT name FROM outbox ORDER BY no)")


def test_a_booking_and_its_new_customer_are_one_commit(world: DeskWorld) -> None:
    customer = CustomerCreate(id=new_id(), name="Ben", email="ben@example.com")
    draft = BookingCreate(
        id=new_id(),
        customer_id=customer.id,
        package_id=world.a_package(),
        slot=SlotArgs.of(a_slot()),
        resource_ids=[world.a_resource()],
    )
    changes = make_booking(world.desk, draft, new_customer=customer, initiator="calendar")
    assert changes.touches("customer")
    assert changes.touches("booking", "payment_stage")
    assert changes.initiator == "calendar"
    assert queued(world) == "package.create,resource.create,customer.create,booking.create"
    before = queued(world)
    broken = draft.model_copy(update={"id": new_id(), "package_id": new_id()})
    other = CustomerCreate(id=new_id(), name="Zed", email="zed@example.com")
    with pytest.raises(Exception, match="gone"):
        make_booking(world.desk, broken, new_customer=other)
    assert queued(world) == before
    assert world.one("SELECT count(*) FROM customer") == 1, "all of it or nothing"


def test_an_edit_sends_only_what_changed() -> None:
    assert changed_fields({"name": "A", "phone": "1"}, {"name": "A", "phone": "2"}) == {"phone": ("1", "2")}


def test_a_person_without_the_right_is_told_and_nothing_is_queued(world: DeskWorld) -> None:
    world.server.write("UPDATE member SET role = 'staff'")
    world.sync()
    with pytest.raises(NeedsRight):
        world.a_package()
    assert queued(world) is None


def test_a_change_larger_than_the_wire_takes_is_refused_here() -> None:
    with pytest.raises(ChangeTooLarge):
        args_text({"body": "x" * (256 * 1024)})


def test_the_clock_of_an_act_is_the_desks_and_stays_so_in_a_replay(world: DeskWorld) -> None:
    world.a_booking()
    before = world.one("SELECT hold_ends_at FROM booking")
    world.server.touch_rows("member")
    world.server.refusals.append((400, {"code": "bad_request"}))
    world.sync()
    assert world.one("SELECT hold_ends_at FROM booking") == before


def test_money_written_down_can_be_asked_back_up_to_what_came(world: DeskWorld) -> None:
    booking = world.a_booking()
    stage_id = world.one("SELECT id FROM payment_stage WHERE position = 1")
    amount = world.one("SELECT amount_minor FROM payment_stage WHERE position = 1")
    assert isinstance(amount, int)
    paid = PaymentRecordManual.model_validate(
        {
            "id": new_id(),
            "stage_id": stage_id,
            "amount_minor": amount,
            "currency": "EUR",
            "method": ManualMethod.CASH,
            "paid_on": date(2027, 1, 11),
        }
    )
    assert record_manual(world.desk, paid).touches("payment_stage", "manual_payment")
    assert world.one("SELECT status FROM booking") == "confirmed"
    ask = RefundAsk(
        id=new_id(),
        request_key=new_id(),
        booking_id=booking.id,
        lines=[RefundLine.model_validate({"stage_id": stage_id, "amount_minor": 100})],
        currency="EUR",
        reason_code=ReasonCode.CUSTOMER_CANCELLED,
    )
    assert request_refund(world.desk, ask).touches("refund_request")
    twin = ask.model_copy(update={"id": new_id(), "request_key": new_id()})
    with pytest.raises(SameRefundOpen):
        request_refund(world.desk, twin)
    too_much = RefundLine.model_validate({"stage_id": stage_id, "amount_minor": amount})
    with pytest.raises(ExceedsRefundable):
        request_refund(
            world.desk, twin.model_copy(update={"lines": [too_much], "another": True, "id": new_id()})
        )
    world.sync()
    assert world.rows() == world.server_rows()


def test_the_changes_name_what_was_written(world: DeskWorld) -> None:
    booking = world.a_booking()
    moved = move_booking(world.desk, booking.id, seen=a_slot(), slot=a_slot(20))
    assert moved == DataChanges(frozenset({"booking", "booking_resource", "payment_stage"}))
    ended = cancel_booking(world.desk, booking.id, seen=a_slot(20), initiator="record")
    assert ended.touches("booking", "booking_resource")
    renamed = edit_customer(world.desk, booking.customer_id, {"name": ("Zoë Brûlé", "Zoë")})
    assert renamed == DataChanges(frozenset({"customer"}))
