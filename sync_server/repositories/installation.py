"""What belongs to the installation and to no studio: its random id, and whether the database answers."""

from uuid import UUID

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError

from shared.ids import new_id
from sync_server.repositories.sync_tables import server_install


def install_id(engine: sa.Engine) -> UUID:
    """The id in idempotency keys: made at the first start, the same in every process."""
    with engine.begin() as connection:
        connection.execute(
            postgresql.insert(server_install).values(one=True, install_id=new_id()).on_conflict_do_nothing()
        )
        found: UUID = connection.scalars(sa.select(server_install.c.install_id)).one()
        return found


def database_answers(engine: sa.Engine) -> bool:
    """Whether a query comes back."""
    try:
        with engine.connect() as connection:
            return connection.scalar(sa.select(1)) == 1
    except SQLAlchemyError:
        return False


def database_revision(engine: sa.Engine) -> str | None:
    """The newest migration that has run; None without an answer."""
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError:
        return None
