"""What every repository can do with one kind of row."""

from collections.abc import Collection
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session

from shared.errors import Gone
from shared.models.entity import Entity
from shared.tables.column_types import Id, IdList

EntityT = TypeVar("EntityT", bound=Entity)


class TenantRepository(Generic[EntityT]):
    """Rows of one model, always of one studio."""

    def __init__(self, session: Session, model: type[EntityT]) -> None:
        self._session = session
        self._model = model
        self._at_hand: dict[tuple[UUID, UUID], EntityT] = {}
        self._not_there: set[tuple[UUID, UUID]] = set()

    def look_ahead(self, tenant_id: UUID, row_ids: Collection[UUID], *, new: Collection[UUID] = ()) -> None:
        """Ask for rows that will be asked for one by one; under the studio's lock nobody else adds one.

        Those that are ``new`` are taken for not there unasked: if one is, the database refuses to add it.
        """
        self._not_there = {(tenant_id, row_id) for row_id in new}
        asked = [row_id for row_id in row_ids if row_id not in new]
        if not asked:
            return
        on_postgres = self._session.get_bind().dialect.name == "postgresql"
        query = _rows_query(sa.inspect(self._model), on_postgres=on_postgres)
        rows = self._session.scalars(query, {"tenant": tenant_id, "rows": asked})
        self._at_hand = {(tenant_id, row.id): row for row in rows}
        self._not_there |= {(tenant_id, row_id) for row_id in asked} - self._at_hand.keys()

    def find(self, tenant_id: UUID, row_id: UUID) -> EntityT | None:
        """The row, or None; deleted rows are found too."""
        key = (tenant_id, row_id)
        if key in self._not_there:
            return None
        return self._at_hand.get(key) or self._session.get(self._model, key)

    def get(self, tenant_id: UUID, row_id: UUID) -> EntityT:
        """The row, not deleted; raises Gone."""
        row = self.find(tenant_id, row_id)
        if row is None or row.deleted_at is not None:
            raise Gone(entity=self._model.__name__)
        return row

    def add(self, tenant_id: UUID, row: EntityT) -> EntityT:
        """Keep a new row."""
        assert row.tenant_id == tenant_id, "a row is added to its own studio"
        self._session.add(row)
        self._not_there.discard((tenant_id, row.id))
        return row

    def all(self, tenant_id: UUID) -> list[EntityT]:
        """Every row that is not deleted, in the order of their ids (for v7 ids: of their making)."""
        return self._list(tenant_id)

    def _list(
        self, tenant_id: UUID, *conditions: sa.ColumnElement[bool], order_by: tuple[Any, ...] = ()
    ) -> list[EntityT]:
        columns = sa.inspect(self._model).columns
        query = (
            sa.select(self._model)
            .where(columns.tenant_id == tenant_id, columns.deleted_at.is_(None), *conditions)
            .order_by(*order_by, columns.id)
        )
        return list(self._session.scalars(query))


@cache
def _rows_query(mapped: Mapper[Any], *, on_postgres: bool) -> sa.Select[Any]:
    """Made once for each model: putting it together takes longer than running it.

    Postgres takes the ids as one array, so that the statement is the same for any number of them.
    """
    columns = mapped.columns
    if on_postgres:
        one_of_them = columns.id == sa.any_(sa.bindparam("rows", type_=IdList()))
    else:
        one_of_them = columns.id.in_(sa.bindparam("rows", type_=Id(), expanding=True))
    return sa.select(mapped).where(columns.tenant_id == sa.bindparam("tenant", type_=Id()), one_of_them)
