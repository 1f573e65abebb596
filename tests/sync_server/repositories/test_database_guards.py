"""The database keeps studios apart and its feed whole, whatever a program does."""

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import DBAPIError

from shared.ids import new_id
from shared.tables import SYNCED_TABLES, metadata
from sync_server.migrations.tenant_ddl import APP, WORKER
from sync_server.practice.embedded_postgres import SUPERUSER
from sync_server.repositories import tenant_lock
from sync_server.repositories.engine import make_engine
from sync_server.repositories.server_tables import server_metadata
from sync_server.repositories.studio_units import StudioSessions
from sync_server.services.studio_unit import StudioUnits
from tests.postgres_cluster import Database
from tests.sync_server.conftest import PASSWORDS
from tests.sync_server.studio_house import StudioHouse

# their unique constraint has no studio in front, because it is how the studio is found
FOUND_ACROSS_STUDIOS = {"session_refresh", "action_token_sha256", "studio_code"}


@pytest.fixture
def units(app_engine: sa.Engine) -> StudioUnits:
    return StudioUnits(StudioSessions(app_engine))


def _insert_customer(connection: sa.Connection, tenant_id: UUID) -> None:
    connection.execute(
        sa.text(
            "INSERT INTO customer (tenant_id, id, name, email, phone, street, postal_city, country, language,"
            " no_follow_up) VALUES (:t, :i, 'n', 'e', '', '', '', '', 'en', false)"
        ),
        {"t": tenant_id, "i": new_id()},
    )


def test_every_synced_table_has_triggers_and_wall(migrated_database: Database) -> None:
    with psycopg.connect(migrated_database.conninfo) as owner:
        triggers = {
            tuple(row)
            for row in owner.execute(
                "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
                " WHERE tgname LIKE 'sync_touch%' AND tgenabled = 'O'"
            )
        }
        walled = {
            row[0]
            for row in owner.execute(
                "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
                " WHERE c.relrowsecurity AND p.polname = 'tenant'"
            )
        }
    assert triggers == {
        (table.name, trigger) for table in SYNCED_TABLES for trigger in ("sync_touch", "sync_touch_new")
    }
    with_studio = {
        table.name
        for table in (*SYNCED_TABLES, *server_metadata.tables.values())
        if "tenant_id" in table.columns
    }
    assert walled == with_studio


def test_every_key_begins_with_the_studio(migrated_database: Database) -> None:
    with psycopg.connect(migrated_database.conninfo) as owner:
        rows = owner.execute(
            "SELECT i.relname, (SELECT attname FROM pg_attribute a WHERE a.attrelid = x.indrelid"
            " AND a.attnum = x.indkey[0])"
            " FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid"
            " WHERE x.indisunique AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = x.indrelid"
            " AND a.attname = 'tenant_id' AND a.attnum > 0)"
        ).fetchall()
    assert {name for name, first in rows if first != "tenant_id"} == FOUND_ACROSS_STUDIOS
    assert len(rows) > 50


def test_web_and_worker_own_nothing_and_cannot_truncate(migrated_database: Database) -> None:
    with psycopg.connect(migrated_database.conninfo) as owner:
        for role in (APP, WORKER):
            owned = owner.execute(
                "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", [role]
            ).fetchone()
            assert owned == (0,)
            rights = owner.execute(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s",
                [role],
            ).fetchone()
            assert rights == (False, False, False, False)
            truncatable = owner.execute(
                "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                " AND has_table_privilege(%s, oid, 'TRUNCATE')",
                [role],
            ).fetchone()
            assert truncatable == (0,)


def test_the_database_has_exactly_the_tables_that_the_program_knows(migrated_database: Database) -> None:
    both = sa.MetaData()
    for known in (metadata, server_metadata):
        for table in known.tables.values():
            table.to_metadata(both)
    engine = sa.create_engine(migrated_database.url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [
            difference
            for difference in compare_metadata(context, both)
            if isinstance(difference, list) or not _stands_in_migrations_alone(difference)
        ]
    engine.dispose()
    assert differences == []


def _stands_in_migrations_alone(difference: tuple[object, ...]) -> bool:
    """Constraints and partial indexes are the migrations' own."""
    kind, thing, *_ = difference
    if kind == "remove_table":
        return getattr(thing, "name", "") in {"alembic_version", "apscheduler_jobs"}
    return kind in {"remove_index", "remove_constraint", "remove_fk"} or (
        kind == "add_index" and getattr(thing, "name", "") == "ix_customer_email"
    )


def test_a_write_outside_the_lock_is_refused_even_to_the_owner(
    units: StudioUnits, migrated_database: Database
) -> None:
    house = StudioHouse(units).open()
    engine = sa.create_engine(migrated_database.url)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="write outside sync_begin"):
        _insert_customer(connection, house.tenant_id)
    engine.dispose()


_CUSTOMER_OF_TWO = (
    "INSERT INTO customer (tenant_id, id, name, email, phone, street, postal_city, country, language,"
    " no_follow_up) VALUES (:two, :new, 'n', 'e', '', '', '', '', 'en', false)"
)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (_CUSTOMER_OF_TWO, "row-level security|write outside sync_begin"),
        ("SELECT sync_begin(:two)", "one studio per transaction"),
        ("TRUNCATE customer", "permission denied|never truncated"),
        ("UPDATE customer SET id = :new WHERE tenant_id = :one", "id and tenant_id never change"),
        ("DELETE FROM audit_log", "permission denied"),
        ("UPDATE ledger SET words = ''", "permission denied"),
        ("DELETE FROM document", "permission denied"),
        ("SELECT payload FROM stripe_event", "permission denied"),
        ("DELETE FROM alembic_version", "permission denied"),
    ],
)
def test_what_a_transaction_of_one_studio_may_not_do(
    units: StudioUnits, app_engine: sa.Engine, attempt: str, words: str
) -> None:
    one, two = StudioHouse(units).open(), StudioHouse(units, code="OTHER").open()
    values = {"one": one.tenant_id, "two": two.tenant_id, "new": new_id()}
    with app_engine.connect() as connection:
        connection.execute(sa.select(sa.func.sync_begin(one.tenant_id)))
        with pytest.raises(DBAPIError, match=words):
            connection.execute(sa.text(attempt), {k: v for k, v in values.items() if f":{k}" in attempt})


def test_an_unknown_studio_has_no_lock(app_engine: sa.Engine) -> None:
    with app_engine.connect() as connection, pytest.raises(DBAPIError, match="no rows"):
        connection.execute(sa.select(sa.func.sync_begin(new_id())))


def test_rows_of_another_studio_are_invisible(own_database: Database) -> None:
    app_engine = make_engine(own_database.url, user=APP, password=PASSWORDS.app, pool_size=1)
    units = StudioUnits(StudioSessions(app_engine))
    one, two = StudioHouse(units).open(), StudioHouse(units, code="OTHER").open()
    count = sa.text("SELECT count(*) FROM customer")
    with app_engine.connect() as connection:
        assert connection.scalar(count) == 0  # no studio named
        connection.rollback()
        connection.execute(sa.select(sa.func.set_config("app.tenant", str(one.tenant_id), sa.false())))
        assert connection.scalar(count) == 1
        assert connection.scalar(sa.text("SELECT tenant_id FROM customer")) == one.tenant_id
        connection.rollback()
    with psycopg.connect(own_database.superuser_conninfo) as superuser:
        # the naive variant: without the policy every row is there
        superuser.execute("DROP POLICY tenant ON customer")
        superuser.execute("ALTER TABLE customer DISABLE ROW LEVEL SECURITY")
        superuser.commit()
    with app_engine.connect() as connection:
        assert connection.scalar(count) == 2
    assert two.tenant_id != one.tenant_id
    app_engine.dispose()


def test_every_change_takes_the_next_number_and_a_rollback_gives_it_back(units: StudioUnits) -> None:
    house = StudioHouse(units).open()
    with units.reading(house.tenant_id) as (unit, _):
        rows = unit.session.execute(sa.text("SELECT entity, seq, deleted FROM sync_feed ORDER BY seq")).all()
        head = unit.session.execute(sa.text("SELECT head FROM tenant_sync")).scalar_one()
    assert [row.seq for row in rows] == list(range(1, head + 1))
    assert {row.entity for row in rows} == {"studio", "member", "customer", "package", "resource"}
    with pytest.raises(ZeroDivisionError):
        _change_and_fail(units, house)
    with units.reading(house.tenant_id) as (unit, _):
        assert unit.session.execute(sa.text("SELECT head FROM tenant_sync")).scalar_one() == head


_ADD = (
    "INSERT INTO customer (tenant_id, id, name, email, phone, street, postal_city, country, language,"
    " no_follow_up) SELECT tenant_id, id, 'n', 'e', '', '', '', '', 'en', false FROM unnest"
    "(CAST(:tenants AS uuid[]), CAST(:ids AS uuid[])) AS given(tenant_id, id)"
)


def test_new_rows_of_one_statement_take_a_number_each(units: StudioUnits) -> None:
    house = StudioHouse(units).open()
    ids = [new_id() for _ in range(3)]
    of_one = "SELECT seq FROM sync_feed WHERE row_id = :id AND entity = 'customer' AND NOT deleted"
    with units.transaction(house.tenant_id) as (unit, _):
        before = tenant_lock.head(unit.session, house.tenant_id)
        add = sa.text(_ADD)
        unit.session.execute(add, {"tenants": [], "ids": []})
        assert tenant_lock.head(unit.session, house.tenant_id) == before
        unit.session.execute(add, {"tenants": [house.tenant_id] * 3, "ids": ids})
        numbers = [unit.session.scalar(sa.text(of_one), {"id": row_id}) for row_id in ids]
        assert numbers == [before + 1, before + 2, before + 3]
        unit.session.execute(sa.text("DELETE FROM customer WHERE id = :id"), {"id": ids[0]})
        assert unit.session.scalar(sa.text(of_one), {"id": ids[0]}) is None
        unit.session.execute(add, {"tenants": [house.tenant_id], "ids": ids[:1]})
        assert unit.session.scalar(sa.text(of_one), {"id": ids[0]}) == before + 5
        assert tenant_lock.head(unit.session, house.tenant_id) == before + 5


def test_one_strange_row_among_many_is_refused_to_whoever_sees_all_studios(
    units: StudioUnits, migrated_database: Database
) -> None:
    one, two = StudioHouse(units).open(), StudioHouse(units, code="OTHER").open()
    superuser = sa.create_engine(migrated_database.url_of(SUPERUSER))
    with superuser.connect() as connection:
        connection.execute(sa.select(sa.func.sync_begin(one.tenant_id)))
        strange = {"tenants": [one.tenant_id, two.tenant_id], "ids": [new_id(), new_id()]}
        with pytest.raises(DBAPIError, match="write outside sync_begin"):
            connection.execute(sa.text(_ADD), strange)
    superuser.dispose()


def test_business_time_is_machine_time_until_the_practice_clock_moves(
    units: StudioUnits, app_engine: sa.Engine
) -> None:
    house = StudioHouse(units).open()
    with units.reading(house.tenant_id) as (_, now):
        assert abs((datetime.now(UTC) - now).total_seconds()) < 60
    with app_engine.begin() as connection:
        connection.execute(sa.text("INSERT INTO practice_clock (one, shift_s) VALUES (true, 86400)"))
    with units.reading(house.tenant_id) as (_, later):
        assert 86_300 < (later - now).total_seconds() < 86_500


def _change_and_fail(units: StudioUnits, house: StudioHouse) -> None:
    with units.transaction(house.tenant_id) as (unit, _):
        unit.customers.get(house.tenant_id, house.customer_id).name = "Other"
        unit.session.flush()
        raise ZeroDivisionError
