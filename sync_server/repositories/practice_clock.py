"""How far business time of a practice is ahead of machine time, and when work of a studio is due next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.models.states import BookingStatus, RefundStatus, StageStatus
from shared.tables.bookings import booking
from shared.tables.money import payment_stage, refund
from sync_server.repositories.mail_queues import DeliveryStatus
from sync_server.repositories.sync_tables import practice_clock
from sync_server.repositories.work_tables import event_outbox, mail, reminder

_TO_SEND: Final = (DeliveryStatus.SCHEDULED, DeliveryStatus.RETRY)
_UNPAID: Final = (StageStatus.PLANNED, StageStatus.OPEN, StageStatus.ACTION_NEEDED)
_TO_SUBMIT: Final = (RefundStatus.APPROVED, RefundStatus.UNKNOWN)

# what becomes due, the column that says when, and on which condition
_DUE: Final[Sequence[tuple[sa.Table, sa.ColumnElement[Any], sa.ColumnElement[bool]]]] = (
    (reminder, reminder.c.next_try, reminder.c.status.in_(_TO_SEND)),
    (mail, mail.c.next_try, mail.c.status.in_(_TO_SEND)),
    (event_outbox, event_outbox.c.next_try, event_outbox.c.status == "new"),
    (booking, booking.c.hold_ends_at, booking.c.status == BookingStatus.HELD),
    (booking, booking.c.ends_at, booking.c.status == BookingStatus.CONFIRMED),
    (payment_stage, payment_stage.c.due_at, payment_stage.c.status.in_(_UNPAID)),
    (refund, refund.c.next_try, refund.c.status.in_(_TO_SUBMIT)),
)


def shift_s(session: Session) -> int:
    """The present shift in seconds; 0 where no clock was ever moved."""
    return session.scalar(sa.select(practice_clock.c.shift_s)) or 0


def set_shift_s(session: Session, shift: int) -> None:
    """Business time is machine time and this many seconds, from the commit on."""
    session.execute(
        insert(practice_clock)
        .values(one=True, shift_s=shift)
        .on_conflict_do_update(index_elements=["one"], set_={"shift_s": shift})
    )


class DueMoments:
    """When work of a studio becomes due, in an open transaction that sees this studio."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def first_between(self, tenant_id: UUID, after: datetime, until: datetime) -> datetime | None:
        """The first such moment after ``after`` and up to ``until``; None if there is none."""
        firsts = [
            sa.select(sa.func.min(column))
            .where(table.c.tenant_id == tenant_id, condition, column > after, column <= until)
            .scalar_subquery()
            for table, column, condition in _DUE
        ]
        found: datetime | None = self._session.scalar(sa.select(sa.func.least(*firsts)))
        return found
