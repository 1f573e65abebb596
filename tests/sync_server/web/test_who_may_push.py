"""A push asks under the studio's lock whether its sender is still signed in; everything else asks alone."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from shared.ids import new_id
from sync_server.bootstrap import Server
from tests.sync_server.running_server import Desk
from tests.sync_server.studio_house import StudioHouse

REMOVED = "UPDATE device SET status = 'revoked'"
SIGNED_OUT = "UPDATE session SET revoked_at = now(), revoke_reason = 'signed out'"

NOT_LET_IN = {
    "a removed computer": ([REMOVED], 401, "revoked"),
    "a removed computer whose session ended, too": ([REMOVED, SIGNED_OUT], 401, "revoked"),
    "a computer that has a newer id": (["UPDATE device SET status = 'superseded'"], 409, "forked"),
    "an ended session": ([SIGNED_OUT], 401, "sign_in"),
    "a session whose token somebody else had": (
        ["UPDATE session SET revoked_at = now(), revoke_reason = 'reused'"],
        401,
        "session_reused",
    ),
    "a session that is not there": (["DELETE FROM session"], 401, "sign_in"),
    "a disabled member": (["UPDATE member SET disabled_at = now()"], 401, "sign_in"),
    "a member who signs in no more": (["DELETE FROM member_credential"], 401, "sign_in"),
    "a password that was changed": (["UPDATE member_credential SET sv = sv + 1"], 401, "sign_in"),
}


def _push(desk: Desk, epoch: UUID, body: bytes | None) -> httpx.Response:
    if body is None:
        args = {"id": str(new_id()), "name": "Ben", "email": "ben@example.com"}
        return desk.push(epoch, desk.operation("customer.create", args))
    return desk.http.post("/v1/sync/push", content=body, headers=desk.headers)


def _head(server: Server, house: StudioHouse) -> tuple[int, int]:
    """The last number of the feed, and how many receipts there are."""
    with server.ground.units.reading(house.tenant_id) as (unit, _):
        query = sa.text("SELECT head, (SELECT count(*) FROM receipt) FROM tenant_sync WHERE tenant_id = :t")
        row = unit.session.execute(query, {"t": house.tenant_id}).one()
    return row[0], row[1]


@pytest.mark.parametrize("who", NOT_LET_IN)
def test_who_is_not_let_in_hears_the_same_from_a_push_as_from_a_pull(
    server: Server, desk: Desk, house: StudioHouse, who: str
) -> None:
    epoch = desk.pull().header.epoch
    changes, status, code = NOT_LET_IN[who]
    with server.ground.units.transaction(house.tenant_id) as (unit, _):
        for change in changes:
            unit.session.execute(sa.text(change))
    before = _head(server, house)
    pulled = desk.http.get("/v1/sync/pull", headers=desk.headers)
    assert (pulled.status_code, pulled.json()["code"]) == (status, code)
    for body in (None, b"{", b"[]"):  # an operation, and what cannot be read
        pushed = _push(desk, epoch, body)
        assert (pushed.status_code, pushed.json()) == (pulled.status_code, pulled.json())
    assert _head(server, house) == before


def test_a_push_that_waits_for_the_studio_meets_the_removal_of_its_computer(
    server: Server, desk: Desk, house: StudioHouse
) -> None:
    epoch = desk.pull().header.epoch
    with ThreadPoolExecutor(1) as other:
        with server.ground.units.transaction(house.tenant_id) as (unit, _):
            waiting = other.submit(_push, desk, epoch, None)
            _wait_for_a_waiter(unit.session.connection())
            unit.session.execute(sa.text(REMOVED))
        answer = waiting.result(timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (401, "revoked")
    assert _head(server, house)[1] == 0


def _wait_for_a_waiter(connection: sa.Connection) -> None:
    """Until somebody stands in line for a lock that this connection holds."""
    query = sa.text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    for _ in range(500):
        if connection.scalar(query):
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits")
