"""Asks the search index of the local store: every word, each by its beginning."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa

INDEXED: Final = frozenset({"booking", "customer", "document"})


def match_words(words: str) -> str:
    """What the index is asked for; quoted, so that nothing a person types is read as its language."""
    parts = [part.replace('"', "") for part in words.replace("\x00", " ").split()]
    return " ".join(f'"{part}"*' for part in parts if any(letter.isalnum() for letter in part))


def of_studio(table: sa.Table, tenant_id: UUID) -> sa.ColumnElement[bool]:
    """Beside :func:`contains`: the plus keeps SQLite from walking all the studio's rows instead."""
    owner = table.c.tenant_id
    return sa.literal_column(f"+{table.name}.tenant_id", owner.type) == tenant_id


def contains(entity: str, words: str) -> sa.ColumnElement[bool]:
    """Whether a row contains all these words; no row does when there is no letter or figure in them.

    The caller's query selects from the entity's table, and names the studio itself.
    """
    assert entity in INDEXED, f"{entity} has no index"
    asked = match_words(words)
    if not asked:
        return sa.false()
    return sa.literal_column(f"{entity}.rowid").in_(_rows(entity, asked))


def among(entity: str, words: str) -> sa.ColumnElement[bool]:
    """As :func:`contains`, beside conditions whose index finds the rows: the plus leaves it to that index."""
    assert entity in INDEXED, f"{entity} has no index"
    asked = match_words(words)
    if not asked:
        return sa.false()
    return sa.literal_column(f"+{entity}.rowid").in_(_rows(entity, asked))


def newest(entity: str, words: str, *, limit: int) -> sa.ColumnElement[bool]:
    """As :func:`contains`, but only the rows that were written last: the index gives them without sorting."""
    assert entity in INDEXED, f"{entity} has no index"
    asked = match_words(words)
    if not asked:
        return sa.false()
    found = _rows(entity, asked).order_by(sa.literal_column("rowid").desc()).limit(limit)
    return sa.literal_column(f"{entity}.rowid").in_(found)


def _rows(entity: str, asked: str) -> sa.Select[tuple[int]]:
    index = sa.table(f"{entity}_search", sa.column("rowid", sa.Integer))
    return sa.select(index.c.rowid).where(sa.literal_column(f"{entity}_search").op("MATCH")(asked))
