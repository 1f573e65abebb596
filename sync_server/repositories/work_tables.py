"""Work that rows stand for: mails, the event outbox, the provider's webhooks. Claimed with SKIP LOCKED.

They are no studio data: no studio lock, no feed.
"""

from typing import Any

import sqlalchemy as sa

from shared.tables.column_types import Id, Instant, Json
from shared.tables.tenant_table import optional, required
from sync_server.repositories.sync_tables import moment, server_metadata


def _delivery() -> tuple[sa.Column[Any], ...]:
    """How far the sending of one mail has come."""
    return (
        required("status", sa.Text, server_default="scheduled"),
        required("tries", sa.SmallInteger, server_default="0"),
        required("next_try", Instant),
        optional("lease_owner", sa.Text),
        optional("lease_until", Instant),
        required("message_id", sa.Text),
        optional("handed_over_at", Instant),
        required("resent", sa.Boolean, server_default=sa.false()),
        optional("sent_at", Instant),
        optional("provider_id", sa.Text),
        optional("last_error", sa.Text),
    )


reminder = sa.Table(
    "reminder",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    required("booking_id", Id),
    required("rule_id", Id),
    required("kind", sa.Text),
    required("stage_position", sa.Integer),
    required("schedule_rev", sa.Integer),
    required("tz", sa.Text),
    required("local_at", sa.Text),  # what the wall clock of the zone shows: 2027-06-09T10:00
    required("due_at", Instant),
    *_delivery(),
    sa.UniqueConstraint(
        "tenant_id", "booking_id", "rule_id", "stage_position", "schedule_rev", name="reminder_once"
    ),
)
"""One planned mail of one rule; ``due_at`` is not in the key, so a moved hour makes no second mail."""

mail = sa.Table(
    "mail",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    required("kind", sa.Text),
    required("cause_id", Id),
    required("subject_type", sa.Text),
    required("subject_id", Id),
    required("recipient", sa.Text),
    required("recipient_hash", sa.LargeBinary),
    required("language", sa.Text),
    optional("values", Json),  # ids and codes that the text needs beside its subject; never a token or link
    *_delivery(),
    moment("created_at"),
    sa.UniqueConstraint("tenant_id", "cause_id", "kind", "recipient_hash", name="mail_once"),
)
"""One mail that an event caused."""

event_outbox = sa.Table(
    "event_outbox",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    required("event_id", Id),
    required("handler", sa.Text),
    required("name", sa.Text),
    required("payload", Json),
    required("status", sa.Text, server_default="new"),  # new, done, parked
    required("tries", sa.SmallInteger, server_default="0"),
    required("next_try", Instant),
    optional("lease_owner", sa.Text),
    optional("lease_until", Instant),
    optional("last_error", sa.Text),
    moment("created_at"),
    sa.UniqueConstraint("tenant_id", "event_id", "handler", name="event_outbox_once"),
)
"""One row per event and handler, written in the commit of the event."""

digest_sent = sa.Table(
    "digest_sent",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("local_date", sa.Date, primary_key=True),
    moment(),
)

tenant_stripe = sa.Table(
    "tenant_stripe",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    required("mode", sa.Text),
    required("status", sa.Text),
    optional("stripe_account", sa.Text),
    required("scope", sa.Text),
    optional("key_enc", sa.LargeBinary),
    optional("key_version", sa.Integer),
    optional("publishable_key", sa.Text),
    optional("webhook_secret_enc", sa.LargeBinary),
    optional("endpoint_id", sa.Text),
    required("livemode", sa.Boolean),
    optional("api_version", sa.Text),
)
"""Whose card payments a studio takes, and how."""

stripe_event = sa.Table(
    "stripe_event",
    server_metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    required("type", sa.Text),
    optional("object_id", sa.Text),
    required("livemode", sa.Boolean),
    required("created", Instant),
    moment("received_at"),
    required("status", sa.Text, server_default="new"),
    required("tries", sa.SmallInteger, server_default="0"),
    required("next_try", Instant),
    optional("lease_owner", sa.Text),
    optional("lease_until", Instant),
    optional("last_error", sa.Text),
    required("source", sa.Text),
    required("payload", Json),
)
"""The webhook inbox; a repeat meets the primary key."""

reconcile_cursor = sa.Table(
    "reconcile_cursor",
    server_metadata,
    sa.Column("scope", sa.Text, primary_key=True),
    required("events_until", Instant),
    optional("lease_owner", sa.Text),
    optional("lease_until", Instant),
)

provider_reference = sa.Table(
    "provider_reference",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("ref", sa.Text, primary_key=True),
    required("kind", sa.Text),
    required("local_id", Id),
)
"""Which of our rows an object of the provider belongs to."""
