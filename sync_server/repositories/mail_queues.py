"""Rows that stand for one mail each, planned by a rule or caused by an event: claimed, handed over, finished.

Both queues have the same delivery columns. They are no studio data: their rows need no studio lock. Leases
count machine time, due times business time.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.tables.column_types import IdList, Word
from sync_server.repositories.many_rows import TEXTS, among
from sync_server.repositories.work_tables import mail, reminder


class DeliveryStatus(StrEnum):
    """How far one mail has come (time_and_mail, "Reminder states")."""

    SCHEDULED = "scheduled"
    HELD = "held"
    SENDING = "sending"
    RETRY = "retry"
    SENT = "sent"
    CANCELED = "canceled"
    SKIPPED = "skipped"
    SKIPPED_LATE = "skipped_late"
    DEAD = "dead"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SENT_UNCONFIRMED = "sent_unconfirmed"


OPEN: Final = (DeliveryStatus.SCHEDULED, DeliveryStatus.HELD, DeliveryStatus.RETRY)
"""Nobody is sending it: the planner and staff may still change it."""


class QueueName(StrEnum):
    """The two queues; each is a table."""

    REMINDER = "reminder"
    MAIL = "mail"


@dataclass(frozen=True)
class QueuedMail:
    """One row of either queue, column by column; what only the other one has is None or empty."""

    queue: QueueName
    tenant_id: UUID
    id: UUID
    kind: str
    status: DeliveryStatus
    tries: int
    next_try: datetime
    due_at: datetime
    message_id: str
    handed_over_at: datetime | None
    resent: bool
    # a reminder's
    booking_id: UUID | None = None
    rule_id: UUID | None = None
    stage_position: int = 0
    schedule_rev: int = 0
    # another mail's
    cause_id: UUID | None = None
    subject_type: str = ""
    subject_id: UUID | None = None
    recipient: str = ""
    values: Mapping[str, Any] | None = None


_TABLES: Final[Mapping[QueueName, sa.Table]] = {QueueName.REMINDER: reminder, QueueName.MAIL: mail}
_SHARED: Final = (
    *("tenant_id", "id", "kind", "status", "tries", "next_try", "due_at"),
    *("message_id", "handed_over_at", "resent"),
)
_OWN: Final[Mapping[QueueName, tuple[str, ...]]] = {
    QueueName.REMINDER: ("booking_id", "rule_id", "stage_position", "schedule_rev"),
    QueueName.MAIL: ("cause_id", "subject_type", "subject_id", "recipient", "values"),
}


@cache
def _columns_of(queue: QueueName) -> tuple[sa.ColumnElement[Any], ...]:
    """What a :class:`QueuedMail` is made of, in its order; what is no reminder is due when it is tried."""
    table = _TABLES[queue]
    made_of: dict[str, sa.ColumnElement[Any]] = {
        **table.c,
        "status": sa.type_coerce(table.c.status, Word(DeliveryStatus)).label("status"),
        "due_at": table.c.due_at if queue is QueueName.REMINDER else table.c.next_try.label("due_at"),
    }
    return tuple(made_of[name] for name in (*_SHARED, *_OWN[queue]))


class MailQueue:
    """One queue in an open transaction."""

    def __init__(self, session: Session, queue: QueueName) -> None:
        self._session = session
        self._queue = queue
        self._table = _TABLES[queue]
        self._columns = _columns_of(queue)

    def mine(self, tenant_id: UUID, row_ids: Collection[UUID], *, owner: str) -> list[QueuedMail]:
        """Those of the rows that are still being sent by this worker, earliest first."""
        table = self._table
        query = (
            sa.select(*self._columns)
            .where(
                table.c.tenant_id == tenant_id,
                among(table.c.id, row_ids),
                table.c.status == DeliveryStatus.SENDING,
                table.c.lease_owner == owner,
            )
            .order_by(table.c.next_try, table.c.id)
        )
        return [self._row(row) for row in self._session.execute(query)]

    def take_lapsed(
        self, tenant_id: UUID, row_id: UUID, *, owner: str, now: datetime, lease: timedelta
    ) -> QueuedMail | None:
        """Make a lapsed row ``uncertain`` and one's own, or None if another worker has it. Machine time."""
        table = self._table
        free = (
            sa.select(table.c.id)
            .where(
                table.c.tenant_id == tenant_id,
                table.c.id == row_id,
                table.c.status.in_((DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN)),
                table.c.handed_over_at.is_not(None),
                table.c.lease_until < now,
            )
            .with_for_update(skip_locked=True)
        )
        if self._session.scalar(free) is None:
            return None
        taken = self._session.execute(
            sa.update(table)
            .where(table.c.tenant_id == tenant_id, table.c.id == row_id)
            .values(status=DeliveryStatus.UNCERTAIN, lease_owner=owner, lease_until=now + lease)
            .returning(*self._columns)
        )
        return self._row(taken.one())

    def hand_over(
        self, tenant_id: UUID, row_ids: Collection[UUID], *, owner: str, now: datetime
    ) -> set[UUID]:
        """Those that this worker still sends: from the commit on their bodies may be on their way."""
        table = self._table
        handed = self._session.execute(
            sa.update(table)
            .where(
                table.c.tenant_id == tenant_id,
                among(table.c.id, row_ids),
                table.c.status == DeliveryStatus.SENDING,
                table.c.lease_owner == owner,
            )
            .values(handed_over_at=now)
            .returning(table.c.id)
        )
        return set(handed.scalars())

    def finish(
        self,
        tenant_id: UUID,
        row_ids: Collection[UUID],
        *,
        owner: str,
        status: DeliveryStatus,
        values: Mapping[str, Any],
    ) -> set[UUID]:
        """Write down that sending ended in one way; those of the rows that were still this worker's."""
        table = self._table
        done = self._session.execute(
            sa.update(table)
            .where(
                table.c.tenant_id == tenant_id,
                among(table.c.id, row_ids),
                table.c.status.in_((DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN)),
                table.c.lease_owner == owner,
            )
            .values(status=status, **values)
            .returning(table.c.id)
        )
        return set(done.scalars())

    def finish_sent(
        self, tenant_id: UUID, sent: Mapping[UUID, str], *, owner: str, sent_at: datetime
    ) -> set[UUID]:
        """As :meth:`finish` for many that the transport took, with its ids; those that were this worker's."""
        if not sent:
            return set()
        table = self._table
        given = (
            sa.func.unnest(
                sa.bindparam("row_ids", sent.keys(), type_=IdList()),
                sa.bindparam("given_ids", list(sent.values()), type_=TEXTS),
            )
            .table_valued("row_id", "given_id")
            .render_derived(name="given")
        )
        done = self._session.execute(
            sa.update(table)
            .where(
                table.c.tenant_id == tenant_id,
                table.c.id == given.c.row_id,
                table.c.status == DeliveryStatus.SENDING,
                table.c.lease_owner == owner,
            )
            .values(
                status=DeliveryStatus.SENT,
                sent_at=sent_at,
                provider_id=given.c.given_id,
                lease_until=None,
                last_error=None,
            )
            .returning(table.c.id)
        )
        return set(done.scalars())

    def _row(self, row: sa.Row[Any]) -> QueuedMail:
        columns: tuple[Any, ...] = tuple(row)
        if self._queue is QueueName.REMINDER:
            return QueuedMail(QueueName.REMINDER, *columns)
        own = zip(_OWN[QueueName.MAIL], columns[len(_SHARED) :], strict=True)
        return QueuedMail(QueueName.MAIL, *columns[: len(_SHARED)], **dict(own))


class CausedMails:
    """Mails that events cause, in an open transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, tenant_id: UUID, rows: Iterable[Mapping[str, Any]]) -> int:
        """Keep new rows; one cause makes one mail of a kind to a person. How many were new."""
        values = [{"tenant_id": tenant_id, **row} for row in rows]
        if not values:
            return 0
        done = self._session.execute(
            insert(mail).values(values).on_conflict_do_nothing().returning(mail.c.id)
        )
        return len(done.scalars().all())

    def has_told(self, tenant_id: UUID, subject_id: UUID, kinds: Sequence[str]) -> bool:
        """Whether a mail of one of these kinds about this subject was ever decided."""
        query = (
            sa.select(mail.c.id)
            .where(mail.c.tenant_id == tenant_id, mail.c.subject_id == subject_id, mail.c.kind.in_(kinds))
            .limit(1)
        )
        return self._session.scalar(query) is not None
