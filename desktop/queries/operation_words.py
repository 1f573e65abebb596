"""What a change says about itself while it waits to be sent, or after the server said no."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, Final

from desktop.presenting.dates import day_words, weekday
from desktop.presenting.money_text import amount, money
from desktop.presenting.status_words import PAYMENT_METHOD, say

Args = Mapping[str, Any]

FIELD_WORDS: Final[Mapping[str, str]] = {
    "email": "mail",
    "postal_city": "town",
    "no_follow_up": "follow-up mails",
    "price_minor": "price",
    "duration_minutes": "length",
    "deposit_percent": "deposit",
    "hold_days": "days a hold lasts",
    "brand_color": "brand colour",
    "is_on": "switched on",
    "offset_days": "days",
    "local_time": "time",
}


def field_words(name: str) -> str:
    """A field as people call it: "phone"."""
    return FIELD_WORDS.get(name) or name.replace("_", " ")


def operation_words(name: str, args: Args) -> str:
    """One change in a line: "Moved to Sat 22 May 11:00–17:00"; an unknown one in plain letters."""
    said = _SAID.get(name)
    if said is None:
        return name.replace(".", " ").replace("_", " ").capitalize()
    return said(args)


def slot_words(slot: Args) -> str:
    """A slot by the wall clock: "Sat 22 May 11:00–17:00"."""
    start_day = date.fromisoformat(slot["start_date"])
    end_day = date.fromisoformat(slot["end_date"])
    start, end = time.fromisoformat(slot["start_time"]), time.fromisoformat(slot["end_time"])
    words = f"{day_words(start_day)} {start:%H:%M}\N{EN DASH}{end:%H:%M}"
    return words if end_day == start_day else f"{words} ({weekday(end_day)})"


def asked_minor(args: Args) -> int:
    """The sum of a refund request."""
    return sum(int(line["amount_minor"]) for line in args.get("lines", ()))


def _patched(what: str) -> Callable[[Args], str]:
    def said(args: Args) -> str:
        fields = ", ".join(field_words(name) for name in args.get("patch", {}))
        return f"{what} changed: {fields}" if fields else f"{what} changed"

    return said


def _named(words: str) -> Callable[[Args], str]:
    return lambda args: f"{words} {args.get('name', '')}".rstrip()


def _plain(words: str) -> Callable[[Args], str]:
    return lambda _: words


def _paid(args: Args) -> str:
    method = say(PAYMENT_METHOD, str(args["method"]))
    words = method if method.startswith("Bank") else f"{method} payment"
    return f"{words} {money(args['amount_minor'], args['currency'])}"


def _closed(args: Args) -> str:
    return f"Time closed, {slot_words(args['slot'])}"


def _cancelled(args: Args) -> str:
    return "Cancelled, with a refund" if args.get("refund") else "Cancelled"


def _paid_back(args: Args) -> str:
    on = date.fromisoformat(args["on"])
    return f"Paid back, {say(PAYMENT_METHOD, str(args['method'])).lower()}, {day_words(on)}"


_SAID: Final[Mapping[str, Callable[[Args], str]]] = {
    "customer.create": _named("New customer"),
    "customer.edit": _patched("Customer"),
    "customer.delete": _plain("Customer deleted"),
    "customer.restore": _plain("Customer restored"),
    "package.create": _named("New package"),
    "package.edit": _patched("Package"),
    "package.archive": _plain("Package no longer offered"),
    "resource.create": _named("New resource"),
    "resource.edit": _patched("Resource"),
    "resource.archive": _plain("Resource no longer offered"),
    "block.create": _closed,
    "block.delete": _plain("Time opened again"),
    "booking.create": lambda args: f"New booking, {slot_words(args['slot'])}",
    "booking.edit": _patched("Booking"),
    "booking.move": lambda args: f"Moved to {slot_words(args['slot'])}",
    "booking.postpone": _plain("Postponed"),
    "booking.cancel": _cancelled,
    "note.add": _plain("Note added"),
    "note.edit": _plain("Note changed"),
    "payment.record_manual": _paid,
    "payment.void_manual": _plain("Payment taken back"),
    "refund.request": lambda args: f"Refund of {amount(asked_minor(args), args['currency'])}",
    "refund.approve": _plain("Refund approved"),
    "refund.decline": _plain("Refund declined"),
    "refund.withdraw": _plain("Refund withdrawn"),
    "refund.try_again": _plain("Refund tried again"),
    "refund.close": _plain("Refund closed"),
    "refund.mark_paid_back": _paid_back,
    "invoice.issue": _plain("Invoice issued"),
    "credit.issue": _plain("Credit note issued"),
    "reminder_rule.edit": _patched("Reminder rule"),
    "reminder.hold": _plain("Mail held back"),
    "reminder.release": _plain("Mail goes out again"),
    "reminder.skip": _plain("Mail left out"),
    "reminder.send_now": _plain("Mail sent now"),
    "settings.edit": _patched("Settings"),
    "issue.resolve": _plain("Item of Needs attention solved"),
    "audit.note": _plain("Entry in the log"),
}
