"""Signing in, staying signed in, and being turned away; over the real application."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
import sqlalchemy as sa

from shared.models.act import Role
from sync_server.bootstrap import Server
from tests.sync_server.running_server import PASSWORD, Desk, set_up
from tests.sync_server.studio_house import StudioHouse


def _sign_in(http: httpx.Client, house: StudioHouse, **changed: object) -> httpx.Response:
    body = {
        "studio": house.code,
        "email": f"{house.owner_id}@bella.example",
        "password": PASSWORD,
        "device_name": "Laptop",
    }
    return http.post("/v1/session/sign-in", json=body | changed)


def _refresh(http: httpx.Client, token: str) -> httpx.Response:
    return http.post("/v1/session/refresh", json={"refresh_token": token})


def _age_rotation(server: Server, house: StudioHouse, seconds: int) -> None:
    with server.ground.units.queue_transaction(house.tenant_id) as (unit, _):
        unit.session.execute(
            sa.text("UPDATE session SET rotated_at = rotated_at - make_interval(secs => :s)"), {"s": seconds}
        )


def test_the_set_up_link_works_once_and_the_password_afterwards(
    desk: Desk, http: httpx.Client, house: StudioHouse
) -> None:
    answer = _sign_in(http, house, studio=house.code.lower())
    assert answer.status_code == 200, answer.text
    assert answer.json()["role"] == "owner"
    assert answer.json()["device_id"] != str(desk.device_id)
    assert _sign_in(http, house, email=f" {house.owner_id}@BELLA.example".upper()).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"studio": "NOSUCH"},
        {"email": "nobody@bella.example"},
        {"password": "wrong but long enough"},
        {"password": "x"},
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    desk: Desk, http: httpx.Client, house: StudioHouse, wrong: dict[str, str]
) -> None:
    answer = _sign_in(http, house, **wrong)
    assert (answer.status_code, answer.json()) == (
        401,
        {"code": "sign_in_failed", "message": "Studio, address or password is not right."},
    )


def test_a_proof_keeps_the_device_unless_it_was_removed(
    server: Server, desk: Desk, http: httpx.Client, house: StudioHouse
) -> None:
    proof = desk.tokens["refresh_token"]
    http.post("/v1/session/sign-out", headers=desk.headers)
    assert http.get("/v1/sync/pull", headers=desk.headers).json()["code"] == "sign_in"
    again = _sign_in(http, house, device_proof=proof).json()
    assert again["device_id"] == str(desk.device_id)
    owner = Desk(http, _sign_in(http, house).json())
    assert http.post(f"/v1/devices/{desk.device_id}/revoke", headers=owner.headers).status_code == 204
    desk.take(again)
    answer = http.get("/v1/sync/pull", headers=desk.headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "revoked")
    assert _refresh(http, again["refresh_token"]).json()["code"] == "revoked"
    assert _sign_in(http, house, device_proof=proof).json()["device_id"] != str(desk.device_id)


def test_a_refresh_repeated_within_a_minute_gives_the_same_tokens(
    server: Server, desk: Desk, http: httpx.Client, house: StudioHouse
) -> None:
    first = desk.tokens["refresh_token"]
    second = _refresh(http, first).json()["refresh_token"]
    assert second != first
    assert _refresh(http, first).json()["refresh_token"] == second
    third = _refresh(http, second).json()["refresh_token"]
    assert third not in {first, second}
    # the older access token lives its quarter of an hour
    assert http.get("/v1/sync/pull", headers=desk.headers).status_code == 200


def test_a_refresh_repeated_later_ends_the_family_and_no_other_device(
    server: Server, desk: Desk, http: httpx.Client, house: StudioHouse
) -> None:
    other = Desk(http, _sign_in(http, house).json())
    first = desk.tokens["refresh_token"]
    second = _refresh(http, first).json()["refresh_token"]
    _age_rotation(server, house, 61)
    assert _refresh(http, first).json()["code"] == "session_reused"
    assert _refresh(http, second).json()["code"] == "session_reused"
    assert http.get("/v1/sync/pull", headers=desk.headers).json()["code"] == "session_reused"
    assert http.get("/v1/sync/pull", headers=other.headers).status_code == 200
    # a stolen token proves nothing
    assert _sign_in(http, house, device_proof=second).json()["device_id"] != str(desk.device_id)


def test_a_raised_session_version_ends_every_session(
    server: Server, desk: Desk, http: httpx.Client, house: StudioHouse
) -> None:
    with server.ground.units.queue_transaction(house.tenant_id) as (unit, _):
        unit.session.execute(sa.text("UPDATE member_credential SET sv = sv + 1"))
    assert http.get("/v1/sync/pull", headers=desk.headers).json()["code"] == "sign_in"
    assert _refresh(http, desk.tokens["refresh_token"]).json()["code"] == "sign_in"


def test_a_disabled_person_is_out_at_once(
    server: Server, desk: Desk, http: httpx.Client, house: StudioHouse
) -> None:
    staff_id = house.add_member(Role.STAFF)
    helper = set_up(server, house, http, member_id=staff_id)
    with server.ground.units.transaction(house.tenant_id) as (unit, now):
        unit.members.get(house.tenant_id, staff_id).disabled_at = now
    assert http.get("/v1/sync/pull", headers=helper.headers).json()["code"] == "sign_in"
    answer = _sign_in(http, house, email=f"{staff_id}@bella.example")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_failed")


def _forged(token: str, server: Server) -> dict[str, str]:
    """Tokens that nobody issued, each wrong in one way."""
    claims = jwt.decode(token, options={"verify_signature": False})
    key = server.ground.keys.jwt_key.versions[1]
    far = int((datetime.now(UTC) + timedelta(days=1)).timestamp())
    none = (
        base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "1"}).encode()).rstrip(b"=").decode()
        + "."
        + token.split(".")[1]
        + "."
    )
    return {
        "algorithm none": none,
        "other algorithm": jwt.encode(claims, key * 2, "HS512", headers={"kid": "1"}),
        "foreign key": jwt.encode(claims, b"k" * 32, "HS256", headers={"kid": "1"}),
        "unknown key id": jwt.encode(claims, key, "HS256", headers={"kid": "9"}),
        "no key id": jwt.encode(claims, key, "HS256"),
        "other audience": jwt.encode(claims | {"aud": "web"}, key, "HS256", headers={"kid": "1"}),
        "no end": jwt.encode(
            {name: value for name, value in claims.items() if name != "exp"},
            key,
            "HS256",
            headers={"kid": "1"},
        ),
        "other studio": jwt.encode(claims | {"tid": str(uuid4())}, key, "HS256", headers={"kid": "1"}),
        "other device": jwt.encode(claims | {"did": str(uuid4())}, key, "HS256", headers={"kid": "1"}),
        "other person": jwt.encode(claims | {"sub": str(uuid4())}, key, "HS256", headers={"kid": "1"}),
        "end beyond time": jwt.encode(claims | {"exp": far**3}, key, "HS256", headers={"kid": "1"}),
    }


def test_forged_tokens_open_nothing(server: Server, desk: Desk, http: httpx.Client) -> None:
    token = desk.tokens["access_token"]
    for what, forged in _forged(token, server).items():
        headers = {"Authorization": f"Bearer {forged}"}
        body = {"protocol": 1, "epoch": str(uuid4()), "operations": []}
        for answer in (
            http.get("/v1/sync/pull", headers=headers),
            http.post("/v1/sync/push", json=body, headers=headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (401, "sign_in"), what
    claims = jwt.decode(token, options={"verify_signature": False})
    over = jwt.encode(
        claims | {"exp": 1}, server.ground.keys.jwt_key.versions[1], "HS256", headers={"kid": "1"}
    )
    answer = http.get("/v1/sync/pull", headers={"Authorization": f"Bearer {over}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")


def test_a_store_that_starts_over_gets_one_new_id_and_the_old_one_is_a_copy(
    desk: Desk, http: httpx.Client
) -> None:
    body = {"request_id": str(uuid4()), "reason": "gap", "replaces": str(desk.device_id)}
    first = http.post("/v1/devices/renew", json=body, headers=desk.headers)
    assert first.status_code == 200, first.text
    again = http.post("/v1/devices/renew", json=body, headers=desk.headers)
    assert again.json()["device_id"] == first.json()["device_id"] != str(desk.device_id)
    answer = http.get("/v1/sync/pull", headers=desk.headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "forked")
    another = http.post("/v1/devices/renew", json=body | {"request_id": str(uuid4())}, headers=desk.headers)
    assert (another.status_code, another.json()["code"]) == (409, "forked")
    desk.take(again.json())
    assert desk.pull().header.device_last_no == 0


def test_only_owners_see_and_remove_computers(
    server: Server, desk: Desk, http: httpx.Client, house: StudioHouse
) -> None:
    helper = set_up(server, house, http, member_id=house.add_member(Role.MANAGER))
    assert http.get("/v1/devices", headers=helper.headers).json()["code"] == "needs_right"
    listed = http.get("/v1/devices", headers=desk.headers).json()["devices"]
    assert {UUID(row["id"]) for row in listed} == {desk.device_id, helper.device_id}
    stranger = set_up(server, StudioHouse(server.ground.units, code="OTHER").open(), http)
    for device_id in (stranger.device_id, uuid4()):
        answer = http.post(f"/v1/devices/{device_id}/revoke", headers=desk.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("password", ["short", "password123", "aaaaaaaaaaaa", "BellaWeds2026", "é" * 129])
def test_a_weak_password_is_refused_and_the_link_stays_good(
    server: Server, http: httpx.Client, house: StudioHouse, password: str
) -> None:
    with pytest.raises(AssertionError, match="password_too_weak"):
        set_up(server, house, http, password=password)


def test_a_studio_in_the_body_changes_nothing(desk: Desk, http: httpx.Client, server: Server) -> None:
    other = StudioHouse(server.ground.units, code="OTHER").open()
    answer = http.get(
        "/v1/sync/pull",
        params={"tenant_id": str(other.tenant_id)},
        headers=desk.headers | {"X-Tenant": str(other.tenant_id)},
    )
    assert str(other.customer_id) not in answer.text
