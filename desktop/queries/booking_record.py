"""Everything about one booking as its record page shows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from desktop.presenting.dates import day_month
from desktop.queries.booking_history import booking_history
from desktop.queries.marks import marks_of, marks_of_bookings
from desktop.queries.money_timeline import money_timeline
from desktop.queries.people import member_names
from desktop.queries.record_rows import (
    BookingRecord,
    CancellationOutlook,
    CustomerFacts,
    DocumentRow,
    LineRow,
    MailRow,
    NoteRow,
    SlotFacts,
    StageRow,
)
from desktop.queries.refunds import refunds_of_booking
from desktop.queries.reminders import planned_mails
from desktop.queries.rows import RowMark
from desktop.queries.slots import clash_words
from shared.clock import local_date
from shared.ids import TenantId
from shared.models.act import Act, Actor, ActorKind
from shared.models.booking import Booking
from shared.models.payment import PaymentStage
from shared.models.states import BookingStatus, DueRuleKind, StageStatus
from shared.services import booking_desk
from shared.unit_of_work import UnitOfWork

_MAIL_SENT: Final = "sent"


def booking_record(
    connection: sa.Connection, tenant_id: UUID, booking_id: UUID, *, user_id: UUID | None, now: datetime
) -> BookingRecord | None:
    """The record, or None when there is no such booking (any more)."""
    with Session(connection, autoflush=False) as session:
        unit = UnitOfWork(session)
        booking = unit.bookings.find(tenant_id, booking_id)
        if booking is None or booking.deleted_at is not None:
            return None
        return _record(connection, unit, booking, user_id=user_id, now=now)


def _record(
    connection: sa.Connection, unit: UnitOfWork, booking: Booking, *, user_id: UUID | None, now: datetime
) -> BookingRecord:
    tenant_id = booking.tenant_id
    studio = unit.studios.settings(tenant_id)
    stages = unit.stages.of_booking(tenant_id, booking.id)
    ledger = unit.ledger.of_booking(tenant_id, booking.id)
    names = member_names(connection, tenant_id)
    manual = {
        str(payment.id): payment
        for stage in stages
        for payment in unit.manual_payments.of_stage(tenant_id, stage.id)
    }
    notes = unit.notes.of_booking(tenant_id, booking.id)
    asks = booking.status not in (BookingStatus.CANCELLED, BookingStatus.COMPLETED)
    act = Act(TenantId(tenant_id), Actor(ActorKind.STAFF, user_id or booking.id), now, booking.id)
    marks = marks_of_bookings(connection)
    return BookingRecord(
        booking_id=booking.id,
        status=booking.status.value,
        version=booking.schedule_rev,
        package_name=booking.package_name,
        currency=booking.currency,
        total_minor=booking.price_minor,
        paid_minor=sum(stage.received_minor - stage.refunded_minor for stage in stages),
        due_minor=_due(booking, stages),
        customer=_customer(unit, booking),
        slot=_slot(connection, unit, booking, studio.zone),
        lines=_lines(unit, booking),
        stages=_stages(booking, stages, marks_of(connection, "payment_stage"), now),
        timeline=money_timeline(booking, stages, ledger, manual=manual, names=names),
        documents=_documents(unit, booking, marks_of(connection, "document")),
        mails=(*planned_mails(connection, tenant_id, booking.id, now=now), *_sent_mails(unit, booking)),
        history=booking_history(unit, booking, names=names),
        refunds=refunds_of_booking(connection, tenant_id, booking.id, user_id=user_id),
        outlook=_outlook(unit, act, booking) if asks and any(stage.is_paid for stage in stages) else None,
        notes="\n\n".join(note.body for note in notes),
        note_rows=tuple(NoteRow(note.id, note.body) for note in notes),
        tax_words=_tax_words(booking),
        hold_ends_at_utc=booking.hold_ends_at,
        saved_at_utc=booking.updated_at,
        mark=marks.get(booking.id, RowMark.NONE),
    )


def _due(booking: Booking, stages: list[PaymentStage]) -> int:
    if booking.status is BookingStatus.CANCELLED:
        return 0
    return sum(stage.amount_minor for stage in stages if stage.is_payable)


def _customer(unit: UnitOfWork, booking: Booking) -> CustomerFacts:
    customer = unit.customers.find(booking.tenant_id, booking.customer_id)
    if customer is None:  # its page of changes has not come yet
        return CustomerFacts(booking.customer_id, "", "")
    return CustomerFacts(customer.id, customer.name, customer.email, customer.phone, customer.language)


def _slot(connection: sa.Connection, unit: UnitOfWork, booking: Booking, studio_zone: str) -> SlotFacts:
    placed = booking.status is not BookingStatus.POSTPONED
    held = unit.booking_resources.of_booking(booking.tenant_id, booking.id)
    found = [unit.resources.find(booking.tenant_id, row.resource_id) for row in held]
    resources = sorted((each for each in found if each is not None), key=lambda each: each.name)
    ids = tuple(each.id for each in resources)
    clash = ""
    if booking.status is BookingStatus.NEEDS_SLOT:
        clash = clash_words(connection, booking.tenant_id, booking.slot, resource_ids=ids, but_for=booking.id)
    return SlotFacts(
        starts_at_utc=booking.starts_at if placed else None,
        ends_at_utc=booking.ends_at if placed else None,
        time_zone=booking.zone,
        studio_zone=studio_zone,
        place=booking.place,
        resource_names=tuple(each.name for each in resources),
        resource_ids=ids,
        clash=clash,
        wall=booking.slot,
    )


def _lines(unit: UnitOfWork, booking: Booking) -> tuple[LineRow, ...]:
    rows = unit.booking_lines.of_booking(booking.tenant_id, booking.id)
    return tuple(LineRow(row.id, row.text, 1, row.unit_price_minor) for row in rows)


def _tax_words(booking: Booking) -> str:
    if booking.tax_percent in ("", "0"):
        return booking.currency
    how = "included" if booking.price_mode == "inclusive" else "added"
    return f"{booking.currency}, VAT {how}"


def rule_words(stage: PaymentStage) -> str:
    """What a stage asks for and when: "30 % on booking", "the rest, 3 days before"."""
    part = f"{stage.percent} %" if stage.percent else "the whole price" if stage.position == 1 else "the rest"
    match stage.due_rule:
        case DueRuleKind.ON_BOOKING:
            return f"{part} on booking"
        case DueRuleKind.FIXED_DATE:
            return f"{part} by {day_month(stage.due_local_date)}"
        case DueRuleKind.DAYS_BEFORE_EVENT:
            return f"{part}, {stage.due_days} day{'' if stage.due_days == 1 else 's'} before"


def _stages(
    booking: Booking, stages: list[PaymentStage], marks: Mapping[UUID, RowMark], now: datetime
) -> tuple[StageRow, ...]:
    paused = booking.status is BookingStatus.POSTPONED
    return tuple(
        StageRow(
            stage_id=stage.id,
            kind=stage.kind.value,
            position=stage.position,
            status=stage.status.value,
            amount_minor=stage.amount_minor,
            rule_words=rule_words(stage),
            paid_minor=stage.received_minor,
            refunded_minor=stage.refunded_minor,
            refund_reserved_minor=stage.refund_reserved_minor,
            paid_on=local_date(stage.paid_at, booking.zone) if stage.paid_at is not None else None,
            due_on=None if paused else stage.due_local_date,
            method=stage.paid_words,
            channel=stage.channel.value,
            attention=stage.attention or "",
            overdue=stage.is_payable and not paused and booking.is_active and stage.due_at <= now,
            mark=marks.get(stage.id, RowMark.NONE),
        )
        for stage in stages
        if stage.status is not StageStatus.SUPERSEDED
    )


def _documents(unit: UnitOfWork, booking: Booking, marks: Mapping[UUID, RowMark]) -> tuple[DocumentRow, ...]:
    return tuple(
        DocumentRow(
            document_id=row.id,
            kind=row.kind.value,
            status="issued",
            printed_number=row.printed_number,
            issued_on=row.issue_date,
            total_minor=row.total_minor if row.kind.value != "credit" else -row.total_minor,
            currency=row.currency,
            mark=marks.get(row.id, RowMark.NONE),
        )
        for row in unit.documents.of_booking(booking.tenant_id, booking.id)
    )


def _sent_mails(unit: UnitOfWork, booking: Booking) -> tuple[MailRow, ...]:
    rows = unit.reminder_log.of_booking(booking.tenant_id, booking.id)
    return tuple(
        MailRow(
            kind=row.kind,
            due_at_utc=row.due_at,
            time_zone=booking.zone,
            reminder_id=row.id,
            sent_at_utc=row.sent_at or row.due_at,
            outcome=row.outcome,
            reason="" if row.outcome == _MAIL_SENT else row.reason,
        )
        for row in reversed(rows)
    )


def _outlook(unit: UnitOfWork, act: Act, booking: Booking) -> CancellationOutlook:
    preview = booking_desk.preview(unit, act, booking)
    following = preview.next_tier
    return CancellationOutlook(
        kept_minor=preview.kept_minor,
        goes_back_minor=preview.refund_minor,
        currency=preview.currency,
        holds_until=preview.tier_until,
        next_kept_minor=min(following.kept_minor, preview.paid_minor) if following is not None else None,
    )
