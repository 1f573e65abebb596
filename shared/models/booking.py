"""A booking: one customer's event, its slot and its resources."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from shared.clock import utc_to_wall, wall_to_utc
from shared.models.entity import Entity
from shared.models.slot import Slot
from shared.models.states import (
    ACTIVE_BOOKING,
    BLOCKING_BOOKING,
    BOOKING_STEPS,
    BookingStatus,
    CancelReason,
    check_step,
)
from shared.money import Money


@dataclass(eq=False, kw_only=True)
class Booking(Entity):
    """One customer's event. The wall times are the truth; ``starts_at`` and ``ends_at`` follow from them."""

    customer_id: UUID
    package_id: UUID
    package_name: str
    status: BookingStatus
    cancel_reason: CancelReason | None = None
    cancelled_at: datetime | None = None
    start_date: date
    start_time: time
    end_date: date
    end_time: time
    zone: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    currency: str
    price_minor: int
    price_mode: str = "inclusive"
    tax_percent: str = "0"
    policy: dict[str, Any] = field(default_factory=dict)
    invoice_style: str = "single"
    schedule_rev: int = 1
    hold_ends_at: datetime | None = None

    @property
    def slot(self) -> Slot:
        """When, by the wall clock of the booking's zone."""
        return Slot(self.start_date, self.start_time, self.end_date, self.end_time, self.zone)

    @property
    def shown(self) -> tuple[datetime, datetime]:
        """Start and end as clocks there show them, as :attr:`Slot.shown`: what is kept has a slot."""
        start = wall_to_utc(self.start_date, self.start_time, self.zone)
        end = wall_to_utc(self.end_date, self.end_time, self.zone)
        return utc_to_wall(start, self.zone), utc_to_wall(end, self.zone)

    @property
    def price(self) -> Money:
        """What was agreed for the whole booking."""
        return Money(self.price_minor, self.currency)

    @property
    def is_active(self) -> bool:
        """Whether it is still to happen, as far as anyone knows."""
        return self.status in ACTIVE_BOOKING

    @property
    def blocks(self) -> bool:
        """Whether it keeps others out of its slot."""
        return self.status in BLOCKING_BOOKING

    def take_slot(self, slot: Slot) -> None:
        """Stand at another time; the caller decides whether customers can see it (``schedule_rev``)."""
        self.start_date, self.start_time = slot.start_date, slot.start_time
        self.end_date, self.end_time = slot.end_date, slot.end_time
        self.zone = slot.zone
        self.starts_at, self.ends_at = slot.starts_at, slot.ends_at

    def step_to(self, status: BookingStatus) -> None:
        """Change the status by a listed transition."""
        check_step(BOOKING_STEPS, self.status, status)
        self.status = status
        if status != BookingStatus.HELD:
            self.hold_ends_at = None

    def cancel(self, reason: CancelReason, at: datetime) -> None:
        """End the booking before its time."""
        self.step_to(BookingStatus.CANCELLED)
        self.cancel_reason = reason
        self.cancelled_at = at


@dataclass(eq=False, kw_only=True)
class BookingLine(Entity):
    """One priced line of a booking; the unit price follows the booking's price mode."""

    booking_id: UUID
    position: int
    text: str
    detail: str = ""
    quantity: str = "1"
    unit_price_minor: int
    tax_category: str = "S"
    tax_percent: str = "0"


@dataclass(eq=False, kw_only=True)
class BookingResource(Entity):
    """One resource of one booking; times and ``blocks`` are copied from it by the booking services alone."""

    booking_id: UUID
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime
    blocks: bool


@dataclass(eq=False, kw_only=True)
class AvailabilityBlock(Entity):
    """A closed time, of one resource or (``resource_id`` None) of the whole studio."""

    resource_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    zone: str
    reason: str = ""


@dataclass(eq=False, kw_only=True)
class Note(Entity):
    """What somebody wrote down about a booking."""

    booking_id: UUID
    body: str
