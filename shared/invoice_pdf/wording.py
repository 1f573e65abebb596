"""Puts sums, dates, rates and labels into the words of a document's language.

A language without a label file is worded in English. Sums and dates carry no-break spaces: paper wraps.
"""

import json
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

from shared.money import Money, exponent

TRANSLATIONS: Final = Path(__file__).parents[2] / "resources" / "translations"
FALLBACK: Final = "en"
GAP: Final = "\N{NO-BREAK SPACE}"
_PATTERNS_EN: Final = {"long": "d MMMM y", "full": "EEEE d MMMM y"}


class Wording:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = _locale(language)
        self._labels = {**_labels(FALLBACK), **_labels(language)}

    def label(self, key: str, **values: str) -> str:
        """A label or sentence of ``document.json``, its places filled; an unknown key is a bug."""
        return self._labels[key].format(**values)

    def number(self, amount_minor: int, currency: str) -> str:
        """``2,041.67``, ``−1,225.00``: all decimals of the currency, none of its name."""
        return self._decimal(Money(amount_minor, currency).decimal, exponent(currency))

    def money(self, amount_minor: int, currency: str) -> str:
        """``1,225.00 EUR``."""
        return f"{self.number(amount_minor, currency)}{GAP}{currency}"

    def price(self, price: Decimal, currency: str) -> str:
        """A unit price: the decimals of the currency, more only where the price has more."""
        return self._decimal(price, max(exponent(currency), _decimals(price)))

    def quantity(self, quantity: Decimal) -> str:
        """``1``, ``2.5``: no needless zeros."""
        return self._decimal(quantity, _decimals(quantity))

    def percent(self, percent: Decimal) -> str:
        """``20 %``, ``5.5 %``."""
        return f"{self._decimal(percent, _decimals(percent))}{GAP}%"

    def day(self, day: date) -> str:
        """``12 June 2027``."""
        return self._date(day, "long").replace(" ", GAP)

    def weekday_and_day(self, day: date) -> str:
        """``Saturday 12 June 2027``."""
        return self._date(day, "full").replace(" ", GAP)

    def _decimal(self, number: Decimal, decimals: int) -> str:
        pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
        words = format_decimal(number, format=pattern, locale=self._locale)
        return words.replace("-", "\N{MINUS SIGN}").replace(" ", GAP)

    def _date(self, day: date, length: str) -> str:
        english = self._locale.language == FALLBACK
        return format_date(day, _PATTERNS_EN[length] if english else length, locale=self._locale)


@lru_cache(maxsize=64)
def wording(language: str) -> Wording:
    """The words of a language, read once."""
    return Wording(language)


def iban_in_groups(iban: str) -> str:
    """``FR76 3000 6000 …``: four by four, as banks print it."""
    plain = "".join(iban.split()).upper()
    return GAP.join(plain[start : start + 4] for start in range(0, len(plain), 4))


def _decimals(number: Decimal) -> int:
    shown = number.normalize().as_tuple().exponent
    assert isinstance(shown, int), "a finite number has an exponent"
    return max(0, -shown)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse(FALLBACK)


@lru_cache(maxsize=64)
def _labels(language: str) -> dict[str, str]:
    source = TRANSLATIONS / language / "document.json"
    if not language.isalpha() or not source.is_file():
        return {}
    labels: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return labels
