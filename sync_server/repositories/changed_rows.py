"""What changed in a studio after a number of its feed, each row worded as JSON by the database itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from shared.tables import SYNCED_TABLES
from shared.tables.column_types import Id, Instant, Json
from sync_server.repositories.sync_tables import sync_feed, tenant_sync
from sync_server.repositories.tenant_lock import is_postgres

_BY_NAME: Final = {table.name: table for table in SYNCED_TABLES}
_KEY: Final = frozenset({"tenant_id", "id"})
_IDS: Final = postgresql.ARRAY(postgresql.UUID())
_INSTANT_FORMAT: Final = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


@dataclass(frozen=True)
class FeedEntry:
    """One row's last change."""

    entity: str
    row_id: UUID
    seq: int
    deleted: bool


class ChangedRows:
    """The feed and the rows it speaks of, in one unchanging view."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def epoch_at(self, tenant_id: UUID) -> datetime:
        """When the studio's present history began."""
        query = sa.select(tenant_sync.c.epoch_at).where(tenant_sync.c.tenant_id == tenant_id)
        began: datetime = self._session.scalars(query).one()
        return began

    def after(self, tenant_id: UUID, seq: int, *, limit: int, no_tombstone_until: int = 0) -> list[FeedEntry]:
        """The next changes in order; deletions up to ``no_tombstone_until`` are left out."""
        query = (
            sa.select(sync_feed.c.entity, sync_feed.c.row_id, sync_feed.c.seq, sync_feed.c.deleted)
            .where(
                sync_feed.c.tenant_id == tenant_id,
                sync_feed.c.seq > seq,
                sa.or_(sync_feed.c.deleted.is_(sa.false()), sync_feed.c.seq > no_tombstone_until),
            )
            .order_by(sync_feed.c.seq)
            .limit(limit)
        )
        return [FeedEntry(*row) for row in self._session.execute(query)]

    def worded(self, tenant_id: UUID, entity: str, row_ids: Iterable[UUID]) -> dict[UUID, str]:
        """The rows as JSON objects; a row that is not there is left out."""
        query = _worded_query(entity, on_postgres=is_postgres(self._session))
        return dict(self._session.execute(query, {"tenant": tenant_id, "ids": list(row_ids)}).all())


@lru_cache(maxsize=2 * len(_BY_NAME))
def _worded_query(entity: str, *, on_postgres: bool) -> sa.Select[Any]:
    """Made once: putting it together takes longer than running it."""
    table, tenant_id = _BY_NAME[entity], sa.bindparam("tenant", type_=Id())
    fields = [column for column in table.columns if column.name not in _KEY]
    if on_postgres:
        # the id of the row is on the line already; json_build_object takes too few arguments
        words = [_postgres_word(column).label(column.name) for column in fields]
        rows = sa.select(*words).correlate(table).lateral("worded")
        return (
            sa.select(table.c.id, sa.cast(sa.func.row_to_json(sa.literal_column("worded")), sa.Text))
            .select_from(table.join(rows, sa.true()))
            .where(table.c.tenant_id == tenant_id, table.c.id == sa.any_(sa.bindparam("ids", type_=_IDS)))
        )
    pairs = [part for column in fields for part in (column.name, _sqlite_word(column))]
    return sa.select(table.c.id, sa.func.json_object(*pairs, type_=sa.Text)).where(
        table.c.tenant_id == tenant_id, table.c.id.in_(sa.bindparam("ids", expanding=True))
    )


def _postgres_word(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """The value as SQLite keeps it (column_types); text, numbers and JSON are so already."""
    if isinstance(column.type, Instant):
        return sa.func.to_char(sa.func.timezone("UTC", column), _INSTANT_FORMAT, type_=sa.Text)
    if isinstance(column.type, sa.Boolean):
        return sa.cast(column, sa.Integer)
    return column


def _sqlite_word(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return sa.func.json(column) if isinstance(column.type, Json) else column
