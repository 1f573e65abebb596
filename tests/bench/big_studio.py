"""Rows of a studio of any size as the wire words them: ten bookings a day, each of its own customer.

A booking is five rows: customer, booking, held resource, deposit and remainder.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID, uuid5

import psycopg
from psycopg import sql

from shared.ids import time_ordered
from shared.sync_protocol.changes import Change
from shared.tables.column_types import instant_text

ROWS_A_BOOKING: Final = 5
BOOKINGS_A_DAY: Final = 10
LAST_DAY: Final = date(2028, 12, 31)
NOW: Final = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
ZONE: Final = "Europe/Paris"
_LOCK_OF_ROWS: Final = 500  # one lock's worth: each row moves the studio's head
_EARLIEST_DAYS, _SPREAD_DAYS, _STRIDE = 21, 380, 7_919  # how long before its day a booking is made
_AT: Final = "2026-12-01T09:00:00.000000Z"
_FIRST: Final = ("Zoë", "Amélie", "Björn", "Chiara", "Dörte", "Élodie", "Farid", "Grażyna", "Håkon", "Inès")
_LAST: Final = ("Lindqvist", "Moreau", "Brûlé", "Castellani", "Öztürk", "Novák", "García", "Ó Briain", "Weiß")
_PLACES: Final = ("Château d’Écouen", "Villa Aurelia", "Altes Rathaus", "Domaine de la Source")

Columns = dict[str, Any]
Row = tuple[str, str, Columns]
"""Entity, id, columns."""


def one_id(*role: object) -> str:
    """The same id for the same role."""
    return str(uuid5(UUID(int=0), "/".join(str(part) for part in role)))


def made_id(at: datetime, *role: object) -> str:
    """The id that an author makes at that moment: time-ordered, as :func:`shared.ids.new_id` does."""
    return str(time_ordered(int(at.timestamp() * 1000), UUID(one_id(*role)).int % 2**74))


RESOURCES: Final = tuple(one_id("resource", n) for n in range(BOOKINGS_A_DAY))
PACKAGE: Final = one_id("package")


def changes_of(rows: Iterator[Row], *, first_seq: int = 1) -> Iterator[Change]:
    """As the replica gets them."""
    for seq, (entity, row_id, row) in enumerate(rows, start=first_seq):
        yield Change(entity, row_id, seq, row)


def standing_rows() -> Iterator[Row]:
    """What every booking refers to."""
    package: Columns = {"name": "Full day", "description": "", "price_minor": 245000, "currency": "EUR"}
    package |= {"duration_minutes": 480, "deposit_percent": 50, "remainder_days_before": 3}
    package |= {"tax_percent": "20", "resources_needed": 1, "archived_at": None}
    yield "package", PACKAGE, package | _stamps()
    for n, row_id in enumerate(RESOURCES):
        yield "resource", row_id, {"name": f"Person {n}", "kind": "person", "archived_at": None} | _stamps()


def booking_rows(bookings: int) -> Iterator[Row]:
    """The last ones first: ten on ``LAST_DAY``, ten on the day before, and so on."""
    for n in range(bookings):
        yield from _one_booking(n)


def _one_booking(n: int) -> Iterator[Row]:
    day = LAST_DAY - timedelta(days=n // BOOKINGS_A_DAY)
    starts_at = datetime.combine(day, time(8 + n % 4), UTC)
    ends_at = starts_at + timedelta(hours=4)
    is_over = ends_at < NOW
    made_at = starts_at - timedelta(days=_EARLIEST_DAYS + n * _STRIDE % _SPREAD_DAYS)
    booking_id, customer_id = made_id(made_at, n, "booking"), made_id(made_at, n, "customer")
    first, last = _FIRST[n % len(_FIRST)], _LAST[n // 7 % len(_LAST)]
    customer: Columns = {"name": f"{first} {last} {n}", "email": f"customer.{n}@example.com"}
    customer |= {
        "phone": f"+33 6 {n:08}",
        "street": f"Rue de la Paix {n % 200}",
        "postal_city": "75002 Paris",
    }
    customer |= {"country": "FR", "language": "fr", "zone": None, "no_follow_up": 0}
    yield "customer", customer_id, customer | _stamps()
    booking: Columns = {"customer_id": customer_id, "package_id": PACKAGE, "package_name": "Full day"}
    booking |= {"status": "completed" if is_over else "confirmed", "cancel_reason": None}
    booking |= {
        "cancelled_at": None,
        "start_date": day.isoformat(),
        "end_date": day.isoformat(),
        "zone": ZONE,
    }
    booking |= {"start_time": f"{9 + n % 4:02}:00", "end_time": f"{13 + n % 4:02}:00"}
    booking |= {"starts_at": instant_text(starts_at), "ends_at": instant_text(ends_at)}
    booking |= {"place": _PLACES[n % len(_PLACES)], "currency": "EUR", "price_minor": 245000}
    booking |= {"price_mode": "inclusive", "tax_percent": "20", "policy": {}, "invoice_style": "single"}
    booking |= {"schedule_rev": 0, "hold_ends_at": None}
    yield "booking", booking_id, booking | _stamps()
    held: Columns = {"booking_id": booking_id, "resource_id": RESOURCES[n % len(RESOURCES)], "blocks": 1}
    held |= {"starts_at": instant_text(starts_at), "ends_at": instant_text(ends_at)}
    yield "booking_resource", one_id(n, "held"), held | _stamps()
    for position, kind, days in ((1, "deposit", 60), (2, "remainder", 3)):
        yield (
            "payment_stage",
            one_id(n, kind),
            _stage(booking_id, kind, position=position, starts_at=starts_at, days=days),
        )


def _stage(booking_id: str, kind: str, *, position: int, starts_at: datetime, days: int) -> dict[str, Any]:
    due_at = starts_at - timedelta(days=days)
    is_paid = due_at < NOW
    stage: Columns = {
        "booking_id": booking_id,
        "position": position,
        "kind": kind,
        "rev": 0,
        "amount_minor": 122500,
    }
    stage |= {
        "currency": "EUR",
        "percent": 50,
        "due_rule": "days_before_event",
        "due_days": days,
        "zone": ZONE,
    }
    stage |= {"due_local_date": due_at.date().isoformat(), "due_at": instant_text(due_at)}
    stage |= {"status": "paid" if is_paid else "planned", "channel": "card", "scope": None, "pi_id": None}
    stage |= {"pi_attempt": 0, "pi_cancel_wanted": 0, "received_minor": 122500 if is_paid else 0}
    stage |= {"refund_reserved_minor": 0, "refunded_minor": 0, "paid_words": "Visa" if is_paid else ""}
    stage |= {"paid_at": instant_text(due_at) if is_paid else None}
    return stage | {"dispute_state": None, "attention": None, "last_error": None} | _stamps()


def _stamps() -> dict[str, Any]:
    return {"created_at": _AT, "created_by": None, "updated_at": _AT, "updated_by": None, "deleted_at": None}


def seed(connection: psycopg.Connection, tenant_id: UUID, rows: Iterator[Row]) -> int:
    """Copy rows into the server's tables under the studio's lock; how many there were."""
    count = 0
    while part := list(islice(rows, _LOCK_OF_ROWS)):
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SELECT sync_begin(%s)", [tenant_id])
            for entity in dict.fromkeys(entity for entity, _, _ in part):
                _copy(cursor, tenant_id, entity, [row for row in part if row[0] == entity])
        count += len(part)
    return count


def _copy(cursor: psycopg.Cursor, tenant_id: UUID, entity: str, rows: Sequence[Row]) -> None:
    columns = list(rows[0][2])
    listed = sql.SQL(", ").join(map(sql.Identifier, ["tenant_id", "id", *columns]))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(entity), listed)
    with cursor.copy(statement) as copy:
        for _, row_id, row in rows:
            values = (
                json.dumps(value) if isinstance(value, dict) else value
                for value in (row[name] for name in columns)
            )
            copy.write_row([tenant_id, row_id, *values])
