"""Every number of the refund dialog before any click, from the booking's frozen policy."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from desktop.presenting.dates import day_month
from desktop.presenting.money_text import amount
from desktop.queries.record_rows import Consequence, ConsequenceKind, PolicyTier, RefundLine, RefundPreview
from desktop.queries.reminders import planned_mails
from shared.clock import local_date
from shared.ids import TenantId
from shared.models.act import Act, Actor, ActorKind, Role
from shared.models.booking import Booking
from shared.models.payment import PaymentStage
from shared.models.states import Channel, Series
from shared.money import Money, exponent
from shared.policies.cancellation import CancellationPreview, IssuedDocument
from shared.policies.refund_allocation import LIMIT_WINDOW, OwnRequest, RefundLimits, approved_at_once
from shared.services import booking_desk, invoicing
from shared.unit_of_work import UnitOfWork


def refund_preview(
    connection: sa.Connection, tenant_id: UUID, booking_id: UUID, *, user_id: UUID, now: datetime
) -> RefundPreview | None:
    """What a cancellation by this person now would do; None when there is no such booking."""
    with Session(connection, autoflush=False) as session:
        unit = UnitOfWork(session)
        booking = unit.bookings.find(tenant_id, booking_id)
        if booking is None or booking.deleted_at is not None:
            return None
        me = unit.members.find(tenant_id, user_id)
        act = Act(
            TenantId(tenant_id), Actor(ActorKind.STAFF, user_id, me.role if me else None), now, booking.id
        )
        mails = planned_mails(connection, tenant_id, booking_id, now=now)
        preview = booking_desk.preview(unit, act, booking).along_with(
            reminders_planned=len(mails), documents=_documents(unit, booking)
        )
        return _shown(unit, act, booking, preview)


def _documents(unit: UnitOfWork, booking: Booking) -> list[IssuedDocument]:
    issued = unit.documents.of_booking(booking.tenant_id, booking.id)
    return [
        IssuedDocument(row.id, row.printed_number, invoicing.creditable_of(unit, row))
        for row in reversed(issued)
        if row.series is Series.INVOICE
    ]


def _shown(unit: UnitOfWork, act: Act, booking: Booking, preview: CancellationPreview) -> RefundPreview:
    customer = unit.customers.find(booking.tenant_id, booking.customer_id)
    stages = {stage.id: stage for stage in unit.stages.of_booking(booking.tenant_id, booking.id)}
    following = preview.next_tier
    studio = unit.studios.settings(booking.tenant_id)
    limits = RefundLimits.from_json(studio.refund_limits)
    alone = _may_alone(unit, act, booking, preview, limits=limits)
    limit_major = limits.of(act.actor.role) if act.actor.role is not None else 0
    by_percent, deposit = preview.kept_by_percent_minor, preview.kept_deposit_minor
    return RefundPreview(
        booking_id=booking.id,
        customer_name=customer.name if customer is not None else "",
        package_name=booking.package_name,
        event_on=booking.start_date,
        days_before=preview.days_before,
        currency=preview.currency,
        frozen_on=local_date(booking.created_at or act.at, booking.zone),
        tiers=tuple(PolicyTier(t.min_days, t.max_days, t.keep_percent, t.applies) for t in preview.tiers),
        paid_minor=preview.paid_minor,
        kept_percent=preview.tier_keep_percent,
        kept_percent_of_minor=booking.price_minor,
        kept_by_percent_minor=max(by_percent, deposit),
        kept_fee_minor=preview.kept_fee_minor,
        refund_minor=preview.refund_minor,
        lines=(*_refund_lines(preview, stages), *_unpaid_lines(preview)),
        holds_until=preview.tier_until,
        next_kept_minor=min(following.kept_minor, preview.paid_minor) if following is not None else None,
        consequences=_consequences(unit, booking, preview),
        own_limit_minor=None if limit_major is None else limit_major * 10 ** exponent(studio.currency),
        approver_words=_approvers(unit, act),
        second_person=bool(preview.refund_minor) and not alone,
        preview_hash=preview.preview_hash,
        seen=booking.slot,
    )


def _refund_lines(
    preview: CancellationPreview, stages: Mapping[UUID, PaymentStage]
) -> tuple[RefundLine, ...]:
    return tuple(
        RefundLine(
            stage_id=line.stage_id,
            stage_kind=line.kind.value,
            paid_minor=line.paid_minor,
            refund_minor=line.refund_minor,
            kept_minor=line.kept_minor,
            channel=line.channel.value,
            way_words=_way(stages[line.stage_id]),
        )
        for line in preview.lines
    )


def _unpaid_lines(preview: CancellationPreview) -> tuple[RefundLine, ...]:
    return tuple(
        RefundLine(
            stage_id=stage.stage_id,
            stage_kind=stage.kind.value,
            paid_minor=0,
            refund_minor=0,
            kept_minor=0,
            channel="",
            way_words=f"Not paid; {amount(stage.amount_minor, preview.currency)} is no longer asked",
            no_longer_asked_minor=stage.amount_minor,
        )
        for stage in preview.cancelled_stages
    )


def _way(stage: PaymentStage) -> str:
    if stage.channel is Channel.CARD:
        return f"To {stage.paid_words or 'the card'} through Stripe"
    return f"Hand back by {stage.paid_words.lower()}" if stage.paid_words else "Hand back at the desk"


def _consequences(
    unit: UnitOfWork, booking: Booking, preview: CancellationPreview
) -> tuple[Consequence, ...]:
    found = []
    notes = [amount(note.amount_minor, preview.currency) for note in preview.credit_notes]
    if notes:
        count = "1 credit note" if len(notes) == 1 else f"{len(notes)} credit notes"
        words = f"{count} once the money is back: {' and '.join(notes)}"
        found.append(Consequence(ConsequenceKind.DOCUMENT, words))
    mails = preview.reminders_cancelled
    if mails:
        verb = "reminder is" if mails == 1 else "reminders are"
        found.append(Consequence(ConsequenceKind.MAIL, f"{mails} planned {verb} cancelled"))
    held = unit.booking_resources.of_booking(booking.tenant_id, booking.id)
    resources = [unit.resources.find(booking.tenant_id, row.resource_id) for row in held]
    names = sorted(each.name for each in resources if each is not None)
    if names and booking.blocks:
        words = f"{day_month(booking.start_date)} becomes free for {' and '.join(names)}"
        found.append(Consequence(ConsequenceKind.CALENDAR, words))
    if preview.refund_minor:
        found.append(
            Consequence(ConsequenceKind.NEWS, "They are told when the refund is settled, not before")
        )
    return tuple(found)


def _may_alone(
    unit: UnitOfWork,
    act: Act,
    booking: Booking,
    preview: CancellationPreview,
    *,
    limits: RefundLimits,
) -> bool:
    earlier = [
        OwnRequest(
            request.asked_at,
            sum(
                line.amount_minor
                for line in unit.refund_request_lines.of_request(booking.tenant_id, request.id)
            ),
            request.status,
        )
        for request in unit.refund_requests.asked_since(
            booking.tenant_id, booking.id, asked_by=act.actor.id, since=act.at - LIMIT_WINDOW
        )
    ]
    return approved_at_once(
        act.actor.role,
        Money(preview.refund_minor, preview.currency),
        earlier=earlier,
        at=act.at,
        limits=limits,
        studio_currency=unit.studios.settings(booking.tenant_id).currency,
    )


def _approvers(unit: UnitOfWork, act: Act) -> str:
    owners = sorted(
        row.name
        for row in unit.members.all(act.tenant_id)
        if row.role is Role.OWNER and row.disabled_at is None and row.id != act.actor.id
    )
    return " or ".join(f"{name} (owner)" for name in owners) or "Another person with the right to"
