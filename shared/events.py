"""Facts in the past tense that a service records in its unit.

The desktop drops them; the server writes what must be true at once (reminders, audit, ended links) and one
outbox row per event and handler in the same commit. An event carries ids, never names or addresses.
"""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class DomainEvent:
    """Something that has happened to one thing of one studio."""

    tenant_id: UUID
    cause_id: UUID
    """The operation, link, webhook event or job row behind it; with the name it is the event's identity."""

    @property
    def name(self) -> str:
        """The class name: the key of the server's routing table."""
        return type(self).__name__

    def payload(self) -> dict[str, Any]:
        """Every field, ids as text, ready for JSON."""
        return {key: str(value) if isinstance(value, UUID) else value for key, value in asdict(self).items()}


@dataclass(frozen=True)
class BookingEvent(DomainEvent):
    """Something that has happened to a booking."""

    booking_id: UUID


@dataclass(frozen=True)
class BookingMade(BookingEvent):
    """A booking was accepted, held or confirmed."""


@dataclass(frozen=True)
class BookingChanged(BookingEvent):
    """Place, price, zone or another field that mails show was edited."""


@dataclass(frozen=True)
class BookingConfirmed(BookingEvent):
    """What was due on booking has been paid, or nothing was."""


@dataclass(frozen=True)
class BookingMoved(BookingEvent):
    """The booking has another slot; schedule_rev has risen."""


@dataclass(frozen=True)
class BookingPostponed(BookingEvent):
    """The booking has given up its slot; reminders and due dates are paused."""


@dataclass(frozen=True)
class BookingCancelled(BookingEvent):
    """The booking is over before its time."""

    reason: str


@dataclass(frozen=True)
class BookingFullyPaid(BookingEvent):
    """The last open stage has been paid."""


@dataclass(frozen=True)
class StageEvent(BookingEvent):
    """Something that has happened to one payment stage."""

    stage_id: UUID


@dataclass(frozen=True)
class StagePaid(StageEvent):
    """A stage has been paid, by card or by hand."""


@dataclass(frozen=True)
class RefundRequested(BookingEvent):
    """Somebody wants money back."""

    request_id: UUID


@dataclass(frozen=True)
class RefundApproved(BookingEvent):
    """A request may be carried out; its refunds exist."""

    request_id: UUID


@dataclass(frozen=True)
class RefundSettled(BookingEvent):
    """A refund has reached the customer's bank, as far as the provider says."""

    refund_id: UUID
    stage_id: UUID


@dataclass(frozen=True)
class RefundFailed(BookingEvent):
    """A refund was refused or came back."""

    refund_id: UUID
    stage_id: UUID


@dataclass(frozen=True)
class DocumentIssued(BookingEvent):
    """An invoice or credit note has got its number."""

    document_id: UUID


@dataclass(frozen=True)
class ReminderRuleChanged(DomainEvent):
    """A studio's reminder rule was edited, switched or added."""

    rule_id: UUID


@dataclass(frozen=True)
class ReminderChoiceMade(BookingEvent):
    """Staff decided about one planned mail: hold, release, skip or send now."""

    rule_id: UUID
    stage_position: int
    choice: str


@dataclass(frozen=True)
class LinkAsked(BookingEvent):
    """A customer has asked for the link of a purpose by mail; the subject is what that link is about."""

    purpose: str
    subject_id: UUID
