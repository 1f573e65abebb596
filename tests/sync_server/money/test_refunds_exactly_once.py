"""A refund leaves exactly once, through crash, timeout, lost answers and repeated events."""

from uuid import UUID

import pytest

from shared.errors import ExceedsRefundable
from shared.models.states import RefundStatus, RequestStatus, StageStatus
from tests.sync_server.money.conftest import CardStudio

FAULTS = (
    ("rate_limit", 3),
    ("lock_timeout", 3),
    ("unavailable", 3),
    ("timeout_before", 3),
    ("timeout_after_commit", 1),
    ("timeout_after_commit", 3),
    ("server_error_after_commit", 3),
)


@pytest.fixture
def paid(studio: CardStudio) -> UUID:
    booking_id = studio.a_booking()
    studio.pay(studio.stages(booking_id)[0].id)
    return booking_id


def work_until_settled(studio: CardStudio, booking_id: UUID) -> None:
    for _ in range(12):
        if all(refund.status is RefundStatus.SUCCEEDED for refund in studio.refunds(booking_id)):
            return
        studio.let_time_pass(6000)
        studio.end_leases()
        studio.submission.submit_due()
    raise AssertionError([(one.status, one.tries, one.attention) for one in studio.refunds(booking_id)])


def test_a_refund_is_settled_and_its_stage_shows_it(studio: CardStudio, paid: UUID) -> None:
    studio.ask(paid, 50000)
    assert studio.submission.submit_due() == 1
    refund = studio.refunds(paid)[0]
    assert (refund.status, refund.re_id) == (RefundStatus.SUCCEEDED, studio.stripe_refunds()[0]["id"])
    assert studio.request(paid).status is RequestStatus.SETTLED
    assert studio.stages(paid)[0].status is StageStatus.PARTIALLY_REFUNDED
    assert studio.submission.submit_due() == 0


@pytest.mark.parametrize(("kind", "times"), FAULTS)
def test_no_fault_of_the_network_sends_money_twice(
    studio: CardStudio, paid: UUID, kind: str, times: int
) -> None:
    studio.ask(paid, 122500)
    studio.emulator.control("POST", "faults", kind=kind, next=times, method="POST", path_start="/v1/refunds")
    studio.submission.submit_due()
    studio.emulator.control("POST", "faults/clear")
    work_until_settled(studio, paid)
    assert [refund["amount"] for refund in studio.stripe_refunds()] == [122500]


def test_a_saved_failure_of_the_provider_leads_to_a_new_attempt_only_after_two_empty_lists(
    studio: CardStudio, paid: UUID
) -> None:
    studio.ask(paid, 122500)
    studio.emulator.control(
        "POST", "faults", kind="server_error", next=1, method="POST", path_start="/v1/refunds"
    )
    studio.submission.submit_due()
    assert studio.refunds(paid)[0].status is RefundStatus.UNKNOWN
    studio.let_time_pass(120)
    studio.submission.submit_due()
    assert studio.refunds(paid)[0].attempt == 1
    work_until_settled(studio, paid)
    assert studio.refunds(paid)[0].attempt == 2
    assert len(studio.stripe_refunds()) == 1


@pytest.mark.parametrize("sent", [False, True])
def test_a_worker_that_dies_around_the_call_is_followed_by_one_that_looks_first(
    studio: CardStudio, paid: UUID, *, sent: bool
) -> None:
    studio.ask(paid, 122500)
    refund_id = studio.refunds(paid)[0].id
    dying = studio.a_worker("dying")
    claim = dying._claim(studio.tenant_id, refund_id)  # noqa: SLF001 - dies between two of its own steps
    assert claim is not None
    if sent:
        studio.gateway.create_refund(
            claim.account,
            pi_id=claim.params["pi_id"],
            amount_minor=claim.params["amount_minor"],
            currency=claim.params["currency"],
            metadata=claim.params["metadata"],
            idempotency_key=claim.idem_key,
        )
    assert studio.submission.submit_due() == 0, "its lease still lives"
    work_until_settled(studio, paid)
    assert len(studio.stripe_refunds()) == 1


def test_after_a_day_a_sent_refund_is_found_and_an_unsent_one_gets_a_new_key(
    studio: CardStudio, paid: UUID
) -> None:
    studio.ask(paid, 122500)
    refund_id = studio.refunds(paid)[0].id
    assert studio.a_worker("dying")._claim(studio.tenant_id, refund_id) is not None  # noqa: SLF001 - as above
    studio.let_time_pass(25 * 3600)
    work_until_settled(studio, paid)
    assert studio.refunds(paid)[0].attempt == 2
    assert len(studio.stripe_refunds()) == 1


def test_two_equal_refunds_for_one_reason_are_two(studio: CardStudio, paid: UUID) -> None:
    studio.ask(paid, 20000)
    studio.ask(paid, 20000, another=True)
    while studio.submission.submit_due():
        pass
    assert [refund["amount"] for refund in studio.stripe_refunds()] == [20000, 20000]


def test_two_people_cannot_give_back_more_than_came(studio: CardStudio, paid: UUID) -> None:
    studio.ask(paid, 100000)
    with pytest.raises(ExceedsRefundable):
        studio.ask(paid, 50000)


def test_a_refund_that_fails_days_later_gives_its_money_free_again(studio: CardStudio) -> None:
    booking_id = studio.a_booking()
    studio.pay(studio.stages(booking_id)[0].id, "pm_card_refundFail")
    studio.ask(booking_id, 122500)
    studio.submission.submit_due()
    assert studio.refunds(booking_id)[0].status is RefundStatus.SUCCEEDED
    studio.let_time_pass(60)
    studio.handling.backfill()
    while studio.handling.process_due():
        pass
    stage = studio.stages(booking_id)[0]
    assert studio.refunds(booking_id)[0].status is RefundStatus.FAILED
    assert (stage.status, stage.refundable_minor) == (StageStatus.PAID, 122500)
    assert studio.request(booking_id).status is RequestStatus.NEEDS_PERSON


def test_a_refund_made_in_the_dashboard_counts_and_overtakes_what_waited(
    studio: CardStudio, paid: UUID
) -> None:
    stage = studio.stages(paid)[0]
    assert stage.pi_id is not None
    studio.ask(paid, 100000)
    studio.gateway.create_refund(
        studio.account,
        pi_id=stage.pi_id,
        amount_minor=60000,
        currency="EUR",
        metadata={},
        idempotency_key="by-hand",
    )
    studio.truth.look_at_refunds_of(studio.account, stage.pi_id)
    ours, theirs = sorted(studio.refunds(paid), key=lambda refund: refund.origin)
    assert (ours.status, ours.attention) == (RefundStatus.WITHDRAWN, "overtaken")
    assert (theirs.status, theirs.attention) == (RefundStatus.SUCCEEDED, "external")
    assert studio.stages(paid)[0].refunded_minor == 60000


def test_an_open_dispute_blocks_refunds_and_shows(studio: CardStudio) -> None:
    booking_id = studio.a_booking()
    studio.pay(studio.stages(booking_id)[0].id, "pm_card_createDispute")
    studio.ask(booking_id, 1000)
    studio.let_time_pass(10)
    studio.handling.backfill()
    while studio.handling.process_due():
        pass
    assert studio.stages(booking_id)[0].dispute_state == "open"
    assert studio.refunds(booking_id)[0].attention == "dispute"
    assert studio.submission.submit_due() == 0
    assert studio.stripe_refunds() == []
