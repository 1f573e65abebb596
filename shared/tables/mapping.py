"""How the models lie on the tables: imperatively, so that a model knows no SQL."""

from functools import lru_cache

from sqlalchemy.orm import registry

from shared.models.booking import AvailabilityBlock, Booking, BookingLine, BookingResource, Note
from shared.models.document import Document, DocumentDraft, DocumentLine
from shared.models.inbox import SyncIssue
from shared.models.mail import ReminderChoice, ReminderLog, ReminderRule
from shared.models.payment import LedgerEntry, ManualPayment, PaymentStage
from shared.models.refund import Refund, RefundRequest, RefundRequestLine
from shared.models.studio import Customer, Member, Package, Resource, Studio
from shared.tables import bookings, documents, inbox, mails, money, studios
from shared.tables.tenant_table import metadata

_MAPPED = (
    (Studio, studios.studio),
    (Member, studios.member),
    (Resource, studios.resource),
    (Package, studios.package),
    (Customer, studios.customer),
    (Booking, bookings.booking),
    (BookingLine, bookings.booking_line),
    (BookingResource, bookings.booking_resource),
    (AvailabilityBlock, bookings.availability_block),
    (Note, bookings.note),
    (PaymentStage, money.payment_stage),
    (ManualPayment, money.manual_payment),
    (RefundRequest, money.refund_request),
    (RefundRequestLine, money.refund_request_line),
    (Refund, money.refund),
    (LedgerEntry, money.ledger),
    (DocumentDraft, documents.document_draft),
    (Document, documents.document),
    (DocumentLine, documents.document_line),
    (ReminderRule, mails.reminder_rule),
    (ReminderChoice, mails.reminder_choice),
    (ReminderLog, mails.reminder_log),
    (SyncIssue, inbox.sync_issue),
)


@lru_cache(maxsize=1)
def map_models() -> registry:
    """Lay every model on its table; each program's bootstrap calls this once, a repetition does nothing."""
    mapper_registry = registry(metadata=metadata)
    for model, table in _MAPPED:
        mapper_registry.map_imperatively(model, table)
    return mapper_registry
