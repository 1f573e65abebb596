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

from shared.tables.column_types import IdList

TEXTS: Final = ARRAY(sa.Text)


def among(column: sa.ColumnElement[UUID], ids: Collection[UUID]) -> sa.ColumnElement[bool]:
    """Whether the column is one of these ids."""
    return column == sa.any_(sa.bindparam(None, ids, type_=IdList()))


def insert_together(
    session: Session,
    tenant_id: UUID,
    table: sa.Table,
    *,
    rows: Sequence[Mapping[str, Any]],
    alike: Mapping[str, Any] | None = None,
) -> None:
    """Write new rows of one studio, all of the same columns; what is not named gets its default.

    ``alike`` are the columns in which they have the same value.
    """
    if rows:
        alike = {"tenant_id": tenant_id, **(alike or {})}
        statement = _insert_recordset(table, tuple(alike), tuple(rows[0]))
        session.execute(statement, {**alike, "rows": as_recordset(rows)})


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
def _insert_recordset(table: sa.Table, alike: tuple[str, ...], own: tuple[str, ...]) -> sa.TextClause:
    names = ", ".join(f'"{name}"' for name in (*alike, *own))
    values = ", ".join((*(f":{name}" for name in alike), *(f'"{name}"' for name in own)))
    return sa.text(
        f'INSERT INTO "{table.name}" ({names}) SELECT {values}'  # noqa: S608 - our own names
        f' FROM json_populate_recordset(NULL::"{table.name}", CAST(:rows AS json))'
    ).bindparams(*(sa.bindparam(name, type_=table.c[name].type) for name in alike))
