"""Asks for many rows, and writes them, by one statement whose text is the same however many they are.

A list of placeholders would be a new text for each length: SQLAlchemy would put it together, the driver take
it apart and the database plan it anew each time.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shared.tables.column_types import Id

IDS: Final = ARRAY(sa.Uuid)
TEXTS: Final = ARRAY(sa.Text)


def among(column: sa.ColumnElement[UUID], ids: Collection[UUID]) -> sa.ColumnElement[bool]:
    """Whether the column is one of these ids."""
    return column == sa.any_(sa.bindparam(None, list(ids), type_=IDS))


def insert_together(
    session: Session, tenant_id: UUID, table: sa.Table, *, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write new rows of one studio, all of the same columns; what is not named gets its default."""
    if rows:
        statement = _insert_recordset(table, tuple(rows[0]))
        session.execute(statement, {"tenant": tenant_id, "rows": as_recordset(rows)})


def as_recordset(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as ``jsonb_populate_recordset`` reads them."""
    return json.dumps(rows, default=_as_text)


def _as_text(value: object) -> str:
    if isinstance(value, UUID | datetime):
        return str(value)
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    raise TypeError(f"{type(value).__name__} does not go into a record")


@cache
def _insert_recordset(table: sa.Table, columns: tuple[str, ...]) -> sa.TextClause:
    names = ", ".join(f'"{name}"' for name in columns)
    return sa.text(
        f'INSERT INTO "{table.name}" (tenant_id, {names}) SELECT :tenant, {names}'  # noqa: S608 - our own names
        f' FROM jsonb_populate_recordset(NULL::"{table.name}", CAST(:rows AS jsonb))'
    ).bindparams(sa.bindparam("tenant", type_=Id()))
