"""The webhook inbox: what the provider says has happened; each row is only a reason to fetch the truth."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.ports import ProviderEvent
from sync_server.repositories.work_tables import reconcile_cursor, stripe_event


@dataclass(frozen=True)
class InboxRow:
    """One event that waits to be looked into."""

    scope: str
    event_id: str
    type: str
    object_id: str | None
    livemode: bool
    received_at: datetime
    tries: int
    payload: dict[str, Any]


def store(session: Session, scope: str, event: ProviderEvent, *, source: str, now: datetime) -> bool:
    """Keep an event; False if it was here already. ``now`` is machine time."""
    done = session.execute(
        insert(stripe_event)
        .values(
            scope=scope,
            event_id=event.event_id,
            type=event.type,
            object_id=event.object_id,
            livemode=event.livemode,
            created=event.created_at,
            next_try=now,
            source=source,
            payload=event.payload,
        )
        .on_conflict_do_nothing()
        .returning(stripe_event.c.event_id)
    )
    return done.scalar() is not None


def claim(session: Session, owner: str, *, lease: timedelta, at_most: int) -> list[InboxRow]:
    """Take due rows: no other worker gets them while the lease lives."""
    query = sa.text("SELECT scope, event_id FROM claim_events(:owner, :lease, :n)")
    keys = [
        (row.scope, row.event_id)
        for row in session.execute(query, {"owner": owner, "lease": lease, "n": at_most})
    ]
    if not keys:
        return []
    table = stripe_event
    rows = session.execute(
        sa.select(table).where(sa.tuple_(table.c.scope, table.c.event_id).in_(keys)).order_by(table.c.created)
    )
    return [
        InboxRow(
            scope=row.scope,
            event_id=row.event_id,
            type=row.type,
            object_id=row.object_id,
            livemode=row.livemode,
            received_at=row.received_at,
            tries=row.tries,
            payload=row.payload,
        )
        for row in rows
    ]


def finish(
    session: Session,
    row: InboxRow,
    *,
    status: str,
    next_try: datetime | None = None,
    last_error: str | None = None,
) -> None:
    """Say how looking into an event ended: done, ignored, retry or parked."""
    values: dict[str, Any] = {"status": status, "lease_until": None, "last_error": last_error}
    if next_try is not None:
        values["next_try"] = next_try
    session.execute(
        sa.update(stripe_event)
        .where(stripe_event.c.scope == row.scope, stripe_event.c.event_id == row.event_id)
        .values(values)
    )


def claim_backfill(
    session: Session, scope: str, *, owner: str, now: datetime, lease: timedelta, from_the_start: timedelta
) -> datetime | None:
    """Since when to list a scope's events again, or None while another worker does it."""
    table = reconcile_cursor
    session.execute(
        insert(table).values(scope=scope, events_until=now - from_the_start).on_conflict_do_nothing()
    )
    taken = session.execute(
        sa.update(table)
        .where(table.c.scope == scope, sa.or_(table.c.lease_until.is_(None), table.c.lease_until < now))
        .values(lease_owner=owner, lease_until=now + lease)
        .returning(table.c.events_until)
    )
    return taken.scalar()


def finish_backfill(session: Session, scope: str, *, events_until: datetime) -> None:
    """Everything up to this instant is in the inbox."""
    session.execute(
        sa.update(reconcile_cursor)
        .where(reconcile_cursor.c.scope == scope)
        .values(events_until=events_until, lease_owner=None, lease_until=None)
    )
