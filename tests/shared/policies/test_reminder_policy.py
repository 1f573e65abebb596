"""Which mails a booking plans, which are still useful, and why one is not sent."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import RuleInvalid
from shared.models.states import BookingStatus, DueRuleKind, ReminderKind, StageStatus
from shared.policies.reminder_policy import (
    DEFAULT_RULES,
    NotSentReason,
    RemindedBooking,
    RemindedStage,
    RuleTerms,
    check_rule,
    check_rules,
    foresee_reminders,
    planned_reminders,
    reason_words,
    still_useful,
    why_unwanted,
)
from shared.policies.reminder_times import ReminderAnchor

STARTS_AT = datetime(2027, 6, 12, 12, 0, tzinfo=UTC)
PACKAGE = UUID(int=7)
RULES = [
    RuleTerms(UUID(int=number), rule.kind, rule.anchor, rule.offset_days, rule.local_time)
    for number, rule in enumerate(DEFAULT_RULES, start=1)
]
BOOKED_AT = datetime(2027, 2, 1, tzinfo=UTC)


def a_booking(
    status: str = "confirmed", *, fully_refunded: bool = False, no_follow_up: bool = False
) -> RemindedBooking:
    return RemindedBooking(
        status=BookingStatus(status),
        package_id=PACKAGE,
        zone="Europe/Paris",
        starts_at=STARTS_AT,
        ends_at=STARTS_AT + timedelta(hours=14),
        fully_refunded=fully_refunded,
        no_follow_up=no_follow_up,
    )


def a_deposit(status: str = "paid") -> RemindedStage:
    return RemindedStage(1, StageStatus(status), DueRuleKind.ON_BOOKING, date(2027, 2, 1))


def a_remainder(status: str = "planned", *, dispute_open: bool = False) -> RemindedStage:
    return RemindedStage(
        2, StageStatus(status), DueRuleKind.DAYS_BEFORE_EVENT, date(2027, 6, 9), dispute_open
    )


def test_the_default_rules_plan_four_mails_for_a_confirmed_booking() -> None:
    planned = planned_reminders(RULES, a_booking(), [a_deposit(), a_remainder()], now=BOOKED_AT)
    assert [(one.kind.value, one.stage_position, one.local_at, one.due_at) for one in planned] == [
        ("balance_due", 2, "2027-06-05T10:00", datetime(2027, 6, 5, 8, tzinfo=UTC)),
        ("before_event", 0, "2027-06-09T10:00", datetime(2027, 6, 9, 8, tzinfo=UTC)),
        ("overdue", 2, "2027-06-10T10:00", datetime(2027, 6, 10, 8, tzinfo=UTC)),
        ("follow_up", 0, "2027-06-20T10:00", datetime(2027, 6, 20, 8, tzinfo=UTC)),
    ]
    assert {one.tz for one in planned} == {"Europe/Paris"}


def test_a_held_booking_is_reminded_of_money_but_not_of_an_event() -> None:
    stages = [a_deposit("planned"), a_remainder()]
    planned = planned_reminders(RULES, a_booking("held"), stages, now=BOOKED_AT)
    assert [(one.kind.value, one.stage_position) for one in planned] == [
        ("overdue", 1),
        ("balance_due", 2),
        ("overdue", 2),
    ]


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_a_booking_that_does_not_take_place_plans_nothing(status: str) -> None:
    assert planned_reminders(RULES, a_booking(status), [a_remainder()], now=BOOKED_AT) == []


def test_paying_the_remainder_stops_the_mails_about_it() -> None:
    planned = planned_reminders(RULES, a_booking(), [a_deposit(), a_remainder("paid")], now=BOOKED_AT)
    assert [one.kind.value for one in planned] == ["before_event", "follow_up"]


@pytest.mark.parametrize(
    ("kind", "booking", "stage", "reason"),
    [
        ("before_event", a_booking(), None, None),
        ("before_event", a_booking("held"), None, NotSentReason.NOT_CONFIRMED),
        ("before_event", a_booking("needs_slot"), None, NotSentReason.NOT_CONFIRMED),
        ("before_event", a_booking("completed"), None, NotSentReason.NOT_CONFIRMED),
        ("before_event", a_booking("postponed"), None, NotSentReason.POSTPONED),
        ("before_event", a_booking("cancelled"), None, NotSentReason.CANCELLED),
        ("balance_due", a_booking(), a_remainder(), None),
        ("balance_due", a_booking(), a_remainder("open"), None),
        ("balance_due", a_booking(), a_remainder("action_needed"), None),
        ("balance_due", a_booking("held"), a_remainder(), None),
        ("balance_due", a_booking("held"), a_deposit("planned"), NotSentReason.HAS_PAY_LINK),
        ("balance_due", a_booking(), a_deposit("planned"), None),
        ("balance_due", a_booking(), a_remainder("paid"), NotSentReason.NOTHING_UNPAID),
        ("balance_due", a_booking(), a_remainder("refunded"), NotSentReason.NOTHING_UNPAID),
        ("balance_due", a_booking(), a_remainder(dispute_open=True), NotSentReason.DISPUTE_OPEN),
        ("balance_due", a_booking("needs_slot"), a_remainder(), NotSentReason.NO_SLOT),
        ("balance_due", a_booking("postponed"), a_remainder(), NotSentReason.POSTPONED),
        ("overdue", a_booking("completed"), a_remainder(), None),
        ("overdue", a_booking("cancelled"), a_remainder(), NotSentReason.CANCELLED),
        ("overdue", a_booking(), a_remainder("canceled"), NotSentReason.NOTHING_UNPAID),
        ("overdue", a_booking(), a_remainder(dispute_open=True), NotSentReason.DISPUTE_OPEN),
        ("follow_up", a_booking("completed"), None, None),
        ("follow_up", a_booking(), None, None),
        ("follow_up", a_booking("held"), None, NotSentReason.NOT_CONFIRMED),
        ("follow_up", a_booking("cancelled"), None, NotSentReason.CANCELLED),
        ("follow_up", a_booking(fully_refunded=True), None, NotSentReason.FULLY_REFUNDED),
        ("follow_up", a_booking(no_follow_up=True), None, NotSentReason.NO_FOLLOW_UP),
    ],
)
def test_a_mail_is_not_sent_when_it_would_be_wrong(
    kind: str, booking: RemindedBooking, stage: RemindedStage | None, reason: NotSentReason | None
) -> None:
    assert why_unwanted(ReminderKind(kind), booking, stage) == reason


@pytest.mark.parametrize(
    ("kind", "due_before_event", "now_after_due", "useful"),
    [
        ("before_event", timedelta(days=3), timedelta(hours=24), True),
        ("before_event", timedelta(days=3), timedelta(hours=24, seconds=1), False),
        ("before_event", timedelta(hours=2, seconds=1), timedelta(0), True),
        ("before_event", timedelta(hours=2), timedelta(0), False),
        ("balance_due", timedelta(days=7), timedelta(hours=72), True),
        ("balance_due", timedelta(days=7), timedelta(hours=72, seconds=1), False),
        ("balance_due", timedelta(hours=1), timedelta(minutes=59), True),
        ("balance_due", timedelta(hours=1), timedelta(hours=1), False),
        ("overdue", timedelta(days=2), timedelta(days=7), True),
        ("overdue", timedelta(days=2), timedelta(days=7, seconds=1), False),
        ("follow_up", timedelta(days=-7), timedelta(days=14), True),
        ("follow_up", timedelta(days=-7), timedelta(days=14, seconds=1), False),
    ],
)
def test_a_late_mail_is_sent_only_while_it_helps(
    kind: str,
    due_before_event: timedelta,
    now_after_due: timedelta,
    useful: bool,  # noqa: FBT001 - a column of the table
) -> None:
    due_at = STARTS_AT - due_before_event
    assert (
        still_useful(ReminderKind(kind), due_at=due_at, now=due_at + now_after_due, starts_at=STARTS_AT)
        is useful
    )


def test_a_booking_made_after_a_due_time_gets_only_what_is_still_useful() -> None:
    now = datetime(2027, 6, 10, 7, 0, tzinfo=UTC)
    foreseen = foresee_reminders(RULES, a_booking(), [a_remainder()], now=now)
    assert {one.reminder.kind.value: one.reason for one in foreseen} == {
        "balance_due": NotSentReason.TOO_LATE,
        "before_event": None,
        "overdue": None,
        "follow_up": None,
    }


def test_a_mail_that_would_be_too_late_when_due_is_not_planned() -> None:
    after_the_start = replace(RULES[0], offset_days=0, local_time=time(14))
    (foreseen,) = foresee_reminders([after_the_start], a_booking(), [], now=BOOKED_AT)
    assert foreseen.reason is NotSentReason.TOO_LATE


def test_rules_that_are_off_or_for_other_packages_plan_nothing() -> None:
    rules = [replace(RULES[0], is_on=False), replace(RULES[0], services=frozenset({UUID(int=8)}))]
    assert foresee_reminders(rules, a_booking(), [], now=BOOKED_AT) == []
    own = [replace(RULES[0], services=frozenset({PACKAGE}))]
    assert len(planned_reminders(own, a_booking(), [], now=BOOKED_AT)) == 1


def test_two_rules_of_one_kind_plan_two_mails() -> None:
    rules = [RULES[0], replace(RULES[0], rule_id=UUID(int=9), offset_days=-1)]
    planned = planned_reminders(rules, a_booking(), [], now=BOOKED_AT)
    assert [one.local_date for one in planned] == [date(2027, 6, 9), date(2027, 6, 11)]


def test_stages_that_are_no_longer_asked_are_not_even_foreseen() -> None:
    stages = [a_remainder("canceled"), a_remainder("superseded")]
    assert {one.reminder.kind for one in foresee_reminders(RULES, a_booking(), stages, now=BOOKED_AT)} == {
        ReminderKind.BEFORE_EVENT,
        ReminderKind.FOLLOW_UP,
    }


@pytest.mark.parametrize(
    "rule",
    [
        replace(RULES[0], offset_days=366),
        replace(RULES[0], offset_days=-366),
        replace(RULES[0], local_time=time(10, 10)),
        replace(RULES[0], local_time=time(10, 0, 1)),
        replace(RULES[0], local_time=time(10, tzinfo=UTC)),
        replace(RULES[0], anchor=ReminderAnchor.STAGE_DUE),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(rule: RuleTerms) -> None:
    with pytest.raises(RuleInvalid):
        check_rule(rule)


def test_a_studio_has_at_most_twelve_rules() -> None:
    check_rules(RULES * 3)
    with pytest.raises(RuleInvalid):
        check_rules(RULES * 4)


def test_every_reason_has_words() -> None:
    assert all(reason_words(reason) for reason in NotSentReason)


@given(
    offset=st.integers(-365, 365),
    quarter=st.integers(0, 95),
    zone=st.sampled_from(["America/New_York", "Europe/Berlin", "Asia/Beirut", "Australia/Lord_Howe", "UTC"]),
    starts_at=st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the bounds are drawn in UTC
)
def test_what_is_planned_has_a_due_time_that_is_still_useful(
    offset: int, quarter: int, zone: str, starts_at: datetime
) -> None:
    rule = replace(RULES[0], offset_days=offset, local_time=time(quarter // 4, quarter % 4 * 15))
    booking = replace(a_booking(), zone=zone, starts_at=starts_at, ends_at=starts_at + timedelta(hours=8))
    for one in planned_reminders([rule], booking, [], now=datetime(2025, 1, 1, tzinfo=UTC)):
        assert one.due_at < starts_at - timedelta(hours=2)
        assert one.local_date.toordinal() - one.due_at.astimezone(UTC).date().toordinal() in {-1, 0, 1}
