"""Which bytes lie in the blob store."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from sync_server.repositories.access_tables import document_file as table
from sync_server.repositories.upserts import insert_for


@dataclass(frozen=True)
class StoredFile:
    """One file of a studio."""

    sha256: str
    kind: str
    media_type: str
    size: int


class StoredFiles:
    """Files of one open transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, tenant_id: UUID, file: StoredFile) -> None:
        """The bytes are there now; a repeat changes nothing."""
        statement = insert_for(self._session, table).values(tenant_id=tenant_id, **file.__dict__)
        self._session.execute(statement.on_conflict_do_nothing())

    def find(self, tenant_id: UUID, sha256: str) -> StoredFile | None:
        """The file, or None."""
        query = sa.select(table.c.sha256, table.c.kind, table.c.media_type, table.c.size).where(
            table.c.tenant_id == tenant_id, table.c.sha256 == sha256
        )
        row = self._session.execute(query).one_or_none()
        return None if row is None else StoredFile(*row)
