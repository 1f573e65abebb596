"""The items of Needs attention: issues of the studio, those of this computer alone, and refunds that wait."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from desktop.presenting.dates import past_moment
from desktop.presenting.money_text import money
from desktop.presenting.status_words import REFUND_REASON, STAGE_KIND, say
from desktop.queries.issue_facts import BookingFacts, booking_facts, booking_of_issue, plain_reason, reason_of
from desktop.queries.operation_words import field_words, operation_words
from desktop.queries.people import actor_name, member_names, within_sentence
from desktop.queries.refunds import refunds_waiting
from desktop.queries.rows import PAGE_ROWS, AttentionRow, FieldChange, Listed, RefundRow
from shared.clock import local_date
from shared.tables import sync_issue
from shared.tables.column_types import instant_from_text

SOLVED_BESIDE: Final = 8
_AT_ONCE: Final = 500


def attention_items(
    connection: sa.Connection, tenant_id: UUID, *, zone: str, user_id: UUID | None
) -> tuple[AttentionRow, ...]:
    """Open items, newest first, then those solved last; ``user_id`` decides which side is "mine"."""
    names = member_names(connection, tenant_id)
    table = sync_issue
    alive = (table.c.tenant_id == tenant_id, table.c.deleted_at.is_(None))
    issues = connection.execute(sa.select(table).where(*alive, table.c.state == "open")).all()
    opened = [
        *(_of_issue(connection, row, names=names, zone=zone, user_id=user_id) for row in issues),
        *_local(connection, tenant_id, names=names, zone=zone),
        *_of_refunds(connection, tenant_id, user_id=user_id),
    ]
    opened.sort(key=lambda item: item.at_utc, reverse=True)
    last = solved_list(connection, tenant_id, zone=zone, user_id=user_id, limit=SOLVED_BESIDE)
    return (*opened, *last.rows)


def solved_list(
    connection: sa.Connection, tenant_id: UUID, *, zone: str, user_id: UUID | None, limit: int = PAGE_ROWS
) -> Listed[AttentionRow]:
    """All that was ever solved, the last one first, and the first ``limit`` rows of it."""
    table = sync_issue
    solved = connection.execute(
        sa.select(sa.type_coerce(table.c.id, sa.Text))
        .where(table.c.tenant_id == tenant_id, table.c.deleted_at.is_(None), table.c.state != "open")
        .order_by(table.c.updated_at.desc(), table.c.id)
    )
    ids = tuple(solved.scalars())
    return Listed(solved_of(connection, tenant_id, ids[:limit], zone=zone, user_id=user_id), ids)


def solved_of(
    connection: sa.Connection, tenant_id: UUID, ids: Sequence[str], *, zone: str, user_id: UUID | None
) -> tuple[AttentionRow, ...]:
    """These solved items in this order; one that is gone or open again meanwhile is left out."""
    names, known = member_names(connection, tenant_id), sa.type_coerce(sync_issue.c.id, sa.Text)
    alive = (sync_issue.c.tenant_id == tenant_id, sync_issue.c.deleted_at.is_(None))
    rows = {
        str(row.id): _of_issue(connection, row, names=names, zone=zone, user_id=user_id)
        for at in range(0, len(ids), _AT_ONCE)
        for row in connection.execute(
            sa.select(sync_issue).where(
                *alive, sync_issue.c.state != "open", known.in_(ids[at : at + _AT_ONCE])
            )
        ).all()
    }
    return tuple(rows[each] for each in ids if each in rows)


def _of_issue(
    connection: sa.Connection,
    row: Any,  # noqa: ANN401 - a row of sync_issue
    *,
    names: Mapping[UUID, str],
    zone: str,
    user_id: UUID | None,
) -> AttentionRow:
    payload: dict[str, Any] = row.payload
    booking_id = booking_of_issue(
        connection, row.tenant_id, entity=row.entity, row_id=row.row_id, payload=payload
    )
    facts = booking_facts(connection, row.tenant_id, booking_id)
    fields = _fields(payload, mine=payload.get("author") == str(user_id))
    at = row.created_at or row.updated_at
    is_solved = row.state != "open"
    solver = actor_name(names, row.resolved_by)
    return AttentionRow(
        item_id=row.id,
        kind=row.kind,
        at_utc=at,
        time_zone=zone,
        user_name=names.get(row.user_id, ""),
        device_name=row.device_name or "",
        booking_id=booking_id,
        customer_name=facts.customer_name,
        where=facts.words,
        tried=_tried(payload, by=names.get(row.user_id, ""), device=row.device_name or "", zone=zone, at=at),
        why_not=reason_of(connection, row.tenant_id, kind=row.kind, payload=payload, facts=facts),
        now=facts.state_words,
        details=_details(row.kind, payload, facts, user=names.get(row.user_id, "")),
        fields=fields,
        solved_at_utc=row.updated_at if is_solved else None,
        solved_words=f"{solver}: {_solution(row.resolution)}" if is_solved else "",
    )


def _solution(resolution: str | None) -> str:
    return (resolution or "dealt with").replace("_", " ")


def _tried(payload: Mapping[str, Any], *, by: str, device: str, zone: str, at: datetime) -> str:
    operation = payload.get("operation")
    if not isinstance(operation, dict):
        return ""
    words = operation_words(str(operation.get("name", "")), operation.get("args") or {})
    made = operation.get("created_at")
    moment = datetime.fromisoformat(made) if isinstance(made, str) else at
    who = f", by {by}" if by else ""
    where = f" on {device}" if device else ""
    return f"{words}{who}{where}, {past_moment(moment, zone, local_date(at, zone))}"


def _details(
    kind: str, payload: Mapping[str, Any], facts: BookingFacts, *, user: str
) -> tuple[tuple[str, str], ...]:
    details = {"customer": facts.customer_name, "user": user}
    if kind == "replaced":
        details["field"] = ", ".join(field_words(name) for name in payload.get("fields", {}))
    if isinstance(payload.get("details"), dict):
        details |= {str(key): str(value) for key, value in payload["details"].items()}
    if isinstance(payload.get("bookings"), list):
        details["count"] = str(len(payload["bookings"]))
    return tuple(details.items())


def _fields(payload: Mapping[str, Any], *, mine: bool) -> tuple[FieldChange, ...]:
    """``yours`` in the payload is the later arrival, which stands; ``theirs`` is what it replaced."""
    fields = payload.get("fields")
    if not isinstance(fields, dict):
        return ()
    return tuple(
        FieldChange(
            field_name=field_words(name).capitalize(),
            before=_text(values.get("before")),
            mine=_text(values.get("theirs" if mine else "yours")),
            theirs=_text(values.get("yours" if mine else "theirs")),
            now="theirs" if mine else "mine",
            lost=mine,
        )
        for name, values in fields.items()
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _local(
    connection: sa.Connection, tenant_id: UUID, *, names: Mapping[UUID, str], zone: str
) -> list[AttentionRow]:
    table = sa.table("local_issue", *(sa.column(name) for name in ("id", "kind", "payload", "at")))
    items = []
    for row in connection.execute(sa.select(table)):
        payload: dict[str, Any] = json.loads(row.payload)
        operation = {"name": payload.get("name", ""), "args": payload.get("args", {})}
        booking_id = booking_of_issue(
            connection, tenant_id, entity=None, row_id=None, payload={"operation": operation}
        )
        facts = booking_facts(connection, tenant_id, booking_id)
        author = payload.get("user_id")
        user = names.get(UUID(author), "") if isinstance(author, str) else ""
        at = instant_from_text(row.at)
        items.append(
            AttentionRow(
                item_id=UUID(row.id),
                kind=row.kind,
                at_utc=at,
                time_zone=zone,
                user_name=user,
                booking_id=booking_id,
                customer_name=facts.customer_name,
                where=facts.words or "On this computer alone",
                tried=_tried({"operation": operation}, by=user, device="", zone=zone, at=at),
                why_not=plain_reason(str(payload.get("code") or row.kind), {}),
                now=facts.state_words,
                details=(("customer", facts.customer_name), ("user", user)),
                only_here=True,
            )
        )
    return items


def _of_refunds(connection: sa.Connection, tenant_id: UUID, *, user_id: UUID | None) -> list[AttentionRow]:
    by_request: dict[UUID, list[RefundRow]] = {}
    for row in refunds_waiting(connection, tenant_id, user_id=user_id):
        by_request.setdefault(row.request_id, []).append(row)
    return [_of_request(connection, tenant_id, rows) for rows in by_request.values()]


def _of_request(connection: sa.Connection, tenant_id: UUID, rows: list[RefundRow]) -> AttentionRow:
    first = rows[0]
    facts = booking_facts(connection, tenant_id, first.booking_id)
    total = money(sum(row.amount_minor for row in rows), first.currency)
    reason = say(REFUND_REASON, first.reason_code).lower()
    moment = past_moment(first.asked_at_utc, first.time_zone, local_date(first.asked_at_utc, first.time_zone))
    waits = first.request_status == "requested"
    asker = within_sentence(first.asked_by)
    by_customer = asker != first.asked_by
    stuck = next((row for row in rows if row.attention), first)
    return AttentionRow(
        item_id=first.request_id,
        kind="refund_waits" if waits else "refund_failed",
        at_utc=first.asked_at_utc,
        time_zone=first.time_zone,
        user_name=first.asked_by,
        booking_id=first.booking_id,
        customer_name=first.customer_name,
        where=facts.words,
        tried=f"Refund of {total}, by {asker}, {moment}: {reason}",
        why_not=(
            f"{'Somebody of the studio' if by_customer else 'A second person'} must agree before money leaves"
            if waits
            else f"{say(STAGE_KIND, stuck.stage_kind)}: {(stuck.attention or 'stuck').replace('_', ' ')}"
        ),
        now="Nothing of this request was sent to Stripe" if waits else facts.state_words,
        details=(("amount", total), ("customer", first.customer_name), ("user", first.asked_by)),
        may_act=first.may_approve if waits else True,
    )
