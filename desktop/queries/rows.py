"""The frozen rows that screens show; it decides what a screen may know, and holds no Qt, no SQL and no words.

Amounts are minor units beside an ISO 4217 currency, instants are aware UTC datetimes beside the IANA zone
in which people read them, statuses and kinds are the stable codes of the shared models (their words:
desktop/presenting). What the calendar shows is in month_rows.py,
what the booking record and the refund dialog show in record_rows.py.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar
from uuid import UUID

Row = TypeVar("Row")
PAGE_ROWS: Final = 100
"""A few windows full: what a list reads at first, and the least that it reads further on."""


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """The first rows of a list, and the ids of all its rows in their order, from which it is read on.

    So a row stands once, whatever is written between two pages.
    """

    rows: tuple[Row, ...] = ()
    ids: tuple[str, ...] = ()


class RowMark(StrEnum):
    """How a row stands with the server."""

    NONE = ""
    WAITING = "waiting"
    REFUSED = "refused"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class BookingRow:
    """One line of the bookings list; also one line of "This week"."""

    booking_id: UUID
    customer_id: UUID
    customer_name: str
    package_name: str
    resource_names: tuple[str, ...]
    status: str
    starts_at_utc: datetime | None
    ends_at_utc: datetime | None
    time_zone: str
    currency: str
    total_minor: int
    paid_minor: int
    due_minor: int
    overdue: bool = False
    place: str = ""
    hold_ends_at_utc: datetime | None = None
    mark: RowMark = RowMark.NONE


@dataclass(frozen=True, slots=True)
class BookingSums:
    """The sums of one currency over the whole filter of the bookings list, cancelled bookings left out."""

    currency: str
    total_minor: int
    paid_minor: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class BookingCounts:
    """How many bookings stand behind each filter chip of the bookings list; None is not counted now."""

    upcoming: int = 0
    held: int = 0
    confirmed: int = 0
    needs_slot: int = 0
    postponed: int = 0
    completed: int = 0
    cancelled: int = 0
    waiting: int = 0
    open_payments: int | None = None


@dataclass(frozen=True, slots=True)
class TodayFigures:
    """The strip of four sums on Today, all in the studio's currency."""

    currency: str
    month: date
    received_minor: int
    received_count: int
    week_ends_on: date
    due_this_week_minor: int
    overdue_minor: int
    overdue_count: int
    deposits_held_minor: int
    last_overdue_mail_on: date | None = None
    other_currency_count: int = 0


@dataclass(frozen=True, slots=True)
class DueRow:
    """One open payment stage with the day on which it is due."""

    booking_id: UUID
    stage_id: UUID
    customer_name: str
    stage_kind: str
    due_on: date
    amount_minor: int
    currency: str
    mark: RowMark = RowMark.NONE


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold that ends soon."""

    booking_id: UUID
    customer_name: str
    starts_at_utc: datetime
    ends_at_utc: datetime
    time_zone: str
    hold_ends_at_utc: datetime
    waiting_count: int = 0


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a clash: before, what each side wrote, and whose value stands now (mine or theirs)."""

    field_name: str
    before: str
    mine: str | None
    theirs: str | None
    now: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class AttentionRow:
    """One item of Needs attention; `details` are the values its sentence needs (inbox_words.py)."""

    item_id: UUID
    kind: str
    at_utc: datetime
    time_zone: str
    user_name: str = ""
    device_name: str = ""
    booking_id: UUID | None = None
    customer_name: str = ""
    where: str = ""
    tried: str = ""
    why_not: str = ""
    now: str = ""
    details: tuple[tuple[str, str], ...] = ()
    fields: tuple[FieldChange, ...] = ()
    may_act: bool = True
    solved_at_utc: datetime | None = None
    solved_words: str = ""
    only_here: bool = False


@dataclass(frozen=True, slots=True)
class NextReminderRow:
    """One planned mail; `reason` says in words why it is held or will not go out."""

    reminder_id: UUID
    booking_id: UUID
    kind: str
    due_at_utc: datetime
    time_zone: str
    customer_name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TodayRows:
    """Everything that Today shows; `week` runs from Monday to Sunday, `due` by due date."""

    figures: TodayFigures
    week: tuple[BookingRow, ...] = ()
    due: tuple[DueRow, ...] = ()
    attention: tuple[AttentionRow, ...] = ()
    holds: tuple[HoldRow, ...] = ()
    reminders: tuple[NextReminderRow, ...] = ()
    booking_count: int = 0


class BookingOrder(StrEnum):
    """What the bookings list is sorted by."""

    MARK = "mark"
    WHEN = "when"
    CUSTOMER = "customer"
    PACKAGE = "package"
    WHO = "who"
    STATUS = "status"
    TOTAL = "total"
    PAID = "paid"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class BookingsFigures:
    """The sums of a filter of the bookings list, and the counts of all its filters."""

    sums: tuple[BookingSums, ...] = ()
    counts: BookingCounts = BookingCounts()


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One line of the invoices list; `money_state` is open, paid, part_paid, credited or "" for a draft."""

    document_id: UUID
    kind: str
    status: str
    printed_number: str | None
    customer_name: str
    total_minor: int
    currency: str
    money_state: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    booking_id: UUID | None = None
    next_number: str = ""
    mark: RowMark = RowMark.NONE


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One refund of one stage with the request it came from."""

    request_id: UUID
    booking_id: UUID
    customer_name: str
    stage_kind: str
    amount_minor: int
    currency: str
    request_status: str
    asked_at_utc: datetime
    time_zone: str
    refund_id: UUID | None = None
    refund_status: str = ""
    channel: str = "card"
    asked_by: str = ""
    reason_code: str = ""
    attention: str = ""
    may_approve: bool = False
    settled_at_utc: datetime | None = None
    mark: RowMark = RowMark.NONE
    stage_id: UUID | None = None


class CustomerOrder(StrEnum):
    """What the customers list is sorted by."""

    MARK = "mark"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    NEXT = "next"
    COUNT = "count"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of the customers list."""

    customer_id: UUID
    name: str
    email: str
    phone: str
    booking_count: int
    currency: str
    due_minor: int
    next_starts_at_utc: datetime | None = None
    time_zone: str = "UTC"
    mark: RowMark = RowMark.NONE


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One package as it is sold."""

    package_id: UUID
    name: str
    price_minor: int
    currency: str
    duration_min: int
    resource_names: tuple[str, ...] = ()
    plan_words: str = ""
    archived: bool = False
    mark: RowMark = RowMark.NONE
    deposit_percent: int = 0


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """One person, room or piece of equipment."""

    resource_id: UUID
    name: str
    kind: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """One change of the outbox in words, in sending order."""

    words: str
    about: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class StudioFacts:
    """What the frame of the window says about the studio and the person at the desk."""

    name: str
    code: str
    time_zone: str
    currency: str
    brand_color: str
    user_name: str
    user_role: str
    device_name: str = ""
