"""Starts the Stripe emulator as the process it is, with a receiver for its webhooks, for every suite."""

import contextlib
import http.client
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe

REPOSITORY = Path(__file__).resolve().parents[2]
DEADLINE_S = 20


@dataclass
class Webhook:
    """One webhook as it arrived."""

    body: bytes
    signature: str

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event


class WebhookReceiver:
    """A loopback address that keeps what it is sent and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[Webhook] = []
        self.answers: list[int] = []
        self._news = threading.Condition()
        receiver = self

        class Visit(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with receiver._news:
                    receiver.got.append(Webhook(body, self.headers["Stripe-Signature"]))
                    status = receiver.answers.pop(0) if receiver.answers else 200
                    receiver._news.notify_all()
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Visit)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/stripe/webhook"

    def wait_for(self, count: int) -> list[Webhook]:
        """The webhooks, once there are that many."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.got) >= count, DEADLINE_S), (
                f"only {len(self.got)} came"
            )
            return list(self.got)

    def types(self) -> list[str]:
        return [webhook.event["type"] for webhook in self.got]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass
class Emulator:
    """A running emulator: its address, its keys, its control door, and Stripe's own client on it."""

    file: Path
    api_key: str = field(default_factory=lambda: "sk_test_" + secrets.token_hex(16))
    control_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    webhook_secret: str = field(default_factory=lambda: "whsec_" + secrets.token_hex(16))
    webhook_url: str | None = None
    base_url: str = ""
    process: subprocess.Popen[str] | None = None
    _transports: list[stripe.RequestsClient] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """What the process needs to know, beside what we were started with."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("DAYBOOK_", "STRIPE_"))
        }
        given = {
            "DAYBOOK_EMULATOR_API_KEY": self.api_key,
            "DAYBOOK_EMULATOR_CONTROL_SECRET": self.control_secret,
            "DAYBOOK_EMULATOR_WEBHOOK_SECRET": self.webhook_secret,
            "DAYBOOK_EMULATOR_WEBHOOK_URL": self.webhook_url or "",
        }
        return kept | given

    def start(self, *arguments: str, **environment: str) -> "Emulator":
        """Start the process and wait for its ready line."""
        log = self.file.with_suffix(".log").open("a", encoding="utf-8")
        with log:
            self.process = subprocess.Popen(
                [*emulator_command(self.file), "--parent-pid", str(os.getpid()), *arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=REPOSITORY,
                env=self.environment() | environment,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.file.with_suffix(".log").read_text(encoding="utf-8")
        self.base_url = json.loads(line)["base_url"]
        return self

    def kill(self) -> None:
        """End it without a word, as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self._reap()

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        assert self.process is not None
        self.process.terminate()
        return self._reap()

    def _reap(self) -> int:
        assert self.process is not None
        assert self.process.stdout is not None
        status = self.process.wait(DEADLINE_S)
        self.process.stdout.close()
        self.close_clients()
        return status

    def close_clients(self) -> None:
        while self._transports:
            self._transports.pop().close()  # type: ignore[no-untyped-call] # stripe's own

    def stripe(self, *, retries: int = 0, timeout_s: float = DEADLINE_S) -> stripe.StripeClient:
        """Stripe's client as the server uses it, pointed here."""
        transport = stripe.RequestsClient(timeout=timeout_s)
        self._transports.append(transport)
        return stripe.StripeClient(
            self.api_key,
            base_addresses={"api": self.base_url},
            max_network_retries=retries,
            http_client=transport,
        )

    def call(
        self,
        method: str,
        path: str,
        *,
        body: str = "",
        secret: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str], str]:
        """One plain HTTP call: status, headers and text."""
        connection = http.client.HTTPConnection(urlsplit(self.base_url).netloc, timeout=DEADLINE_S)
        with contextlib.closing(connection):
            given = {"Authorization": f"Bearer {secret or self.api_key}", **(headers or {})}
            connection.request(method, path, body.encode() if method == "POST" else None, given)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()

    def control(self, method: str, path: str, /, **body: object) -> dict[str, Any]:
        """Ask the control door; fails when it refuses."""
        text = json.dumps(body) if method == "POST" else ""
        status, _, answer = self.call(method, f"/_control/{path}", body=text, secret=self.control_secret)
        assert status == 200, answer
        result: dict[str, Any] = json.loads(answer)
        return result

    def run_due(self) -> dict[str, Any]:
        """Do what is due now: acts that come later, then webhooks."""
        return self.control("POST", "run_due")

    def forward(self, seconds: int) -> dict[str, Any]:
        """Move the practice clock and do what became due."""
        self.control("POST", "clock", forward_s=seconds)
        return self.run_due()

    def wait_until_held(self) -> None:
        """Return once a call hangs in the emulator."""
        until = time.monotonic() + DEADLINE_S
        while not self.control("GET", "held")["held"]:
            assert time.monotonic() < until, "no call hangs"

    def objects(self, account: str, kind: str) -> list[dict[str, Any]]:
        """Everything of that kind in the account, oldest first, as the emulator has it."""
        found = self.control("GET", f"objects?account={account}&kind={kind}")
        listed: list[dict[str, Any]] = found.get(account, {}).get(kind, [])
        return listed


def emulator_command(file: Path) -> list[str]:
    """How the emulator is started on this file."""
    return [sys.executable, "-m", "sync_server.practice.stripe_emulator", "--port", "0", "--file", str(file)]


@pytest.fixture
def new_emulator(tmp_path: Path) -> Iterator[Callable[[], Emulator]]:
    """Makes emulators that a test starts, kills and starts again; none outlives the test."""
    made: list[Emulator] = []

    def make() -> Emulator:
        made.append(Emulator(tmp_path / f"state{len(made)}.sqlite"))
        return made[-1]

    yield make
    for emulator in made:
        if emulator.process is not None:
            emulator.kill()


@pytest.fixture(scope="module")
def emulator_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One process for the tests of a file."""
    running = Emulator(tmp_path_factory.mktemp("emulator") / "state.sqlite").start()
    yield running
    running.stop()


@pytest.fixture
def emulator(emulator_process: Emulator) -> Iterator[Emulator]:
    """An emulator in which nothing has happened; due things wait for `run_due`."""
    emulator_process.control("POST", "reset")
    emulator_process.control("POST", "settings", by_hand=True)
    yield emulator_process
    emulator_process.close_clients()


@pytest.fixture
def receiver(emulator: Emulator) -> Iterator[WebhookReceiver]:
    """Where the emulator's webhooks go."""
    listening = WebhookReceiver()
    emulator.control("POST", "webhooks/endpoint", url=listening.url)
    yield listening
    listening.close()
