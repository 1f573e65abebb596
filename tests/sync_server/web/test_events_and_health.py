"""Pokes reach devices at once; health tells what is missing; request lines tell no secret."""

import threading
import time
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from shared.ids import new_id
from sync_server.bootstrap import Server
from sync_server.web.request_id import body_limit, loggable_path
from tests.postgres_cluster import Database
from tests.sync_server.conftest import PASSWORDS
from tests.sync_server.running_server import Desk, listening, local_client, running_server, server_settings


class Stream:
    """Reads a device's event stream in a thread."""

    def __init__(self, desk: Desk) -> None:
        self.heads: list[int] = []
        self.ended = threading.Event()
        self._told = threading.Condition()
        self._desk = desk
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        # the test may end before the stream does
        with suppress(httpx.HTTPError), self._open() as answer:
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    with self._told:
                        self.heads.append(int(line.partition('"head":')[2].rstrip("}")))
                        self._told.notify_all()
        self.ended.set()

    def _open(self) -> AbstractContextManager[httpx.Response]:
        return self._desk.http.stream("GET", "/v1/sync/events", headers=self._desk.headers)

    def wait_for(self, count: int) -> list[int]:
        """The heads told so far, at least this many."""
        with self._told:
            assert self._told.wait_for(lambda: len(self.heads) >= count, timeout=10)
            return list(self.heads)


def _push_customer(desk: Desk, epoch: UUID) -> int:
    args = {"id": str(new_id()), "name": "Ben", "email": "ben@example.com"}
    (result,) = desk.push(epoch, desk.operation("customer.create", args)).json()["results"]
    return int(result["seq"])


def test_a_change_pokes_every_listening_device(server: Server, desk: Desk) -> None:
    header = desk.pull().header
    assert server.listener.wait_until_listening(10)
    stream = Stream(desk)
    assert stream.wait_for(1) == [header.head]
    seq = _push_customer(desk, header.epoch)
    began = time.monotonic()
    assert stream.wait_for(2)[-1] == seq
    assert time.monotonic() - began < 5


def test_a_new_stream_closes_the_old_one(desk: Desk) -> None:
    older = Stream(desk)
    older.wait_for(1)
    newer = Stream(desk)
    newer.wait_for(1)
    assert older.ended.wait(10)
    assert not newer.ended.is_set()


def test_two_processes_tell_each_other(
    server: Server, desk: Desk, migrated_database: Database, tmp_path: Path
) -> None:
    """What one server process commits, a device on another one hears of."""
    settings = server_settings(migrated_database, tmp_path, PASSWORDS)
    header = desk.pull().header
    with running_server(settings) as second, listening(second) as base_url:
        assert second.listener.wait_until_listening(10)
        with local_client(base_url) as http:
            other = Desk(http, desk.tokens)
            stream = Stream(other)
            stream.wait_for(1)
            assert stream.wait_for(1 + 1 if _push_customer(desk, header.epoch) else 0)[-1] > header.head


def test_health_tells_database_and_migrations(http: httpx.Client) -> None:
    assert http.get("/health/live").json() == {"status": "alive"}
    answer = http.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_what_is_not_there_says_so_in_the_same_words(http: httpx.Client) -> None:
    assert http.get("/nowhere").json() == {"code": "not_found", "message": "This does not exist."}
    assert http.delete("/v1/sync/push").json()["code"] == "method_not_allowed"
    assert http.get("/health/live").headers["x-request-id"]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/l/abcDEF123", "/l/[link]"),
        ("/l/abcDEF123/more", "/l/[link]/more"),
        ("/v1/documents/" + "a" * 64, "/v1/documents/[sha256]"),
        ("/v1/sync/push", "/v1/sync/push"),
    ],
)
def test_a_log_line_holds_nothing_that_opens_something(path: str, shown: str) -> None:
    assert loggable_path(path) == shown


def test_every_path_has_a_limit() -> None:
    assert body_limit("/v1/session/sign-in") == body_limit("/l") == 64 * 1024
    assert body_limit("/v1/documents/x") == 10 * 2**20


def test_a_sign_in_with_a_huge_body_is_refused(http: httpx.Client) -> None:
    answer = http.post("/v1/session/sign-in", content=b" " * (64 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
