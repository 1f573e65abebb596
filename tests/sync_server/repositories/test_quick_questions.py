"""What is asked past SQLAlchemy belongs to the same transaction, and fails in the same ways."""

from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared.ids import new_id
from shared.models.studio import Customer
from shared.tables import map_models
from sync_server.repositories.database_errors import is_dangling, is_no_studio, is_passing, is_unkeepable
from sync_server.repositories.quick_questions import ask_driver
from sync_server.repositories.studio_units import StudioSessions
from sync_server.services.studio_unit import StudioUnits
from tests.sync_server.studio_house import StudioHouse

FAILURES = {
    "too long": ("SELECT pg_sleep(60), set_config('app.tenant', %(tenant)s::text, true)", is_passing),
    "a value that cannot be kept": ("SELECT %(tenant)s::text::int", is_unkeepable),
    "no such studio": (
        "SELECT set_config('app.locked', '', true), sync_begin(gen_random_uuid())",
        is_no_studio,
    ),
    "a row that points to nothing": (
        """INSERT INTO note (tenant_id, id, booking_id, body) SELECT %(tenant)s, d.id, d.id, ''
        FROM (SELECT gen_random_uuid() AS id) d""",
        is_dangling,
    ),
}


@pytest.fixture
def house(app_engine: sa.Engine) -> StudioHouse:
    map_models()
    return StudioHouse(StudioUnits(StudioSessions(app_engine))).open()


def _ask_sqlalchemy(session: Session, tenant_id: UUID, question: str) -> None:
    session.connection().exec_driver_sql(question, {"tenant": tenant_id})


@pytest.mark.parametrize(("question", "is_it"), FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("ask", [ask_driver, _ask_sqlalchemy])
def test_a_failure_is_of_its_kind_whichever_way_it_came(
    app_engine: sa.Engine,
    house: StudioHouse,
    ask: Callable[[Session, UUID, str], object],
    question: str,
    is_it: Callable[[Exception], bool],
) -> None:
    with Session(app_engine) as session:
        session.execute(sa.select(sa.func.sync_begin(house.tenant_id)))
        session.execute(sa.text("SET LOCAL statement_timeout = '300ms'; SET CONSTRAINTS ALL IMMEDIATE"))
        with pytest.raises(DBAPIError) as failure:
            ask(session, house.tenant_id, question)
    assert failure.value.hide_parameters
    kinds = [is_passing, is_unkeepable, is_no_studio, is_dangling]
    assert [kind(failure.value) for kind in kinds] == [kind is is_it for kind in kinds]


def test_a_lost_connection_is_passing_and_the_next_session_has_another(
    app_engine: sa.Engine, house: StudioHouse
) -> None:
    with Session(app_engine) as session:
        pid = session.scalar(sa.text("SELECT pg_backend_pid()"))
        with app_engine.connect() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        with pytest.raises(DBAPIError) as failure:
            ask_driver(session, house.tenant_id, "SELECT %(tenant)s")
    assert is_passing(failure.value)
    with Session(app_engine) as session:
        assert ask_driver(session, house.tenant_id, "SELECT %(tenant)s AS it").it == house.tenant_id


def test_it_belongs_to_the_transaction_and_what_waits_is_written_first(
    app_engine: sa.Engine, house: StudioHouse
) -> None:
    count = "SELECT count(*) AS n FROM customer WHERE tenant_id = %(tenant)s AND id = %(customer)s"
    customer_id: UUID = new_id()
    for end, expected in (("rollback", 0), ("commit", 1)):
        with Session(app_engine) as session:
            session.execute(sa.select(sa.func.sync_begin(house.tenant_id)))
            customer = Customer(tenant_id=house.tenant_id, id=customer_id, name="Zoë", email="z@example.com")
            session.add(customer)
            assert ask_driver(session, house.tenant_id, count, customer=customer_id).n == 1
            getattr(session, end)()
            session.execute(sa.select(sa.func.sync_begin(house.tenant_id)))
            assert ask_driver(session, house.tenant_id, count, customer=customer_id).n == expected
            assert ask_driver(session, house.tenant_id, count, customer=new_id()).n == 0
