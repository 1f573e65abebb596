"""The server as bootstrap builds it, on a throw-away database, with cheap password hashes."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from pydantic import SecretStr

from shared.ids import new_id
from shared.sync_protocol.changes import Page
from shared.sync_protocol.codec import read_page
from sync_server.adapters.key_file import make_key_file
from sync_server.adapters.password_hasher import Argon2Hasher
from sync_server.bootstrap import Overrides, Server, build
from sync_server.migrations.upgrade import RolePasswords
from sync_server.repositories.sessions import Sessions
from sync_server.services.action_links import LinkPurpose
from sync_server.services.addresses import address_hash
from sync_server.settings import ServerSettings
from sync_server.web.serving import WebServer, open_port
from tests.postgres_cluster import Database
from tests.sync_server.studio_house import StudioHouse

PASSWORD = "a long enough phrase"


def server_settings(
    database: Database, folder: Path, passwords: RolePasswords, **more: object
) -> ServerSettings:
    """Settings of a test server whose files lie in ``folder``."""
    settings = ServerSettings(
        _env_file=None,
        env="test",
        database_url=database.url,
        owner_database_url=database.url,
        app_password=SecretStr(passwords.app),
        worker_password=SecretStr(passwords.worker),
        keys_file=folder / "keys.json",
        data_folder=folder / "data",
        rate_limit_factor=50,
    )
    return settings.model_copy(update=more)


@contextmanager
def running_server(settings: ServerSettings, overrides: Overrides | None = None) -> Iterator[Server]:
    """Built, not yet listening."""
    make_key_file(settings.keys_file)
    cheap = Argon2Hasher(memory_kib=8, passes=1, lanes=1)
    server = build(settings, overrides or Overrides(hasher=cheap, jobs=False))
    try:
        yield server
    finally:
        server.close()


@contextmanager
def listening(server: Server) -> Iterator[str]:
    """It listens on a free port of this machine; the address."""
    web = WebServer(server.app, open_port("127.0.0.1", 0))
    thread = threading.Thread(target=web.run, name="web server")
    thread.start()
    try:
        while not web.is_serving:
            assert thread.is_alive(), "the server ended at its start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{web.port}"
    finally:
        web.stop()
        thread.join()


def local_client(base_url: str) -> httpx.Client:
    """Speaks to a server of this machine; it trusts no certificate, so none has to be read."""
    return httpx.Client(base_url=base_url, timeout=30, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


class Desk:
    """A signed-in device, speaking HTTP to the real application."""

    def __init__(self, http: httpx.Client, answer: dict[str, Any]) -> None:
        self.http = http
        self.take(answer)
        self.no = 0

    def take(self, answer: dict[str, Any]) -> None:
        """Use these tokens from now on."""
        self.tokens = answer
        self.device_id = UUID(answer["device_id"])
        self.user_id = UUID(answer["user_id"])

    @property
    def headers(self) -> dict[str, str]:
        """With the access token."""
        return {"Authorization": f"Bearer {self.tokens['access_token']}", "X-Sync": "protocol=1;schema=1"}

    def operation(self, name: str, args: dict[str, Any], **more: object) -> dict[str, Any]:
        """The next operation of this device."""
        self.no += 1
        return {
            "no": self.no,
            "id": str(new_id()),
            "name": name,
            "v": 1,
            "args": args,
            "user_id": str(self.user_id),
            "created_at": "2027-01-11T09:00:00Z",
        } | more

    def push(self, epoch: UUID, *operations: dict[str, Any]) -> httpx.Response:
        """The answer of push."""
        body = {"protocol": 1, "epoch": str(epoch), "operations": list(operations)}
        return self.http.post("/v1/sync/push", json=body, headers=self.headers)

    def pull(self, cursor: str | None = None, limit: int = 5000) -> Page:
        """The next page."""
        params = {"limit": str(limit)} | ({} if cursor is None else {"cursor": cursor})
        answer = self.http.get("/v1/sync/pull", params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return read_page(answer.content)


def set_up(
    server: Server,
    house: StudioHouse,
    http: httpx.Client,
    *,
    member_id: UUID | None = None,
    password: str = PASSWORD,
) -> Desk:
    """A person's first sign-in by their set-up link."""
    member_id = member_id or house.owner_id
    email = f"{member_id}@bella.example"
    with server.ground.units.transaction(house.tenant_id) as (unit, now):
        Sessions(unit.session).add_credential(
            house.tenant_id, member_id, email=email, email_hash=address_hash(email)
        )
        token_id = server.ground.links.issue(
            unit,
            house.tenant_id,
            LinkPurpose.STAFF_SETUP,
            subject=("member", member_id, 0),
            email=email,
            expires_at=now + timedelta(hours=72),
        )
        raw = server.ground.links.raw_token(unit, house.tenant_id, token_id)
    answer = http.post(
        "/v1/session/set-up", json={"token": raw, "password": password, "device_name": "Front desk"}
    )
    assert answer.status_code == 200, answer.text
    return Desk(http, answer.json())
