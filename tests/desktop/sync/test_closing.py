"""All is closed while a request has only begun: no connection stays open, no thread waits on."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from desktop.local_store.blobs import DOCUMENT
from desktop.local_store.secrets import KeyFileSecrets
from desktop.sync.client import ServerClient
from desktop.sync.tokens import Tokens
from shared.ids import new_id
from shared.models.act import Role
from shared.sync_protocol.sessions import SessionAnswer

WAIT_S = 10.0
FILE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nPD"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


class OneAnswer:
    """A server for one request."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> bytes:
        """What comes after the answer: nothing, once the other side has hung up."""
        with self._listener:
            line, _ = self._listener.accept()
        with line:
            line.settimeout(WAIT_S)
            line.recv(65536)
            line.sendall(self._answer)
            return line.recv(1)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    """Of a person who is signed in."""
    tokens = Tokens(KeyFileSecrets(tmp_path / "key"))
    session = SessionAnswer(
        access_token="access",
        access_expires_at=datetime(2027, 1, 11, tzinfo=UTC),
        refresh_token="refresh",
        tenant_id=new_id(),
        device_id=new_id(),
        user_id=new_id(),
        user_name="Clara",
        role=Role.OWNER,
    )
    tokens.keep(session, sits_here=True)
    return tokens


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def fetch(client: ServerClient) -> None:
    assert client.download(DOCUMENT, "0" * 64) is None


def listen(client: ServerClient) -> None:
    client.listen(lambda _: None)


@pytest.mark.parametrize(("answer", "call"), [(FILE, fetch), (STREAM, listen)], ids=["file", "pokes"])
def test_a_line_that_is_still_being_opened_when_all_is_closed_does_not_stay_open(
    tokens: Tokens,
    threads: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
    *,
    answer: bytes,
    call: Callable[[ServerClient], None],
) -> None:
    opens, is_closed = threading.Event(), threading.Event()
    resolve = socket.getaddrinfo

    def resolve_slowly(host: str, port: int, *more: int) -> list[Any]:
        opens.set()
        assert is_closed.wait(WAIT_S)
        return resolve(host, port, *more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_slowly)
    server = OneAnswer(answer)
    served = threads.submit(server.serve)
    client = ServerClient(server.url, tokens, app_version="1")
    called = threads.submit(call, client)
    assert opens.wait(WAIT_S)
    client.close()
    is_closed.set()
    assert served.result(2 * WAIT_S) == b""
    called.result(WAIT_S)
