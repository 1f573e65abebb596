"""Takes HTTP on the loopback address, one thread a connection, and can also fall silent on purpose."""

import json
import os
import select
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import structlog

from sync_server.practice.stripe_emulator.answers import Answer, RefusedError
from sync_server.practice.stripe_emulator.api import Request
from sync_server.practice.stripe_emulator.faults import Silence

LOOPBACK = "127.0.0.1"
LARGEST_BODY_BYTES = 1024 * 1024
IDLE_CONNECTION_S = 120
log = structlog.get_logger()

Answering = Callable[[Request, Callable[[int], None]], Answer | Silence]


class Door(ThreadingHTTPServer):
    """The listening socket; bound to this machine only."""

    daemon_threads = True
    request_queue_size = 128
    # On Windows this option would let a second program take the same port.
    allow_reuse_address = os.name != "nt"

    def __init__(self, port: int, answering: Answering | None = None) -> None:
        self.answering: Answering | None = answering
        self.released = threading.Event()
        self.held: set[int] = set()
        super().__init__((LOOPBACK, port), Visit)

    def server_bind(self) -> None:
        """Bind without asking any name service who we are."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - given by the base
        """A caller that hangs up is no error; anything else is shown."""
        kind, error, _ = sys.exc_info()
        if kind is not None and not issubclass(kind, ConnectionError):
            log.error("call_broke", exc_info=error)

    def release(self) -> None:
        """End every silence now."""
        self.released.set()
        self.released = threading.Event()


class Visit(BaseHTTPRequestHandler):
    """One connection and its requests."""

    protocol_version = "HTTP/1.1"
    server_version = "DaybookPractice"
    sys_version = ""
    timeout = IDLE_CONNECTION_S
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Door

    def do_GET(self) -> None:
        """Answer a GET."""
        self._visit(b"")

    def do_POST(self) -> None:
        """Answer a POST."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY_BYTES:
            self.close_connection = True
            self._write(RefusedError(413, "The body is missing or too large.", remembered=False).answer())
            return
        self._visit(self.rfile.read(int(length)))

    def _visit(self, body: bytes) -> None:
        target = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        assert self.server.answering is not None
        answer = self.server.answering(
            Request(self.command, target.path, target.query, headers, body), self._hold
        )
        if isinstance(answer, Silence):
            self._hold(answer.hang_s)
            self.close_connection = True
            return
        self._write(answer)

    def _write(self, answer: Answer) -> None:
        payload = answer.text.encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(payload)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()

    def _hold(self, hang_s: int) -> None:
        """Stay silent until the time is over, the caller leaves or the control door lets go."""
        self.server.held.add(id(self))
        try:
            self._stay_silent(hang_s)
        finally:
            self.server.held.discard(id(self))

    def _stay_silent(self, hang_s: int) -> None:
        released, until = self.server.released, time.monotonic() + hang_s
        while time.monotonic() < until and not released.wait(0.02):
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """The requests of a practice run are not logged; the objects tell what happened."""


def ready_line(port: int) -> str:
    """What a parent waits for: one line of JSON."""
    ready = {"ready": True, "port": port, "base_url": f"http://{LOOPBACK}:{port}", "pid": os.getpid()}
    return json.dumps(ready)
