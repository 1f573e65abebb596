"""A throw-away Postgres for the tests: a cluster for each process, a database for each test that asks."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from sync_server.practice.embedded_postgres import OWNER, SUPERUSER, EmbeddedPostgres


@dataclass(frozen=True)
class Database:
    """An open database of the throw-away cluster, owned by ``daybook_owner``, who is no superuser."""

    cluster: "PostgresCluster"
    name: str

    @property
    def url(self) -> str:
        """SQLAlchemy's URL for the owner."""
        return self.url_of(OWNER)

    @property
    def conninfo(self) -> str:
        """Psycopg's URL for the owner."""
        return self.cluster.server.conninfo(self.name)

    @property
    def superuser_conninfo(self) -> str:
        """Psycopg's URL for the superuser: for looking behind row-level security."""
        return self.cluster.server.conninfo(self.name, user=SUPERUSER)

    def url_of(self, user: str, password: str | None = None) -> str:
        """SQLAlchemy's URL for another role; only the owner's and the superuser's password are known here."""
        return self.cluster.server.url(self.name, user=user, password=password)

    def conninfo_of(self, user: str, password: str | None = None) -> str:
        """As ``url_of``, for psycopg."""
        return self.cluster.server.conninfo(self.name, user=user, password=password)


class PostgresCluster:
    """Makes databases, fast, from a template."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server
        self._numbers = itertools.count(1)

    @contextmanager
    def database(self, template: Database | None = None) -> Iterator[Database]:
        """A new database, dropped at the end; empty, or a copy of a ``template`` without clients."""
        database = self.create_database(template)
        try:
            yield database
        finally:
            self.drop_database(database)

    def create_database(self, template: Database | None = None) -> Database:
        """As ``database``, for whoever drops it himself."""
        name = f"test_{next(self._numbers)}"
        create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
        source = template.name if template is not None else "template0"
        self._as_superuser(create.format(sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(source)))
        return Database(self, name)

    def drop_database(self, database: Database) -> None:
        """Drop it, whoever is still connected."""
        self._as_superuser(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database.name)))

    def _as_superuser(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server.conninfo("postgres", user=SUPERUSER), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A temporary folder with a short path that other users of the machine may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="daybook-test-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def running_cluster() -> Iterator[PostgresCluster]:
    """A cluster that forgets everything, as fast as it can be had."""
    settings = {
        "max_connections": "60",
        "shared_buffers": "32MB",
        "max_wal_senders": "0",
        "wal_level": "minimal",
    }
    with reachable_folder() as folder, EmbeddedPostgres(folder, durable=False, settings=settings) as server:
        yield PostgresCluster(server)
