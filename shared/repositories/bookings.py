"""Bookings, what they hold, and what is closed."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.models.booking import AvailabilityBlock, Booking, BookingLine, BookingResource, Note
from shared.models.slot import MAX_SLOT
from shared.models.states import ACTIVE_BOOKING
from shared.repositories.tenant_repository import TenantRepository
from shared.tables import bookings as tables


class Bookings(TenantRepository[Booking]):
    """Customers' events."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Booking)

    def of_customer(self, tenant_id: UUID, customer_id: UUID) -> list[Booking]:
        """A customer's bookings, by time."""
        table = tables.booking
        return self._list(tenant_id, table.c.customer_id == customer_id, order_by=(table.c.starts_at,))

    def active_of_customer(self, tenant_id: UUID, customer_id: UUID) -> list[Booking]:
        """A customer's bookings that are still to happen."""
        table = tables.booking
        return self._list(tenant_id, table.c.customer_id == customer_id, table.c.status.in_(ACTIVE_BOOKING))

    def active_ending_after(self, tenant_id: UUID, instant: datetime) -> list[Booking]:
        """Bookings still to happen, or happening."""
        table = tables.booking
        return self._list(
            tenant_id,
            table.c.ends_at > instant,
            table.c.status.in_(ACTIVE_BOOKING),
            order_by=(table.c.starts_at,),
        )


class BookingLines(TenantRepository[BookingLine]):
    """Priced lines of bookings."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, BookingLine)

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[BookingLine]:
        """A booking's lines in order."""
        table = tables.booking_line
        return self._list(tenant_id, table.c.booking_id == booking_id, order_by=(table.c.position,))


class BookingResources(TenantRepository[BookingResource]):
    """Who and what is held when."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, BookingResource)

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[BookingResource]:
        """A booking's resources."""
        return self._list(tenant_id, tables.booking_resource.c.booking_id == booking_id)

    def busy(
        self, tenant_id: UUID, resource_ids: list[UUID], *, starts_at: datetime, ends_at: datetime
    ) -> list[BookingResource]:
        """What blocks any of these resources at any moment of the half-open time, by time.

        The lower bound on ``starts_at`` lets the index serve the query: no booking is longer than 31 days.
        """
        table = tables.booking_resource
        return self._list(
            tenant_id,
            table.c.resource_id.in_(resource_ids),
            table.c.blocks.is_(sa.true()),
            table.c.starts_at < ends_at,
            table.c.starts_at > starts_at - MAX_SLOT,
            table.c.ends_at > starts_at,
            order_by=(table.c.starts_at,),
        )


class AvailabilityBlocks(TenantRepository[AvailabilityBlock]):
    """Closed times."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, AvailabilityBlock)

    def touching(
        self, tenant_id: UUID, resource_ids: list[UUID], *, starts_at: datetime, ends_at: datetime
    ) -> list[AvailabilityBlock]:
        """Closed times of the studio or of any of these resources inside the half-open time."""
        table = tables.availability_block
        return self._list(
            tenant_id,
            sa.or_(table.c.resource_id.is_(None), table.c.resource_id.in_(resource_ids)),
            table.c.starts_at < ends_at,
            table.c.ends_at > starts_at,
            order_by=(table.c.starts_at,),
        )


class Notes(TenantRepository[Note]):
    """What was written down about bookings."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Note)

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[Note]:
        """A booking's notes, oldest first."""
        return self._list(tenant_id, tables.note.c.booking_id == booking_id)
