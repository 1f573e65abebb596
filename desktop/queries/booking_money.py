"""What has been paid, is still due and is overdue per booking, as one subquery that lists and sums join."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from shared.models.states import ACTIVE_BOOKING, PAYABLE_STAGE, BookingStatus, StageStatus
from shared.tables import booking, payment_stage

ASKING: Final = tuple(sorted(ACTIVE_BOOKING - {BookingStatus.POSTPONED}))
"""A booking in one of these asks for its open stages at their dates; a postponed one waits."""

_PAYABLE: Final = tuple(sorted(PAYABLE_STAGE))


def paid_of_stage() -> sa.ColumnElement[int]:
    """What is with the studio of one stage."""
    return payment_stage.c.received_minor - payment_stage.c.refunded_minor


def is_open_stage() -> sa.ColumnElement[bool]:
    """Whether the money of a stage may still come."""
    return payment_stage.c.status.in_(_PAYABLE)


def money_by_booking(tenant_id: UUID, now: datetime) -> sa.Subquery:
    """``booking_id, paid_minor, due_minor, is_late`` of every booking that has stages."""
    due = sa.case((is_open_stage(), payment_stage.c.amount_minor), else_=0)
    late = sa.case((sa.and_(is_open_stage(), payment_stage.c.due_at <= now), 1), else_=0)
    return (
        sa.select(
            payment_stage.c.booking_id,
            sa.func.sum(paid_of_stage()).label("paid_minor"),
            sa.func.sum(due).label("due_minor"),
            sa.func.max(late).label("is_late"),
        )
        .where(
            payment_stage.c.tenant_id == tenant_id,
            payment_stage.c.deleted_at.is_(None),
            payment_stage.c.status != StageStatus.SUPERSEDED,
        )
        .group_by(payment_stage.c.booking_id)
        .subquery("stage_money")
    )


def open_stages(tenant_id: UUID) -> sa.Select[Any]:
    """Stages that are asked for, joined with their bookings; callers add columns and conditions."""
    return (
        sa.select(payment_stage.c.id)
        .join(
            booking,
            sa.and_(
                booking.c.tenant_id == payment_stage.c.tenant_id, booking.c.id == payment_stage.c.booking_id
            ),
        )
        .where(
            payment_stage.c.tenant_id == tenant_id,
            payment_stage.c.deleted_at.is_(None),
            is_open_stage(),
            booking.c.status.in_(ASKING),
            booking.c.deleted_at.is_(None),
        )
    )
