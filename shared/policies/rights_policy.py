"""Decides which role may do what: one table, asked by the desktop to offer and by the server to allow.

Source: access, "Roles and rights". Sums above a limit are refund_allocation.py's to decide.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from shared.errors import NeedsRight
from shared.models.act import Role


class Right(StrEnum):
    """One thing that a role may do or not."""

    USE_CALENDAR = "use_calendar"
    EDIT_CUSTOMERS = "edit_customers"
    EDIT_BOOKINGS = "edit_bookings"
    WRITE_NOTES = "write_notes"
    CHOOSE_REMINDERS = "choose_reminders"
    RECORD_PAYMENT = "record_payment"
    ISSUE_INVOICE = "issue_invoice"
    REQUEST_REFUND = "request_refund"
    APPROVE_REFUND = "approve_refund"
    VOID_PAYMENT = "void_payment"
    ISSUE_CREDIT_NOTE = "issue_credit_note"
    CLOSE_REFUND = "close_refund"
    IMPORT = "import"
    EDIT_PRICES = "edit_prices"
    EDIT_CANCELLATION_POLICY = "edit_cancellation_policy"
    EDIT_REMINDER_RULES = "edit_reminder_rules"
    EDIT_TEMPLATES = "edit_templates"
    SEE_REPORTS = "see_reports"
    SEE_AUDIT_LOG = "see_audit_log"
    CHECK_SERIES = "check_series"
    EDIT_STUDIO = "edit_studio"
    EDIT_NUMBERING = "edit_numbering"
    CONNECT_STRIPE = "connect_stripe"
    EDIT_MAIL_TRANSPORT = "edit_mail_transport"
    MANAGE_STAFF = "manage_staff"
    MANAGE_DEVICES = "manage_devices"
    EXPORT_ALL = "export_all"
    ERASE_CUSTOMER = "erase_customer"


_EVERYONE: Final = frozenset(Role)
_MANAGERS: Final = frozenset({Role.MANAGER, Role.OWNER})
_OWNERS: Final = frozenset({Role.OWNER})

RIGHTS: Final[Mapping[Right, frozenset[Role]]] = {
    Right.USE_CALENDAR: _EVERYONE,
    Right.EDIT_CUSTOMERS: _EVERYONE,
    Right.EDIT_BOOKINGS: _EVERYONE,
    Right.WRITE_NOTES: _EVERYONE,
    Right.CHOOSE_REMINDERS: _EVERYONE,
    Right.RECORD_PAYMENT: _EVERYONE,
    Right.ISSUE_INVOICE: _EVERYONE,
    Right.REQUEST_REFUND: _EVERYONE,
    Right.APPROVE_REFUND: _EVERYONE,  # within the limit
    Right.VOID_PAYMENT: _MANAGERS,
    Right.ISSUE_CREDIT_NOTE: _MANAGERS,
    Right.CLOSE_REFUND: _MANAGERS,
    Right.IMPORT: _MANAGERS,
    Right.EDIT_PRICES: _MANAGERS,
    Right.EDIT_CANCELLATION_POLICY: _MANAGERS,
    Right.EDIT_REMINDER_RULES: _MANAGERS,
    Right.EDIT_TEMPLATES: _MANAGERS,
    Right.SEE_REPORTS: _MANAGERS,
    Right.SEE_AUDIT_LOG: _MANAGERS,
    Right.CHECK_SERIES: _MANAGERS,
    Right.EDIT_STUDIO: _OWNERS,
    Right.EDIT_NUMBERING: _OWNERS,
    Right.CONNECT_STRIPE: _OWNERS,
    Right.EDIT_MAIL_TRANSPORT: _OWNERS,
    Right.MANAGE_STAFF: _OWNERS,
    Right.MANAGE_DEVICES: _OWNERS,
    Right.EXPORT_ALL: _OWNERS,
    Right.ERASE_CUSTOMER: _OWNERS,
}


def has_right(role: Role | None, right: Right) -> bool:
    """Whether this role may do it; someone without a role may nothing."""
    return role is not None and role in RIGHTS[right]


def check_right(role: Role | None, right: Right) -> None:
    """Raise NeedsRight unless this role may do it."""
    if not has_right(role, right):
        raise NeedsRight(right=right.value)
