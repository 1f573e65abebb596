"""A card payment changes a stage only by what the provider says when asked."""

from datetime import date
from uuid import UUID

import pytest

from shared.errors import PaymentsUnavailable, StageNotPayable
from shared.models.states import BookingStatus, ReasonCode, StageStatus
from tests.builders.studio_world import a_slot
from tests.sync_server.money.conftest import CardStudio


def booking_status(studio: CardStudio, booking_id: UUID) -> BookingStatus:
    with studio.units.reading(studio.tenant_id) as (unit, _now):
        return unit.bookings.get(studio.tenant_id, booking_id).status


def test_a_declined_card_leaves_the_stage_open_and_a_second_card_pays_it(studio: CardStudio) -> None:
    booking_id = studio.a_booking()
    stage_id = studio.stages(booking_id)[0].id
    assert studio.pay(stage_id, "pm_card_visa_chargeDeclinedInsufficientFunds") == "requires_payment_method"
    declined = studio.stages(booking_id)[0]
    assert declined.status is StageStatus.OPEN
    assert (declined.last_error or "").startswith("insufficient_funds")
    assert studio.pay(stage_id) == "succeeded"
    paid = studio.stages(booking_id)[0]
    assert (paid.status, paid.received_minor, paid.paid_words) == (
        StageStatus.PAID,
        122500,
        "Visa ending 4242",
    )
    assert booking_status(studio, booking_id) is BookingStatus.CONFIRMED
    assert len(studio.emulator.objects(studio.account.account, "payment_intent")) == 1


def test_two_tabs_share_one_payment(studio: CardStudio) -> None:
    stage_id = studio.stages(studio.a_booking())[0].id
    first = studio.intents.start(studio.customer_act(), stage_id)
    second = studio.intents.start(studio.customer_act(), stage_id)
    assert first.pi_id == second.pi_id


def test_a_lost_answer_finds_the_same_payment_again(studio: CardStudio) -> None:
    booking_id = studio.a_booking()
    stage_id = studio.stages(booking_id)[0].id
    studio.emulator.control(
        "POST", "faults", kind="timeout_after_commit", next=3, path_start="/v1/payment_intents"
    )
    with pytest.raises(PaymentsUnavailable):
        studio.intents.start(studio.customer_act(), stage_id)
    assert studio.stages(booking_id)[0].pi_id is None
    studio.emulator.control("POST", "faults/clear")
    assert studio.pay(stage_id) == "succeeded"
    assert len(studio.emulator.objects(studio.account.account, "payment_intent")) == 1


def test_a_paid_stage_cannot_be_started_again(studio: CardStudio) -> None:
    stage_id = studio.stages(studio.a_booking())[0].id
    studio.pay(stage_id)
    with pytest.raises(StageNotPayable):
        studio.intents.start(studio.customer_act(), stage_id)


def test_money_that_comes_after_the_cancellation_goes_back_by_itself(studio: CardStudio) -> None:
    booking_id = studio.a_booking()
    stage_id = studio.stages(booking_id)[0].id
    state = studio.intents.start(studio.customer_act(), stage_id)
    studio.do("booking.cancel", {"id": str(booking_id)})
    studio.gateway.confirm_payment_intent(
        studio.account, state.pi_id, payment_method="pm_card_visa", idempotency_key="late"
    )
    assert studio.intents.cancel_due() == 1
    assert studio.request(booking_id).reason_code is ReasonCode.PAID_AFTER_CANCEL
    assert studio.submission.submit_due() == 1
    assert [refund["amount"] for refund in studio.stripe_refunds()] == [122500]
    assert studio.stages(booking_id)[0].status is StageStatus.REFUNDED


def test_a_payment_that_is_not_wanted_is_closed_at_the_provider_first(studio: CardStudio) -> None:
    booking_id = studio.a_booking()
    studio.intents.start(studio.customer_act(), studio.stages(booking_id)[0].id)
    studio.do("booking.cancel", {"id": str(booking_id)})
    assert studio.stages(booking_id)[0].status is StageStatus.OPEN
    studio.intents.cancel_due()
    assert studio.stages(booking_id)[0].status is StageStatus.CANCELED


def test_a_payment_that_does_not_fit_waits_for_a_person(studio: CardStudio) -> None:
    booking_id = studio.a_booking()
    stage = studio.stages(booking_id)[0]
    state = studio.gateway.create_payment_intent(
        studio.account,
        amount_minor=stage.amount_minor - 1,
        currency="EUR",
        metadata={"tenant": str(studio.tenant_id), "stage_id": str(stage.id), "stage_rev": "1"},
        idempotency_key="other",
    )
    studio.truth.look_at_payment(studio.account, state.pi_id)
    seen = studio.stages(booking_id)[0]
    assert (seen.attention, seen.status, seen.received_minor) == ("needs_review", StageStatus.PLANNED, 0)


def test_lost_doubled_and_shuffled_webhooks_end_in_the_providers_truth(studio: CardStudio) -> None:
    """Nothing is asked on a return page here: only the inbox and the backfill speak."""
    paid: list[UUID] = []
    for day in range(1, 7):
        booking_id = studio.a_booking(a_slot(day=date(2027, 6, day)))
        stage = studio.stages(booking_id)[0]
        state = studio.intents.start(studio.customer_act(), stage.id)
        studio.gateway.confirm_payment_intent(
            studio.account, state.pi_id, payment_method="pm_card_visa", idempotency_key=f"c{day}"
        )
        paid.append(booking_id)
    events = studio.gateway.list_events(
        studio.account, since=studio.stages(paid[0])[0].due_at.replace(year=2020)
    )
    for event in [*events[::-3], *events[::-3]]:
        studio.handling.receive(event)
    assert studio.handling.backfill() > 0
    assert studio.handling.backfill() == 0
    while studio.handling.process_due():
        pass
    for booking_id in paid:
        assert studio.stages(booking_id)[0].status is StageStatus.PAID
