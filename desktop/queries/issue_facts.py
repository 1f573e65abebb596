"""What an item of Needs attention is about, and why it did not work, read from the rows as they stand now."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from desktop.presenting.dates import day_with_year, time_span
from desktop.presenting.status_words import BOOKING_STATUS, say
from desktop.queries.about import about_operation
from desktop.queries.booking_people import names_in, people_held
from desktop.queries.slots import clash_words
from shared.errors import DomainError
from shared.models.slot import Slot
from shared.models.states import BookingStatus
from shared.tables import booking, booking_resource, customer, document, note, refund_request


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """The booking of an item in words."""

    booking_id: UUID | None = None
    customer_name: str = ""
    words: str = ""
    state_words: str = ""
    slot: Slot | None = None


def booking_of_issue(
    connection: sa.Connection,
    tenant_id: UUID,
    *,
    entity: str | None,
    row_id: UUID | None,
    payload: Mapping[str, Any],
) -> UUID | None:
    """The booking that an issue concerns, by its row or else by the operation that caused it."""
    if entity == "booking":
        return row_id
    for table in (note, document, refund_request):
        if entity == table.name:
            query = sa.select(table.c.booking_id).where(table.c.tenant_id == tenant_id, table.c.id == row_id)
            found: UUID | None = connection.execute(query).scalar_one_or_none()
            return found
    operation = payload.get("operation")
    if not isinstance(operation, dict):
        return None
    args = operation.get("args")
    name = str(operation.get("name"))
    known = args if isinstance(args, dict) else {}
    return about_operation(connection, tenant_id, name=name, args=known).booking_id


def booking_facts(connection: sa.Connection, tenant_id: UUID, booking_id: UUID | None) -> BookingFacts:
    """Package, time, people and state of a booking; empty words when there is none."""
    named = sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
    row = connection.execute(
        sa.select(booking, people_held(), customer.c.name.label("customer_name"))
        .select_from(booking.outerjoin(customer, named))
        .where(booking.c.tenant_id == tenant_id, booking.c.id == booking_id)
    ).one_or_none()
    if row is None:
        return BookingFacts()
    slot = Slot(row.start_date, row.start_time, row.end_date, row.end_time, row.zone)
    begin, end = slot.shown
    parts = [row.package_name, day_with_year(begin.date()), time_span(begin, end), *names_in(row.people)]
    state = f"Saved as {say(BOOKING_STATUS, row.status.value)}."
    if row.status is BookingStatus.NEEDS_SLOT:
        state += " Nothing was mailed to the customer."
    return BookingFacts(row.id, row.customer_name or "", ", ".join(parts), state, slot)


def reason_of(
    connection: sa.Connection, tenant_id: UUID, *, kind: str, payload: Mapping[str, Any], facts: BookingFacts
) -> str:
    """Why not: what stands in the way now, else the sentence that was said then."""
    if kind in ("slot_taken", "blocked") and facts.slot is not None and facts.booking_id is not None:
        held = connection.execute(
            sa.select(booking_resource.c.resource_id).where(
                booking_resource.c.tenant_id == tenant_id, booking_resource.c.booking_id == facts.booking_id
            )
        )
        ids = [row.resource_id for row in held]
        words = clash_words(connection, tenant_id, facts.slot, resource_ids=ids, but_for=facts.booking_id)
        return words or "The time is free again now"
    if payload.get("sentence"):
        return str(payload["sentence"])
    details = payload.get("details")
    return plain_reason(kind, details if isinstance(details, dict) else {})


def plain_reason(code: str, details: Mapping[str, object]) -> str:
    """The sentence of a code; an unknown code is shown as itself."""
    known = _by_code().get(code)
    return known(**details).sentence if known is not None else code.replace("_", " ").capitalize()


@lru_cache(maxsize=1)
def _by_code() -> Mapping[str, type[DomainError]]:
    found: dict[str, type[DomainError]] = {}
    waiting = [DomainError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.code, kind)
        waiting.extend(kind.__subclasses__())
    return found
