"""Push decides, pull tells; both over the real application and a real Postgres."""

import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
import zstandard

from shared.ids import new_id
from shared.models.act import Role
from shared.sync_protocol.codec import read_page
from shared.sync_protocol.refusals import BadRequest
from sync_server.bootstrap import Server
from tests.sync_server.running_server import Desk, set_up
from tests.sync_server.studio_house import StudioHouse


@pytest.fixture
def epoch(desk: Desk) -> UUID:
    return desk.pull().header.epoch


def _new_customer(desk: Desk, **more: object) -> dict[str, Any]:
    args = {"id": str(new_id()), "name": "Ben", "email": "ben@example.com"}
    return desk.operation("customer.create", args | more)


def _booking(house: StudioHouse, day: str = "2027-06-12") -> dict[str, Any]:
    slot = {
        "start_date": day,
        "start_time": "14:00",
        "end_date": day,
        "end_time": "23:00",
        "zone": "Europe/Paris",
    }
    return {
        "id": str(new_id()),
        "customer_id": str(house.customer_id),
        "package_id": str(house.package_id),
        "slot": slot,
        "resource_ids": [str(house.resource_id)],
    }


def test_what_is_pushed_comes_back_with_the_seq_of_its_receipt(desk: Desk, epoch: UUID) -> None:
    operation = _new_customer(desk)
    answer = desk.push(epoch, operation)
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["results"]
    assert (result["id"], result["status"]) == (operation["id"], "applied")
    page = desk.pull()
    (row,) = [change for change in page.changes if change.row_id == operation["args"]["id"]]
    assert row.row is not None
    assert (row.entity, row.row["name"], row.row["no_follow_up"]) == ("customer", "Ben", 0)
    assert row.row["created_at"].endswith("Z")
    assert row.seq <= result["seq"] <= page.header.head
    assert page.header.device_last_no == 1
    assert not page.header.more


def test_a_repeated_push_gets_the_stored_receipt(desk: Desk, epoch: UUID) -> None:
    operation = _new_customer(desk)
    first = desk.push(epoch, operation).json()
    desk.push(epoch, _new_customer(desk))
    assert desk.push(epoch, operation).json()["results"] == first["results"]


def test_an_id_with_other_contents_is_rejected_and_its_receipt_stays(desk: Desk, epoch: UUID) -> None:
    operation = _new_customer(desk)
    first = desk.push(epoch, operation).json()["results"]
    changed = operation | {"args": operation["args"] | {"name": "Eve"}}
    (result,) = desk.push(epoch, changed).json()["results"]
    assert (result["status"], result["code"]) == ("rejected", "id_reused")
    assert desk.push(epoch, operation).json()["results"] == first


@pytest.mark.parametrize(
    ("no", "code", "status"), [(3, "gap", 409), (1, "forked", 409)], ids=["skipped", "seen before"]
)
def test_a_counter_that_does_not_fit_stops_with_what_was_decided(
    desk: Desk, epoch: UUID, no: int, code: str, status: int
) -> None:
    first = _new_customer(desk)
    answer = desk.push(epoch, first, _new_customer(desk) | {"no": no})
    assert answer.status_code == status
    body = answer.json()
    assert (body["code"], body["expected"]) == (code, 2)
    assert [result["id"] for result in body["results"]] == [first["id"]]


def test_an_unknown_operation_waits_for_a_newer_server(desk: Desk, epoch: UUID) -> None:
    first = _new_customer(desk)
    for strange in ({"name": "moon.land"}, {"v": 99}):
        answer = desk.push(epoch, first, desk.operation("customer.create", {}) | strange | {"no": 2})
        assert (answer.status_code, answer.json()["code"]) == (409, "upgrade_server")
        assert [result["id"] for result in answer.json()["results"]] == [first["id"]]


def test_another_epoch_is_answered_with_the_present_one(desk: Desk, epoch: UUID) -> None:
    answer = desk.push(uuid4(), _new_customer(desk))
    assert (answer.status_code, answer.json()["code"]) == (409, "epoch")
    assert answer.json()["epoch"] == str(epoch)


@pytest.mark.parametrize(
    ("name", "args", "code"),
    [
        ("customer.create", {"id": "not an id"}, "bad_args"),
        ("customer.create", {"id": str(new_id()), "name": "a\x00b", "email": "x"}, "bad_args"),
        ("customer.create", {"id": str(new_id()), "name": "a\ud800b", "email": "x"}, "bad_args"),
        ("customer.create", {"id": str(new_id()), "name": "a", "email": "x", "new": "\x00"}, "bad_args"),
        ("customer.edit", {"id": str(new_id()), "patch": {"phone": {"from": "", "to": "1"}}}, "gone"),
        ("booking.cancel", {"id": str(new_id())}, "gone"),
        ("refund.request", {"id": str(new_id())}, "bad_args"),
    ],
)
def test_what_cannot_be_is_rejected_and_kept_whole_in_the_inbox(
    desk: Desk, epoch: UUID, name: str, args: dict[str, Any], code: str
) -> None:
    operation = desk.operation(name, args)
    body = json.dumps({"protocol": 1, "epoch": str(epoch), "operations": [operation]})
    answer = desk.http.post("/v1/sync/push", content=body, headers=desk.headers)
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["results"]
    assert (result["status"], result["code"]) == ("rejected", code)
    (issue,) = [change.row for change in desk.pull().changes if change.entity == "sync_issue"]
    assert issue is not None
    assert (issue["kind"], issue["state"], issue["device_name"]) == (code, "open", "Front desk")
    kept = issue["payload"]["operation"]
    assert kept["name"] == name
    assert (kept["args"] if "args" in kept else json.loads(kept["args_text"])) == args
    # and the queue goes on
    assert desk.push(epoch, _new_customer(desk)).json()["results"][0]["status"] == "applied"


def test_a_taken_slot_amends_the_booking_and_tells(desk: Desk, epoch: UUID, house: StudioHouse) -> None:
    one, two = (desk.operation("booking.create", _booking(house)) for _ in range(2))
    results = desk.push(epoch, one, two).json()["results"]
    assert [(result["status"], result.get("code")) for result in results] == [
        ("applied", None),
        ("amended", "slot_taken"),
    ]
    page = desk.pull()
    booked = {change.row_id: change.row for change in page.changes if change.entity == "booking"}
    assert booked[two["args"]["id"]]["status"] == "needs_slot"  # type: ignore[index] # the command above has these
    (issue,) = [change for change in page.changes if change.entity == "sync_issue"]
    assert issue.row_id == two["id"]
    assert issue.seq <= results[1]["seq"]


def test_author_and_sender_both_need_the_right(
    server: Server, desk: Desk, epoch: UUID, house: StudioHouse, http: httpx.Client
) -> None:
    staff_id = house.add_member(Role.STAFF)
    helper = set_up(server, house, http, member_id=staff_id)
    package = {"id": str(new_id()), "name": "P", "price_minor": 100, "currency": "EUR"}
    cases = [
        (helper, staff_id, "needs_right"),
        (helper, house.owner_id, "needs_right"),  # a changed client acts as the owner
        (desk, staff_id, "needs_right"),  # the author's role counts, whoever sends
        (desk, uuid4(), "user_disabled"),
    ]
    for sender, author, code in cases:
        (result,) = sender.push(
            epoch, sender.operation("package.create", package, user_id=str(author))
        ).json()["results"]
        assert (result["status"], result["code"]) == ("rejected", code)


def test_another_studios_rows_are_not_there(
    server: Server, desk: Desk, epoch: UUID, http: httpx.Client
) -> None:
    other = StudioHouse(server.ground.units, code="OTHER").open()
    edit = {"id": str(other.customer_id), "patch": {"phone": {"from": "", "to": "1"}}}
    (result,) = desk.push(epoch, desk.operation("customer.edit", edit)).json()["results"]
    assert (result["status"], result["code"]) == ("rejected", "gone")
    assert str(other.customer_id) not in {change.row_id for change in desk.pull().changes if change.row}


def test_pages_follow_each_other_and_deletions_travel(
    server: Server, desk: Desk, epoch: UUID, house: StudioHouse
) -> None:
    desk.push(epoch, *(_new_customer(desk) for _ in range(10)))
    mirror: dict[tuple[str, str], Any] = {}
    cursor, seen = None, []
    while True:
        page = desk.pull(cursor, limit=4)
        seen += [change.seq for change in page.changes]
        mirror |= {(change.entity, change.row_id): change.row for change in page.changes}
        assert len(page.changes) <= 4
        cursor = page.header.cursor
        if not page.header.more:
            break
    assert seen == sorted(seen)
    assert len([key for key in mirror if key[0] == "customer"]) == 11
    with server.ground.units.transaction(house.tenant_id) as (unit, _):
        unit.session.delete(unit.resources.get(house.tenant_id, house.resource_id))
    page = desk.pull(cursor)
    (gone,) = page.changes
    assert (gone.entity, gone.row_id, gone.row) == ("resource", str(house.resource_id), None)
    # a run from 0 that begins now need not hear of it
    assert all(change.row is not None for change in desk.pull().changes)
    assert desk.pull(page.header.cursor).changes == ()


@pytest.mark.parametrize("forged", ["x", "A" * 100, "MS4", "%%%", "é"])
def test_a_cursor_that_is_not_ours_means_start_anew(desk: Desk, forged: str) -> None:
    answer = desk.http.get("/v1/sync/pull", params={"cursor": forged}, headers=desk.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "resync")


def test_a_changed_cursor_is_not_ours_either(server: Server, desk: Desk, http: httpx.Client) -> None:
    cursor = desk.pull().header.cursor
    for place in range(0, len(cursor), 7):
        other = "A" if cursor[place] != "A" else "B"
        forged = cursor[:place] + other + cursor[place + 1 :]
        answer = http.get("/v1/sync/pull", params={"cursor": forged}, headers=desk.headers)
        assert answer.json()["code"] == "resync"
    stranger = set_up(server, StudioHouse(server.ground.units, code="OTHER").open(), http)
    answer = http.get("/v1/sync/pull", params={"cursor": cursor}, headers=stranger.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "resync")


def test_a_signed_cursor_above_what_was_given_out_proves_a_restore_once_an_hour(
    server: Server, desk: Desk, epoch: UUID, house: StudioHouse
) -> None:
    cursor = desk.pull().header.cursor
    with server.ground.units.queue_transaction(house.tenant_id) as (unit, _):
        unit.session.execute(sa.text("UPDATE device SET issued_cursor = 0"))
    for _ in range(2):  # the studio is younger than an hour
        answer = desk.http.get("/v1/sync/pull", params={"cursor": cursor}, headers=desk.headers)
        assert (answer.status_code, answer.json()["code"]) == (409, "resync")
    with server.ground.units.queue_transaction(house.tenant_id) as (unit, _):
        unit.session.execute(sa.text("UPDATE tenant_sync SET epoch_at = now() - interval '2 hours'"))
    answer = desk.http.get("/v1/sync/pull", params={"cursor": cursor}, headers=desk.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "epoch")
    assert answer.json()["epoch"] != str(epoch)
    answer = desk.http.get("/v1/sync/pull", params={"cursor": cursor}, headers=desk.headers)
    assert answer.json()["code"] == "epoch"  # of an earlier history now


def _nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code"),
    [
        (b"", None, 400, "bad_request"),
        (b"{", None, 400, "bad_request"),
        (b"\xff\xfe", None, 400, "bad_request"),
        (b"[]", None, 400, "bad_request"),
        (b"null", None, 400, "bad_request"),
        (b'{"protocol": NaN}', None, 400, "bad_request"),
        (_nested(100_000), None, 400, "bad_request"),
        (_nested(500), None, 400, "bad_request"),
        (b'{"protocol":1,"epoch":"x","operations":[]}', None, 400, "bad_request"),
        (b'{"protocol":1}', "gzip", 400, "bad_request"),
        (b"(\xb5/\xfd broken", "zstd", 400, "bad_request"),
        (zstandard.compress(b"{" * 50)[:-4], "zstd", 400, "bad_request"),
        (zstandard.compress(b" " * (2 * 2**20)), "zstd", 413, "body_too_large"),
        (b" " * (2**20 + 1), None, 413, "body_too_large"),
    ],
)
def test_a_body_that_cannot_be_read_has_a_name(
    desk: Desk, body: bytes, encoding: str | None, status: int, code: str
) -> None:
    headers = desk.headers | ({} if encoding is None else {"Content-Encoding": encoding})
    answer = desk.http.post("/v1/sync/push", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_too_large_a_batch_is_halved_by_the_client(desk: Desk, epoch: UUID) -> None:
    answer = desk.push(epoch, *(_new_customer(desk) for _ in range(51)))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    answer = desk.push(epoch, _new_customer(desk) | {"args": {"text": "x" * 262_145}})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "wrong", [{"no": 0}, {"no": "1"}, {"no": 2**63}, {"v": 0}, {"args": []}, {"id": "x"}, {"user_id": None}]
)
def test_an_envelope_that_cannot_be_read_stops_the_whole_request(
    desk: Desk, epoch: UUID, wrong: dict[str, Any]
) -> None:
    answer = desk.push(epoch, _new_customer(desk) | wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_without_a_token_nothing_is_told(http: httpx.Client, desk: Desk) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
        assert http.get("/v1/sync/pull", headers=headers).status_code == 401
        assert http.post("/v1/sync/push", content=b"{}", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("x_sync", "status", "code"),
    [
        ("protocol=99", 409, "upgrade_server"),
        ("protocol=0", 426, "min_app"),
        ("protocol=x", 400, "bad_request"),
    ],
)
def test_a_protocol_that_the_server_does_not_speak(desk: Desk, x_sync: str, status: int, code: str) -> None:
    answer = desk.http.get("/v1/sync/pull", headers=desk.headers | {"X-Sync": x_sync})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_page_travels_compressed(desk: Desk) -> None:
    headers = desk.headers | {"Accept-Encoding": "zstd"}
    with desk.http.stream("GET", "/v1/sync/pull", headers=headers) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "zstd"
    assert read_page(raw, "zstd").changes == desk.pull().changes
    with pytest.raises(BadRequest):
        read_page(raw[:-10], "zstd")
