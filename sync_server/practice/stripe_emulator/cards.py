"""Which test card does what: the magic payment methods and how the bank behind each one behaves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Decline:
    """A bank's refusal: Stripe's code, the bank's reason and the sentence shown with it."""

    code: str
    decline_code: str
    message: str


@dataclass(frozen=True)
class Card:
    """How a card behaves when it is charged, refunded or disputed."""

    last4: str
    decline: Decline | None = None
    asks_for_authentication: bool = False
    refund_then: str | None = None
    dispute: str | None = None


AUTHENTICATION_REQUIRED = Decline(
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
AUTHENTICATION_FAILED = Decline(
    "payment_intent_authentication_failure",
    "",
    "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new"
    " PaymentMethod to attempt to fulfill this PaymentIntent again.",
)
CARDS: dict[str, Card] = {
    "pm_card_visa": Card("4242"),
    "pm_card_visa_chargeDeclined": Card(
        "0002", Decline("card_declined", "generic_decline", "Your card was declined.")
    ),
    "pm_card_visa_chargeDeclinedInsufficientFunds": Card(
        "9995", Decline("card_declined", "insufficient_funds", "Your card has insufficient funds.")
    ),
    "pm_card_authenticationRequired": Card("3184", asks_for_authentication=True),
    "pm_card_refundFail": Card("5126", refund_then="fail"),
    "pm_card_pendingRefund": Card("7726", refund_then="succeed"),
    "pm_card_createDispute": Card("0259", dispute="chargeback"),
    "pm_card_createDisputeInquiry": Card("1976", dispute="inquiry"),
}

# Least amount a card can be charged, in minor units of the currency, as Stripe publishes it.
LEAST_AMOUNT_MINOR = {
    "aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50,
    "gbp": 30, "hkd": 400, "huf": 17500, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50,
    "pln": 200, "ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50,
}  # fmt: skip
# Of these both decimals must be 0.
EFFECTIVELY_WHOLE_CURRENCIES = {"isk", "ugx"}
# Of these the last of three decimals must be 0.
THREE_DECIMAL_CURRENCIES = {"bhd", "iqd", "jod", "kwd", "lyd", "omr", "tnd"}
