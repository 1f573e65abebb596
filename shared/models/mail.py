"""Reminder rules, what staff decided about one planned mail, and the log of finished ones."""

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from shared.models.entity import Entity
from shared.models.states import ReminderChoiceKind, ReminderKind


@dataclass(eq=False, kw_only=True)
class ReminderRule(Entity):
    """When mails of one kind go out: ``offset_days`` from the anchor (negative = before), at a wall time."""

    kind: ReminderKind
    is_on: bool = True
    anchor: str
    """``event_start``, ``event_end`` or ``stage_due``."""
    offset_days: int
    local_time: time
    services: list[str] | None = None
    version: int = 1


@dataclass(eq=False, kw_only=True)
class ReminderChoice(Entity):
    """Staff held, released, skipped or hurried one planned mail; a reschedule ends the choice."""

    booking_id: UUID
    rule_id: UUID
    stage_position: int
    schedule_rev: int
    choice: ReminderChoiceKind


@dataclass(eq=False, kw_only=True)
class ReminderLog(Entity):
    """One finished message of any kind, with its text as sent but without links. Append-only."""

    booking_id: UUID | None
    kind: str
    rule_id: UUID | None = None
    stage_position: int = 0
    schedule_rev: int = 0
    due_at: datetime
    sent_at: datetime | None = None
    recipient: str
    subject: str
    text: str
    outcome: str
    reason: str = ""
    tries: int = 1
    provider_id: str | None = None
