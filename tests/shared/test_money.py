"""Amounts: what may be typed, how many decimals a currency has, and that a split never loses a cent."""

import operator
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import AmountInvalid, CurrencyDiffers, CurrencyUnknown
from shared.money import (
    Money,
    card_unit,
    currencies,
    exponent,
    parse_amount,
    percent_floor,
    plain_amount,
    round_half_up,
    split_in_proportion,
)


@pytest.mark.parametrize(
    ("text", "currency", "amount_minor"),
    [
        ("1250", "EUR", 125000),
        ("1250.00", "EUR", 125000),
        ("1250,5", "EUR", 125050),
        (" 0.01 ", "EUR", 1),
        ("0", "EUR", 0),
        ("007", "EUR", 700),
        ("120000", "JPY", 120000),
        ("12.345", "KWD", 12345),
        ("12,3", "KWD", 12300),
        ("9999999999.99", "EUR", 999999999999),
    ],
)
def test_a_plain_number_is_read(text: str, currency: str, amount_minor: int) -> None:
    assert parse_amount(text, currency) == Money(amount_minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "EUR"),
        ("   ", "EUR"),
        ("-1", "EUR"),
        ("+1", "EUR"),
        ("1,250.00", "EUR"),
        ("1.250,00", "EUR"),
        ("1 250", "EUR"),
        ("1\u00a0250", "EUR"),
        ("1'250", "EUR"),
        ("1_250", "EUR"),
        ("1,250,000", "EUR"),
        ("12.345", "EUR"),
        ("12.3", "JPY"),
        ("12.3456", "KWD"),
        (".5", "EUR"),
        ("5.", "EUR"),
        ("1e3", "EUR"),
        ("0x10", "EUR"),
        ("NaN", "EUR"),
        ("Infinity", "EUR"),
        ("€5", "EUR"),
        ("5 EUR", "EUR"),
        ("१२", "EUR"),
        ("\uff11\uff12", "EUR"),
        ("10000000000.00", "EUR"),
        ("1000000000000", "JPY"),
        ("1\n2", "EUR"),
    ],
)
def test_anything_else_is_refused_and_never_guessed(text: str, currency: str) -> None:
    with pytest.raises(AmountInvalid):
        parse_amount(text, currency)


@pytest.mark.parametrize(
    ("currency", "decimals", "unit"),
    [
        ("EUR", 2, 1),
        ("USD", 2, 1),
        ("JPY", 0, 1),
        ("KRW", 0, 1),
        ("ISK", 0, 1),
        ("UGX", 0, 1),
        ("KWD", 3, 10),
        ("MGA", 2, 100),
        ("TND", 3, 10),
        ("HUF", 2, 1),
    ],
)
def test_decimals_follow_iso_4217_and_card_steps_follow_stripe(
    currency: str, decimals: int, unit: int
) -> None:
    assert (exponent(currency), card_unit(currency)) == (decimals, unit)


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "XXX", "ABC", "€"])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(CurrencyUnknown):
        Money(1, currency)


def test_every_currency_is_listed_once() -> None:
    assert len(currencies()) == len(set(currencies()))
    assert all(exponent(currency) in {0, 2, 3} for currency in currencies())
    assert {"VED", "XCG"} <= set(currencies()), "of 2021 and 2025"


def test_sums_stay_in_one_currency() -> None:
    assert Money(150, "EUR") + Money(50, "EUR") - Money(1, "EUR") == Money(199, "EUR")
    assert Money(1, "EUR") < Money(2, "EUR") <= Money(2, "EUR")
    assert -Money(1, "EUR") == Money(-1, "EUR")
    assert Money(1, "EUR") != Money(1, "USD")


@pytest.mark.parametrize("act", [operator.add, operator.sub, operator.lt, operator.le])
def test_two_currencies_never_meet_in_a_sum(act: Callable[[Money, Money], object]) -> None:
    with pytest.raises(CurrencyDiffers):
        act(Money(1, "EUR"), Money(1, "USD"))


@pytest.mark.parametrize("amount", [1.0, True, "1", None])
def test_minor_units_are_whole_numbers(amount: object) -> None:
    with pytest.raises(AssertionError):
        Money(amount, "EUR")  # type: ignore[arg-type] # the point of the test


@pytest.mark.parametrize(
    ("amount_minor", "percent", "currency", "floored"),
    [
        (99999, 50, "EUR", 49999),
        (99999, 100, "EUR", 99999),
        (99999, 0, "EUR", 0),
        (123450, 33, "KWD", 40730),
        (15, 100, "KWD", 10),
        (101, 33, "JPY", 33),
    ],
)
def test_a_percentage_is_floored_to_what_a_card_can_be_charged(
    amount_minor: int, percent: int, currency: str, floored: int
) -> None:
    assert percent_floor(amount_minor, percent, currency) == floored


@pytest.mark.parametrize(
    ("value", "currency", "rounded"),
    [
        ("0.005", "EUR", 1),
        ("0.0049", "EUR", 0),
        ("-0.005", "EUR", -1),
        ("2.675", "EUR", 268),
        ("0.5", "JPY", 1),
        ("0.0005", "KWD", 1),
    ],
)
def test_documents_round_half_away_from_zero(value: str, currency: str, rounded: int) -> None:
    assert round_half_up(Decimal(value), currency) == rounded


@pytest.mark.parametrize(
    ("total_minor", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1, [1, 9], [0, 1]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
        (5, [0, 1], [0, 5]),
    ],
)
def test_a_split_gives_the_odd_units_to_the_largest_remainders(
    total_minor: int, weights: list[int], parts: list[int]
) -> None:
    assert split_in_proportion(total_minor, weights) == parts


@given(total=st.integers(-(10**12), 10**12), weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_a_split_adds_up_exactly_and_no_part_is_off_by_a_unit(total: int, weights: list[int]) -> None:
    weight_sum = sum(weights)
    if weight_sum == 0:
        return
    parts = split_in_proportion(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * weight_sum - total * weight) < weight_sum
        assert part * total >= 0


@given(amount_minor=st.integers(0, 10**12 - 1), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_a_plain_amount_reads_back(amount_minor: int, currency: str) -> None:
    money = Money(amount_minor, currency)
    assert parse_amount(plain_amount(money), currency) == money


@given(amount_minor=st.integers(0, 10**12 - 1), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_the_major_units_are_exact(amount_minor: int, currency: str) -> None:
    value = Money(amount_minor, currency).decimal
    assert round_half_up(value, currency) == amount_minor
    assert -value.as_tuple().exponent == exponent(currency)  # type: ignore[operator] # never a special value
