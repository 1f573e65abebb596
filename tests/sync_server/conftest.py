"""A migrated database without a row for each test that asks, and a whole server on it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from shared.tables import map_models
from sync_server.bootstrap import Server
from sync_server.migrations.tenant_ddl import APP, WORKER
from sync_server.migrations.upgrade import RolePasswords, migrate
from sync_server.repositories.engine import make_engine
from tests.postgres_cluster import Database, PostgresCluster
from tests.sync_server.running_server import (
    Desk,
    listening,
    local_client,
    running_server,
    server_settings,
    set_up,
)
from tests.sync_server.studio_house import StudioHouse

PASSWORDS = RolePasswords(app="app-secret", worker="worker-secret")


@pytest.fixture(scope="session")
def migrated_template(postgres_cluster: PostgresCluster) -> Database:
    """Migrated once; nobody connects to it afterwards."""
    map_models()
    database = postgres_cluster.create_database()
    migrate(database.url, PASSWORDS)
    return database


@pytest.fixture(scope="session")
def shared_database(postgres_cluster: PostgresCluster, migrated_template: Database) -> Iterator[Database]:
    """The database of every test of this process that asks for ``migrated_database``."""
    with postgres_cluster.database(migrated_template) as database:
        yield database


@pytest.fixture
def migrated_database(shared_database: Database) -> Iterator[Database]:
    """A database of the newest shape without a row; its shape must not be changed."""
    yield shared_database
    _empty(shared_database)


@pytest.fixture
def own_database(postgres_cluster: PostgresCluster, migrated_template: Database) -> Iterator[Database]:
    """As ``migrated_database``, for a test that changes the shape."""
    with postgres_cluster.database(migrated_template) as database:
        yield database


def _empty(database: Database) -> None:
    """Remove every row, past the guards; much faster than a new database."""
    with psycopg.connect(database.superuser_conninfo) as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        superuser.execute("SET session_replication_role = replica")  # no trigger, no foreign key
        tables = superuser.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname IN ('public', 'scheduler') AND tablename <> 'alembic_version'"
        ).fetchall()
        superuser.execute(sql.SQL("; ").join(sql.SQL(f"DELETE FROM {name}") for (name,) in tables))


@pytest.fixture(scope="session")
def engines(shared_database: Database) -> dict[str, sa.Engine]:
    """One for each role and all tests of the process: an engine puts each of its statements together once."""
    url = shared_database.url
    return {
        APP: make_engine(url, user=APP, password=PASSWORDS.app, pool_size=12),
        WORKER: make_engine(url, user=WORKER, password=PASSWORDS.worker, pool_size=6),
    }


@pytest.fixture
def app_engine(engines: dict[str, sa.Engine], migrated_database: Database) -> Iterator[sa.Engine]:
    """Connections as ``daybook_app``."""
    del migrated_database
    yield engines[APP]
    engines[APP].dispose()


@pytest.fixture
def worker_engine(engines: dict[str, sa.Engine], migrated_database: Database) -> Iterator[sa.Engine]:
    """Connections as ``daybook_worker``."""
    del migrated_database
    yield engines[WORKER]
    engines[WORKER].dispose()


@pytest.fixture
def server(migrated_database: Database, tmp_path: Path) -> Iterator[Server]:
    """A whole server on a fresh database; its application is called through ``http``."""
    with running_server(server_settings(migrated_database, tmp_path, PASSWORDS)) as built:
        yield built


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    """Speaks to the listening application as a desktop would."""
    with listening(server) as base_url, local_client(base_url) as client:
        yield client


@pytest.fixture
def house(server: Server) -> StudioHouse:
    """A studio with its first rows."""
    return StudioHouse(server.ground.units).open()


@pytest.fixture
def desk(server: Server, house: StudioHouse, http: httpx.Client) -> Desk:
    """The owner, signed in on a computer."""
    return set_up(server, house, http)
