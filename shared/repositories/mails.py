"""Reminder rules, choices, the log of mails, and the inbox."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.models.inbox import SyncIssue
from shared.models.mail import ReminderChoice, ReminderLog, ReminderRule
from shared.repositories.tenant_repository import TenantRepository
from shared.tables import inbox as inbox_tables
from shared.tables import mails as tables


class ReminderRules(TenantRepository[ReminderRule]):
    """When mails go out."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, ReminderRule)


class ReminderChoices(TenantRepository[ReminderChoice]):
    """What staff decided about planned mails."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, ReminderChoice)

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[ReminderChoice]:
        """A booking's choices, oldest first."""
        return self._list(tenant_id, tables.reminder_choice.c.booking_id == booking_id)


class ReminderLogs(TenantRepository[ReminderLog]):
    """What was sent, and what was not and why. Append-only."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, ReminderLog)

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[ReminderLog]:
        """A booking's mails, oldest first."""
        table = tables.reminder_log
        return self._list(tenant_id, table.c.booking_id == booking_id, order_by=(table.c.due_at,))


class SyncIssues(TenantRepository[SyncIssue]):
    """What needs a person."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, SyncIssue)

    def open(self, tenant_id: UUID) -> list[SyncIssue]:
        """Those that nobody has solved."""
        return self._list(tenant_id, inbox_tables.sync_issue.c.state == "open")
