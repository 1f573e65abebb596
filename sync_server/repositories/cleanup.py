"""Removes what nobody needs any more, in batches; logs and receipts stay."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sync_server.repositories.access_tables import action_token, rate_bucket
from sync_server.repositories.mail_queues import DeliveryStatus
from sync_server.repositories.work_tables import event_outbox, reminder

BATCH: Final = 500
LINKS_KEPT: Final = timedelta(days=90)
OUTBOX_KEPT: Final = timedelta(days=90)
REMINDERS_KEPT: Final = timedelta(days=400)
BUCKETS_KEPT: Final = timedelta(days=2)

_OVER: Final = (
    DeliveryStatus.SENT,
    DeliveryStatus.CANCELED,
    DeliveryStatus.SKIPPED,
    DeliveryStatus.SKIPPED_LATE,
    DeliveryStatus.DEAD,
    DeliveryStatus.FAILED,
    DeliveryStatus.SENT_UNCONFIRMED,
)


class Cleanup:
    """One batch of each kind in an open transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def links(self, tenant_id: UUID, now: datetime) -> int:
        """Links that ended long ago."""
        table = action_token
        return self._remove(tenant_id, table, table.c.expires_at < now - LINKS_KEPT)

    def reminders(self, tenant_id: UUID, now: datetime) -> int:
        """Rows of mails long past; their log stays."""
        table = reminder
        return self._remove(
            tenant_id, table, table.c.status.in_(_OVER), table.c.due_at < now - REMINDERS_KEPT
        )

    def outbox(self, tenant_id: UUID, now: datetime) -> int:
        """Facts that every handler has dealt with."""
        table = event_outbox
        return self._remove(
            tenant_id, table, table.c.status == "done", table.c.created_at < now - OUTBOX_KEPT
        )

    def _remove(self, tenant_id: UUID, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
        ids = (
            sa.select(table.c.id)
            .where(table.c.tenant_id == tenant_id, *conditions)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        done = self._session.execute(
            sa.delete(table).where(table.c.tenant_id == tenant_id, table.c.id.in_(ids)).returning(table.c.id)
        )
        return len(done.scalars().all())


def remove_rate_buckets(session: Session, now: datetime) -> int:
    """Windows of tries that no limit looks at any more. Machine time."""
    done = session.execute(
        sa.delete(rate_bucket)
        .where(rate_bucket.c.window_start < now - BUCKETS_KEPT)
        .returning(rate_bucket.c.bucket)
    )
    return len(done.scalars().all())
