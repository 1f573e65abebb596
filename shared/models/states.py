"""The states and kinds of everything a studio keeps, with the legal transitions between them.

A transition that is not listed does not exist: models ask :func:`check_step` before they change.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

_State = TypeVar("_State", bound=StrEnum)


class BookingStatus(StrEnum):
    """Where a booking stands (product words)."""

    HELD = "held"
    CONFIRMED = "confirmed"
    NEEDS_SLOT = "needs_slot"
    POSTPONED = "postponed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class CancelReason(StrEnum):
    """Why a booking was cancelled."""

    CUSTOMER = "customer_cancelled"
    STUDIO = "studio_cancelled"
    HOLD_LAPSED = "hold_lapsed"


class ResourceKind(StrEnum):
    """What can be booked once at a time."""

    PERSON = "person"
    ROOM = "room"
    EQUIPMENT = "equipment"


class StageKind(StrEnum):
    """Which part of the price a payment stage is."""

    FULL = "full"
    DEPOSIT = "deposit"
    MIDDLE = "middle"
    REMAINDER = "remainder"
    SURPLUS = "surplus"


class StageStatus(StrEnum):
    """Where a payment stage stands."""

    PLANNED = "planned"
    OPEN = "open"
    PROCESSING = "processing"
    ACTION_NEEDED = "action_needed"
    PAID = "paid"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    CANCELED = "canceled"
    SUPERSEDED = "superseded"


class DueRuleKind(StrEnum):
    """When a stage is due."""

    ON_BOOKING = "on_booking"
    FIXED_DATE = "fixed_date"
    DAYS_BEFORE_EVENT = "days_before_event"


class Channel(StrEnum):
    """How money came and goes back."""

    CARD = "card"
    MANUAL = "manual"


class ManualMethod(StrEnum):
    """How a payment at the desk was made."""

    CASH = "cash"
    BANK = "bank"
    CHEQUE = "cheque"
    OTHER = "other"


class ReasonCode(StrEnum):
    """Why money goes back; the last two are the system's own."""

    CUSTOMER_CANCELLED = "customer_cancelled"
    STUDIO_CANCELLED = "studio_cancelled"
    DUPLICATE = "duplicate"
    GOODWILL = "goodwill"
    CORRECTION = "correction"
    PAID_AFTER_CANCEL = "paid_after_cancel"
    SURPLUS = "surplus"


class RequestStatus(StrEnum):
    """Where a refund request stands. ``settled`` and ``needs_person`` follow from its refunds."""

    REQUESTED = "requested"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    NEEDS_PERSON = "needs_person"
    CLOSED = "closed"


class RefundStatus(StrEnum):
    """Where one refund stands."""

    APPROVED = "approved"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELED = "canceled"
    WITHDRAWN = "withdrawn"


class LedgerKind(StrEnum):
    """What moved money."""

    CHARGE = "charge"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    MANUAL = "manual"
    MANUAL_VOID = "manual_void"


class DocumentKind(StrEnum):
    """What kind of paper."""

    INVOICE = "invoice"
    ADVANCE = "advance"
    FINAL = "final"
    CREDIT = "credit"


class Series(StrEnum):
    """Which register numbers come from."""

    INVOICE = "invoice"
    CREDIT = "credit"


class ReminderKind(StrEnum):
    """What a planned mail is about."""

    BEFORE_EVENT = "before_event"
    BALANCE_DUE = "balance_due"
    OVERDUE = "overdue"
    FOLLOW_UP = "follow_up"


class ReminderChoiceKind(StrEnum):
    """What staff decided about one planned mail."""

    HOLD = "hold"
    RELEASE = "release"
    SKIP = "skip"
    SEND_NOW = "send_now"


class Numbering(StrEnum):
    """How a desktop gets document numbers."""

    LEASED = "leased"
    ONLINE_ONLY = "online_only"


ACTIVE_BOOKING: Final = frozenset(
    {BookingStatus.HELD, BookingStatus.CONFIRMED, BookingStatus.NEEDS_SLOT, BookingStatus.POSTPONED}
)
BLOCKING_BOOKING: Final = frozenset({BookingStatus.HELD, BookingStatus.CONFIRMED})
"""A booking in one of these keeps others out of its slot."""

PAYABLE_STAGE: Final = frozenset(
    {StageStatus.PLANNED, StageStatus.OPEN, StageStatus.PROCESSING, StageStatus.ACTION_NEEDED}
)
PAID_STAGE: Final = frozenset({StageStatus.PAID, StageStatus.PARTIALLY_REFUNDED, StageStatus.REFUNDED})

RESERVING_REFUND: Final = frozenset(
    {
        RefundStatus.APPROVED,
        RefundStatus.SUBMITTING,
        RefundStatus.SUBMITTED,
        RefundStatus.UNKNOWN,
        RefundStatus.SUCCEEDED,
    }
)
OPEN_REQUEST: Final = frozenset({RequestStatus.REQUESTED, RequestStatus.APPROVED, RequestStatus.NEEDS_PERSON})

BOOKING_STEPS: Final[Mapping[BookingStatus, frozenset[BookingStatus]]] = {
    BookingStatus.HELD: frozenset(
        {BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.POSTPONED, BookingStatus.NEEDS_SLOT}
    ),
    BookingStatus.CONFIRMED: frozenset(
        {BookingStatus.COMPLETED, BookingStatus.CANCELLED, BookingStatus.POSTPONED, BookingStatus.NEEDS_SLOT}
    ),
    BookingStatus.NEEDS_SLOT: frozenset(
        {BookingStatus.HELD, BookingStatus.CONFIRMED, BookingStatus.CANCELLED, BookingStatus.POSTPONED}
    ),
    BookingStatus.POSTPONED: frozenset(
        {BookingStatus.HELD, BookingStatus.CONFIRMED, BookingStatus.CANCELLED}
    ),
    BookingStatus.COMPLETED: frozenset(),
    BookingStatus.CANCELLED: frozenset(),
}

STAGE_STEPS: Final[Mapping[StageStatus, frozenset[StageStatus]]] = {
    StageStatus.PLANNED: frozenset(
        {StageStatus.OPEN, StageStatus.PAID, StageStatus.CANCELED, StageStatus.SUPERSEDED}
    ),
    StageStatus.OPEN: frozenset(
        {
            StageStatus.PROCESSING,
            StageStatus.ACTION_NEEDED,
            StageStatus.PAID,
            StageStatus.CANCELED,
            StageStatus.SUPERSEDED,
        }
    ),
    StageStatus.PROCESSING: frozenset({StageStatus.OPEN, StageStatus.ACTION_NEEDED, StageStatus.PAID}),
    StageStatus.ACTION_NEEDED: frozenset(
        {
            StageStatus.OPEN,
            StageStatus.PROCESSING,
            StageStatus.PAID,
            StageStatus.CANCELED,
            StageStatus.SUPERSEDED,
        }
    ),
    StageStatus.PAID: frozenset({StageStatus.PARTIALLY_REFUNDED, StageStatus.REFUNDED, StageStatus.PLANNED}),
    StageStatus.PARTIALLY_REFUNDED: frozenset({StageStatus.PAID, StageStatus.REFUNDED}),
    StageStatus.REFUNDED: frozenset({StageStatus.PAID, StageStatus.PARTIALLY_REFUNDED}),
    # a card that was being charged while the stage was taken back: the money came, so it is paid
    StageStatus.CANCELED: frozenset({StageStatus.PAID}),
    StageStatus.SUPERSEDED: frozenset({StageStatus.PAID}),
}

REQUEST_STEPS: Final[Mapping[RequestStatus, frozenset[RequestStatus]]] = {
    RequestStatus.REQUESTED: frozenset(
        {RequestStatus.APPROVED, RequestStatus.DECLINED, RequestStatus.WITHDRAWN}
    ),
    RequestStatus.APPROVED: frozenset(
        {RequestStatus.SETTLED, RequestStatus.NEEDS_PERSON, RequestStatus.WITHDRAWN}
    ),
    RequestStatus.SETTLED: frozenset({RequestStatus.NEEDS_PERSON}),
    RequestStatus.NEEDS_PERSON: frozenset(
        {RequestStatus.APPROVED, RequestStatus.SETTLED, RequestStatus.CLOSED}
    ),
    RequestStatus.DECLINED: frozenset(),
    RequestStatus.WITHDRAWN: frozenset(),
    RequestStatus.CLOSED: frozenset(),
}

REFUND_STEPS: Final[Mapping[RefundStatus, frozenset[RefundStatus]]] = {
    RefundStatus.APPROVED: frozenset(
        {RefundStatus.SUBMITTING, RefundStatus.SUCCEEDED, RefundStatus.WITHDRAWN}
    ),
    RefundStatus.SUBMITTING: frozenset(
        {
            RefundStatus.SUBMITTED,
            RefundStatus.SUCCEEDED,
            RefundStatus.APPROVED,
            RefundStatus.UNKNOWN,
            RefundStatus.REJECTED,
            RefundStatus.FAILED,
        }
    ),
    RefundStatus.UNKNOWN: frozenset(
        {
            RefundStatus.SUBMITTING,
            RefundStatus.SUBMITTED,
            RefundStatus.SUCCEEDED,
            RefundStatus.APPROVED,
            RefundStatus.FAILED,
        }
    ),
    RefundStatus.SUBMITTED: frozenset({RefundStatus.SUCCEEDED, RefundStatus.FAILED, RefundStatus.CANCELED}),
    RefundStatus.SUCCEEDED: frozenset({RefundStatus.FAILED}),
    RefundStatus.FAILED: frozenset(),
    RefundStatus.REJECTED: frozenset(),
    RefundStatus.CANCELED: frozenset(),
    RefundStatus.WITHDRAWN: frozenset(),
}


def check_step(steps: Mapping[_State, frozenset[_State]], present: _State, wanted: _State) -> None:
    """Assert that the table lists this transition; asking for another one is a bug of ours."""
    assert wanted in steps[present], f"no step from {present} to {wanted}"
