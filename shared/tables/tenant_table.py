"""What every table of a studio has: its studio first in the key, an author's id, and stamps for display."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import SchemaItem

from shared.tables.column_types import Id, Instant

metadata = sa.MetaData()


def tenant_table(name: str, *items: SchemaItem) -> sa.Table:
    """A synced table: ``(tenant_id, id)`` is the key; the stamps are for display only."""
    return sa.Table(
        name,
        metadata,
        sa.Column("tenant_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        *items,
        sa.Column("created_at", Instant),
        sa.Column("created_by", Id),
        sa.Column("updated_at", Instant),
        sa.Column("updated_by", Id),
        sa.Column("deleted_at", Instant),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )


def required(name: str, column_type: Any, **options: Any) -> sa.Column[Any]:  # noqa: ANN401 - as sa.Column
    """A column that is never NULL."""
    return sa.Column(name, column_type, nullable=False, **options)


def optional(name: str, column_type: Any, **options: Any) -> sa.Column[Any]:  # noqa: ANN401 - as sa.Column
    """A column that may be NULL."""
    return sa.Column(name, column_type, nullable=True, **options)
