"""Held or confirmed, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.models.states import BookingStatus, DueRuleKind, StageStatus
from shared.policies.hold_policy import confirms, first_status, has_lapsed, hold_ends_at

NOW = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)
ON_BOOKING, BEFORE = DueRuleKind.ON_BOOKING, DueRuleKind.DAYS_BEFORE_EVENT


@pytest.mark.parametrize(
    ("rules", "status"),
    [([], "confirmed"), ([BEFORE], "confirmed"), ([ON_BOOKING, BEFORE], "held"), ([ON_BOOKING], "held")],
)
def test_something_due_on_booking_makes_a_hold(rules: list[DueRuleKind], status: str) -> None:
    assert first_status(rules) is BookingStatus(status)


@pytest.mark.parametrize(("starts_in_days", "lasts_days"), [(None, 7), (30, 7), (3, 3), (-3, 7)])
def test_a_hold_lasts_its_days_but_not_beyond_the_event(starts_in_days: int | None, lasts_days: int) -> None:
    starts_at = None if starts_in_days is None else NOW + timedelta(days=starts_in_days)
    assert hold_ends_at(NOW, 7, starts_at=starts_at) == NOW + timedelta(days=lasts_days)


@pytest.mark.parametrize(
    ("status", "ends_at", "lapsed"),
    [
        ("held", NOW, True),
        ("held", NOW + timedelta(seconds=1), False),
        ("held", None, False),
        ("confirmed", NOW, False),
        ("cancelled", NOW, False),
    ],
)
def test_only_a_hold_lapses(
    status: str,
    ends_at: datetime | None,
    lapsed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert has_lapsed(BookingStatus(status), ends_at, NOW) is lapsed


@pytest.mark.parametrize(
    ("stages", "confirmed"),
    [
        ([(ON_BOOKING, StageStatus.PAID), (BEFORE, StageStatus.PLANNED)], True),
        ([(ON_BOOKING, StageStatus.PLANNED)], False),
        ([(ON_BOOKING, StageStatus.PROCESSING)], False),
        ([(ON_BOOKING, StageStatus.SUPERSEDED), (ON_BOOKING, StageStatus.PAID)], True),
        ([], True),
    ],
)
def test_a_hold_is_confirmed_when_all_that_is_due_on_booking_is_paid(
    stages: list[tuple[DueRuleKind, StageStatus]],
    confirmed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert confirms(stages) is confirmed
