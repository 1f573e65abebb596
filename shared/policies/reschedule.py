"""Decides what a move changes beside the slot: due days of unpaid stages, the revision; and until when.

Shown before anyone agrees, on the desktop and on the move page alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.clock import end_of_local_day, local_date
from shared.errors import TooLateToChange
from shared.models.slot import Slot
from shared.models.states import DueRuleKind
from shared.policies.cancellation import CancellationPolicy, move_deadline
from shared.policies.deposit_plan import DueRule, due_date


@dataclass(frozen=True, slots=True)
class UnpaidStage:
    """A stage that is still asked for, as it stands before the move."""

    stage_id: UUID
    position: int
    due_rule: DueRule
    due_local_date: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DueChange:
    """A stage that becomes due on another day; ``new_due_at`` ends ``new_date`` in the new slot's zone."""

    stage_id: UUID
    position: int
    old_date: date
    new_date: date
    new_due_at: datetime


@dataclass(frozen=True, slots=True)
class MoveOutlook:
    """What a move changes; ``schedule_rev`` is the one after it, risen only if customers see a change."""

    customer_visible: bool
    schedule_rev: int
    due_changes: tuple[DueChange, ...]


def move_outlook(
    old: Slot, new: Slot, *, unpaid: Sequence[UnpaidStage], schedule_rev: int, at: datetime
) -> MoveOutlook:
    """What becomes of the booking when it moves from ``old`` to ``new`` at the moment ``at``.

    Only stages "n days before the event" follow it, and none becomes due before the day of the move. Another
    resource at the same time is no change that customers see.
    """
    visible = old != new
    return MoveOutlook(
        customer_visible=visible,
        schedule_rev=schedule_rev + 1 if visible else schedule_rev,
        due_changes=_due_changes(new, unpaid, not_before=local_date(at, new.zone)) if visible else (),
    )


def _due_changes(new: Slot, unpaid: Sequence[UnpaidStage], *, not_before: date) -> tuple[DueChange, ...]:
    changes: list[DueChange] = []
    for stage in sorted(unpaid, key=lambda stage: stage.position):
        day = stage.due_local_date
        if stage.due_rule.kind is DueRuleKind.DAYS_BEFORE_EVENT:
            day = due_date(stage.due_rule, event_date=new.start_date, not_before=not_before)
        due_at = end_of_local_day(day, new.zone)
        if (day, due_at) != (stage.due_local_date, stage.due_at):
            changes.append(DueChange(stage.stage_id, stage.position, stage.due_local_date, day, due_at))
    return tuple(changes)


def may_move_by_link(policy: CancellationPolicy, *, event_date: date, zone: str, at: datetime) -> bool:
    """Whether the frozen policy still lets a customer move this booking by link."""
    return at < move_deadline(policy, event_date=event_date, zone=zone)


def check_move_by_link(policy: CancellationPolicy, *, event_date: date, zone: str, at: datetime) -> None:
    """Raise TooLateToChange after the policy's last day for moving."""
    if not may_move_by_link(policy, event_date=event_date, zone=zone, at=at):
        raise TooLateToChange
