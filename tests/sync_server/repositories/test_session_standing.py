"""Who is signed in: asked of one studio, answered of no other, and nothing of it stays on the connection."""

from uuid import UUID

import httpx
import psycopg
import sqlalchemy as sa

from shared.ids import new_id
from sync_server.bootstrap import Server
from sync_server.migrations.upgrade import migrate, newest_revision
from sync_server.repositories.sessions import session_standing
from tests.postgres_cluster import Database
from tests.sync_server.conftest import PASSWORDS
from tests.sync_server.running_server import Desk, set_up
from tests.sync_server.studio_house import StudioHouse


def _session_id(server: Server, house: StudioHouse, desk: Desk) -> UUID:
    with server.ground.units.sessions.unlocked(house.tenant_id) as session:
        query = sa.text("SELECT id FROM session WHERE device_id = :d")
        found: UUID = session.execute(query, {"d": desk.device_id}).scalar_one()
    return found


def test_a_session_is_found_in_its_own_studio_alone(server: Server, http: httpx.Client) -> None:
    ours = StudioHouse(server.ground.units).open()
    theirs = StudioHouse(server.ground.units, code="OTHERS").open()
    studios = server.ground.units.sessions
    desk = set_up(server, ours, http)
    session_id = _session_id(server, ours, desk)
    found = session_standing(studios, ours.tenant_id, session_id)
    assert found is not None
    assert (found.device_id, found.user_id, found.member_name) == (desk.device_id, desk.user_id, "Clara")
    assert session_standing(studios, theirs.tenant_id, session_id) is None
    assert session_standing(studios, ours.tenant_id, new_id()) is None


def test_the_studio_is_left_again_with_the_answer(server: Server, http: httpx.Client) -> None:
    house = StudioHouse(server.ground.units).open()
    session_id = _session_id(server, house, set_up(server, house, http))
    for _ in range(5):  # every connection of the pool is asked
        assert session_standing(server.ground.units.sessions, house.tenant_id, session_id) is not None
        with server.ground.units.sessions.global_session() as session:
            assert session.scalar(sa.text("SELECT count(*) FROM session")) == 0


def test_a_database_that_has_the_question_from_its_first_step_is_brought_up(own_database: Database) -> None:
    with psycopg.connect(own_database.conninfo, autocommit=True) as owner:
        owner.execute("DROP FUNCTION push_begin(uuid, uuid, uuid, uuid[])")
        owner.execute("DROP FUNCTION push_begin(uuid, uuid, uuid, uuid, uuid[])")
        owner.execute("DROP FUNCTION sync_touch_new() CASCADE")
        owner.execute("UPDATE alembic_version SET version_num = '0001'")
        migrate(own_database.url, PASSWORDS)
        assert owner.execute("SELECT version_num FROM alembic_version").fetchone() == (newest_revision(),)
