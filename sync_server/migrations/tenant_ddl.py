"""What each kind of table gets beside its columns: feed trigger, studio wall, rights.

A later migration adds a table with its ``CREATE TABLE`` and one of these calls.
"""

from collections.abc import Iterable
from typing import Final

from alembic import op

APP: Final = "daybook_app"
WORKER: Final = "daybook_worker"
ROLES: Final = f"{APP}, {WORKER}"


def _each(statement: str, tables: Iterable[str]) -> None:
    for table in tables:
        op.execute(statement.format(table=table))


def add_studio_wall(tables: Iterable[str]) -> None:
    """Rows of another studio than ``app.tenant`` are neither seen nor written."""
    names = tuple(tables)
    _each("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", names)
    _each(
        "CREATE POLICY tenant ON {table}"
        " USING (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid)",
        names,
    )


def add_feed_trigger(tables: Iterable[str]) -> None:
    """Every change takes the next number of its studio's feed, and only under the studio's lock."""
    names = tuple(tables)
    _each(
        "CREATE TRIGGER sync_touch AFTER INSERT OR UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION sync_touch()",
        names,
    )
    _each(
        "CREATE TRIGGER no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION refuse_truncate()",
        names,
    )


def count_inserts_together(tables: Iterable[str]) -> None:
    """After :func:`add_feed_trigger`, since step 0005: the new rows of one statement are counted at once."""
    names = tuple(tables)
    _each("DROP TRIGGER sync_touch ON {table}", names)
    _each(
        "CREATE TRIGGER sync_touch AFTER UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION sync_touch()",
        names,
    )
    _each(
        "CREATE TRIGGER sync_touch_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS added"
        " FOR EACH STATEMENT EXECUTE FUNCTION sync_touch_new()",
        names,
    )


def grant_all(tables: Iterable[str]) -> None:
    """Web and worker may read and write; nobody but the owner may truncate."""
    _each(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {{table}} TO {ROLES}", tables)


def grant_append(tables: Iterable[str]) -> None:
    """Web and worker may read and add."""
    _each(f"GRANT SELECT, INSERT ON {{table}} TO {ROLES}", tables)


def add_work_poke(table: str, kind: str, *, columns: str, condition: str) -> None:
    """A commit that makes work due now tells every process: ``NOTIFY work, '<kind>'``."""
    op.execute(
        f"CREATE TRIGGER work_poke AFTER INSERT OR UPDATE OF {columns} ON {table}"
        f" FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION work_poke('{kind}')"
    )
