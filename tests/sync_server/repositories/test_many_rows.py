"""Many rows go in and are asked for by one statement, each value as if it had been bound by itself."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.ids import new_id
from sync_server.repositories.link_tokens import LinkTokens
from sync_server.repositories.many_rows import as_recordset
from sync_server.repositories.studio_units import StudioSessions
from sync_server.services.studio_unit import StudioUnits
from tests.postgres_cluster import Database
from tests.sync_server.studio_house import StudioHouse

ENDS_AT = datetime(2027, 6, 12, 22, 0, 0, 123456, tzinfo=UTC)


def _link(subject_id: UUID, digest: bytes) -> dict[str, object]:
    return {
        "id": new_id(),
        "subject_type": "booking",
        "subject_id": subject_id,
        "subject_rev": 1,
        "email_hash": b"\x00\\x41\xff",
        "token_sha256": digest,
        "expires_at": ENDS_AT,
    }


@pytest.mark.parametrize("count", [0, 1, 150])
def test_rows_written_together_are_found_together(migrated_database: Database, count: int) -> None:
    engine = sa.create_engine(migrated_database.url)
    house = StudioHouse(StudioUnits(StudioSessions(engine))).open()
    subjects = {new_id(): 1 for _ in range(count)}
    rows = [_link(subject_id, f"digest {n}".encode()) for n, subject_id in enumerate(subjects)]
    with StudioSessions(engine).unlocked(house.tenant_id) as session:
        LinkTokens(session).add_many(house.tenant_id, rows, alike={"purpose": "view", "key_ver": 1})
        assert _found(session, house.tenant_id, subjects) == {row["subject_id"]: row["id"] for row in rows}
    engine.dispose()


def _found(session: Session, tenant_id: UUID, subjects: dict[UUID, int]) -> dict[UUID, UUID]:
    long_before = datetime(2027, 1, 1, tzinfo=UTC)
    links = LinkTokens(session).valid_for_many(tenant_id, "view", subjects, now=long_before)
    assert all(link.email_hash == b"\x00\\x41\xff" for link in links.values())
    assert all(link.expires_at == ENDS_AT for link in links.values())
    return {subject_id: link.id for subject_id, link in links.items()}


def test_a_value_that_has_no_text_is_a_bug() -> None:
    with pytest.raises(TypeError, match="set does not go into a record"):
        as_recordset([{"values": {1}}])
