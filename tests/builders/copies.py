"""Many rows of a kind, for lists: copies of the one that is there."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from shared.ids import new_id


def copies(
    connection: sa.Connection, table: sa.Table, count: int, *, owners: Mapping[str, list[UUID]] | None = None
) -> list[UUID]:
    """The new ids; ``owners`` says by column to whom each copy belongs."""
    row = dict(connection.execute(sa.select(table)).mappings().first() or {})
    ids = [new_id() for _ in range(count)]
    made = [
        {**row, "id": row_id, **{name: theirs[place] for name, theirs in (owners or {}).items()}}
        for place, row_id in enumerate(ids)
    ]
    connection.execute(table.insert(), made)
    return ids
