"""Brings a database to the newest shape, as its owner, and makes the two roles that own nothing."""

from dataclasses import dataclass
from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql

from sync_server.migrations.tenant_ddl import APP, WORKER

_LOCK_KEY = 0x0DA7B00C  # two processes that migrate at once wait for each other


@dataclass(frozen=True)
class RolePasswords:
    """What web and worker sign in to the database with."""

    app: str
    worker: str


def migrate(owner_url: str, passwords: RolePasswords) -> None:
    """Run every step that is missing; nothing happens to a database that is up to date."""
    engine = sa.create_engine(owner_url, poolclass=sa.NullPool)
    with engine.connect() as guard:
        guard.execute(sa.select(sa.func.pg_advisory_lock(_LOCK_KEY)))
        guard.commit()  # the lock belongs to the session
        with engine.connect() as connection:
            _make_roles(connection, passwords)
            connection.commit()
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    engine.dispose()


def newest_revision() -> str | None:
    """The last step that this program knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("sync_server.migrations")))
    return config


def _make_roles(connection: sa.Connection, passwords: RolePasswords) -> None:
    raw = connection.connection.driver_connection
    assert raw is not None, "an open connection has its driver's"
    for role, password in ((APP, passwords.app), (WORKER, passwords.worker)):
        known = raw.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        verb = "ALTER" if known else "CREATE"
        # hashed here, so that no log of the database can hold the password
        secret = raw.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        raw.execute(
            sql.SQL(f"{verb} ROLE {{}} LOGIN PASSWORD {{}}").format(sql.Identifier(role), sql.Literal(secret))
        )
