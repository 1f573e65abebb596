"""Which values each kind of mail may and must use, what each one means, and a sample of it.

A value is text already worded in the studio's language and the booking's zone, or a few amount rows. Optional
values that do not apply are left out (they read as empty, so ``{% if place %}`` works); the required ones
are never empty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final


@dataclass(frozen=True)
class AmountRow:
    """One line of a sum: ``Deposit, paid on 20 November 2026``, ``−1,225.00 EUR``; the total comes last."""

    name: str
    amount: str
    total: bool = False


MailValue = str | Sequence[AmountRow]
MailValues = Mapping[str, MailValue]


@dataclass(frozen=True)
class Placeholder:
    """What a name stands for, and what it says in the sample story."""

    meaning: str
    sample: str | tuple[AmountRow, ...]


@dataclass(frozen=True)
class KindPlaceholders:
    """The names one kind may use; ``required`` ones must stand in its text and in its HTML."""

    required: frozenset[str]
    optional: frozenset[str]

    @cached_property
    def allowed(self) -> frozenset[str]:
        """Every name of this kind."""
        return self.required | self.optional


_ROWS: Final = (
    AmountRow("Price, VAT included", "2,450.00 EUR"),
    AmountRow("Deposit, paid on 20 November 2026", "−1,225.00 EUR"),
    AmountRow("Remainder", "1,225.00 EUR", total=True),
)
_LINK: Final = "https://book.bellaweddings.example/l/sample"

PLACEHOLDERS: Final[Mapping[str, Placeholder]] = {
    # who writes to whom
    "studio_name": Placeholder("the studio", "Bella Weddings"),
    "signature_name": Placeholder("the person who signs", "Clara Moreau"),
    "greeting_name": Placeholder("how the letter addresses the customer or colleague", "Zoë"),
    "event_word": Placeholder("what the studio calls the event: wedding, party, session", "wedding"),
    # the booking
    "booking_name": Placeholder("the package booked", "Full day"),
    "what": Placeholder(
        "the package with what it contains", "Full day, two photographers, 12-month online gallery"
    ),
    "event_date": Placeholder("full date with weekday", "Saturday 12 June 2027"),
    "event_day": Placeholder("date with weekday, no year", "Saturday 12 June"),
    "event_weekday": Placeholder("weekday alone", "Saturday"),
    "event_time": Placeholder("from, to and zone", "14:00–23:30, Paris time"),
    "start_time": Placeholder("beginning alone", "14:00"),
    "place": Placeholder("name of the place", "Château d’Écouen"),
    "place_detail": Placeholder("where at the place", "main gate"),
    "place_address": Placeholder("its address", "Rue Jean Bullant, 95440 Écouen"),
    "map_link": Placeholder("the place on a map", "https://maps.example/ecouen"),
    "who": Placeholder("who comes", "Clara Moreau and Idris Benali"),
    "day_phone": Placeholder("phone number on the day", "06 39 98 20 41"),
    "light": Placeholder("a sentence about the light", "The sun sets at 21:54."),
    "time_to_go": Placeholder("time left as a heading", "One week to go"),
    "booking_link": Placeholder("link to the booking", _LINK),
    "old_date": Placeholder("date and time before the move", "Saturday 12 June 2027, 14:00–23:30"),
    # money
    "stage_name": Placeholder("the payment this is about", "Remainder"),
    "amount": Placeholder("the sum this mail is about", "1,225.00 EUR"),
    "price": Placeholder("the whole price, with its tax words", "2,450.00 EUR, VAT included"),
    "due_date": Placeholder("full date on which the amount is due", "Wednesday 9 June 2027"),
    "due_day": Placeholder("the same without the year", "Wednesday 9 June"),
    "pay_link": Placeholder("link to the payment page", _LINK),
    "link_until": Placeholder("date to which the link works", "Friday 11 June 2027"),
    "hold_until": Placeholder("date to which the slot is kept free", "Friday 27 November 2026"),
    "breakdown": Placeholder("how the amount comes about, row by row", _ROWS),
    "booked_on": Placeholder("when the booking was made", "20 November 2026"),
    "paid": Placeholder("what was paid, when and how", "1,225.00 EUR on 20 November 2026, Visa ending 4242"),
    "paid_on": Placeholder("when the payment arrived", "Saturday 5 June 2027"),
    "paid_by": Placeholder("how it was paid", "Visa ending 4242"),
    "still_to_pay": Placeholder(
        "what is still open, with its date; empty means nothing is", "1,225.00 EUR by Wednesday 9 June 2027"
    ),
    "policy": Placeholder(
        "the cancellation policy in sums and dates",
        "You can move free of charge until 13 April 2027. If you cancel, we keep nothing until"
        " 14 December 2026, 490.00 EUR until 14 March 2027, 1,225.00 EUR until 13 May 2027, and 1,960.00 EUR"
        " after that, but never more than you have paid.",
    ),
    "refund_amount": Placeholder("what goes back after a cancellation", "735.00 EUR"),
    "kept_amount": Placeholder("what the studio keeps", "490.00 EUR"),
    "refunded_on": Placeholder("when the refund went through", "Friday 5 March 2027"),
    "refund_to": Placeholder("where it went", "Visa ending 4242"),
    "bank_by": Placeholder("when most banks show it", "Friday 19 March 2027"),
    # papers, links and staff
    "invoice_number": Placeholder("number of the document", "BELLAWEDS_2027_001"),
    "invoice_link": Placeholder("link to the document", _LINK),
    "credited_number": Placeholder("the invoice a credit note takes back", "BELLAWEDS_2026_041"),
    "action_link": Placeholder("the link this mail is about", _LINK),
    "action": Placeholder("what the link is for, after “to”", "move your booking"),
    "changed_at": Placeholder("when something changed", "Monday 1 March 2027, 14:05, Paris time"),
    "alert_title": Placeholder("what is so, for staff", "A refund needs you"),
    "alert_text": Placeholder(
        "what follows, and what to do", "The bank sent 735.00 EUR back. Please call Zoë Brûlé."
    ),
}

_LETTER: Final = "signature_name greeting_name event_word "
_EVENT: Final = (
    "booking_name what event_date event_day event_weekday event_time start_time place place_detail"
    " place_address map_link who day_phone booking_link "
)
_PAY: Final = "stage_name due_day link_until breakdown price policy hold_until time_to_go "


def _kind(required: str, optional: str = "") -> KindPlaceholders:
    needed = frozenset(["studio_name", *required.split()])
    return KindPlaceholders(required=needed, optional=frozenset((_LETTER + optional).split()) - needed)


KINDS: Final[Mapping[str, KindPlaceholders]] = {
    "pay_link": _kind("amount due_date pay_link", _EVENT + _PAY),
    "balance_due": _kind("amount due_date pay_link", _EVENT + _PAY),
    "overdue": _kind("amount due_date pay_link", _EVENT + _PAY),
    "booking_confirmed": _kind(
        "event_date", _EVENT + "amount stage_name price paid still_to_pay policy booked_on"
    ),
    "before_event": _kind("event_date event_time place", _EVENT + "light still_to_pay time_to_go"),
    "follow_up": _kind("", _EVENT),
    "payment_received": _kind(
        "amount booking_name", _EVENT + "stage_name paid_on paid_by still_to_pay price breakdown"
    ),
    "fully_paid": _kind("booking_name", _EVENT + "amount paid_on paid_by price breakdown"),
    "rescheduled": _kind("event_date event_time", _EVENT + "old_date still_to_pay price"),
    "cancelled": _kind("booking_name", _EVENT + "refund_amount kept_amount refund_to"),
    "refund_settled": _kind("amount booking_name", _EVENT + "refunded_on refund_to bank_by breakdown"),
    "invoice": _kind("invoice_number invoice_link", _EVENT + "amount still_to_pay link_until"),
    "credit_note": _kind("invoice_number invoice_link", _EVENT + "amount credited_number link_until"),
    "new_link": _kind("action_link", _EVENT + "action link_until"),
    "staff_setup": _kind("action_link", "link_until"),
    "password_reset": _kind("action_link", "link_until"),
    "password_changed": _kind("", "changed_at"),
    "studio_alert": _kind("alert_title alert_text", "booking_link"),
}


def sample_values(kind: str) -> dict[str, MailValue]:
    """Every value of a kind as in the sample story: what previews and checks render with."""
    return {name: PLACEHOLDERS[name].sample for name in KINDS[kind].allowed}
