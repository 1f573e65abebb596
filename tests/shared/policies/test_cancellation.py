"""What a cancellation keeps and gives back, case by case."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import CurrencyUnknown, FieldInvalid
from shared.models.states import Channel, StageKind, StageStatus
from shared.money import Money, card_unit
from shared.policies.cancellation import (
    CancellationPolicy,
    CancellationPreview,
    CancellationTier,
    IssuedDocument,
    StageMoney,
    cancel_deadline,
    cancellation_preview,
    days_before,
    move_deadline,
)

EVENT = date(2027, 6, 12)
ZONE = "Europe/Paris"
NOON = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)
TIERS = (CancellationTier(90, 20), CancellationTier(30, 50), CancellationTier(0, 80))
TOTAL = Money(245000, "EUR")
POLICY = CancellationPolicy("EUR", TIERS)


def a_stage(
    position: int, amount_minor: int, *, paid: bool = True, channel: Channel = Channel.CARD
) -> StageMoney:
    return StageMoney(
        stage_id=UUID(int=position),
        position=position,
        kind=StageKind.DEPOSIT if position == 1 else StageKind.REMAINDER,
        status=StageStatus.PAID if paid else StageStatus.PLANNED,
        amount_minor=amount_minor,
        received_minor=amount_minor if paid else 0,
        refundable_minor=amount_minor if paid else 0,
        channel=channel,
    )


def preview(
    policy: CancellationPolicy = POLICY,
    *stages: StageMoney,
    total: Money = TOTAL,
    at: datetime = NOON,
) -> CancellationPreview:
    return cancellation_preview(policy, total=total, stages=stages, event_date=EVENT, zone=ZONE, at=at)


def test_the_example_of_the_cancel_page() -> None:
    shown = preview(POLICY, a_stage(1, 122500), a_stage(2, 122500, paid=False))
    assert (shown.paid_minor, shown.kept_minor, shown.refund_minor) == (122500, 49000, 73500)
    assert (shown.days_before, shown.tier_keep_percent, shown.tier_until) == (103, 20, date(2027, 3, 14))
    assert [(line.position, line.refund_minor, line.kept_minor) for line in shown.lines] == [
        (1, 73500, 49000)
    ]
    assert [(stage.position, stage.amount_minor) for stage in shown.cancelled_stages] == [(2, 122500)]
    assert [(tier.first_date, tier.last_date, tier.kept_minor, tier.applies) for tier in shown.tiers] == [
        (None, date(2027, 3, 14), 49000, True),
        (date(2027, 3, 15), date(2027, 5, 13), 122500, False),
        (date(2027, 5, 14), None, 196000, False),
    ]
    assert shown.next_tier == shown.tiers[1]


def test_the_example_of_the_refund_dialog() -> None:
    policy = CancellationPolicy(
        "EUR",
        (
            CancellationTier(60, 10),
            CancellationTier(30, 40),
            CancellationTier(14, 70),
            CancellationTier(0, 100),
        ),
        fixed_fee_minor=5000,
    )
    stages = (
        a_stage(1, 116100),
        replace(a_stage(2, 116100, channel=Channel.MANUAL), kind=StageKind.MIDDLE),
        a_stage(3, 154800, paid=False),
    )
    shown = cancellation_preview(
        policy,
        total=Money(387000, "EUR"),
        stages=stages,
        event_date=date(2027, 7, 17),
        zone="Europe/Vienna",
        at=datetime(2027, 5, 12, 8, 42, tzinfo=UTC),
    )
    assert (shown.days_before, shown.tier_until) == (66, date(2027, 5, 18))
    assert (shown.kept_by_percent_minor, shown.kept_fee_minor, shown.refund_minor) == (38700, 5000, 188500)
    assert [(line.position, line.refund_minor) for line in shown.refund_lines] == [(2, 116100), (1, 72400)]
    assert (shown.by_hand_minor, shown.by_card_minor) == (116100, 72400)
    assert [(tier.min_days, tier.max_days) for tier in shown.tiers] == [
        (60, None),
        (30, 59),
        (14, 29),
        (0, 13),
    ]
    assert shown.next_tier is not None
    assert shown.next_tier.kept_minor == 159800


@pytest.mark.parametrize(
    ("at", "keep_percent", "tier_until"),
    [
        (datetime(2027, 3, 14, 22, 59, 59, tzinfo=UTC), 20, date(2027, 3, 14)),
        (datetime(2027, 3, 14, 23, 0, tzinfo=UTC), 50, date(2027, 5, 13)),  # midnight in Paris
        (datetime(2027, 5, 13, 21, 59, 59, tzinfo=UTC), 50, date(2027, 5, 13)),  # summer time by now
        (datetime(2027, 5, 13, 22, 0, tzinfo=UTC), 80, None),
        (datetime(2027, 6, 20, 12, 0, tzinfo=UTC), 80, None),  # after the event the last tier goes on
    ],
)
def test_a_tier_ends_with_the_local_day_of_the_booking(
    at: datetime, keep_percent: int, tier_until: date | None
) -> None:
    shown = preview(POLICY, a_stage(1, 245000), at=at)
    assert (shown.tier_keep_percent, shown.tier_until) == (keep_percent, tier_until)


@pytest.mark.parametrize(
    ("zone", "event", "at", "days"),
    [
        ("America/New_York", date(2026, 3, 10), datetime(2026, 3, 7, 15, tzinfo=UTC), 3),
        ("America/New_York", date(2026, 3, 10), datetime(2026, 3, 8, 4, 59, tzinfo=UTC), 3),
        ("America/New_York", date(2026, 3, 10), datetime(2026, 3, 8, 5, 0, tzinfo=UTC), 2),
        ("Pacific/Apia", date(2012, 1, 1), datetime(2011, 12, 30, 9, 59, tzinfo=UTC), 3),
        ("Pacific/Apia", date(2012, 1, 1), datetime(2011, 12, 30, 10, 0, tzinfo=UTC), 1),
        ("Asia/Beirut", date(2027, 3, 28), datetime(2027, 3, 27, 22, 0, tzinfo=UTC), 0),
    ],
)
def test_days_are_local_calendar_days(zone: str, event: date, at: datetime, days: int) -> None:
    assert days_before(event, zone=zone, at=at) == days


def test_the_practice_policy_keeps_nothing_until_31_days_before() -> None:
    policy = CancellationPolicy("EUR", (CancellationTier(31, 0), CancellationTier(0, 20)))
    early = preview(
        policy, a_stage(1, 100000), total=Money(200000, "EUR"), at=datetime(2027, 5, 12, tzinfo=UTC)
    )
    late = preview(
        policy, a_stage(1, 100000), total=Money(200000, "EUR"), at=datetime(2027, 5, 13, tzinfo=UTC)
    )
    assert (early.days_before, early.kept_minor, late.days_before, late.kept_minor) == (31, 0, 30, 40000)


CASES = [
    # deposit kept, fee, paid stages, kept
    (False, 0, (a_stage(1, 122500), a_stage(2, 122500)), 49000),
    (True, 0, (a_stage(1, 122500), a_stage(2, 122500)), 122500),
    (True, 5000, (a_stage(1, 122500), a_stage(2, 122500)), 127500),
    (False, 5000, (a_stage(1, 122500),), 54000),
    (False, 0, (a_stage(1, 30000),), 30000),  # never more than was paid
    (True, 5000, (a_stage(1, 122500),), 122500),
    (True, 0, (a_stage(1, 122500, paid=False),), 0),
]


@pytest.mark.parametrize(("deposit_kept", "fee_minor", "stages", "kept_minor"), CASES)
def test_kept_is_the_larger_of_percent_and_deposit_plus_the_fee(
    deposit_kept: bool,  # noqa: FBT001 - a column of the table
    fee_minor: int,
    stages: tuple[StageMoney, ...],
    kept_minor: int,
) -> None:
    shown = preview(CancellationPolicy("EUR", TIERS, deposit_kept, fee_minor), *stages)
    assert shown.kept_minor == kept_minor
    assert shown.refund_minor == shown.paid_minor - kept_minor


def test_without_tiers_only_deposit_and_fee_are_kept() -> None:
    policy = CancellationPolicy("EUR", deposit_kept=True, fixed_fee_minor=100)
    shown = preview(policy, a_stage(1, 1000), a_stage(2, 9000))
    assert (shown.kept_minor, shown.tier_until, shown.next_tier) == (1100, None, None)


def test_the_fee_is_nothing_in_another_currency() -> None:
    policy = CancellationPolicy("EUR", TIERS, fixed_fee_minor=5000)
    total = Money(245000, "JPY")
    assert preview(policy, a_stage(1, 245000), total=total).kept_minor == 49000
    assert policy.frozen_for("JPY").fixed_fee_minor == 0
    assert policy.frozen_for("EUR") is policy


def test_what_was_refunded_or_is_disputed_is_not_given_back_again() -> None:
    part_refunded = replace(a_stage(1, 122500), refundable_minor=100000)
    disputed = replace(a_stage(2, 122500), refundable_minor=0)
    shown = preview(POLICY, part_refunded, disputed)
    assert (shown.paid_minor, shown.kept_minor, shown.refund_minor) == (100000, 49000, 51000)


def test_a_card_gets_back_only_what_a_card_can_take() -> None:
    policy = CancellationPolicy("KWD", (CancellationTier(0, 0),), fixed_fee_minor=15)
    shown = preview(policy, a_stage(1, 1000), total=Money(1000, "KWD"))
    assert (shown.kept_minor, shown.refund_minor) == (10, 990)


@pytest.mark.parametrize(
    ("currency", "total_minor", "kept_minor"),
    [("JPY", 99999, 19999), ("KWD", 123450, 24690), ("KWD", 70, 10)],
)
def test_the_percentage_is_floored_like_a_percent_stage(
    currency: str, total_minor: int, kept_minor: int
) -> None:
    policy = CancellationPolicy(currency, TIERS)
    assert (
        preview(policy, a_stage(1, total_minor), total=Money(total_minor, currency)).kept_minor == kept_minor
    )


def test_credit_notes_follow_the_documents_that_cover_the_money() -> None:
    first, second = a_stage(1, 122500), a_stage(2, 122500)
    advances = [
        IssuedDocument(UUID(int=12), "X_2027_002", 122500, frozenset({second.stage_id})),
        IssuedDocument(UUID(int=11), "X_2027_001", 122500, frozenset({first.stage_id})),
    ]
    shown = preview(POLICY, first, second).along_with(reminders_planned=3, documents=advances)
    assert [note.amount_minor for note in shown.credit_notes] == [122500, 73500]
    assert shown.reminders_cancelled == 3
    single = [IssuedDocument(UUID(int=13), "X_2027_003", 245000)]
    whole = preview(POLICY, first, second).along_with(reminders_planned=0, documents=single)
    assert [note.amount_minor for note in whole.credit_notes] == [196000]
    assert whole.preview_hash == shown.preview_hash == preview(POLICY, first, second).preview_hash


def test_the_hash_changes_with_the_money_and_not_with_the_hour() -> None:
    paid, unpaid = a_stage(1, 122500), a_stage(2, 122500, paid=False)
    base = preview(POLICY, paid, unpaid).preview_hash
    assert preview(POLICY, paid, unpaid, at=datetime(2027, 3, 2, tzinfo=UTC)).preview_hash == base
    assert preview(POLICY, unpaid, paid).preview_hash == base
    others = [
        preview(POLICY, paid, a_stage(2, 122500)),
        preview(POLICY, paid),
        preview(POLICY, replace(paid, refundable_minor=1), unpaid),
        preview(POLICY, replace(paid, channel=Channel.MANUAL), unpaid),
        preview(POLICY, paid, unpaid, at=datetime(2027, 4, 1, tzinfo=UTC)),
    ]
    assert len({base, *(other.preview_hash for other in others)}) == 6


def test_links_end_with_the_last_allowed_local_day() -> None:
    assert move_deadline(POLICY, event_date=EVENT, zone=ZONE) == datetime(2027, 4, 13, 22, tzinfo=UTC)
    assert cancel_deadline(POLICY, event_date=EVENT, zone=ZONE) == datetime(2027, 6, 11, 22, tzinfo=UTC)


def test_a_policy_is_kept_as_plain_values() -> None:
    policy = CancellationPolicy(
        "EUR", TIERS, deposit_kept=True, fixed_fee_minor=5000, move_until_days_before=1
    )
    assert CancellationPolicy.from_json(policy.to_json()) == policy
    assert CancellationPolicy.from_json({"currency": "EUR"}) == CancellationPolicy("EUR")


@pytest.mark.parametrize(
    "plain",
    [
        {"currency": "EUR", "tiers": "none"},
        {"currency": "EUR", "tiers": [1]},
        {"currency": "EUR", "tiers": [{"min_days_before": 3}]},
        {"currency": "EUR", "tiers": [{"min_days_before": -1, "keep_percent": 3}]},
        {"currency": "EUR", "tiers": [{"min_days_before": 1, "keep_percent": 101}]},
        {"currency": "EUR", "tiers": [{"min_days_before": 1, "keep_percent": 1}] * 2},
        {"currency": "EUR", "fixed_fee_minor": 0.5},
        {"currency": "EUR", "fixed_fee_minor": -1},
        {"currency": "EUR", "move_until_days_before": True},
    ],
)
def test_a_policy_that_cannot_be_read_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises(FieldInvalid):
        CancellationPolicy.from_json(plain)


def test_a_policy_needs_a_currency() -> None:
    with pytest.raises(CurrencyUnknown):
        CancellationPolicy.from_json({})


@given(
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    sums=st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 10**7), st.booleans()), max_size=6),
    keep=st.integers(0, 100),
    fee_minor=st.integers(0, 10**6),
    deposit_kept=st.booleans(),
)
def test_no_line_gives_back_more_than_it_holds_and_all_adds_up(
    currency: str,
    sums: list[tuple[int, int, bool]],
    keep: int,
    fee_minor: int,
    deposit_kept: bool,  # noqa: FBT001 - drawn
) -> None:
    unit = card_unit(currency)
    stages = [
        replace(
            a_stage(position, units * unit, channel=Channel.MANUAL if by_hand else Channel.CARD),
            refundable_minor=min(units, free) * unit,
        )
        for position, (units, free, by_hand) in enumerate(sums, start=1)
    ]
    total = Money(sum(stage.amount_minor for stage in stages), currency)
    policy = CancellationPolicy(currency, (CancellationTier(0, keep),), deposit_kept, fee_minor)
    shown = preview(policy, *stages, total=total)
    assert shown.refund_minor + shown.kept_minor == shown.paid_minor
    assert shown.by_card_minor + shown.by_hand_minor == shown.refund_minor
    assert all(0 <= line.refund_minor <= line.paid_minor for line in shown.lines)
    assert all(line.refund_minor % unit == 0 for line in shown.lines)
    assert shown.kept_minor == min(
        shown.paid_minor,
        max(shown.kept_by_percent_minor, shown.kept_deposit_minor) + shown.kept_fee_minor,
    )
    assert [line.position for line in shown.lines] == sorted(
        (line.position for line in shown.lines), reverse=True
    )
