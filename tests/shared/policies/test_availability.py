"""Overlap of half-open intervals, and the free days of a year."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.slot import Slot
from shared.policies.availability import (
    Interval,
    first_free_day_at_least,
    free_days,
    is_free,
    merged,
    overlaps,
)

ZERO = datetime(2027, 1, 1, tzinfo=UTC)


def hours(start: int, end: int) -> Interval:
    return ZERO + timedelta(hours=start), ZERO + timedelta(hours=end)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (hours(1, 3), hours(2, 4), True),
        (hours(1, 3), hours(3, 4), False),
        (hours(3, 4), hours(1, 3), False),
        (hours(1, 9), hours(3, 4), True),
        (hours(1, 3), hours(1, 3), True),
        (hours(1, 2), hours(5, 6), False),
    ],
)
def test_one_may_start_when_the_other_ends(
    one: Interval,
    other: Interval,
    meet: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert overlaps(one, other) is meet
    assert overlaps(other, one) is meet


SLOT = Slot(date(2027, 6, 12), time(14), date(2027, 6, 13), time(2), "Europe/Paris")


def test_a_day_is_free_when_every_resource_is_and_nothing_is_blocked() -> None:
    anna = [
        (datetime(2027, 6, 13, 0, 0, tzinfo=UTC), datetime(2027, 6, 13, 10, 0, tzinfo=UTC))
    ]  # from 02:00 on
    room = [(datetime(2027, 6, 15, 23, 0, tzinfo=UTC), datetime(2027, 6, 16, 0, 0, tzinfo=UTC))]
    closed = [(datetime(2027, 6, 17, 22, 0, tzinfo=UTC), datetime(2027, 6, 18, 22, 0, tzinfo=UTC))]
    free = free_days(SLOT, [anna, room], closed, from_date=date(2027, 6, 12))
    assert free[:6] == [date(2027, 6, day) for day in (12, 13, 14, 16, 19, 20)]
    assert (len(free), free[-1]) == (366 - 3, date(2028, 6, 11))


def test_a_leap_day_offers_a_year_too() -> None:
    free = free_days(SLOT, [], from_date=date(2028, 2, 29))
    assert (free[0], free[-1]) == (date(2028, 2, 29), date(2029, 2, 28))


def test_a_day_on_which_the_clock_turns_the_times_around_is_not_offered() -> None:
    slot = Slot(date(2027, 3, 1), time(2, 45), date(2027, 3, 1), time(3, 15), "Europe/Berlin")
    free = free_days(slot, [], from_date=date(2027, 3, 27))
    assert free[:2] == [date(2027, 3, 27), date(2027, 3, 29)]


@pytest.mark.parametrize(
    ("earliest", "found"),
    [
        (date(2027, 1, 1), date(2027, 1, 5)),
        (date(2027, 1, 5), date(2027, 1, 5)),
        (date(2027, 1, 6), date(2027, 1, 9)),
        (date(2027, 1, 10), None),
    ],
)
def test_the_first_free_day_at_least(earliest: date, found: date | None) -> None:
    assert first_free_day_at_least([date(2027, 1, 5), date(2027, 1, 9)], earliest) == found


intervals = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 10)).map(lambda pair: hours(pair[0], pair[0] + pair[1])),
    max_size=12,
)


@given(taken=intervals, start=st.integers(0, 60), length=st.integers(1, 10))
def test_free_means_that_nothing_overlaps(taken: list[Interval], start: int, length: int) -> None:
    wanted = hours(start, start + length)
    solid = [one for one in taken if one[0] < one[1]]
    assert is_free(wanted, merged(taken)) is not any(overlaps(wanted, one) for one in solid)


@given(taken=intervals)
def test_merged_intervals_are_sorted_and_apart(taken: list[Interval]) -> None:
    together = merged(taken)
    assert all(one[1] < other[0] for one, other in pairwise(together))
