"""Which money may go back, and who may say so."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.errors import (
    AmountInvalid,
    ApprovalAboveLimit,
    CurrencyDiffers,
    DomainError,
    ExceedsRefundable,
    FieldInvalid,
    NothingPaid,
    SecondPersonNeeded,
    StageDisputed,
    ThingNotFound,
)
from shared.models.act import Role
from shared.models.states import Channel, ReasonCode, RequestStatus
from shared.money import Money
from shared.policies.refund_allocation import (
    OwnRequest,
    PaidStage,
    RefundLimits,
    RequestedLine,
    approved_at_once,
    check_approver,
    check_lines,
    customer_approved_at_once,
    may_approve,
    refundable_amount,
    request_body_hash,
    request_fingerprint,
)

NOW = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)
ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)
STAGES = (
    PaidStage(ONE, "EUR", received_minor=1000, reserved_minor=300),
    PaidStage(TWO, "EUR", received_minor=0, reserved_minor=0),
    PaidStage(THREE, "EUR", received_minor=1000, reserved_minor=0, dispute_blocks=True),
)


@pytest.mark.parametrize(("stage", "rest_minor"), list(zip(STAGES, [700, 0, 0], strict=True)))
def test_refundable_is_received_less_reserved_and_nothing_in_a_dispute(
    stage: PaidStage, rest_minor: int
) -> None:
    assert refundable_amount(stage) == Money(rest_minor, "EUR")


def test_more_reserved_than_received_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        refundable_amount(PaidStage(ONE, "EUR", received_minor=1, reserved_minor=2))


@pytest.mark.parametrize(
    ("lines", "currency", "error"),
    [
        ([(ONE, 700)], "EUR", None),
        ([(ONE, 701)], "EUR", ExceedsRefundable),
        ([(TWO, 1)], "EUR", NothingPaid),
        ([(THREE, 1)], "EUR", StageDisputed),
        ([(ONE, 0)], "EUR", AmountInvalid),
        ([(ONE, -5)], "EUR", AmountInvalid),
        ([(ONE, 10**12)], "EUR", AmountInvalid),
        ([(ONE, 1)], "USD", CurrencyDiffers),
        ([], "EUR", FieldInvalid),
        ([(ONE, 1), (ONE, 2)], "EUR", FieldInvalid),
        ([(UUID(int=number), 1) for number in range(13)], "EUR", FieldInvalid),
        ([(UUID(int=9), 1)], "EUR", ThingNotFound),
        ([(TWO, 1), (ONE, 0)], "EUR", AmountInvalid),  # bad input is named before the money
    ],
)
def test_a_request_must_fit_the_stages(
    lines: list[tuple[UUID, int]], currency: str, error: type[DomainError] | None
) -> None:
    wanted = [RequestedLine(stage_id, amount_minor) for stage_id, amount_minor in lines]
    if error is None:
        check_lines(wanted, STAGES, currency=currency)
    else:
        with pytest.raises(error):
            check_lines(wanted, STAGES, currency=currency)


def test_the_refusal_names_the_rest() -> None:
    with pytest.raises(ExceedsRefundable) as refused:
        check_lines([RequestedLine(ONE, 701)], STAGES, currency="EUR")
    assert refused.value.sentence == "Only 7.00 EUR of this payment can still be refunded."


def test_a_card_takes_back_only_steps_of_ten_in_three_decimals() -> None:
    by_card = PaidStage(ONE, "KWD", received_minor=1000, reserved_minor=0)
    by_hand = PaidStage(ONE, "KWD", received_minor=1000, reserved_minor=0, channel=Channel.MANUAL)
    with pytest.raises(AmountInvalid):
        check_lines([RequestedLine(ONE, 15)], [by_card], currency="KWD")
    check_lines([RequestedLine(ONE, 15)], [by_hand], currency="KWD")


def earlier(hours_ago: int, amount_minor: int, status: str = "approved") -> OwnRequest:
    return OwnRequest(NOW - timedelta(hours=hours_ago), amount_minor, RequestStatus(status))


@pytest.mark.parametrize(
    ("role", "amount", "before", "at_once"),
    [
        (Role.OWNER, Money(10**9, "EUR"), [], True),
        (Role.OWNER, Money(10**9, "USD"), [], True),
        (Role.MANAGER, Money(100000, "EUR"), [], True),
        (Role.MANAGER, Money(100001, "EUR"), [], False),
        (Role.MANAGER, Money(60000, "EUR"), [earlier(23, 40000)], True),
        (Role.MANAGER, Money(60000, "EUR"), [earlier(23, 40001)], False),
        (Role.MANAGER, Money(60000, "EUR"), [earlier(24, 40001)], True),
        (Role.MANAGER, Money(60000, "EUR"), [earlier(1, 40001, "requested")], False),
        (Role.MANAGER, Money(60000, "EUR"), [earlier(1, 40001, "settled")], False),
        (Role.MANAGER, Money(60000, "EUR"), [earlier(1, 40001, "declined")], True),
        (Role.MANAGER, Money(60000, "EUR"), [earlier(1, 40001, "withdrawn")], True),
        (Role.MANAGER, Money(1, "USD"), [], False),
        (Role.STAFF, Money(1, "EUR"), [], False),
        (None, Money(1, "EUR"), [], False),
    ],
)
def test_a_request_within_the_own_limit_of_24_hours_needs_no_second_person(
    role: Role | None,
    amount: Money,
    before: list[OwnRequest],
    at_once: bool,  # noqa: FBT001 - a column of the table
) -> None:
    decided = approved_at_once(
        role, amount, earlier=before, at=NOW, limits=RefundLimits(), studio_currency="EUR"
    )
    assert decided is at_once


@pytest.mark.parametrize(("currency", "minor"), [("JPY", 1000), ("EUR", 100000), ("KWD", 1000000)])
def test_limits_are_major_units_of_the_studios_currency(currency: str, minor: int) -> None:
    limits = RefundLimits()
    assert limits.allow(Role.MANAGER, Money(minor, currency), studio_currency=currency)
    assert not limits.allow(Role.MANAGER, Money(minor + 1, currency), studio_currency=currency)


def test_an_owner_may_have_a_limit_too() -> None:
    limits = RefundLimits(owner=5000)
    assert not limits.allow(Role.OWNER, Money(500001, "EUR"), studio_currency="EUR")
    assert limits.allow(Role.OWNER, Money(500001, "USD"), studio_currency="EUR")


ASKER, OTHER = UUID(int=21), UUID(int=22)


@pytest.mark.parametrize(
    ("role", "approver", "amount_minor", "error"),
    [
        (Role.OWNER, OTHER, 10**9, None),
        (Role.OWNER, ASKER, 1, SecondPersonNeeded),
        (Role.MANAGER, OTHER, 100000, None),
        (Role.MANAGER, OTHER, 100001, ApprovalAboveLimit),
        (Role.STAFF, OTHER, 1, ApprovalAboveLimit),
        (None, OTHER, 1, ApprovalAboveLimit),
    ],
)
def test_another_person_with_a_sufficient_limit_approves(
    role: Role | None, approver: UUID, amount_minor: int, error: type[DomainError] | None
) -> None:
    amount, limits = Money(amount_minor, "EUR"), RefundLimits()
    allowed = may_approve(role, approver, asker_id=ASKER, amount=amount, limits=limits, studio_currency="EUR")
    assert allowed is (error is None)
    if error is None:
        check_approver(role, approver, asker_id=ASKER, amount=amount, limits=limits, studio_currency="EUR")
    else:
        with pytest.raises(error):
            check_approver(
                role, approver, asker_id=ASKER, amount=amount, limits=limits, studio_currency="EUR"
            )


@pytest.mark.parametrize(
    ("amount", "policy_refund", "limit_minor", "at_once"),
    [
        (Money(500, "EUR"), Money(500, "EUR"), 500, True),
        (Money(500, "EUR"), Money(500, "EUR"), 499, False),
        (Money(500, "EUR"), Money(600, "EUR"), 1000, False),
        (Money(500, "EUR"), Money(500, "EUR"), 0, False),
        (Money(500, "USD"), Money(500, "USD"), 1000, False),
    ],
)
def test_a_customer_gets_at_once_only_the_policys_sum_within_the_studios_setting(
    amount: Money,
    policy_refund: Money,
    limit_minor: int,
    at_once: bool,  # noqa: FBT001 - a column of the table
) -> None:
    decided = customer_approved_at_once(
        amount, policy_refund=policy_refund, auto_limit_minor=limit_minor, studio_currency="EUR"
    )
    assert decided is at_once


def test_limits_are_kept_as_plain_values() -> None:
    limits = RefundLimits(staff=50, manager=2000, owner=9000)
    assert RefundLimits.from_json(limits.to_json()) == limits
    assert RefundLimits.from_json({}) == RefundLimits()


@pytest.mark.parametrize("limit", [-1, 1.5, "10", True])
def test_a_limit_that_cannot_be_read_is_refused(limit: object) -> None:
    with pytest.raises(FieldInvalid):
        RefundLimits.from_json({"manager": limit})


def test_a_fingerprint_is_the_same_for_the_same_wish_in_any_order() -> None:
    lines = [RequestedLine(ONE, 1), RequestedLine(TWO, 2)]
    same = request_fingerprint(THREE, lines, ReasonCode.GOODWILL)
    assert request_fingerprint(THREE, lines[::-1], ReasonCode.GOODWILL) == same
    others = {
        request_fingerprint(ONE, lines, ReasonCode.GOODWILL),
        request_fingerprint(THREE, lines[:1], ReasonCode.GOODWILL),
        request_fingerprint(THREE, [RequestedLine(ONE, 2), RequestedLine(TWO, 1)], ReasonCode.GOODWILL),
        request_fingerprint(THREE, lines, ReasonCode.DUPLICATE),
    }
    assert len(others | {same}) == 5


def test_a_body_hash_also_sees_note_currency_and_another() -> None:
    lines = [RequestedLine(ONE, 1)]

    def of(note: str = "", currency: str = "EUR", another: bool = False) -> str:  # noqa: FBT001, FBT002 - a column of the table
        return request_body_hash(
            THREE, lines, ReasonCode.GOODWILL, currency=currency, note=note, another=another
        )

    assert len({of(), of(note="x"), of(currency="USD"), of(another=True)}) == 4
    assert of() == of()
