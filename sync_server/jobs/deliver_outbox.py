"""Carries facts to their handlers: each row alone, in one transaction with what the handler does."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.event_outbox import EventOutbox
from sync_server.services.mail_delivery import RetryWaits
from sync_server.services.provider_events import system_act
from sync_server.services.studio_unit import StudioUnits
from sync_server.subscribers.routing import Handler

log = structlog.get_logger()

LEASE: Final = timedelta(minutes=2)
BATCH: Final = 50


class OutboxDelivery:
    """The worker's hand for facts."""

    def __init__(
        self, units: StudioUnits, across: AcrossStudios, handlers: Mapping[str, Handler], *, owner: str
    ) -> None:
        self._units = units
        self._across = across
        self._handlers = handlers
        self._owner = owner
        self._waits = RetryWaits(owner)

    def deliver_due(self) -> int:
        """Take a batch of due rows; how many were taken."""
        claimed = self._across.claim_outbox(self._owner, LEASE, BATCH)
        for tenant_id, row_id in claimed:
            self._deliver(tenant_id, row_id)
        return len(claimed)

    def _deliver(self, tenant_id: UUID, row_id: UUID) -> None:
        try:
            with self._units.transaction(tenant_id) as (unit, now):
                outbox = EventOutbox(unit.session)
                fact = outbox.take(tenant_id, row_id, owner=self._owner)
                if fact is None:
                    return
                unit.begin_act(system_act(tenant_id, now, fact.event_id, fact.handler))
                self._handlers[fact.handler](unit, now, fact)
                unit.session.flush()
                outbox.done(tenant_id, row_id)
        except Exception as failure:
            # whatever a handler breaks on, it breaks alone: the row waits, then parks where people see it
            log.exception("outbox_handler_failed", tenant_id=str(tenant_id), row_id=str(row_id))
            self._put_back(tenant_id, row_id, type(failure).__name__)

    def _put_back(self, tenant_id: UUID, row_id: UUID, error: str) -> None:
        with self._units.transaction(tenant_id) as (unit, now):
            outbox = EventOutbox(unit.session)
            fact = outbox.take(tenant_id, row_id, owner=self._owner)
            if fact is None:
                return
            wait = self._waits.after(fact.tries)
            if wait is None:
                outbox.park(tenant_id, row_id, error=error)
            else:
                outbox.again(tenant_id, row_id, next_try=now + wait, error=error)
