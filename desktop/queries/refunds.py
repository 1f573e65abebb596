"""Refunds with the requests they came from, and whether the person at the desk may approve them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.marks import marks_of
from desktop.queries.people import actor_name, member_names
from desktop.queries.rows import RefundRow, RowMark
from shared.models.act import Role
from shared.models.states import RequestStatus
from shared.money import Money
from shared.policies.refund_allocation import RefundLimits, may_approve
from shared.tables import (
    booking,
    customer,
    member,
    payment_stage,
    refund,
    refund_request,
    refund_request_line,
    studio,
)


def refunds_list(
    connection: sa.Connection, tenant_id: UUID, *, user_id: UUID | None
) -> tuple[RefundRow, ...]:
    """Every refund of every request, newest first."""
    return _rows(connection, tenant_id, [], user_id=user_id)


def refunds_of_booking(
    connection: sa.Connection, tenant_id: UUID, booking_id: UUID, *, user_id: UUID | None
) -> tuple[RefundRow, ...]:
    """The refunds of one booking, newest first."""
    return _rows(connection, tenant_id, [refund_request.c.booking_id == booking_id], user_id=user_id)


def refunds_waiting(
    connection: sa.Connection, tenant_id: UUID, *, user_id: UUID | None
) -> tuple[RefundRow, ...]:
    """Requests that wait for a second person, and those that are stuck."""
    waits = refund_request.c.status.in_([RequestStatus.REQUESTED, RequestStatus.NEEDS_PERSON])
    return _rows(connection, tenant_id, [waits], user_id=user_id)


def request_total(connection: sa.Connection, tenant_id: UUID, request_id: UUID) -> int:
    """How much one request asks for."""
    total = connection.execute(
        sa.select(sa.func.coalesce(sa.func.sum(refund_request_line.c.amount_minor), 0)).where(
            refund_request_line.c.tenant_id == tenant_id, refund_request_line.c.request_id == request_id
        )
    )
    return int(total.scalar_one())


def _rows(
    connection: sa.Connection,
    tenant_id: UUID,
    conditions: Sequence[sa.ColumnElement[bool]],
    *,
    user_id: UUID | None,
) -> tuple[RefundRow, ...]:
    found = connection.execute(_query(tenant_id, conditions)).all()
    names, marks = member_names(connection, tenant_id), marks_of(connection, "refund_request")
    limits, currency, zone = _studio(connection, tenant_id)
    role = _role(connection, tenant_id, user_id)
    totals: dict[UUID, int] = {}
    for row in found:
        totals[row.id] = totals.get(row.id, 0) + row.amount_minor

    def approvable(row: Any) -> bool:  # noqa: ANN401 - a row of the query
        return (
            user_id is not None
            and row.status is RequestStatus.REQUESTED
            and may_approve(
                role,
                user_id,
                asker_id=row.asked_by,
                amount=Money(totals[row.id], row.currency),
                limits=limits,
                studio_currency=currency,
            )
        )

    return tuple(
        RefundRow(
            request_id=row.id,
            booking_id=row.booking_id,
            customer_name=row.customer_name or "",
            stage_kind=row.kind.value,
            amount_minor=row.amount_minor,
            currency=row.currency,
            request_status=row.status.value,
            asked_at_utc=row.asked_at,
            time_zone=zone,
            refund_id=row.refund_id,
            refund_status=row.refund_status.value if row.refund_status is not None else "",
            channel=row.channel.value,
            asked_by=actor_name(names, row.asked_by, row.asked_by_kind),
            reason_code=row.reason_code.value,
            attention=row.attention or "",
            may_approve=approvable(row),
            settled_at_utc=row.settled_at,
            mark=marks.get(row.id, RowMark.NONE),
            stage_id=row.stage_id,
        )
        for row in found
    )


def _query(tenant_id: UUID, conditions: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    line = refund_request_line
    latest = (
        sa.select(refund.c.request_id, refund.c.stage_id, sa.func.max(refund.c.nth).label("nth"))
        .where(refund.c.tenant_id == tenant_id)
        .group_by(refund.c.request_id, refund.c.stage_id)
        .subquery("latest_refund")
    )
    return (
        sa.select(
            refund_request,
            line.c.amount_minor,
            line.c.stage_id,
            payment_stage.c.kind,
            payment_stage.c.channel,
            customer.c.name.label("customer_name"),
            refund.c.id.label("refund_id"),
            refund.c.status.label("refund_status"),
            refund.c.attention,
            refund.c.settled_at,
        )
        .select_from(refund_request)
        .join(line, _same(refund_request, line, line.c.request_id == refund_request.c.id))
        .join(payment_stage, _same(refund_request, payment_stage, payment_stage.c.id == line.c.stage_id))
        .join(booking, _same(refund_request, booking, booking.c.id == refund_request.c.booking_id))
        .outerjoin(customer, _same(booking, customer, customer.c.id == booking.c.customer_id))
        .outerjoin(
            latest, sa.and_(latest.c.request_id == line.c.request_id, latest.c.stage_id == line.c.stage_id)
        )
        .outerjoin(
            refund,
            _same(
                refund_request,
                refund,
                refund.c.request_id == latest.c.request_id,
                refund.c.stage_id == latest.c.stage_id,
                refund.c.nth == latest.c.nth,
            ),
        )
        .where(refund_request.c.tenant_id == tenant_id, refund_request.c.deleted_at.is_(None), *conditions)
        .order_by(refund_request.c.asked_at.desc(), payment_stage.c.position.desc())
    )


def _same(left: sa.Table, right: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(left.c.tenant_id == right.c.tenant_id, *conditions)


def _studio(connection: sa.Connection, tenant_id: UUID) -> tuple[RefundLimits, str, str]:
    row = connection.execute(
        sa.select(studio.c.refund_limits, studio.c.currency, studio.c.zone).where(
            studio.c.tenant_id == tenant_id
        )
    ).one()
    return RefundLimits.from_json(row.refund_limits), row.currency, row.zone


def _role(connection: sa.Connection, tenant_id: UUID, user_id: UUID | None) -> Role | None:
    return connection.execute(
        sa.select(member.c.role).where(member.c.tenant_id == tenant_id, member.c.id == user_id)
    ).scalar_one_or_none()
