"""The studio's tables, one set for SQLite and Postgres, and how the models lie on them.

Constraints other than the key stand in the server's migrations: a page of changes may pass through transient
duplicates on a device.
"""

from shared.tables.bookings import (
    availability_block,
    booking,
    booking_line,
    booking_resource,
    note,
)
from shared.tables.documents import document, document_draft, document_line
from shared.tables.inbox import sync_issue
from shared.tables.mails import reminder_choice, reminder_log, reminder_rule
from shared.tables.mapping import map_models
from shared.tables.money import (
    ledger,
    manual_payment,
    payment_stage,
    refund,
    refund_request,
    refund_request_line,
)
from shared.tables.studios import customer, member, package, resource, studio
from shared.tables.tenant_table import metadata

SYNCED_TABLES = (
    studio,
    member,
    resource,
    package,
    customer,
    booking,
    booking_line,
    booking_resource,
    availability_block,
    note,
    payment_stage,
    manual_payment,
    refund_request,
    refund_request_line,
    refund,
    ledger,
    document_draft,
    document,
    document_line,
    reminder_rule,
    reminder_choice,
    reminder_log,
    sync_issue,
)
"""Every table that devices hold too, parents before children; its name is the entity on the wire."""

__all__ = [
    "SYNCED_TABLES",
    "availability_block",
    "booking",
    "booking_line",
    "booking_resource",
    "customer",
    "document",
    "document_draft",
    "document_line",
    "ledger",
    "manual_payment",
    "map_models",
    "member",
    "metadata",
    "note",
    "package",
    "payment_stage",
    "refund",
    "refund_request",
    "refund_request_line",
    "reminder_choice",
    "reminder_log",
    "reminder_rule",
    "resource",
    "studio",
    "sync_issue",
]
