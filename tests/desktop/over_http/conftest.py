"""Whole desks (no window) on a listening server."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.commands.desk import Desk
from desktop.commands.invoices import InvoiceDesk
from desktop.data_changes import DataChanges
from desktop.local_store.opening import OpenStore, open_store
from desktop.presenting.sync_words import SyncState
from desktop.settings import APP_VERSION, DesktopSettings
from desktop.sync.client import ServerClient
from desktop.sync.cycle import Cycle
from desktop.sync.files import Files
from desktop.sync.joining import join
from desktop.sync.loop import Listeners, SyncLoop
from desktop.sync.tokens import SignedIn, Tokens
from shared.clock import ShiftedClock, SystemClock
from shared.sync_protocol.sessions import SetUpRequest, SignInRequest
from sync_server.bootstrap import Server
from sync_server.repositories.sessions import Sessions
from sync_server.services.action_links import LinkPurpose
from sync_server.services.addresses import address_hash
from tests.sync_server.conftest import house, migrated_database, migrated_template, server, shared_database
from tests.sync_server.running_server import PASSWORD, listening
from tests.sync_server.studio_house import StudioHouse

__all__ = ["house", "migrated_database", "migrated_template", "server", "shared_database"]

EMAIL = "clara@bella.example"


@dataclass
class WholeDesk:
    """One computer with its threads, as bootstrap wires it, without a window."""

    who: SignedIn
    opened: OpenStore
    desk: Desk
    client: ServerClient
    loop: SyncLoop
    invoices: InvoiceDesk
    writer: ThreadPoolExecutor
    heard: list[DataChanges]
    shown: list[SyncState]
    bugs: list[BaseException]

    def one(self, statement: str, *values: object) -> object:
        """One value of the store."""
        with self.opened.store.reading() as connection:
            return connection.exec_driver_sql(statement, values).scalar_one_or_none()

    def do(self, work: Callable[[], object]) -> None:
        """On the writer thread, as every command."""
        self.writer.submit(work).result(30)


def raw_set_up_token(server: Server, house: StudioHouse) -> str:
    """What the set-up link of the owner carries."""
    with server.ground.units.transaction(house.tenant_id) as (unit, now):
        Sessions(unit.session).add_credential(
            house.tenant_id, house.owner_id, email=EMAIL, email_hash=address_hash(EMAIL)
        )
        token_id = server.ground.links.issue(
            unit,
            house.tenant_id,
            LinkPurpose.STAFF_SETUP,
            subject=("member", house.owner_id, 0),
            email=EMAIL,
            expires_at=now + timedelta(hours=72),
        )
        return server.ground.links.raw_token(unit, house.tenant_id, token_id)


@pytest.fixture
def base_url(server: Server) -> Iterator[str]:
    """Where the server listens."""
    with listening(server) as url:
        yield url


@pytest.fixture
def new_desk(
    server: Server, house: StudioHouse, base_url: str, tmp_path: Path
) -> Iterator[Callable[[], WholeDesk]]:
    """Sets up the first computer by link, each further one by signing in."""
    made: list[WholeDesk] = []

    def make() -> WholeDesk:
        number = len(made) + 1
        settings = DesktopSettings(practice=True, practice_folder=tmp_path / f"desk{number}")
        opened = open_store(settings)
        client = ServerClient(base_url, Tokens(opened.secrets), app_version=APP_VERSION)
        name = f"Desk {number}"
        if not made:
            token = raw_set_up_token(server, house)
            who = client.set_up(SetUpRequest(token=token, password=PASSWORD, device_name=name))
        else:
            wish = SignInRequest(studio=house.code, email=EMAIL, password=PASSWORD, device_name=name)
            who = client.sign_in(wish)
        join(opened.store, who, mark=opened.mark)
        made.append(_wire(opened, client, who))
        return made[-1]

    yield make
    for whole in made:
        whole.client.close()
        whole.loop.stop()
        whole.writer.shutdown()
        whole.opened.store.close()
        assert not whole.bugs


def _wire(opened: OpenStore, client: ServerClient, who: SignedIn) -> WholeDesk:
    clock = ShiftedClock(SystemClock())
    writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
    dice = random.Random(1)  # noqa: S311 - it spreads waiting times
    heard: list[DataChanges] = []
    shown: list[SyncState] = []
    bugs: list[BaseException] = []
    loop = SyncLoop(
        Cycle(opened.store, opened.numbers, clock, dice=dice),
        client,
        writer,
        files=Files(opened.store, opened.blobs, client, writer=writer),
        listeners=Listeners(heard.append, shown.append, bugs.append),
        dice=dice,
    )
    desk = Desk(opened.store, clock, on_queued=loop.on_queued)
    desk.sit_down(who.user_id)
    invoices = InvoiceDesk(desk, opened.numbers, opened.blobs, office=client)
    loop.start()
    return WholeDesk(who, opened, desk, client, loop, invoices, writer, heard, shown, bugs)
