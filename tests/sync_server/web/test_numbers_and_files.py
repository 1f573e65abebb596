"""Document numbers and stored files, over the real application."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa

from shared.clock import local_date
from shared.errors import NumberConflict, NumberNotLeased
from shared.models.act import Act, Actor, ActorKind, Role
from shared.models.states import Series
from sync_server.bootstrap import Server
from sync_server.repositories.number_register import NumberRegister, RegisterRow
from tests.sync_server.running_server import Desk, set_up
from tests.sync_server.studio_house import StudioHouse


@pytest.fixture
def year(server: Server, house: StudioHouse) -> int:
    with server.ground.units.reading(house.tenant_id) as (_, now):
        return local_date(now, "Europe/Paris").year


def _lease(desk: Desk, year: int, **more: object) -> dict[str, Any]:
    body = {"request_id": str(uuid4()), "series": "invoice", "year": year} | more
    answer = desk.http.post("/v1/numbers/lease", json=body, headers=desk.headers)
    assert answer.status_code == 200, answer.text
    answered: dict[str, Any] = answer.json()
    return answered


def test_a_standing_lease_is_five_numbers_and_a_repeat_gives_the_same(desk: Desk, year: int) -> None:
    request_id = str(uuid4())
    first = _lease(desk, year, count=5, request_id=request_id)
    assert first["numbers"] == [1, 2, 3, 4, 5]
    assert _lease(desk, year, count=5, request_id=request_id) == first
    topped_up = _lease(desk, year, count=5)
    assert topped_up["numbers"] == []
    assert [row["number"] for row in topped_up["leased"]] == [1, 2, 3, 4, 5]
    assert _lease(desk, year, count=5, series="credit")["numbers"] == [1, 2, 3, 4, 5]


def test_one_device_counts_one_two_three(desk: Desk, year: int) -> None:
    _lease(desk, year, count=5)
    answer = _lease(desk, year, document_id=str(uuid4()), standing_next=1)
    assert (answer["use_standing"], answer["numbers"]) == (True, [])


def test_a_second_device_gets_the_next_new_number(
    server: Server, desk: Desk, house: StudioHouse, http: httpx.Client, year: int
) -> None:
    _lease(desk, year, count=5)
    other = set_up(server, house, http, member_id=house.add_member(Role.STAFF))
    document_id = uuid4()
    answer = _lease(other, year, document_id=str(document_id), standing_next=1)  # not its own
    assert (answer["use_standing"], answer["numbers"]) == (False, [6])
    _issue(server, house, other.device_id, number=6, document_id=document_id, year=year)
    answer = _lease(desk, year, document_id=str(uuid4()), standing_next=1)
    assert (answer["use_standing"], answer["numbers"]) == (False, [7])


def _issue(
    server: Server, house: StudioHouse, device_id: UUID, *, number: int, document_id: UUID, year: int
) -> None:
    """What the intake does before it runs ``invoice.issue``."""
    args = {
        "id": str(document_id),
        "booking_id": str(uuid4()),
        "series": "invoice",
        "year": year,
        "number": number,
        "snapshot": {},
        "content_hash": "0" * 64,
        "pdf_sha256": "0" * 64,
        "renderer_version": "1",
    }
    with server.ground.units.transaction(house.tenant_id) as (unit, now):
        act = Act(house.tenant_id, Actor(ActorKind.STAFF, house.owner_id, Role.OWNER), now, uuid4())
        server.ground.numbers.check_issue(unit, act, device_id, args)


def _register(server: Server, house: StudioHouse, year: int) -> dict[int, RegisterRow | None]:
    with server.ground.units.reading(house.tenant_id) as (unit, _):
        register = NumberRegister(unit.session)
        numbers = register.numbers(house.tenant_id, "invoice", year)
        return {number: register.find(house.tenant_id, "invoice", year, number=number) for number in numbers}


def test_a_number_is_used_once_by_its_holder(
    server: Server, desk: Desk, house: StudioHouse, http: httpx.Client, year: int
) -> None:
    _lease(desk, year, count=5)
    other = set_up(server, house, http, member_id=house.add_member(Role.STAFF))
    document_id = uuid4()
    with pytest.raises(NumberNotLeased):
        _issue(server, house, other.device_id, number=1, document_id=document_id, year=year)
    with pytest.raises(NumberNotLeased):
        _issue(server, house, desk.device_id, number=99, document_id=document_id, year=year)
    for _ in range(2):  # a repeat is no conflict
        _issue(server, house, desk.device_id, number=1, document_id=document_id, year=year)
    with pytest.raises(NumberConflict):
        _issue(server, house, desk.device_id, number=1, document_id=uuid4(), year=year)


def test_a_one_number_lease_that_was_not_used_becomes_void(
    server: Server, desk: Desk, house: StudioHouse, year: int
) -> None:
    document_id = uuid4()
    _lease(desk, year, count=5)
    granted = _lease(desk, year, document_id=str(document_id))["numbers"]
    assert granted == [6]
    _issue(server, house, desk.device_id, number=1, document_id=document_id, year=year)
    row = _register(server, house, year)[6]
    assert row is not None
    assert (row.state, row.reason) == ("void", "issued under another number")


def test_a_removed_computers_numbers_are_void_until_its_paper_arrives(
    server: Server, desk: Desk, house: StudioHouse, http: httpx.Client, year: int
) -> None:
    helper = set_up(server, house, http, member_id=house.add_member(Role.STAFF))
    _lease(helper, year, count=2)
    http.post(f"/v1/devices/{helper.device_id}/revoke", headers=desk.headers)
    states = [row.state for row in _register(server, house, year).values() if row is not None]
    assert states == ["void", "void"]
    _issue(server, house, helper.device_id, number=1, document_id=uuid4(), year=year)
    row = _register(server, house, year)[1]
    assert row is not None
    assert row.state == "used"


def test_numbers_follow_a_device_that_started_over(
    server: Server, desk: Desk, house: StudioHouse, http: httpx.Client, year: int
) -> None:
    _lease(desk, year, count=5)
    body = {"request_id": str(uuid4()), "reason": "gap", "replaces": str(desk.device_id)}
    desk.take(http.post("/v1/devices/renew", json=body, headers=desk.headers).json())
    _issue(server, house, desk.device_id, number=2, document_id=uuid4(), year=year)
    assert [row["number"] for row in _lease(desk, year, count=4)["leased"]] == [1, 3, 4, 5]


@pytest.mark.parametrize("away", [-2, 2])
def test_no_numbers_for_another_year(desk: Desk, year: int, away: int) -> None:
    body = {"request_id": str(uuid4()), "series": "invoice", "year": year + away}
    answer = desk.http.post("/v1/numbers/lease", json=body, headers=desk.headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "field_invalid")


def test_eight_threads_never_get_the_same_number(
    server: Server, desk: Desk, house: StudioHouse, year: int
) -> None:
    def one(index: int) -> list[int]:
        if index % 4 == 0:
            return _server_made(server, house, year)
        numbers: list[int] = _lease(desk, year, document_id=str(uuid4()))["numbers"]
        return numbers

    with ThreadPoolExecutor(8) as threads:
        given = [number for numbers in threads.map(one, range(48)) for number in numbers]
    assert sorted(given) == list(range(1, 49))


def _server_made(server: Server, house: StudioHouse, year: int) -> list[int]:
    numbers = server.ground.numbers
    while True:
        with server.ground.units.reading(house.tenant_id) as (unit, _):
            number = numbers.next_server_number(unit, house.tenant_id, Series.INVOICE, year)
        with server.ground.units.transaction(house.tenant_id) as (unit, _):
            if numbers.take_server_number(
                unit, house.tenant_id, series=Series.INVOICE, year=year, number=number, document_id=uuid4()
            ):
                return [number]


def test_a_restored_server_gives_no_number_out_again(
    server: Server, desk: Desk, house: StudioHouse, year: int
) -> None:
    _lease(desk, year, count=5)
    assert _server_made(server, house, year) == [6]
    with server.ground.units.queue_transaction(house.tenant_id) as (unit, _):
        unit.session.execute(sa.text("DELETE FROM number_register"))
    assert _lease(desk, year, document_id=str(uuid4()))["numbers"] == [7]
    register = _register(server, house, year)
    assert [(number, row.state) for number, row in register.items() if row is not None] == [
        *((number, "leased") for number in (1, 2, 3, 4, 5)),
        (6, "void"),
        (7, "leased"),
    ]


PDF = b"%PDF-1.7 made for a test"


def test_a_document_is_kept_under_its_hash_for_its_studio_alone(
    server: Server, desk: Desk, http: httpx.Client
) -> None:
    sha256 = hashlib.sha256(PDF).hexdigest()
    path = f"/v1/documents/{sha256}"
    assert http.get(path, headers=desk.headers).json()["code"] == "not_found"
    for _ in range(2):
        assert http.put(path, content=PDF, headers=desk.headers).status_code == 204
    answer = http.get(path, headers=desk.headers)
    assert (answer.content, answer.headers["content-type"]) == (PDF, "application/pdf")
    stranger = set_up(server, StudioHouse(server.ground.units, code="OTHER").open(), http)
    assert http.get(path, headers=stranger.headers).status_code == 404
    assert http.get(f"/v1/blobs/{sha256}", headers=desk.headers).status_code == 404


@pytest.mark.parametrize(
    ("path", "content", "status", "code"),
    [
        ("documents/" + hashlib.sha256(b"other").hexdigest(), PDF, 422, "field_invalid"),
        ("documents/" + hashlib.sha256(b"plain").hexdigest(), b"plain", 422, "field_invalid"),
        ("documents/xyz", PDF, 400, "bad_request"),
        ("documents/..%2f..%2fetc", PDF, 404, "not_found"),
        ("blobs/" + hashlib.sha256(b"GIF89a").hexdigest(), b"GIF89a", 422, "logo_invalid"),
        ("blobs/" + "0" * 64, b"\x89PNG\r\n\x1a\n" + b" " * (5 * 2**20), 413, "body_too_large"),
    ],
)
def test_what_is_no_document_is_refused(
    desk: Desk, path: str, content: bytes, status: int, code: str
) -> None:
    answer = desk.http.put(f"/v1/{path}", content=content, headers=desk.headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
