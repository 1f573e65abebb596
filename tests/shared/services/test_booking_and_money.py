"""A booking, its money and its refunds, through the services that device and server share."""

from collections.abc import Iterator
from datetime import date, time
from uuid import UUID

import pytest

from shared.errors import (
    DomainError,
    ExceedsRefundable,
    ManualAmountDiffers,
    MovedMeanwhile,
    RequestKeyReused,
    SecondPersonNeeded,
    SlotTaken,
)
from shared.ids import new_id
from shared.models.act import Role
from shared.models.states import (
    BookingStatus,
    RefundStatus,
    RequestStatus,
    StageStatus,
)
from shared.services import booking_desk, payment_plan, refund_outcomes
from shared.sync_protocol.operations import SlotArgs
from tests.builders.studio_world import StudioWorld, a_slot, sqlite_world


@pytest.fixture
def world() -> Iterator[StudioWorld]:
    with sqlite_world() as world:
        yield world


def slot_json(day: date = date(2027, 6, 12), start: time = time(14)) -> dict[str, object]:
    return SlotArgs.of(a_slot(day=day, start=start)).model_dump(mode="json")


def pay_by_card(world: StudioWorld, booking_id: UUID, position: int) -> UUID:
    with world.unit() as unit:
        act = world.act()
        unit.begin_act(act)
        stage = unit.stages.of_booking(world.tenant_id, booking_id)[position - 1]
        payment_plan.open_for_card(unit, act, stage.id, scope="fake")
        stage.pi_id = f"pi_{stage.id}"
        payment_plan.card_paid(
            unit, act, stage.id, amount_minor=stage.amount_minor, ref=stage.pi_id, words="Visa ending 4242"
        )
        return stage.id


def test_a_booking_with_a_deposit_is_held_until_the_deposit_is_paid(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    with world.unit() as unit:
        booking = unit.bookings.get(world.tenant_id, booking_id)
        stages = unit.stages.of_booking(world.tenant_id, booking_id)
        assert booking.status is BookingStatus.HELD
        assert [stage.amount_minor for stage in stages] == [122500, 122500]
    pay_by_card(world, booking_id, 1)
    with world.unit() as unit:
        assert unit.bookings.get(world.tenant_id, booking_id).status is BookingStatus.CONFIRMED


def test_a_booking_with_nothing_due_at_once_is_confirmed(world: StudioWorld) -> None:
    booking_id = world.a_booking(package_id=world.a_package(deposit_percent=0))
    with world.unit() as unit:
        assert unit.bookings.get(world.tenant_id, booking_id).status is BookingStatus.CONFIRMED


def test_a_taken_slot_keeps_the_second_booking_as_needing_a_slot(world: StudioWorld) -> None:
    anna = world.a_resource()
    world.a_booking(resources=[anna])
    second = world.a_booking(resources=[anna], slot=a_slot(start=time(20), end=time(22)))
    touching = world.a_booking(resources=[anna], slot=a_slot(start=time(23), end=time(23, 30)))
    with world.unit() as unit:
        assert unit.bookings.get(world.tenant_id, second).status is BookingStatus.NEEDS_SLOT
        assert unit.bookings.get(world.tenant_id, touching).status is BookingStatus.HELD


def test_a_booking_that_needs_a_slot_can_be_postponed(world: StudioWorld) -> None:
    anna = world.a_resource()
    world.a_booking(resources=[anna])
    second = world.a_booking(resources=[anna])
    world.do("booking.postpone", {"id": str(second)})
    with world.unit() as unit:
        assert unit.bookings.get(world.tenant_id, second).status is BookingStatus.POSTPONED


def test_a_move_needs_the_time_that_its_author_saw(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    to = slot_json(day=date(2027, 6, 19))
    with pytest.raises(MovedMeanwhile):
        world.do("booking.move", {"id": str(booking_id), "seen": slot_json(start=time(9)), "slot": to})
    world.do("booking.move", {"id": str(booking_id), "seen": slot_json(), "slot": to})
    world.do("booking.move", {"id": str(booking_id), "seen": slot_json(), "slot": to})
    with world.unit() as unit:
        booking = unit.bookings.get(world.tenant_id, booking_id)
        assert (booking.start_date, booking.schedule_rev) == (date(2027, 6, 19), 2)
        assert unit.stages.of_booking(world.tenant_id, booking_id)[1].due_local_date == date(2027, 6, 16)


def test_a_move_onto_a_taken_slot_is_refused_and_changes_nothing(world: StudioWorld) -> None:
    anna = world.a_resource()
    world.a_booking(resources=[anna], slot=a_slot(day=date(2027, 6, 19)))
    booking_id = world.a_booking(resources=[anna])
    with pytest.raises(SlotTaken):
        world.do(
            "booking.move",
            {"id": str(booking_id), "seen": slot_json(), "slot": slot_json(day=date(2027, 6, 19))},
        )


def test_cancelling_gives_back_what_the_frozen_policy_says(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    pay_by_card(world, booking_id, 1)
    world.pass_days(190)  # 1 June 2027: eleven days before, 20 percent of the total is kept
    with world.unit() as unit:
        act = world.act()
        seen = booking_desk.preview(unit, act, unit.bookings.get(world.tenant_id, booking_id))
    assert (seen.kept_minor, seen.refund_minor) == (49000, 73500)
    world.do(
        "booking.cancel",
        {"id": str(booking_id), "refund": True, "preview_hash": seen.preview_hash, "seen": slot_json()},
    )
    with world.unit() as unit:
        request = unit.refund_requests.of_booking(world.tenant_id, booking_id)[0]
        refunds = unit.refunds.of_request(world.tenant_id, request.id)
        stages = unit.stages.of_booking(world.tenant_id, booking_id)
        assert request.status is RequestStatus.APPROVED
        assert [refund.amount_minor for refund in refunds] == [73500]
        assert stages[0].refund_reserved_minor == 73500
        assert stages[1].status is StageStatus.CANCELED


def request_args(booking_id: UUID, stage_id: UUID, amount_minor: int, **fields: object) -> dict[str, object]:
    return {
        "id": str(new_id()),
        "request_key": str(new_id()),
        "booking_id": str(booking_id),
        "lines": [{"stage_id": str(stage_id), "amount_minor": amount_minor}],
        "currency": "EUR",
        "reason_code": "goodwill",
        **fields,
    }


def test_money_is_promised_back_only_once(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    stage_id = pay_by_card(world, booking_id, 1)
    first = request_args(booking_id, stage_id, 100000)
    world.do("refund.request", first)
    assert world.do("refund.request", first).code is None
    with pytest.raises(RequestKeyReused):
        world.do("refund.request", first | {"note": "other"})
    with pytest.raises(ExceedsRefundable, match=r"225\.00"):
        world.do("refund.request", request_args(booking_id, stage_id, 22501))
    same = world.do("refund.request", request_args(booking_id, stage_id, 100000))
    assert same.code == "identical_open_request"
    world.do("refund.request", request_args(booking_id, stage_id, 22500, another=True))


def test_staff_need_a_second_person_who_is_not_themselves(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    stage_id = pay_by_card(world, booking_id, 1)
    ben = new_id()
    asked = request_args(booking_id, stage_id, 5000)
    world.do("refund.request", asked, act=world.act(role=Role.STAFF, by=ben))
    with world.unit() as unit:
        assert unit.refunds.of_booking(world.tenant_id, booking_id) == []
    with pytest.raises(SecondPersonNeeded):
        world.do("refund.approve", {"id": asked["id"]}, act=world.act(role=Role.OWNER, by=ben))
    world.do("refund.approve", {"id": asked["id"]})
    with world.unit() as unit:
        assert len(unit.refunds.of_booking(world.tenant_id, booking_id)) == 1


def test_a_refund_that_fails_after_success_releases_its_money(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    stage_id = pay_by_card(world, booking_id, 1)
    world.do("refund.request", request_args(booking_id, stage_id, 122500))
    with world.unit() as unit:
        act = world.act()
        refund = unit.refunds.of_booking(world.tenant_id, booking_id)[0]
        refund.step_to(RefundStatus.SUBMITTING)
        refund.step_to(RefundStatus.SUBMITTED)
        assert refund_outcomes.settle(unit, act, refund.id, ref="re_1") is True
        assert refund_outcomes.settle(unit, act, refund.id, ref="re_1") is False
        stage = unit.stages.get(world.tenant_id, stage_id)
        assert stage.status is StageStatus.REFUNDED
        refund_outcomes.fail(unit, act, refund.id, ref="re_1", reason="expired_or_canceled_card")
        assert (stage.status, stage.refundable_minor) == (StageStatus.PAID, 122500)
        request = unit.refund_requests.of_booking(world.tenant_id, booking_id)[0]
        assert request.status is RequestStatus.NEEDS_PERSON
        assert (
            sum(entry.amount_minor for entry in unit.ledger.of_booking(world.tenant_id, booking_id)) == 122500
        )


def test_a_payment_at_the_desk_must_be_the_whole_stage(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    with world.unit() as unit:
        stage_id = unit.stages.of_booking(world.tenant_id, booking_id)[0].id
    args = {
        "id": str(new_id()),
        "stage_id": str(stage_id),
        "amount_minor": 122400,
        "currency": "EUR",
        "method": "cash",
        "paid_on": "2026-11-23",
    }
    with pytest.raises(ManualAmountDiffers):
        world.do("payment.record_manual", args)
    world.do("payment.record_manual", args | {"amount_minor": 122500})
    world.do("payment.record_manual", args | {"amount_minor": 122500})
    again = world.do("payment.record_manual", args | {"amount_minor": 122500, "id": str(new_id())})
    assert again.code == "surplus_recorded"


def test_another_studio_finds_nothing(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    other = StudioWorld(world.engine)
    other.set_up()
    for name, args in (
        ("booking.cancel", {"id": str(booking_id)}),
        ("booking.postpone", {"id": str(booking_id)}),
        ("note.add", {"id": str(new_id()), "booking_id": str(booking_id), "body": "x"}),
    ):
        with pytest.raises(DomainError) as refused:
            other.do(name, args)
        assert refused.value.code == "gone"
