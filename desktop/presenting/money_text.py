"""How amounts are written: grouped, the currency's own decimals, a true minus, an en dash for nothing."""

from decimal import Decimal
from typing import Final

from shared.money import exponent

MINUS: Final = "\N{MINUS SIGN}"
NOTHING: Final = "\N{EN DASH}"


def amount(amount_minor: int, currency: str) -> str:
    """The amount without its currency: "1,392.00", "−312.00"."""
    places = exponent(currency)
    value = Decimal(abs(amount_minor)).scaleb(-places)
    return f"{MINUS if amount_minor < 0 else ''}{value:,.{places}f}"


def cell_amount(amount_minor: int, currency: str) -> str:
    """The amount as a table cell shows it: zero is an en dash."""
    return amount(amount_minor, currency) if amount_minor else NOTHING


def signed_amount(amount_minor: int, currency: str) -> str:
    """The amount as a change: "+290.00", "−50.00", an en dash for nothing."""
    if amount_minor > 0:
        return f"+{amount(amount_minor, currency)}"
    return cell_amount(amount_minor, currency)


def money(amount_minor: int, currency: str) -> str:
    """The amount with its currency: "1,885.00 EUR"."""
    return f"{amount(amount_minor, currency)} {currency}"


def spoken_amount(amount_minor: int, currency: str) -> str:
    """The amount for a screen reader: never a bare dash."""
    return "nothing" if amount_minor == 0 else money(amount_minor, currency)
