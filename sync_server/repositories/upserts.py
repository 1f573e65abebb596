"""INSERT … ON CONFLICT, which both databases know under the same name but in modules of their own."""

from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from sync_server.repositories.tenant_lock import is_postgres


def insert_for(session: Session, table: sa.Table) -> postgresql.Insert:
    """An insert that can be given ``on_conflict_do_update`` or ``on_conflict_do_nothing``."""
    if is_postgres(session):
        return postgresql.insert(table)
    # same methods, same arguments; only the class differs
    return cast("postgresql.Insert", sqlite.insert(table))
