"""The money timeline of one booking: facts, movements and what is still to come, with the running sum due."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from desktop.presenting.money_text import amount
from desktop.presenting.status_words import PAYMENT_METHOD, STAGE_KIND, say
from desktop.queries.record_rows import EntryLook, TimelineEntry
from shared.clock import local_date
from shared.models.payment import LedgerEntry, ManualPayment, PaymentStage
from shared.models.states import BookingStatus, LedgerKind, StageKind

_LOWERS_DUE: Final = frozenset({LedgerKind.CHARGE, LedgerKind.MANUAL, LedgerKind.MANUAL_VOID})


def money_timeline(
    booking: Any,  # noqa: ANN401 - the mapped booking
    stages: Sequence[PaymentStage],
    ledger: Sequence[LedgerEntry],
    *,
    manual: Mapping[str, ManualPayment],
    names: Mapping[UUID, str],
) -> tuple[TimelineEntry, ...]:
    """``stages`` are those that stand, ``ledger`` is in order of time, ``manual`` by the ledger's ``ref``."""
    by_id = {stage.id: stage for stage in stages}
    due = booking.price_minor
    booked = f"{len(stages)} stage{'' if len(stages) == 1 else 's'}, policy frozen"
    made_at = booking.created_at or (ledger[0].at if ledger else booking.starts_at)
    entries = [
        TimelineEntry(
            local_date(made_at, booking.zone),
            EntryLook.FACT,
            f"Booked for {amount(booking.price_minor, booking.currency)}",
            booked,
            still_due_minor=due,
        )
    ]
    cancelled_at: datetime | None = booking.cancelled_at
    for entry in ledger:
        if cancelled_at is not None and entry.at > cancelled_at:
            due = 0
            entries.append(_cancelled(booking, cancelled_at))
            cancelled_at = None
        stage = by_id.get(entry.stage_id)
        if entry.kind in _LOWERS_DUE and (stage is None or stage.kind is not StageKind.SURPLUS):
            due = max(due - entry.amount_minor, 0)
        words, caption = _movement_words(entry, stage, manual.get(entry.ref), names)
        entries.append(
            TimelineEntry(
                local_date(entry.at, booking.zone),
                EntryLook.MONEY,
                words,
                caption,
                entry.amount_minor,
                still_due_minor=due,
            )
        )
    if cancelled_at is not None:
        entries.append(_cancelled(booking, cancelled_at))
    return (*entries, *_planned(booking, stages))


def _cancelled(booking: Any, at: datetime) -> TimelineEntry:  # noqa: ANN401 - the mapped booking
    return TimelineEntry(
        local_date(at, booking.zone),
        EntryLook.FACT,
        "Cancelled",
        "Nothing more is asked for",
        still_due_minor=0,
    )


def _movement_words(
    entry: LedgerEntry, stage: PaymentStage | None, payment: ManualPayment | None, names: Mapping[UUID, str]
) -> tuple[str, str]:
    kind = say(STAGE_KIND, stage.kind.value) if stage is not None else "Payment"
    match entry.kind:
        case LedgerKind.CHARGE:
            return f"{kind} by card", f"{entry.words or 'Card'}, through Stripe"
        case LedgerKind.MANUAL:
            method = say(PAYMENT_METHOD, payment.method.value).lower() if payment is not None else "hand"
            by = names.get(payment.recorded_by, "") if payment is not None else ""
            return f"{kind} by {method}", f"entered by {by}" if by else ""
        case LedgerKind.MANUAL_VOID:
            reason = payment.void_reason if payment is not None else None
            return f"{kind} taken back", reason or ""
        case LedgerKind.REFUND:
            return f"Refund of {kind.lower()}", entry.words
        case LedgerKind.REFUND_FAILED:
            return f"Refund of {kind.lower()} came back", entry.words
        case LedgerKind.DISPUTE:
            return f"{kind} disputed", entry.words


def _planned(booking: Any, stages: Sequence[PaymentStage]) -> list[TimelineEntry]:  # noqa: ANN401 - the mapped booking
    if booking.status in (BookingStatus.CANCELLED, BookingStatus.POSTPONED):
        return []
    coming = sorted((stage for stage in stages if stage.is_payable), key=lambda stage: stage.due_local_date)
    due = sum(stage.amount_minor for stage in coming)
    entries = []
    for stage in coming:
        due -= stage.amount_minor
        words = f"{say(STAGE_KIND, stage.kind.value)} due"
        entries.append(
            TimelineEntry(
                stage.due_local_date, EntryLook.PLANNED, words, "", stage.amount_minor, still_due_minor=due
            )
        )
    return entries
