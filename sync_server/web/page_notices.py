"""What a customer reads when something is refused: its own sentence, then what is safe and what to do."""

from typing import Final

from shared.errors import DomainError
from sync_server.web.page_pieces import Notice
from sync_server.web.page_values import TestCard

_AFTER: Final[dict[str, str]] = {
    "slot_taken": "Please choose another time. Your booking is unchanged.",
    "slot_blocked": "Please choose another time. Your booking is unchanged.",
    "moved_meanwhile": "Please open the link in our latest e-mail.",
    "preview_outdated": "Nothing is cancelled yet.",
    "stage_not_payable": "Nothing was charged now.",
    "page_outdated": "Nothing was changed.",
    "not_found": "Please open the link in our e-mail again.",
    "payments_not_ready": "Nothing was charged.",
}
"""What follows a sentence that does not say it itself."""

_WARNINGS: Final = frozenset({"preview_outdated", "page_outdated", "too_many_tries", "busy", "payments_busy"})
_PLAIN: Final = frozenset({"stage_not_payable", "cancelled"})
_CALL: Final = frozenset({"not_found", "payments_not_ready", "needs_right", "page_outdated"})

WHILE_PAYING: Final = (
    TestCard("pm_card_visa", "Card that works", "Paid at once"),
    TestCard("pm_card_visa_chargeDeclined", "Card that is declined", "The bank says no"),
    TestCard(
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "Card without enough money",
        "Declined: not enough funds",
    ),
    TestCard("pm_card_authenticationRequired", "Card that asks for 3-D Secure", "One more step at the bank"),
)
AFTER_PAYING: Final = (
    TestCard("pm_card_refundFail", "Works, but a later refund fails", "To try “Money needs attention”"),
    TestCard("pm_card_pendingRefund", "Works, with a slow refund", "A refund waits, then goes through"),
    TestCard("pm_card_createDispute", "Works, then a dispute", "The holder takes the money back"),
    TestCard("pm_card_createDisputeInquiry", "Works, then an inquiry", "The bank asks a question first"),
)
TEST_CARDS: Final = frozenset(card.value for card in WHILE_PAYING + AFTER_PAYING)
"""What the practice page may post as ``card``."""

_BANK_SAYS: Final[dict[str, str]] = {
    "insufficient_funds": "not enough funds on the card",
    "expired_card": "the card has expired",
    "incorrect_cvc": "the security code is not right",
    "lost_card": "the card cannot be used",
    "stolen_card": "the card cannot be used",
    "authentication_required": "the payment was not approved at the bank",
}


def error_notice(error: DomainError) -> Notice:
    """The notice for an error: its first sentence in bold, then the rest of it and what is safe."""
    first, _, rest = error.sentence.partition(". ")
    after = " ".join(part for part in (rest, _AFTER.get(error.code, "")) if part)
    kind: str = "warning" if error.code in _WARNINGS else "plain" if error.code in _PLAIN else "wrong"
    calls = error.code in _CALL or "call the studio" in error.sentence
    return Notice(
        kind="warning" if kind == "warning" else "plain" if kind == "plain" else "wrong",
        bold=first.removesuffix(".") + ".",
        rest=after,
        icon="check" if kind == "plain" else "alert",
        call=calls,
    )


def declined_notice(decline_code: str | None, card_words: str | None, valid_until: str) -> Notice:
    """After a decline: that nothing was charged, the bank's reason class, and how long the page stays valid.

    ``card_words`` is brand and last four digits ("Visa ending 9995"), ``valid_until`` a worded date.
    """
    reason = _BANK_SAYS.get(decline_code or "", "the card was declined")
    ending = (card_words or "").rpartition("ending ")[2] if card_words else ""
    card = f" ending {ending}" if ending and reason.endswith("card") else ""
    return Notice(
        kind="wrong",
        bold="Card declined. Nothing was charged.",
        rest=f"Your bank says: {reason}{card}.",
        more=f"Please try another card, or ask your bank. This page stays valid until {valid_until}.",
    )


def link_sent_notice(masked_email: str) -> Notice:
    """After "Send me the link"."""
    return Notice(
        kind="plain",
        icon="mail",
        bold="Your link is on its way.",
        rest=f"We have sent it to {masked_email}. It usually arrives within a minute.",
    )


def bank_asks_notice(bank_page: str) -> Notice:
    """The bank has a question of its own (3-D Secure); the link leads there and back."""
    return Notice(
        kind="plain",
        icon="clock",
        bold="Your bank wants to ask you first.",
        rest="Nothing is charged yet. Your bank asks whether this payment is yours and brings you back.",
        link=("Go on to your bank", bank_page),
    )


def already_done_notice(what: str) -> Notice:
    """A button pressed twice; ``what`` is the result in a sentence."""
    return Notice(kind="plain", icon="check", bold="Already done.", rest=what)
