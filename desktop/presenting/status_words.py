"""The words for statuses and kinds; an unknown code is shown as itself, never as something it is not."""

from collections.abc import Mapping
from typing import Final

BOOKING_STATUS: Final[Mapping[str, str]] = {
    "held": "Held",
    "confirmed": "Confirmed",
    "needs_slot": "Needs slot",
    "postponed": "Postponed",
    "completed": "Completed",
    "cancelled": "Cancelled",
}
STAGE_KIND: Final[Mapping[str, str]] = {
    "full": "Full payment",
    "deposit": "Deposit",
    "middle": "Second part",
    "remainder": "Remainder",
    "surplus": "Surplus",
}
STAGE_STATUS: Final[Mapping[str, str]] = {
    "planned": "Open",
    "open": "Pay page opened",
    "processing": "Card is being checked",
    "action_needed": "Waits for the customer's bank",
    "paid": "Paid",
    "partially_refunded": "Partly refunded",
    "refunded": "Refunded",
    "canceled": "No longer asked",
    "superseded": "Replaced",
}
REFUND_REQUEST_STATUS: Final[Mapping[str, str]] = {
    "requested": "Asked for",
    "approved": "Approved",
    "declined": "Declined",
    "withdrawn": "Withdrawn",
    "settled": "Refunded",
    "needs_person": "Needs a person",
    "closed": "Closed",
}
REFUND_STATUS: Final[Mapping[str, str]] = {
    "approved": "Approved",
    "submitting": "Being sent",
    "submitted": "On its way",
    "unknown": "Being checked",
    "succeeded": "Refunded",
    "failed": "Failed",
    "rejected": "Rejected",
    "canceled": "Stopped",
    "withdrawn": "Withdrawn",
}
DOCUMENT_KIND: Final[Mapping[str, str]] = {
    "invoice": "Invoice",
    "advance": "Advance invoice",
    "final": "Final invoice",
    "credit": "Credit note",
}
DOCUMENT_STATUS: Final[Mapping[str, str]] = {
    "draft": "Draft",
    "number_follows": "Number follows",
    "issued": "Issued",
}
DOCUMENT_MONEY: Final[Mapping[str, str]] = {
    "open": "Open",
    "part_paid": "Part paid",
    "paid": "Paid",
    "overpaid": "Overpaid",
    "partly_credited": "Partly credited",
    "credited": "Credited",
    "refunded": "Refunded",
}
PAYMENT_METHOD: Final[Mapping[str, str]] = {
    "card": "Card",
    "cash": "Cash",
    "bank": "Bank transfer",
    "cheque": "Cheque",
    "other": "Other",
}
REFUND_REASON: Final[Mapping[str, str]] = {
    "customer_cancelled": "Customer cancelled",
    "studio_cancelled": "Studio cancelled",
    "duplicate": "Paid twice",
    "goodwill": "Goodwill",
    "correction": "Correction",
    "paid_after_cancel": "Paid after the cancellation",
    "surplus": "Surplus",
}
MAIL_KIND: Final[Mapping[str, str]] = {
    "before_event": "Before the event",
    "balance_due": "Balance due",
    "overdue": "Overdue",
    "follow_up": "Follow-up",
    "booking_confirmed": "Booking confirmed",
    "rescheduled": "New time",
    "cancelled": "Booking cancelled",
    "pay_link": "Pay link",
    "payment_received": "Payment received",
    "fully_paid": "Fully paid",
    "refund_settled": "Money is back",
    "invoice": "Invoice",
    "credit_note": "Credit note",
    "new_link": "New link",
}
ROW_MARK: Final[Mapping[str, str]] = {
    "": "",
    "waiting": "Waiting: saved here, not yet sent",
    "refused": "Refused: the server said no; it is listed in Needs attention",
    "merged": "Merged: two people changed it; both are kept",
}
ROLE: Final[Mapping[str, str]] = {"owner": "Owner", "manager": "Manager", "staff": "Staff"}
LANGUAGE: Final[Mapping[str, str]] = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
}


def say(words: Mapping[str, str], code: str) -> str:
    """The word for a code; an unknown code in plain letters ("needs_review" becomes "Needs review")."""
    return words.get(code) or code.replace("_", " ").capitalize()
