"""The lines of finished mails, written together; ``shared.repositories.mails`` reads them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from shared.models.act import Act
from shared.tables.mails import reminder_log
from sync_server.repositories.many_rows import insert_together


class MailLog:
    """The log in an open transaction under the studio's lock."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, tenant_id: UUID, act: Act, lines: Sequence[Mapping[str, Any]]) -> None:
        """Write lines (columns of ``reminder_log``), stamped with the act as every synced row is."""
        stamps = {
            "created_at": act.at,
            "created_by": act.actor.id,
            "updated_at": act.at,
            "updated_by": act.actor.id,
        }
        insert_together(self._session, tenant_id, reminder_log, rows=lines, alike=stamps)
