"""A request's address is its socket's, whatever it says of itself, unless a configured proxy says it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI

from sync_server.services.staff_sessions import Visitor
from sync_server.web.dependencies import visitor_finder
from sync_server.web.serving import WebServer, open_port
from tests.sync_server.running_server import local_client


@contextmanager
def _asked(behind_proxies: Sequence[str]) -> Iterator[httpx.Client]:
    app = FastAPI()
    app.state.end_streams = lambda: None
    told = Annotated[Visitor, Depends(visitor_finder(behind_proxies))]

    @app.get("/address")
    def address(visitor: told) -> str:
        return visitor.ip

    web = WebServer(app, open_port("127.0.0.1", 0))
    thread = threading.Thread(target=web.run)
    thread.start()
    try:
        with local_client(f"http://127.0.0.1:{web.port}") as client:
            yield client
    finally:
        web.stop()
        thread.join()


@pytest.mark.parametrize(
    ("behind_proxies", "says", "address"),
    [
        ((), "203.0.113.9", "127.0.0.1"),
        (("192.0.2.1",), "203.0.113.9", "127.0.0.1"),
        (("127.0.0.1",), "203.0.113.9", "203.0.113.9"),
        (("127.0.0.1",), "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (("127.0.0.1",), "", "127.0.0.1"),
    ],
)
def test_only_a_configured_proxy_names_the_visitor(
    behind_proxies: tuple[str, ...], says: str, address: str
) -> None:
    with _asked(behind_proxies) as client:
        assert client.get("/address", headers={"X-Forwarded-For": says}).json() == address
