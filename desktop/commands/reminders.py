"""What staff decide about one planned mail, and about the rules by which mails are planned."""

from collections.abc import Mapping
from uuid import UUID

from desktop.commands.desk import Desk, one
from desktop.commands.drafts import patch_of
from desktop.data_changes import DataChanges
from shared.models.states import ReminderChoiceKind
from shared.sync_protocol.operations import ReminderChoose, ReminderRuleEdit


def choose_reminder(
    desk: Desk, draft: ReminderChoose, choice: ReminderChoiceKind, *, initiator: str | None = None
) -> DataChanges:
    """Hold, release, skip or send one mail now."""
    return one(desk, f"reminder.{choice.value}", draft, initiator=initiator)


def edit_reminder_rule(
    desk: Desk, rule_id: UUID, changes: Mapping[str, tuple[object, object]], *, initiator: str | None = None
) -> DataChanges:
    """Change a rule; ``changes`` holds (seen, new) by field."""
    return one(
        desk, "reminder_rule.edit", ReminderRuleEdit(id=rule_id, patch=patch_of(changes)), initiator=initiator
    )
