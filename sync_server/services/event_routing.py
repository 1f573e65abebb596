"""Writes one outbox row per fact and handler in the commit of the fact; which handlers, the routes say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shared.events import DomainEvent
from shared.ids import derived_id
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.event_outbox import EventOutbox

Routes = Mapping[str, Sequence[str]]
"""Name of a fact -> names of its handlers (``subscribers/routing.py``)."""


def event_id(event: DomainEvent) -> UUID:
    """The fact's identity: the same cause tells the same fact only once."""
    fields = (f"{name}={value}" for name, value in sorted(event.payload().items()))
    return derived_id(event.cause_id, event.name, *fields)


class EventRouting:
    """A function of the end of a transaction."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    def __call__(self, unit: UnitOfWork, now: datetime, events: Sequence[DomainEvent]) -> None:
        """One row for each handler that wants to hear of it."""
        rows = []
        for event in events:
            told_id = event_id(event)
            rows += [
                {
                    "id": derived_id(told_id, "outbox", handler),
                    "event_id": told_id,
                    "handler": handler,
                    "name": event.name,
                    "payload": event.payload(),
                    "next_try": now,
                }
                for handler in self._routes.get(event.name, ())
            ]
        if rows:
            EventOutbox(unit.session).add(events[0].tenant_id, rows)
