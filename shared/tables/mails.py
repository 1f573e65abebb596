"""Which mails are planned by rule, what staff decided about one, and what was sent."""

import sqlalchemy as sa

from shared.models.states import ReminderChoiceKind, ReminderKind
from shared.tables.column_types import Id, Instant, Json, WallTime, Word
from shared.tables.tenant_table import optional, required, tenant_table

reminder_rule = tenant_table(
    "reminder_rule",
    required("kind", Word(ReminderKind)),
    required("is_on", sa.Boolean),
    required("anchor", sa.Text),
    required("offset_days", sa.Integer),
    required("local_time", WallTime),
    optional("services", Json),
    required("version", sa.Integer),
)

reminder_choice = tenant_table(
    "reminder_choice",
    required("booking_id", Id),
    required("rule_id", Id),
    required("stage_position", sa.Integer),
    required("schedule_rev", sa.Integer),
    required("choice", Word(ReminderChoiceKind)),
)

sa.Index("ix_reminder_choice_booking", reminder_choice.c.tenant_id, reminder_choice.c.booking_id)

reminder_log = tenant_table(
    "reminder_log",
    optional("booking_id", Id),
    required("kind", sa.Text),
    optional("rule_id", Id),
    required("stage_position", sa.Integer),
    required("schedule_rev", sa.Integer),
    required("due_at", Instant),
    optional("sent_at", Instant),
    required("recipient", sa.Text),
    required("subject", sa.Text),
    required("text", sa.Text),
    required("outcome", sa.Text),
    required("reason", sa.Text),
    required("tries", sa.Integer),
    optional("provider_id", sa.Text),
)

sa.Index("ix_reminder_log_booking", reminder_log.c.tenant_id, reminder_log.c.booking_id)
