"""Whom or what an operation is about, by the rows it names: "Okafor family, remainder"."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from desktop.presenting.status_words import STAGE_KIND, say
from shared.tables import (
    booking,
    customer,
    manual_payment,
    note,
    package,
    payment_stage,
    refund_request,
    reminder_rule,
    resource,
    sync_issue,
)

_OF_BOOKING = {
    "payment_stage": payment_stage,
    "note": note,
    "refund_request": refund_request,
    "manual_payment": manual_payment,
}
_TABLE_OF = {"refund": "refund_request", "payment": "manual_payment"}
_NAMED = {"customer": customer, "package": package, "resource": resource}


@dataclass(frozen=True, slots=True)
class About:
    """The booking, if there is one, and its customer; `more` is what stands behind the name."""

    booking_id: UUID | None = None
    customer_name: str = ""
    more: str = ""

    @property
    def words(self) -> str:
        """Name and more, one of them, or nothing."""
        return ", ".join(part for part in (self.customer_name, self.more) if part)


def about_row(connection: sa.Connection, tenant_id: UUID, *, entity: str, row_id: UUID | None) -> About:
    """What a row of a synced table is about."""
    if row_id is None:
        return About()
    if entity == "booking":
        return _about_booking(connection, tenant_id, row_id)
    if entity in _NAMED:
        name = _value(connection, _NAMED[entity], tenant_id, row_id, "name")
        return About(customer_name=str(name or ""))
    if entity in _OF_BOOKING:
        booking_id = _value(connection, _OF_BOOKING[entity], tenant_id, row_id, "booking_id")
        more = ""
        if entity == "payment_stage":
            kind = _value(connection, payment_stage, tenant_id, row_id, "kind")
            more = "" if kind is None else say(STAGE_KIND, str(kind)).lower()
        found = _about_booking(connection, tenant_id, booking_id)
        return About(found.booking_id, found.customer_name, more)
    if entity == "reminder_rule":
        kind = _value(connection, reminder_rule, tenant_id, row_id, "kind")
        return About(more="" if kind is None else str(kind).replace("_", " "))
    return About()


def about_operation(
    connection: sa.Connection, tenant_id: UUID, *, name: str, args: Mapping[str, Any]
) -> About:
    """What an operation is about: its booking or stage where it names one, else its own row."""
    entity, row_id = name.partition(".")[0], _id(args.get("id"))
    if "stage_id" in args:
        entity, row_id = "payment_stage", _id(args["stage_id"])
    elif "booking_id" in args:
        entity, row_id = "booking", _id(args["booking_id"])
    elif "customer_id" in args:
        named = about_row(connection, tenant_id, entity="customer", row_id=_id(args["customer_id"]))
        return About(row_id, named.customer_name)
    elif entity == "issue" and row_id is not None:
        found = _value(connection, sync_issue, tenant_id, row_id, "entity")
        row_id, entity = _value(connection, sync_issue, tenant_id, row_id, "row_id"), str(found or "")
    return about_row(connection, tenant_id, entity=_TABLE_OF.get(entity, entity), row_id=row_id)


def _about_booking(connection: sa.Connection, tenant_id: UUID, booking_id: UUID | None) -> About:
    named = sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
    name = connection.execute(
        sa.select(customer.c.name)
        .select_from(booking.join(customer, named))
        .where(booking.c.tenant_id == tenant_id, booking.c.id == booking_id)
    ).scalar_one_or_none()
    return About(booking_id, name or "")


def _value(connection: sa.Connection, table: sa.Table, tenant_id: UUID, row_id: UUID, column: str) -> Any:  # noqa: ANN401 - a column's value
    return connection.execute(
        sa.select(table.c[column]).where(table.c.tenant_id == tenant_id, table.c.id == row_id)
    ).scalar_one_or_none()


def _id(value: object) -> UUID | None:
    return None if value is None else UUID(str(value))
