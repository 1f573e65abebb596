"""Planned mails of a studio's rules, and what the planner reads to plan many bookings at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.models.booking import Booking
from shared.models.mail import ReminderChoice
from shared.models.payment import PaymentStage
from shared.models.states import BookingStatus, ResourceKind, StageStatus
from shared.models.studio import Customer
from shared.tables.bookings import booking, booking_resource
from shared.tables.mails import reminder_choice
from shared.tables.money import payment_stage
from shared.tables.studios import customer, resource
from sync_server.repositories.mail_queues import OPEN, DeliveryStatus
from sync_server.repositories.many_rows import among
from sync_server.repositories.work_tables import reminder


@dataclass(frozen=True)
class ReminderRow:
    """One planned mail as the planner sees it."""

    id: UUID
    booking_id: UUID
    rule_id: UUID
    kind: str
    stage_position: int
    schedule_rev: int
    tz: str
    local_at: str
    due_at: datetime
    status: DeliveryStatus
    tries: int

    @property
    def key(self) -> tuple[UUID, int, int]:
        """With the booking it is the row's identity; the time is not in it."""
        return self.rule_id, self.stage_position, self.schedule_rev


class Reminders:
    """The planner's rows in an open transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_bookings(self, tenant_id: UUID, booking_ids: Collection[UUID]) -> dict[UUID, list[ReminderRow]]:
        """Every row of these bookings."""
        query = sa.select(reminder).where(
            reminder.c.tenant_id == tenant_id, among(reminder.c.booking_id, booking_ids)
        )
        found: dict[UUID, list[ReminderRow]] = {booking_id: [] for booking_id in booking_ids}
        for row in self._session.execute(query):
            found[row.booking_id].append(
                ReminderRow(
                    id=row.id,
                    booking_id=row.booking_id,
                    rule_id=row.rule_id,
                    kind=row.kind,
                    stage_position=row.stage_position,
                    schedule_rev=row.schedule_rev,
                    tz=row.tz,
                    local_at=row.local_at,
                    due_at=row.due_at,
                    status=DeliveryStatus(row.status),
                    tries=row.tries,
                )
            )
        return found

    def add(self, tenant_id: UUID, rows: Iterable[Mapping[str, Any]]) -> None:
        """Keep new rows; one that is there already stays as it is."""
        values = [{"tenant_id": tenant_id, **row} for row in rows]
        if values:
            self._session.execute(insert(reminder).values(values).on_conflict_do_nothing())

    def change(
        self,
        tenant_id: UUID,
        row_ids: Collection[UUID],
        *,
        when: Collection[DeliveryStatus] = OPEN,
        values: Mapping[str, Any],
    ) -> set[UUID]:
        """Change rows that are in one of these states at this moment; which ones were."""
        if not row_ids:
            return set()
        done = self._session.execute(
            sa.update(reminder)
            .where(
                reminder.c.tenant_id == tenant_id, among(reminder.c.id, row_ids), reminder.c.status.in_(when)
            )
            .values(values)
            .returning(reminder.c.id)
        )
        return set(done.scalars())


class PlannedBookings:
    """What planning reads, for many bookings in few questions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def to_plan(self, tenant_id: UUID, now: datetime) -> list[UUID]:
        """Bookings with something to plan: not over yet, or with a row that is still open."""
        future = sa.select(booking.c.id).where(
            booking.c.tenant_id == tenant_id,
            booking.c.ends_at > now,
            booking.c.status != BookingStatus.CANCELLED,
            booking.c.deleted_at.is_(None),
        )
        still_open = sa.select(reminder.c.booking_id).where(
            reminder.c.tenant_id == tenant_id, reminder.c.status.in_(OPEN)
        )
        return sorted(self._session.scalars(sa.union(future, still_open)))

    def bookings(self, tenant_id: UUID, booking_ids: Collection[UUID]) -> dict[UUID, Booking]:
        """The bookings that are there."""
        query = sa.select(Booking).where(booking.c.tenant_id == tenant_id, among(booking.c.id, booking_ids))
        return {row.id: row for row in self._session.scalars(query)}

    def stages(self, tenant_id: UUID, booking_ids: Collection[UUID]) -> dict[UUID, list[PaymentStage]]:
        """The stages that still count, by booking and position."""
        query = (
            sa.select(PaymentStage)
            .where(
                payment_stage.c.tenant_id == tenant_id,
                among(payment_stage.c.booking_id, booking_ids),
                payment_stage.c.status != StageStatus.SUPERSEDED,
                payment_stage.c.deleted_at.is_(None),
            )
            .order_by(payment_stage.c.position, payment_stage.c.rev)
        )
        found: dict[UUID, list[PaymentStage]] = {booking_id: [] for booking_id in booking_ids}
        for row in self._session.scalars(query):
            found[row.booking_id].append(row)
        return found

    def customers(self, tenant_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, Customer]:
        """The customers that are there."""
        query = sa.select(Customer).where(
            customer.c.tenant_id == tenant_id, among(customer.c.id, customer_ids)
        )
        return {row.id: row for row in self._session.scalars(query)}

    def people(self, tenant_id: UUID, booking_ids: Collection[UUID]) -> dict[UUID, list[str]]:
        """The names of the people who come, by booking."""
        query = (
            sa.select(booking_resource.c.booking_id, resource.c.name)
            .join(
                resource,
                sa.and_(
                    resource.c.tenant_id == booking_resource.c.tenant_id,
                    resource.c.id == booking_resource.c.resource_id,
                ),
            )
            .where(
                booking_resource.c.tenant_id == tenant_id,
                among(booking_resource.c.booking_id, booking_ids),
                booking_resource.c.deleted_at.is_(None),
                resource.c.kind == ResourceKind.PERSON,
            )
            .order_by(resource.c.name)
        )
        found: dict[UUID, list[str]] = {}
        for booking_id, name in self._session.execute(query):
            found.setdefault(booking_id, []).append(name)
        return found

    def choices(self, tenant_id: UUID, booking_ids: Collection[UUID]) -> list[ReminderChoice]:
        """What staff decided about mails of these bookings, oldest first."""
        query = (
            sa.select(ReminderChoice)
            .where(
                reminder_choice.c.tenant_id == tenant_id,
                among(reminder_choice.c.booking_id, booking_ids),
                reminder_choice.c.deleted_at.is_(None),
            )
            .order_by(reminder_choice.c.created_at, reminder_choice.c.id)
        )
        return list(self._session.scalars(query))
