"""A migrated database for each test that asks, cloned from one that was migrated once."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from shared.tables import map_models
from sync_server.migrations.tenant_ddl import APP, WORKER
from sync_server.migrations.upgrade import RolePasswords, migrate
from sync_server.repositories.engine import make_engine
from tests.postgres_cluster import Database, PostgresCluster

PASSWORDS = RolePasswords(app="app-secret", worker="worker-secret")


@pytest.fixture(scope="session")
def migrated_template(postgres_cluster: PostgresCluster) -> Database:
    """Migrated once; nobody connects to it afterwards."""
    map_models()
    database = postgres_cluster.create_database()
    migrate(database.url, PASSWORDS)
    return database


@pytest.fixture
def migrated_database(postgres_cluster: PostgresCluster, migrated_template: Database) -> Iterator[Database]:
    """A database of the newest shape without a row."""
    with postgres_cluster.database(migrated_template) as database:
        yield database


@pytest.fixture
def app_engine(migrated_database: Database) -> Iterator[sa.Engine]:
    """Connections as ``daybook_app``."""
    engine = make_engine(migrated_database.url, user=APP, password=PASSWORDS.app, pool_size=12)
    yield engine
    engine.dispose()


@pytest.fixture
def worker_engine(migrated_database: Database) -> Iterator[sa.Engine]:
    """Connections as ``daybook_worker``."""
    engine = make_engine(migrated_database.url, user=WORKER, password=PASSWORDS.worker, pool_size=6)
    yield engine
    engine.dispose()
