"""What has been paid, is still due and is late: of some bookings, and as columns for sums over many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def due_of_stage() -> sa.ColumnElement[int]:
    """What one stage still asks for."""
    return sa.case((is_open_stage(), payment_stage.c.amount_minor), else_=0)


def is_open_stage() -> sa.ColumnElement[bool]:
    """Whether the money of a stage may still come."""
    return payment_stage.c.status.in_(_PAYABLE)


@dataclass(frozen=True, slots=True)
class BookingMoney:
    """The money of one booking in minor units of its currency."""

    paid_minor: int = 0
    due_minor: int = 0
    is_late: bool = False


NOTHING: Final = BookingMoney()


def money_of(
    connection: sa.Connection, tenant_id: UUID, booking_ids: Sequence[UUID], *, now: datetime
) -> Mapping[UUID, BookingMoney]:
    """What these bookings have paid and still owe; one without a stage is left out."""
    late = sa.case((sa.and_(is_open_stage(), payment_stage.c.due_at <= now), 1), else_=0)
    rows = connection.execute(
        sa.select(
            payment_stage.c.booking_id,
            sa.func.sum(paid_of_stage()),
            sa.func.sum(due_of_stage()),
            sa.func.max(late),
        )
        .where(*counting_stages(tenant_id), payment_stage.c.booking_id.in_(booking_ids))
        .group_by(payment_stage.c.booking_id)
    )
    return {row[0]: BookingMoney(row[1], row[2], bool(row[3])) for row in rows}


def counting_stages(tenant_id: UUID | sa.ColumnElement[UUID]) -> tuple[sa.ColumnElement[bool], ...]:
    """The stages that count: replaced ones are history."""
    return (
        payment_stage.c.tenant_id == tenant_id,
        payment_stage.c.deleted_at.is_(None),
        payment_stage.c.status != StageStatus.SUPERSEDED,
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
