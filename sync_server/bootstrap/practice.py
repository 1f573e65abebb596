"""A practice studio on this machine: database, emulator, mail spool, server and desktop, with no account.

Everything lives in one folder. What starts is ended in the opposite order, also on Ctrl-C.
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from pydantic import SecretStr

from shared.clock import SystemClock
from shared.errors import Unavailable
from shared.ids import TenantId, derived_id
from shared.ports import PaymentAccount
from sync_server.bootstrap import Server, build
from sync_server.bootstrap.ground import Ground, make_key_file
from sync_server.jobs.worker import Worker
from sync_server.migrations.upgrade import RolePasswords, migrate
from sync_server.practice.embedded_postgres import EmbeddedPostgres
from sync_server.practice.emulator_process import EmulatorProcess
from sync_server.practice.mail_viewer import mail_viewer_router
from sync_server.practice.movable_clock import MovableClock
from sync_server.practice.practice_folder import PracticeFolder, PracticeSecrets
from sync_server.practice.studio_data import CODE, OWNER_MAIL, PracticeStudio
from sync_server.repositories import practice_clock
from sync_server.repositories.payment_accounts import PaymentAccounts
from sync_server.repositories.sessions import Sessions
from sync_server.services.action_links import LinkPurpose
from sync_server.services.addresses import address_hash
from sync_server.services.document_files import FileKind
from sync_server.settings import ServerSettings
from sync_server.web.app import Router
from sync_server.web.routes.practice import practice_router
from sync_server.web.serving import WebServer, open_port

HOST: Final = "127.0.0.1"
TENANT: Final = TenantId(UUID("0199b000-0000-7000-8000-00000000be11"))
LOGO: Final = Path(__file__).parents[2] / "resources" / "practice" / "bella_weddings.jpg"
LIMIT_FACTOR: Final = 50
"""Practice people press fast; the limits themselves are tested elsewhere."""


class PortTaken(Unavailable):
    """Port {port} is taken by another program. Choose another one with --port."""

    code = "port_taken"


@dataclass(frozen=True)
class PracticeWishes:
    """How a practice studio is to start. ``clock_start`` counts for a fresh folder only."""

    folder: Path
    port: int = 0
    bare: bool = False
    """Only the studio, no bookings."""
    clock_start: datetime | None = None
    desktop: bool = False


def run_practice(wishes: PracticeWishes, *, told: Callable[[str], None]) -> int:
    """Serve until Ctrl-C, or until the desktop is closed; the exit status."""
    folder = PracticeFolder(wishes.folder)
    keys = folder.secrets()
    listening = _listen(wishes, folder)
    postgres = EmbeddedPostgres(folder.database)
    told("Starting the database …")
    owner_url = postgres.start()
    try:
        migrate(owner_url, RolePasswords(app=keys.app_password, worker=keys.worker_password))
        with _emulator(folder, keys, wishes) as emulator:
            here = _Here(folder, keys, listening, owner_url, emulator)
            return _serve(here, wishes, told=told)
    finally:
        postgres.stop()


@contextmanager
def _emulator(
    folder: PracticeFolder, keys: PracticeSecrets, wishes: PracticeWishes
) -> Iterator[EmulatorProcess]:
    emulator = EmulatorProcess(folder.path, keys, shift_s=_shift_s(wishes))
    try:
        yield emulator
    finally:
        emulator.stop()


def _shift_s(wishes: PracticeWishes) -> int:
    if wishes.clock_start is None:
        return 0
    return int((wishes.clock_start - SystemClock().now()) / timedelta(seconds=1))


@dataclass(frozen=True)
class _Here:
    """What has been started so far."""

    folder: PracticeFolder
    keys: PracticeSecrets
    listening: socket.socket
    owner_url: str
    emulator: EmulatorProcess

    @property
    def base_url(self) -> str:
        """Where the server listens."""
        return f"http://{HOST}:{self.listening.getsockname()[1]}"


def _listen(wishes: PracticeWishes, folder: PracticeFolder) -> socket.socket:
    """Before anything starts. Without a wish it is the port of last time if nobody has taken it meanwhile."""
    if wishes.port:
        try:
            return open_port(HOST, wishes.port)
        except OSError as cause:
            raise PortTaken(port=wishes.port) from cause
    try:
        return open_port(HOST, folder.last_port())
    except OSError:
        return open_port(HOST, 0)


def _serve(here: _Here, wishes: PracticeWishes, *, told: Callable[[str], None]) -> int:
    settings = _settings(here)
    make_key_file(settings.keys_file)
    server = build(settings, more_routers=partial(_practice_routers, here.emulator))
    try:
        _open_studio(server, wishes)
        here.emulator.send_webhooks_to(f"{here.base_url}/stripe/webhook")
        web = WebServer(server.app, here.listening)
        here.folder.tell(_session(server, here))
        told(f"The practice studio is at {here.base_url}; its mail is at {here.base_url}/practice/mail")
        with _desktop(wishes, web, told=told):
            web.run()
        return 0
    finally:
        here.folder.forget_session()
        server.close()


def _practice_routers(emulator: EmulatorProcess, ground: Ground, worker: Worker) -> list[Router]:
    assert ground.settings.mail_spool is not None, "practice has a spool"
    clock = MovableClock(
        ground.worker_units,
        ground.worker_across,
        run_until_quiet=worker.run_until_quiet,
        emulator=emulator,
    )
    return [practice_router(clock), mail_viewer_router(ground.settings.mail_spool)]


def _settings(here: _Here) -> ServerSettings:
    folder, keys = here.folder.path, here.keys
    return ServerSettings(
        env="practice",
        database_url=here.owner_url,
        app_password=SecretStr(keys.app_password),
        worker_password=SecretStr(keys.worker_password),
        keys_file=folder / "server-keys.json",
        data_folder=folder / "data",
        public_base_url=here.base_url,
        rate_limit_factor=LIMIT_FACTOR,
        stripe_api_base=here.emulator.base_url,
        stripe_api_key=SecretStr(keys.emulator_key),
        stripe_webhook_secret=SecretStr(keys.webhook_secret),
        mail_spool=folder / "mail",
    )


def _open_studio(server: Server, wishes: PracticeWishes) -> None:
    """On a fresh database: the clock, the studio, its card account and its owner's address."""
    ground = server.ground
    if TENANT in ground.across.active_studios():
        return
    with ground.worker_units.sessions.global_session() as session:
        practice_clock.set_shift_s(session, _shift_s(wishes))
    studio = PracticeStudio(ground.units, TENANT)
    logo = LOGO.read_bytes()
    logo_sha256 = hashlib.sha256(logo).hexdigest()
    studio.found(logo_sha256=logo_sha256)
    ground.files.put(TENANT, logo_sha256, data=logo, kind=FileKind.BLOB)
    account = PaymentAccount(TENANT, f"acct_practice_{TENANT.hex[-12:]}", f"fake:{TENANT}")
    with ground.units.sessions.unlocked(TENANT) as session:
        PaymentAccounts(session).install(TENANT, account, livemode=False, mode="practice")
    with ground.units.transaction(TENANT) as (unit, _now):
        Sessions(unit.session).add_credential(
            TENANT, studio.owner_id, email=OWNER_MAIL, email_hash=address_hash(OWNER_MAIL)
        )
    if not wishes.bare:
        studio.fill()


def _session(server: Server, here: _Here) -> dict[str, object]:
    return {
        "port": here.listening.getsockname()[1],
        "server_url": here.base_url,
        "set_up_link": _set_up_link(server),
        "studio": CODE,
        "tenant_id": str(TENANT),
        "mail_folder": str(here.folder.path / "mail"),
        "emulator_url": here.emulator.base_url,
        "emulator_control_secret": here.keys.control_secret,
        "pid": os.getpid(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _set_up_link(server: Server) -> str:
    """A fresh set-up link for the owner, good for three days."""
    owner_id = derived_id(TENANT, "owner")
    with server.ground.units.transaction(TENANT) as (unit, now):
        return server.ground.link_terms.mailed(
            unit, TENANT, LinkPurpose.STAFF_SETUP.value, subject_id=owner_id, email=OWNER_MAIL, now=now
        ).url


@contextmanager
def _desktop(wishes: PracticeWishes, web: WebServer, *, told: Callable[[str], None]) -> Iterator[None]:
    """The desktop beside the server, if it is wanted; when it is closed, the practice ends."""
    if not wishes.desktop:
        yield
        return
    log = wishes.folder / "desktop.log"
    command = [sys.executable, "-m", "desktop", "--practice", "--folder", str(wishes.folder)]
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(command, stderr=stream, start_new_session=True)  # noqa: S603 - our own

    def end_with_it() -> None:
        if process.wait() > 0:
            last = log.read_text(encoding="utf-8").strip().rpartition("\n")[2]
            told(f"The desktop has ended: {last}")
        web.stop()

    watcher = threading.Thread(target=end_with_it, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait()
        watcher.join()
