"""Bookings, what they hold, and what is closed."""

import sqlalchemy as sa

from shared.models.states import BookingStatus, CancelReason
from shared.tables.column_types import Day, Id, Instant, Json, WallTime, Word
from shared.tables.tenant_table import optional, required, tenant_table

booking = tenant_table(
    "booking",
    required("customer_id", Id),
    required("package_id", Id),
    required("package_name", sa.Text),
    required("status", Word(BookingStatus)),
    optional("cancel_reason", Word(CancelReason)),
    optional("cancelled_at", Instant),
    # what a person set by the wall clock; the instants below follow from it
    required("start_date", Day),
    required("start_time", WallTime),
    required("end_date", Day),
    required("end_time", WallTime),
    required("zone", sa.Text),
    required("starts_at", Instant),
    required("ends_at", Instant),
    required("place", sa.Text),
    required("currency", sa.Text),
    required("price_minor", sa.BigInteger),
    required("price_mode", sa.Text),
    required("tax_percent", sa.Text),
    required("policy", Json),
    required("invoice_style", sa.Text),
    required("schedule_rev", sa.Integer),
    optional("hold_ends_at", Instant),
)

sa.Index("ix_booking_starts_at", booking.c.tenant_id, booking.c.starts_at)
sa.Index("ix_booking_customer", booking.c.tenant_id, booking.c.customer_id)

booking_line = tenant_table(
    "booking_line",
    required("booking_id", Id),
    required("position", sa.Integer),
    required("text", sa.Text),
    required("detail", sa.Text),
    required("quantity", sa.Text),
    required("unit_price_minor", sa.BigInteger),
    required("tax_category", sa.Text),
    required("tax_percent", sa.Text),
)

sa.Index("ix_booking_line_booking", booking_line.c.tenant_id, booking_line.c.booking_id)

booking_resource = tenant_table(
    "booking_resource",
    required("booking_id", Id),
    required("resource_id", Id),
    required("starts_at", Instant),
    required("ends_at", Instant),
    required("blocks", sa.Boolean),
)

sa.Index("ix_booking_resource_booking", booking_resource.c.tenant_id, booking_resource.c.booking_id)
sa.Index(
    "ix_booking_resource_time",
    booking_resource.c.tenant_id,
    booking_resource.c.resource_id,
    booking_resource.c.starts_at,
)

availability_block = tenant_table(
    "availability_block",
    optional("resource_id", Id),
    required("starts_at", Instant),
    required("ends_at", Instant),
    required("zone", sa.Text),
    required("reason", sa.Text),
)

sa.Index("ix_availability_block_time", availability_block.c.tenant_id, availability_block.c.starts_at)

note = tenant_table(
    "note",
    required("booking_id", Id),
    required("body", sa.Text),
)

sa.Index("ix_note_booking", note.c.tenant_id, note.c.booking_id)
