"""What changed in a studio after a number of its feed, each row worded as JSON by the database itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.tables import SYNCED_TABLES
from shared.tables.column_types import Id, Instant, Json
from sync_server.repositories.sync_tables import sync_feed, tenant_sync
from sync_server.repositories.tenant_lock import is_postgres

_BY_NAME: Final = {table.name: table for table in SYNCED_TABLES}
_KEY: Final = frozenset({"tenant_id", "id"})
_INSTANT_FORMAT: Final = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


@dataclass(frozen=True)
class FeedEntry:
    """One row's last change."""

    entity: str
    row_id: UUID
    seq: int
    deleted: bool


@dataclass(frozen=True)
class FeedSpan:
    """The changes of one page: how many there are, up to which number, of which entities."""

    count: int
    last_seq: int
    entities: tuple[str, ...]


class ChangedRows:
    """The feed and the rows it speaks of, in one unchanging view."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def epoch_at(self, tenant_id: UUID) -> datetime:
        """When the studio's present history began."""
        query = sa.select(tenant_sync.c.epoch_at).where(tenant_sync.c.tenant_id == tenant_id)
        began: datetime = self._session.scalars(query).one()
        return began

    def has_any(self, tenant_id: UUID, *, after: int, but: str) -> bool:
        """Whether a row of any entity but one has changed after this number."""
        changed = (
            sa.select(sync_feed.c.seq)
            .where(sync_feed.c.tenant_id == tenant_id, sync_feed.c.seq > after, sync_feed.c.entity != but)
            .order_by(sync_feed.c.seq)  # by the index of numbers, from that one on
            .limit(1)
        )
        return self._session.scalar(changed) is not None

    def after(self, tenant_id: UUID, seq: int, *, limit: int, no_tombstone_until: int = 0) -> list[FeedEntry]:
        """The next changes in order; deletions up to ``no_tombstone_until`` are left out."""
        query = _wanted(tenant_id, seq, no_tombstone_until).order_by(sync_feed.c.seq).limit(limit)
        return [FeedEntry(*row) for row in self._session.execute(query)]

    def span(self, tenant_id: UUID, seq: int, *, limit: int, no_tombstone_until: int = 0) -> FeedSpan:
        """As ``after``, without the entries themselves."""
        page = _wanted(tenant_id, seq, no_tombstone_until).order_by(sync_feed.c.seq).limit(limit).subquery()
        query = sa.select(page.c.entity, sa.func.count(), sa.func.max(page.c.seq)).group_by(page.c.entity)
        found = [tuple(row) for row in self._session.execute(query)]
        return FeedSpan(
            sum(count for _, count, _ in found),
            max((last for _, _, last in found), default=seq),
            tuple(sorted(entity for entity, _, _ in found)),
        )

    def worded(
        self, tenant_id: UUID, entity: str, *, after: int, until: int
    ) -> Sequence[sa.Row[int, str, str]]:
        """The rows that changed after one number and until another: number, id, and the row as JSON."""
        query = _worded_query(entity, on_postgres=is_postgres(self._session))
        return self._session.execute(query, {"tenant": tenant_id, "after": after, "until": until}).all()

    def tombstones(self, tenant_id: UUID, *, after: int, until: int) -> list[FeedEntry]:
        """What was deleted for good in between."""
        query = _wanted(tenant_id, after, 0).where(
            sync_feed.c.seq <= until, sync_feed.c.deleted.is_(sa.true())
        )
        return [FeedEntry(*row) for row in self._session.execute(query)]


def _wanted(tenant_id: UUID, seq: int, no_tombstone_until: int) -> sa.Select[Any]:
    """The feed after a number; deletions up to ``no_tombstone_until`` are left out."""
    return sa.select(sync_feed.c.entity, sync_feed.c.row_id, sync_feed.c.seq, sync_feed.c.deleted).where(
        sync_feed.c.tenant_id == tenant_id,
        sync_feed.c.seq > seq,
        sa.or_(sync_feed.c.deleted.is_(sa.false()), sync_feed.c.seq > no_tombstone_until),
    )


@lru_cache(maxsize=2 * len(_BY_NAME))
def _worded_query(entity: str, *, on_postgres: bool) -> sa.Select[int, str, str]:
    """Made once: putting it together takes longer than running it."""
    table = _BY_NAME[entity]
    fields = [column for column in table.columns if column.name not in _KEY]
    same = sa.and_(table.c.tenant_id == sync_feed.c.tenant_id, table.c.id == sync_feed.c.row_id)
    rows: sa.FromClause = sa.join(sync_feed, table, same)
    if on_postgres:
        # json_build_object takes too few arguments
        words = [_postgres_word(column).label(column.name) for column in fields]
        rows = rows.join(sa.select(*words).correlate(table).lateral("worded"), sa.true())
        whole_row = sa.func.row_to_json(sa.literal_column("worded"))
        worded: sa.ColumnElement[str] = sa.cast(whole_row, sa.Text)
    else:
        pairs = [part for column in fields for part in (column.name, _sqlite_word(column))]
        worded = sa.func.json_object(*pairs, type_=sa.Text)
    return (
        sa.select(sync_feed.c.seq, sa.cast(sync_feed.c.row_id, sa.Text), worded)
        .select_from(rows)
        .where(
            sync_feed.c.tenant_id == sa.bindparam("tenant", type_=Id()),
            sync_feed.c.entity == entity,
            sync_feed.c.seq > sa.bindparam("after", type_=sa.BigInteger()),
            sync_feed.c.seq <= sa.bindparam("until", type_=sa.BigInteger()),
            sync_feed.c.deleted.is_(sa.false()),
        )
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
