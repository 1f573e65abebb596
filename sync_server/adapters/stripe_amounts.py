"""Amounts as Stripe counts them: as ISO 4217 does, but for three currencies (its "Special cases").

Krónur and Ugandan shillings have no decimals and are still sent in hundredths; ariary are sent whole although
ISO gives them two decimals, of which no card can be charged one.
"""

from typing import Final

_IN_HUNDREDTHS: Final = frozenset({"ISK", "UGX"})
_WHOLE: Final = frozenset({"MGA"})


def to_stripe(amount_minor: int, currency: str) -> int:
    """What Stripe is sent for an amount in minor units of an ISO currency."""
    if currency in _IN_HUNDREDTHS:
        return amount_minor * 100
    if currency in _WHOLE:
        assert amount_minor % 100 == 0, "a plan has only stages that a card can be charged"
        return amount_minor // 100
    return amount_minor


def from_stripe(amount: int, currency: str) -> int:
    """What Stripe's amount comes to in minor units of an ISO currency."""
    if currency in _IN_HUNDREDTHS:
        assert amount % 100 == 0, "Stripe takes no parts of a króna or a shilling"
        return amount // 100
    if currency in _WHOLE:
        return amount * 100
    return amount
