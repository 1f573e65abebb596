"""What happened to one booking, newest first, read from its own rows."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from desktop.presenting.money_text import amount
from desktop.presenting.status_words import PAYMENT_METHOD, say
from desktop.queries.people import actor_name
from desktop.queries.record_rows import HistoryRow
from shared.models.act import ActorKind
from shared.models.booking import Booking
from shared.models.refund import RefundRequest
from shared.models.states import BookingStatus, LedgerKind, RequestStatus
from shared.unit_of_work import UnitOfWork

Event = tuple[datetime, str]


def booking_history(
    unit: UnitOfWork, booking: Booking, *, names: Mapping[UUID, str]
) -> tuple[HistoryRow, ...]:
    """Facts with their moment and who did it."""
    events = [
        *_of_booking(booking, names),
        *_of_money(unit, booking, names),
        *_of_refunds(unit, booking, names),
        *_of_documents(unit, booking, names),
    ]
    ordered = sorted(events, key=lambda event: event[0])
    return tuple(HistoryRow(at, booking.zone, words) for at, words in reversed(ordered))


def _of_booking(booking: Booking, names: Mapping[UUID, str]) -> list[Event]:
    events = []
    if booking.created_at is not None:
        events.append((booking.created_at, f"{actor_name(names, booking.created_by)} made the booking"))
    changed = booking.updated_at if booking.updated_at != booking.created_at else None
    if booking.cancelled_at is not None:
        by = actor_name(names, booking.updated_by, ActorKind.CUSTOMER)
        lapsed = booking.cancel_reason is not None and booking.cancel_reason.value == "hold_lapsed"
        words = "The hold lapsed" if lapsed else f"{by} cancelled the booking"
        events.append((booking.cancelled_at, words))
    elif changed is not None:
        events.append((changed, _change_words(booking, names)))
    return events


def _change_words(booking: Booking, names: Mapping[UUID, str]) -> str:
    """What the newest change was, where nobody of the studio made it."""
    by = actor_name(names, booking.updated_by)
    if booking.updated_by in names:
        return f"{by} changed the booking"
    if booking.schedule_rev > 1:
        return "The booking got a new date"
    if booking.status is BookingStatus.CONFIRMED:
        return "The booking was confirmed"
    return f"{by} changed the booking"


def _of_money(unit: UnitOfWork, booking: Booking, names: Mapping[UUID, str]) -> list[Event]:
    events = [
        (entry.at, f"The customer paid {amount(entry.amount_minor, entry.currency)} by card")
        for entry in unit.ledger.of_booking(booking.tenant_id, booking.id)
        if entry.kind is LedgerKind.CHARGE
    ]
    for stage in unit.stages.of_booking(booking.tenant_id, booking.id):
        for payment in unit.manual_payments.of_stage(booking.tenant_id, stage.id):
            by, sums = actor_name(names, payment.recorded_by), amount(payment.amount_minor, payment.currency)
            method = say(PAYMENT_METHOD, payment.method.value).lower()
            if payment.created_at is not None:
                events.append((payment.created_at, f"{by} recorded {sums} by {method}"))
            if payment.voided_at is not None:
                events.append((payment.voided_at, f"{by} took {sums} by {method} back"))
    return events


def _of_refunds(unit: UnitOfWork, booking: Booking, names: Mapping[UUID, str]) -> list[Event]:
    events = []
    for request in unit.refund_requests.of_booking(booking.tenant_id, booking.id):
        lines = unit.refund_request_lines.of_request(booking.tenant_id, request.id)
        sums = amount(sum(line.amount_minor for line in lines), request.currency)
        by = actor_name(names, request.asked_by, request.asked_by_kind)
        events.append((request.asked_at, f"{by} asked for a refund of {sums}"))
        if request.approved_at is not None and not _approved_itself(request):
            events.append((request.approved_at, f"{actor_name(names, request.approved_by)} approved {sums}"))
        if request.status is RequestStatus.DECLINED and request.updated_at is not None:
            events.append((request.updated_at, f"{actor_name(names, request.updated_by)} declined {sums}"))
    for refund in unit.refunds.of_booking(booking.tenant_id, booking.id):
        if refund.settled_at is not None:
            sums = amount(refund.amount_minor, refund.currency)
            events.append((refund.settled_at, f"{sums} went back to the customer"))
    return events


def _approved_itself(request: RefundRequest) -> bool:
    return request.approved_at == request.asked_at


def _of_documents(unit: UnitOfWork, booking: Booking, names: Mapping[UUID, str]) -> list[Event]:
    return [
        (row.issued_at, f"{actor_name(names, row.issued_by)} issued {row.printed_number}")
        for row in unit.documents.of_booking(booking.tenant_id, booking.id)
    ]
