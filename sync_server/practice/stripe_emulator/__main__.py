"""Starts the emulator as a process of its own and ends it with its parent."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import structlog

from sync_server.practice.stripe_emulator.answers import Answer, RefusedError
from sync_server.practice.stripe_emulator.api import Api, Request
from sync_server.practice.stripe_emulator.control import Control, keep_configured_endpoint
from sync_server.practice.stripe_emulator.faults import Silence
from sync_server.practice.stripe_emulator.http_door import LOOPBACK, Answering, Door, ready_line
from sync_server.practice.stripe_emulator.pages import Pages
from sync_server.practice.stripe_emulator.parent_watch import watch_parent
from sync_server.practice.stripe_emulator.runner import Runner
from sync_server.practice.stripe_emulator.settings import Settings, StartRefusedError, read_settings
from sync_server.practice.stripe_emulator.store import Store
from sync_server.practice.stripe_emulator.webhook_sender import WebhookSender

START_REFUSED = 2
log = structlog.get_logger()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sync_server.practice.stripe_emulator", description=__doc__
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one, told in the ready line")
    parser.add_argument("--file", type=Path, required=True, help="SQLite file that keeps the state")
    parser.add_argument("--config", type=Path, help="JSON file (mode 0600) with the keys")
    parser.add_argument("--ready-file", type=Path, help="also write the ready line there")
    parser.add_argument("--parent-pid", type=int, help="end when this process is gone")
    return parser.parse_args()


def _answering(api: Api, control: Control, pages: Pages) -> Answering:
    def answer(request: Request, hold: Callable[[int], None]) -> Answer | Silence:
        if request.path.startswith("/v1/"):
            return api.answer(request, hold)
        if request.path.startswith("/_control/"):
            return control.answer(request)
        if request.path.startswith("/practice/"):
            return pages.answer(request)
        return RefusedError(404, "Nothing lives here.", remembered=False).answer()

    return answer


def _serve(settings: Settings, arguments: argparse.Namespace) -> None:
    store = Store(arguments.file, shift_s=settings.shift_s, then_delay_s=settings.then_delay_s)
    if settings.webhook_secret is not None:
        keep_configured_endpoint(store, settings.webhook_url)
    try:
        door = Door(arguments.port)
    except OSError as error:
        raise StartRefusedError(f"Port {arguments.port} is not free: {error.strerror}.") from error
    runner = Runner(store, WebhookSender(store, settings.webhook_secret))
    base_url = f"http://{LOOPBACK}:{door.server_port}"
    api = Api(store, api_key=settings.api_key, base_url=base_url, committed=runner.wake)
    control = Control(store, secret=settings.control_secret, runner=runner, door=door)
    door.answering = _answering(api, control, Pages(store))

    def end(*_: object) -> None:
        # shutdown() waits for the loop it ends, so another thread has to call it.
        threading.Thread(target=door.shutdown, daemon=True).start()

    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, end)
    if arguments.parent_pid is not None:
        watch_parent(arguments.parent_pid, end)
    runner.start()
    _say_ready(ready_line(door.server_port), arguments.ready_file)
    door.serve_forever(poll_interval=0.1)
    door.release()
    door.server_close()
    runner.stop()
    store.close()


def _say_ready(line: str, ready_file: Path | None) -> None:
    if ready_file is not None:
        # Written whole before it gets its name: who sees the file can read it.
        unfinished = ready_file.with_name(ready_file.name + ".new")
        unfinished.write_text(line + "\n", encoding="utf-8")
        unfinished.replace(ready_file)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Read the settings, serve until asked to end; 2 when the start is refused."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    arguments = _arguments()
    try:
        _serve(read_settings(os.environ, arguments.config), arguments)
    except StartRefusedError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return START_REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
