"""The stages of a price: exact sums, vanishing stages, due days."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import AmountInvalid, AmountTooSmall, FieldInvalid, PlanSumDiffers
from shared.models.states import DueRuleKind, StageKind
from shared.money import Money, card_unit
from shared.policies.deposit_plan import (
    ON_BOOKING,
    DueRule,
    PlannedStage,
    StageTemplate,
    check_chargeable,
    days_before_event,
    plan_stages,
    template_for_deposit,
)

EVENT = date(2027, 6, 12)
BOOKED_AT = datetime(2027, 2, 1, 9, 30, tzinfo=UTC)


def plan(
    amount_minor: int, templates: tuple[StageTemplate, ...], currency: str = "EUR", zone: str = "Europe/Paris"
) -> tuple[PlannedStage, ...]:
    return plan_stages(
        Money(amount_minor, currency), templates, event_date=EVENT, zone=zone, booked_at=BOOKED_AT
    )


@pytest.mark.parametrize(
    ("total_minor", "currency", "deposit_percent", "kinds", "amounts"),
    [
        (245000, "EUR", 50, ["deposit", "remainder"], [122500, 122500]),
        (99999, "EUR", 50, ["deposit", "remainder"], [49999, 50000]),
        (100001, "EUR", 33, ["deposit", "remainder"], [33000, 67001]),
        (100000, "EUR", 0, ["full"], [100000]),
        (100000, "EUR", 100, ["full"], [100000]),
        (100, "EUR", 50, ["deposit", "remainder"], [50, 50]),
        (50, "EUR", 1, ["full"], [50]),
        (150001, "JPY", 30, ["deposit", "remainder"], [45000, 105001]),
        (123450, "KWD", 33, ["deposit", "remainder"], [40730, 82720]),
        (10, "KWD", 50, ["full"], [10]),
        (0, "EUR", 50, [], []),
    ],
)
def test_percent_floors_to_what_a_card_can_take_and_the_last_stage_is_the_rest(
    total_minor: int, currency: str, deposit_percent: int, kinds: list[str], amounts: list[int]
) -> None:
    stages = plan(total_minor, template_for_deposit(deposit_percent), currency)
    assert [stage.kind.value for stage in stages] == kinds
    assert [stage.amount_minor for stage in stages] == amounts
    assert [stage.position for stage in stages] == list(range(1, len(stages) + 1))


def test_a_full_stage_of_no_deposit_is_due_before_the_event() -> None:
    (stage,) = plan(100000, template_for_deposit(0))
    assert (stage.due_rule, stage.due_local_date) == (days_before_event(3), date(2027, 6, 9))


def test_a_full_stage_of_a_whole_deposit_is_due_on_booking() -> None:
    (stage,) = plan(100000, template_for_deposit(100))
    assert (stage.due_rule, stage.due_local_date) == (ON_BOOKING, date(2027, 2, 1))


def test_a_stage_is_due_at_the_end_of_its_local_day() -> None:
    deposit, remainder = plan(100000, template_for_deposit(50))
    assert deposit.due_at == datetime(2027, 2, 1, 23, 0, tzinfo=UTC)
    assert remainder.due_at == datetime(2027, 6, 9, 22, 0, tzinfo=UTC)


def test_the_day_of_booking_is_the_one_in_the_bookings_zone() -> None:
    stages = plan_stages(
        Money(100, "NZD"),
        template_for_deposit(100),
        event_date=EVENT,
        zone="Pacific/Auckland",
        booked_at=datetime(2027, 2, 1, 23, 0, tzinfo=UTC),
    )
    assert stages[0].due_local_date == date(2027, 2, 2)


def test_a_stage_is_never_due_before_it_was_planned() -> None:
    _, remainder = plan_stages(
        Money(100000, "EUR"),
        template_for_deposit(50),
        event_date=date(2027, 2, 2),
        zone="Europe/Paris",
        booked_at=BOOKED_AT,
    )
    assert remainder.due_local_date == date(2027, 2, 1)


def test_a_plan_of_a_fixed_sum_a_middle_part_and_the_rest() -> None:
    templates = (
        StageTemplate(StageKind.DEPOSIT, ON_BOOKING, fixed_minor=30000),
        StageTemplate(StageKind.MIDDLE, DueRule(DueRuleKind.FIXED_DATE, day=date(2027, 4, 1)), percent=25),
        StageTemplate(StageKind.REMAINDER, days_before_event(14), rest=True),
    )
    stages = plan(100001, templates)
    assert [stage.amount_minor for stage in stages] == [30000, 25000, 45001]
    assert [stage.due_local_date for stage in stages] == [
        date(2027, 2, 1),
        date(2027, 4, 1),
        date(2027, 5, 29),
    ]
    assert [StageTemplate.from_json(template.to_json()) for template in templates] == list(templates)


@pytest.mark.parametrize(("total_minor", "percent"), [(123455, 50), (123455, 100), (5, 0), (9, 50)])
def test_a_last_stage_that_a_card_cannot_take_is_refused(total_minor: int, percent: int) -> None:
    with pytest.raises(AmountInvalid, match="a card cannot be charged"):
        plan(total_minor, template_for_deposit(percent), "KWD")


@pytest.mark.parametrize(
    ("total_minor", "currency", "percent", "refused"),
    [
        (10, "EUR", 30, "0.03 EUR"),
        (99, "EUR", 50, "0.49 EUR"),
        (49, "EUR", 0, "0.49 EUR"),
        (10000, "EUR", 100, None),
        (9900, "HUF", 100, "99.00 HUF"),
        (49, "JPY", 100, "49 JPY"),
        (1, "XOF", 100, None),  # no least is published for it
    ],
)
def test_a_stage_below_the_least_charge_is_refused_with_the_price(
    total_minor: int, currency: str, percent: int, refused: str | None
) -> None:
    if refused is None:
        assert plan(total_minor, template_for_deposit(percent), currency)
        return
    with pytest.raises(AmountTooSmall, match=f"cannot be charged {refused}"):
        plan(total_minor, template_for_deposit(percent), currency)


@pytest.mark.parametrize("amount_minor", [0, -1, 10**12])
def test_a_card_is_charged_a_plain_amount(amount_minor: int) -> None:
    with pytest.raises(AmountInvalid):
        check_chargeable(Money(amount_minor, "EUR"))


def test_a_price_below_zero_is_refused() -> None:
    with pytest.raises(AmountInvalid):
        plan(-1, template_for_deposit(50))


def test_fixed_sums_above_the_price_are_refused() -> None:
    templates = (
        StageTemplate(StageKind.DEPOSIT, ON_BOOKING, fixed_minor=500),
        StageTemplate(StageKind.REMAINDER, days_before_event(3), rest=True),
    )
    with pytest.raises(PlanSumDiffers):
        plan(499, templates)


REST = StageTemplate(StageKind.REMAINDER, days_before_event(3), rest=True)


@pytest.mark.parametrize(
    "templates",
    [
        (),
        (StageTemplate(StageKind.DEPOSIT, ON_BOOKING, percent=50),),
        (StageTemplate(StageKind.DEPOSIT, ON_BOOKING), REST),
        (StageTemplate(StageKind.DEPOSIT, ON_BOOKING, percent=50, fixed_minor=1), REST),
        (StageTemplate(StageKind.DEPOSIT, ON_BOOKING, percent=101), REST),
        (StageTemplate(StageKind.DEPOSIT, ON_BOOKING, percent=-1), REST),
        (StageTemplate(StageKind.DEPOSIT, ON_BOOKING, fixed_minor=-1), REST),
        (StageTemplate(StageKind.SURPLUS, ON_BOOKING, percent=1), REST),
        (REST, REST),
        (*[StageTemplate(StageKind.MIDDLE, ON_BOOKING, percent=1)] * 12, REST),
        (StageTemplate(StageKind.DEPOSIT, DueRule(DueRuleKind.ON_BOOKING, days=3), percent=50), REST),
        (StageTemplate(StageKind.DEPOSIT, DueRule(DueRuleKind.FIXED_DATE), percent=50), REST),
        (StageTemplate(StageKind.DEPOSIT, days_before_event(366), percent=50), REST),
    ],
)
def test_a_plan_that_cannot_be_read_is_refused(templates: tuple[StageTemplate, ...]) -> None:
    with pytest.raises(FieldInvalid):
        plan(100000, templates)


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"kind": "deposit"},
        {"kind": "gift", "due": {"kind": "on_booking"}},
        {"kind": "deposit", "due": {"kind": "some_day"}},
        {"kind": "deposit", "due": {"kind": "fixed_date", "date": "2027-02-30"}},
        {"kind": "deposit", "due": {"kind": "on_booking"}, "percent": 0.5},
        {"kind": "deposit", "due": {"kind": "days_before_event", "days": "3"}},
    ],
)
def test_a_stored_template_that_cannot_be_read_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises(FieldInvalid):
        StageTemplate.from_json(plain)


@given(
    units=st.integers(100 * 50, 10**9),  # one percent of it can be charged in each of these currencies
    currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    percents=st.lists(st.integers(0, 8), max_size=11),
)
def test_the_stages_always_add_up_and_each_can_be_charged(
    units: int, currency: str, percents: list[int]
) -> None:
    unit = card_unit(currency)
    templates = (
        *(StageTemplate(StageKind.MIDDLE, ON_BOOKING, percent=percent) for percent in percents),
        StageTemplate(StageKind.REMAINDER, days_before_event(3), rest=True),
    )
    stages = plan(units * unit, templates, currency)
    assert sum(stage.amount_minor for stage in stages) == units * unit
    assert all(stage.amount_minor > 0 and stage.amount_minor % unit == 0 for stage in stages)
    assert (len(stages) == 1) == (stages[0].kind is StageKind.FULL)
