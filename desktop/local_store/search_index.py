"""Keeps what the search box finds: customers, bookings and documents, by words and their beginnings.

One full-text table each; its ``rowid`` is that of the row it describes (so a store is never vacuumed). A
booking is found by its customer's name, mail address and phone too. Own operations keep the index by
triggers; a page of the server pauses them and has the index written once, which is many times faster.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa

from shared.tables.column_types import canonical_json

_OPTIONS: Final = (
    "content='', contentless_delete=1, prefix='1 2 3', tokenize=\"unicode61 remove_diacritics 2\""
)

_TEXT: Final = {
    "customer": "{row}.name || ' ' || {row}.email || ' ' || {row}.phone || ' ' || {row}.postal_city",
    "booking": (
        "{row}.package_name || ' ' || {row}.place || ' ' || coalesce(("
        "SELECT c.name || ' ' || c.email || ' ' || c.phone FROM customer c"
        " WHERE c.tenant_id = {row}.tenant_id AND c.id = {row}.customer_id), '')"
    ),
    "document": (
        "{row}.printed_number || ' ' || coalesce((SELECT c.name FROM customer c"
        " WHERE c.tenant_id = {row}.tenant_id AND c.id = {row}.customer_id), '')"
    ),
}
_WATCHED: Final = {
    "customer": ("name", "email", "phone", "postal_city", "deleted_at"),
    "booking": ("package_name", "place", "customer_id", "deleted_at"),
    "document": ("printed_number", "customer_id", "deleted_at"),
}
_FOLLOWERS: Final = ("booking", "document")
_AWAKE: Final = "(SELECT paused FROM search_pause) = 0"


def search_ddl() -> list[str]:
    """The tables ``customer_search``, ``booking_search``, ``document_search`` and their triggers."""
    made = ["CREATE TABLE search_pause (paused INTEGER NOT NULL)", "INSERT INTO search_pause VALUES (0)"]
    made += [f"CREATE VIRTUAL TABLE {name}_search USING fts5(words, {_OPTIONS})" for name in _TEXT]
    for name, text in _TEXT.items():
        remove = f"DELETE FROM {name}_search WHERE rowid = old.rowid;"
        add = (
            f"INSERT INTO {name}_search (rowid, words)"
            f" SELECT new.rowid, {text.format(row='new')} WHERE new.deleted_at IS NULL;"
        )
        changed = f"{_AWAKE} AND {_differs(_WATCHED[name])}"
        made += [
            f"CREATE TRIGGER {name}_search_i AFTER INSERT ON {name} WHEN {_AWAKE} BEGIN {add} END",
            f"CREATE TRIGGER {name}_search_d AFTER DELETE ON {name} BEGIN {remove} END",
            f"CREATE TRIGGER {name}_search_u AFTER UPDATE ON {name} WHEN {changed} BEGIN {remove} {add} END",
        ]
    renamed = f"{_AWAKE} AND {_differs(('name', 'email', 'phone'))}"
    for name in _FOLLOWERS:
        mine = f"FROM {name} WHERE tenant_id = new.tenant_id AND customer_id = new.id"
        follow = (
            f"DELETE FROM {name}_search WHERE rowid IN (SELECT rowid {mine});"
            f" INSERT INTO {name}_search (rowid, words)"
            f" SELECT {name}.rowid, {_TEXT[name].format(row=name)} {mine} AND deleted_at IS NULL;"
        )
        made += [
            f"CREATE TRIGGER {name}_follows_u AFTER UPDATE ON customer WHEN {renamed} BEGIN {follow} END"
        ]
    return made


@contextmanager
def paused(connection: sa.Connection) -> Iterator[None]:
    """While rows of a page are written; :func:`refresh` follows."""
    connection.exec_driver_sql("UPDATE search_pause SET paused = 1")
    yield
    connection.exec_driver_sql("UPDATE search_pause SET paused = 0")


def refresh(connection: sa.Connection, tenant_id: str, written: Mapping[str, Sequence[str]]) -> None:
    """Write the index of these rows anew, by entity; bookings and documents follow their customers."""
    customers = canonical_json(list(written.get("customer", ())))
    for name, text in _TEXT.items():
        rows = canonical_json(list(written.get(name, ())))
        own = f"SELECT rowid FROM {name} WHERE tenant_id = ? AND id IN (SELECT value FROM json_each(?))"
        values = [tenant_id, rows]
        if name in _FOLLOWERS:
            own += (
                f" UNION SELECT rowid FROM {name}"
                " WHERE tenant_id = ? AND customer_id IN (SELECT value FROM json_each(?))"
            )
            values += [tenant_id, customers]
        connection.exec_driver_sql(f"DELETE FROM {name}_search WHERE rowid IN ({own})", tuple(values))
        connection.exec_driver_sql(
            f"INSERT INTO {name}_search (rowid, words) SELECT {name}.rowid, {text.format(row=name)}"
            f" FROM {name} WHERE {name}.rowid IN ({own}) AND {name}.deleted_at IS NULL",
            tuple(values),
        )


def refresh_all(connection: sa.Connection) -> None:
    """Write the whole index anew, after every row was replaced."""
    for name, text in _TEXT.items():
        connection.exec_driver_sql(f"DELETE FROM {name}_search")
        connection.exec_driver_sql(
            f"INSERT INTO {name}_search (rowid, words) SELECT {name}.rowid, {text.format(row=name)}"
            f" FROM {name} WHERE {name}.deleted_at IS NULL"
        )


def _differs(columns: Sequence[str]) -> str:
    before = ", ".join(f"old.{column}" for column in columns)
    after = ", ".join(f"new.{column}" for column in columns)
    return f"({before}) IS NOT ({after})"
