"""What a move changes beside the slot."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest

from shared.clock import end_of_local_day
from shared.errors import TooLateToChange
from shared.models.slot import Slot
from shared.models.states import DueRuleKind
from shared.policies.cancellation import CancellationPolicy, check_cancel_by_link
from shared.policies.deposit_plan import ON_BOOKING, DueRule, days_before_event, stored_due_rule
from shared.policies.reschedule import (
    DueChange,
    UnpaidStage,
    check_move_by_link,
    may_move_by_link,
    move_outlook,
)

PARIS = "Europe/Paris"
OLD = Slot(date(2027, 6, 12), time(14), date(2027, 6, 12), time(22), PARIS)
NOW = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)


def unpaid(position: int, rule: DueRule, day: date) -> UnpaidStage:
    return UnpaidStage(UUID(int=position), position, rule, day, end_of_local_day(day, PARIS))


def test_only_stages_before_the_event_follow_it() -> None:
    stages = [
        unpaid(3, days_before_event(3), date(2027, 6, 9)),
        unpaid(1, ON_BOOKING, date(2027, 2, 1)),
        unpaid(2, DueRule(DueRuleKind.FIXED_DATE, day=date(2027, 5, 1)), date(2027, 5, 1)),
    ]
    outlook = move_outlook(OLD, OLD.on(date(2027, 11, 20)), unpaid=stages, schedule_rev=4, at=NOW)
    assert (outlook.customer_visible, outlook.schedule_rev) == (True, 5)
    assert outlook.due_changes == (
        DueChange(
            UUID(int=3),
            3,
            date(2027, 6, 9),
            date(2027, 11, 17),
            datetime(2027, 11, 17, 23, 0, tzinfo=UTC),
        ),
    )


def test_no_stage_becomes_due_before_the_day_of_the_move() -> None:
    stages = [unpaid(2, days_before_event(3), date(2027, 6, 9))]
    outlook = move_outlook(OLD, OLD.on(date(2027, 3, 2)), unpaid=stages, schedule_rev=1, at=NOW)
    assert [change.new_date for change in outlook.due_changes] == [date(2027, 3, 1)]


def test_another_hour_of_the_same_day_keeps_due_days_but_customers_see_it() -> None:
    stages = [unpaid(2, days_before_event(3), date(2027, 6, 9))]
    later = replace(OLD, start_time=time(15))
    outlook = move_outlook(OLD, later, unpaid=stages, schedule_rev=1, at=NOW)
    assert (outlook.schedule_rev, outlook.due_changes) == (2, ())


def test_another_zone_moves_the_end_of_every_due_day() -> None:
    stages = [unpaid(1, ON_BOOKING, date(2027, 2, 1)), unpaid(2, days_before_event(3), date(2027, 6, 9))]
    outlook = move_outlook(OLD, replace(OLD, zone="Asia/Tokyo"), unpaid=stages, schedule_rev=1, at=NOW)
    assert [change.new_due_at for change in outlook.due_changes] == [
        datetime(2027, 2, 1, 15, tzinfo=UTC),
        datetime(2027, 6, 9, 15, tzinfo=UTC),
    ]


def test_the_same_slot_is_no_move() -> None:
    stages = [unpaid(2, days_before_event(3), date(2027, 1, 1))]
    outlook = move_outlook(OLD, OLD, unpaid=stages, schedule_rev=1, at=NOW)
    assert (outlook.customer_visible, outlook.schedule_rev, outlook.due_changes) == (False, 1, ())


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        (datetime(2027, 6, 11, 21, 59, 59, tzinfo=UTC), True),
        (datetime(2027, 6, 11, 22, 0, tzinfo=UTC), False),
    ],
)
def test_a_link_acts_until_the_end_of_the_policys_last_local_day(
    at: datetime,
    allowed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    policy = CancellationPolicy("EUR", move_until_days_before=1, cancel_until_days_before=1)
    event_date = date(2027, 6, 12)
    assert may_move_by_link(policy, event_date=event_date, zone=PARIS, at=at) is allowed
    for check in (check_move_by_link, check_cancel_by_link):
        if allowed:
            check(policy, event_date=event_date, zone=PARIS, at=at)
        else:
            with pytest.raises(TooLateToChange):
                check(policy, event_date=event_date, zone=PARIS, at=at)


@pytest.mark.parametrize(
    ("kind", "days", "rule"),
    [
        ("on_booking", 0, ON_BOOKING),
        ("days_before_event", 3, days_before_event(3)),
        ("fixed_date", 0, DueRule(DueRuleKind.FIXED_DATE, day=date(2027, 5, 1))),
    ],
)
def test_a_stored_stage_knows_its_rule(kind: str, days: int, rule: DueRule) -> None:
    assert stored_due_rule(DueRuleKind(kind), days=days, day=date(2027, 5, 1)) == rule
