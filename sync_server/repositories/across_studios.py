"""The few questions that are asked before the studio is known, and claims of due work.

Each calls one function of the database (migrations/README.md) that gives the ids of studio and row alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

RowKey = tuple[UUID, UUID]
"""Studio and row."""


class AcrossStudios:
    """Look-ups and claims; each is a short transaction of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def find_login(self, studio_code: str, address_hash: bytes) -> RowKey | None:
        """The member that may sign in with this address."""
        return self._one(sa.func.find_login(studio_code, address_hash))

    def find_session(self, token_hash: bytes) -> RowKey | None:
        """The session that this refresh token belongs to."""
        return self._one(sa.func.find_session(token_hash))

    def find_link(self, token_hash: bytes) -> RowKey | None:
        """The action token that this link belongs to."""
        return self._one(sa.func.find_link(token_hash))

    def find_stripe_owner(self, reference: str) -> UUID | None:
        """The studio of a Stripe account, webhook endpoint or scope."""
        found = self._one(sa.func.find_stripe_owner(reference))
        return None if found is None else found[0]

    def active_studios(self) -> list[UUID]:
        """Every studio."""
        return [row[0] for row in self._all(sa.func.active_studios())]

    def claim_reminders(self, owner: str, lease: timedelta, n: int) -> list[RowKey]:
        """Take due reminders; they are ``sending`` now."""
        return self._all(sa.func.claim_reminders(owner, lease, n))

    def claim_mail(self, owner: str, lease: timedelta, n: int) -> list[RowKey]:
        """Take other due mail; it is ``sending`` now."""
        return self._all(sa.func.claim_mail(owner, lease, n))

    def claim_outbox(self, owner: str, lease: timedelta, n: int) -> list[RowKey]:
        """Take due rows of the event outbox."""
        return self._all(sa.func.claim_outbox(owner, lease, n))

    def claim_events(self, owner: str, lease: timedelta, n: int) -> list[tuple[str, str]]:
        """Take rows of the webhook inbox: scope and event."""
        return self._all(sa.func.claim_events(owner, lease, n))

    def due_refunds(self, n: int) -> list[RowKey]:
        """Card refunds to submit or to look up."""
        return self._all(sa.func.due_refunds(n))

    def due_pi_cancels(self, n: int) -> list[RowKey]:
        """Stages whose open payment is to be cancelled."""
        return self._all(sa.func.due_pi_cancels(n))

    def due_holds(self, n: int) -> list[RowKey]:
        """Held bookings whose hold is over."""
        return self._all(sa.func.due_holds(n))

    def ended_bookings(self, n: int) -> list[RowKey]:
        """Confirmed bookings whose event is over."""
        return self._all(sa.func.ended_bookings(n))

    def lapsed_mail(self, n: int) -> list[tuple[UUID, UUID, str]]:
        """Handed over, then nothing was heard: studio, row, and ``reminder`` or ``mail``."""
        return self._all(sa.func.lapsed_mail(n))

    def expire_links(self, n: int) -> list[RowKey]:
        """Mark links past their end."""
        return self._all(sa.func.expire_links(n))

    def _one(self, function: sa.Function[Any]) -> RowKey | None:
        rows = self._all(function)
        assert len(rows) <= 1, "a hash belongs to one studio"
        return rows[0] if rows else None

    def _all(self, function: sa.Function[Any]) -> list[Any]:
        with self._session() as session:
            query = sa.select(sa.text("*")).select_from(function)
            return [tuple(row) for row in session.execute(query)]

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with Session(self._engine) as session, session.begin():
            yield session
