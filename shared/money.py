"""Money: integer minor units with an ISO 4217 currency, and the one place where sums are rounded or split.

Exponents are those of ISO 4217; what a card can be charged follows Stripe: three-decimal currencies in
steps of ten minor units.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Self

from shared.errors import AmountInvalid, CurrencyDiffers, CurrencyUnknown

MAX_AMOUNT_DIGITS: Final = 12
"""An amount has at most this many digits in minor units (payments: Stripe's own limit)."""

# fmt: off
_ZERO_DECIMALS: Final = frozenset(
    {
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
        "XAF", "XOF", "XPF",
    }
)
_THREE_DECIMALS: Final = frozenset(
    {
        "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND",
    }
)
_TWO_DECIMALS: Final = frozenset(
    {
        "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN",
        "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CNY", "COP",
        "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP",
        "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IRR",
        "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL",
        "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN",
        "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB",
        "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP",
        "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "VED",
        "VES", "WST", "XCD", "XCG", "YER", "ZAR", "ZMW", "ZWG",
    }
)
# fmt: on
# fmt: off
_LEAST_CHARGE_MINOR: Final = {
    "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50,
    "GBP": 30, "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300,
    "NZD": 50, "PLN": 200, "RON": 200, "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
}
# fmt: on
_PLAIN_NUMBER: Final = re.compile(r"^\d+(?:[.,]\d+)?$")


def exponent(currency: str) -> int:
    """How many decimals the currency has (ISO 4217); raises CurrencyUnknown."""
    if currency in _TWO_DECIMALS:
        return 2
    if currency in _ZERO_DECIMALS:
        return 0
    if currency in _THREE_DECIMALS:
        return 3
    raise CurrencyUnknown(currency=currency)


def currencies() -> tuple[str, ...]:
    """Every currency that Daybook can keep, in alphabetical order."""
    return tuple(sorted(_TWO_DECIMALS | _ZERO_DECIMALS | _THREE_DECIMALS))


def card_unit(currency: str) -> int:
    """The smallest step of a card payment, in minor units; of ariary no card can be charged a part."""
    if currency == "MGA":
        return 100
    return 10 if exponent(currency) == 3 else 1  # noqa: PLR2004 - the rule's own number


def least_charge_minor(currency: str) -> int:
    """The least a card can be charged, where Stripe publishes a least; elsewhere the smallest step."""
    return _LEAST_CHARGE_MINOR.get(currency, card_unit(currency))


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units of one currency. May be negative; never a float."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)
        assert type(self.amount_minor) is int, "minor units are whole"

    def __add__(self, other: Self) -> Self:
        return type(self)(self.amount_minor + self._same(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.amount_minor - self._same(other), self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.amount_minor, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.amount_minor < self._same(other)

    def __le__(self, other: Self) -> bool:
        return self.amount_minor <= self._same(other)

    def _same(self, other: Self) -> int:
        if other.currency != self.currency:
            raise CurrencyDiffers(expected=self.currency, found=other.currency)
        return other.amount_minor

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimals."""
        return Decimal(self.amount_minor).scaleb(-exponent(self.currency))


def parse_amount(text: str, currency: str) -> Money:
    """Read "1250", "1250.00" or "1250,00"; raises AmountInvalid for anything else.

    A thousands separator, a sign, too many decimals or more than 12 digits are refused, so that no amount
    is ever guessed.
    """
    plain = text.strip()
    if not _PLAIN_NUMBER.match(plain) or not plain.isascii():
        raise AmountInvalid(detail=f"“{plain}” is not a plain number like 1250.00")
    whole, _, decimals = plain.replace(",", ".").partition(".")
    allowed = exponent(currency)
    if len(decimals) > allowed:
        raise AmountInvalid(detail=f"{currency} has {allowed} decimals, “{plain}” has {len(decimals)}")
    amount_minor = int(whole + decimals.ljust(allowed, "0"))
    if len(str(amount_minor)) > MAX_AMOUNT_DIGITS:
        raise AmountInvalid(detail=f"“{plain}” has more than {MAX_AMOUNT_DIGITS} digits")
    return Money(amount_minor, currency)


def plain_amount(money: Money) -> str:
    """The amount as a plain number with the currency's decimals, readable by :func:`parse_amount`."""
    return f"{money.decimal:f}"


def round_half_up(value: Decimal, currency: str) -> int:
    """A sum in major units to whole minor units, half away from zero: the one rounding of documents."""
    return int(value.scaleb(exponent(currency)).to_integral_value(rounding=ROUND_HALF_UP))


def percent_floor(amount_minor: int, percent: int, currency: str) -> int:
    """``percent`` of an amount, floored to what a card can be charged (payments: percent stages)."""
    unit = card_unit(currency)
    return amount_minor * percent // 100 // unit * unit


def split_in_proportion(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Split a sum by weights so that the parts add up exactly: floor, then largest remainders, earlier first.

    ``weights`` are not negative and not all zero, unless the total is zero too.
    """
    weight_sum = sum(weights)
    if weight_sum == 0:
        assert total_minor == 0, "nothing to split a sum by"
        return [0 for _ in weights]
    sign = -1 if total_minor < 0 else 1
    parts = [abs(total_minor) * weight // weight_sum for weight in weights]
    remainders = [abs(total_minor) * weight % weight_sum for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[: abs(total_minor) - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]
