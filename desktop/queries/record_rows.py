"""The frozen rows of one booking's record page and of the refund dialog; same units and rules as rows.py."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from desktop.queries.rows import RefundRow, RowMark
from shared.models.slot import Slot


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """The customer as the record page shows them."""

    customer_id: UUID
    name: str
    email: str
    phone: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """When, where and with whom; without times the booking is postponed.

    ``wall`` is what was set by the wall clock, also of a postponed booking: what a change says it has seen.
    """

    starts_at_utc: datetime | None
    ends_at_utc: datetime | None
    time_zone: str
    studio_zone: str
    place: str
    resource_names: tuple[str, ...]
    resource_ids: tuple[UUID, ...] = ()
    clash: str = ""
    wall: Slot | None = None


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note of a booking, as it can be edited."""

    note_id: UUID
    body: str


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of what was sold."""

    line_id: UUID
    words: str
    quantity: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class StageRow:
    """One payment stage; `refunded_minor` is what has gone back, `method` how it was paid."""

    stage_id: UUID
    kind: str
    position: int
    status: str
    amount_minor: int
    rule_words: str = ""
    paid_minor: int = 0
    refunded_minor: int = 0
    refund_reserved_minor: int = 0
    paid_on: date | None = None
    due_on: date | None = None
    method: str = ""
    channel: str = "card"
    note: str = ""
    attention: str = ""
    overdue: bool = False
    mark: RowMark = RowMark.NONE


class EntryLook(StrEnum):
    """What the dot of a timeline entry says: money moved, a fact, or something still planned."""

    MONEY = "money"
    FACT = "fact"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry of the money timeline with the running sum that is still due."""

    on: date
    look: EntryLook
    words: str
    caption: str = ""
    amount_minor: int | None = None
    signed: bool = False
    still_due_minor: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One invoice, credit note or draft of a booking."""

    document_id: UUID
    kind: str
    status: str
    printed_number: str | None
    issued_on: date | None
    total_minor: int
    currency: str
    mark: RowMark = RowMark.NONE


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail sent or planned for a booking; `sent_at_utc` is None while it is planned."""

    kind: str
    due_at_utc: datetime
    time_zone: str
    reminder_id: UUID | None = None
    sent_at_utc: datetime | None = None
    outcome: str = ""
    reason: str = ""
    rule_id: UUID | None = None
    stage_position: int = 0
    held: bool = False


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line of a booking's history."""

    at_utc: datetime
    time_zone: str
    words: str


@dataclass(frozen=True, slots=True)
class CancellationOutlook:
    """What a cancellation today would keep and give back, and what changes on which day."""

    kept_minor: int
    goes_back_minor: int
    currency: str
    holds_until: date | None = None
    next_kept_minor: int | None = None


@dataclass(frozen=True, slots=True)
class BookingRecord:
    """Everything about one booking; the record page and the slim preview show the same object."""

    booking_id: UUID
    status: str
    version: int
    package_name: str
    currency: str
    total_minor: int
    paid_minor: int
    due_minor: int
    customer: CustomerFacts
    slot: SlotFacts
    lines: tuple[LineRow, ...] = ()
    stages: tuple[StageRow, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    documents: tuple[DocumentRow, ...] = ()
    mails: tuple[MailRow, ...] = ()
    history: tuple[HistoryRow, ...] = ()
    refunds: tuple[RefundRow, ...] = ()
    outlook: CancellationOutlook | None = None
    notes: str = ""
    note_rows: tuple[NoteRow, ...] = ()
    tax_words: str = ""
    hold_ends_at_utc: datetime | None = None
    saved_at_utc: datetime | None = None
    mark: RowMark = RowMark.NONE


@dataclass(frozen=True, slots=True)
class PolicyTier:
    """One column of the frozen cancellation policy; days are inclusive, None is open-ended."""

    min_days: int
    max_days: int | None
    keep_percent: int
    applies: bool = False


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What one stage would give back, and by which way."""

    stage_id: UUID
    stage_kind: str
    paid_minor: int
    refund_minor: int
    kept_minor: int
    channel: str
    way_words: str
    no_longer_asked_minor: int = 0


class ConsequenceKind(StrEnum):
    """What else a cancellation touches."""

    DOCUMENT = "document"
    MAIL = "mail"
    CALENDAR = "calendar"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that follows from a cancellation, in words."""

    kind: ConsequenceKind
    words: str


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """Every number of the refund dialog, computed before any click."""

    booking_id: UUID
    customer_name: str
    package_name: str
    event_on: date
    days_before: int
    currency: str
    frozen_on: date
    tiers: tuple[PolicyTier, ...]
    paid_minor: int
    kept_percent: int
    kept_percent_of_minor: int
    kept_by_percent_minor: int
    kept_fee_minor: int
    refund_minor: int
    lines: tuple[RefundLine, ...]
    holds_until: date | None = None
    next_kept_minor: int | None = None
    consequences: tuple[Consequence, ...] = ()
    own_limit_minor: int | None = None
    approver_words: str = ""
    second_person: bool = False
    preview_hash: str = ""
    seen: Slot | None = None
