"""From a write at one desk to its row on another: push, poke, pull, apply; beside an HTTP echo."""

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from desktop.commands.customers import add_customer
from desktop.commands.desk import Desk
from desktop.data_changes import DataChanges
from desktop.local_store.opening import open_store
from desktop.presenting.sync_words import SyncPhase, SyncState
from desktop.settings import APP_VERSION, DesktopSettings
from desktop.sync.client import ServerClient
from desktop.sync.cycle import Cycle
from desktop.sync.files import Files
from desktop.sync.joining import join
from desktop.sync.loop import Listeners, SyncLoop
from desktop.sync.tokens import Tokens
from shared.clock import ShiftedClock, SystemClock
from shared.ids import new_id
from shared.sync_protocol.operations import CustomerCreate
from shared.sync_protocol.sessions import SetUpRequest, SignInRequest
from tests.bench.figures import Baseline, Figure, figure, percentile
from tests.bench.gates import at_most
from tests.bench.standing_server import StandingServer, standing_server
from tests.desktop.over_http.conftest import EMAIL, raw_set_up_token
from tests.sync_server.running_server import PASSWORD
from tests.sync_server.studio_house import StudioHouse

GATE_MS: Final = 300
WRITES, WARM_UP = 100, 10
NAME: Final = "write → second device"
_AT_MOST_S: Final = 10
_PAUSE_S: Final = 0.02  # a person does not write back to back


class SecondDesk:
    """One computer without a window, its threads and its server line as bootstrap wires them."""

    def __init__(self, server: StandingServer, house: StudioHouse, folder: Path, *, is_first: bool) -> None:
        self._opened = open_store(DesktopSettings(practice=True, practice_folder=folder))
        self._client = ServerClient(server.base_url, Tokens(self._opened.secrets), app_version=APP_VERSION)
        if is_first:
            token = raw_set_up_token(server.inside, house)
            who = self._client.set_up(SetUpRequest(token=token, password=PASSWORD, device_name="Front desk"))
        else:
            wish = SignInRequest(studio=house.code, email=EMAIL, password=PASSWORD, device_name="Office")
            who = self._client.sign_in(wish)
        join(self._opened.store, who, mark=self._opened.mark)
        clock = ShiftedClock(SystemClock())
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        dice = random.Random(1)  # noqa: S311 - it spreads waiting times
        self.heard = threading.Event()
        self.bugs: list[BaseException] = []
        self.loop = SyncLoop(
            Cycle(self._opened.store, self._opened.numbers, clock, dice=dice),
            self._client,
            self._writer,
            files=Files(self._opened.store, self._opened.blobs, self._client, writer=self._writer),
            listeners=Listeners(self._hear, show=lambda _: None, on_bug=self.bugs.append),
            dice=dice,
        )
        self._desk = Desk(self._opened.store, clock, on_queued=self.loop.on_queued)
        self._desk.sit_down(who.user_id)
        self.loop.start()

    def _hear(self, changes: DataChanges) -> None:
        if changes.touches("customer"):
            self.heard.set()

    def sync(self) -> SyncState:
        """A whole round."""
        return self.loop.sync_now()

    def write(self) -> None:
        """A new customer, on the writer thread as every command."""
        draft = CustomerCreate(id=new_id(), name="Zoë Lindqvist", email="zoe@example.com")
        self._writer.submit(lambda: add_customer(self._desk, draft)).result(_AT_MOST_S)

    def close(self) -> None:
        """In order: line, loop, writer, store."""
        self._client.close()
        self.loop.stop()
        self._writer.shutdown()
        self._opened.store.close()
        assert not self.bugs, self.bugs


def measure() -> list[Figure]:
    """Milliseconds from the begin of the write at one desk to the news on the other."""
    with standing_server() as server, _two_desks(server) as (first, second):
        waits_ms = [_one_write(first, second) for _ in range(WARM_UP + WRITES)][WARM_UP:]
        echo_ms = _echo_ms(server)
    value, control = percentile(waits_ms, 0.99), percentile(echo_ms, 0.99)
    p50_ms, echo_p50_ms = percentile(waits_ms, 0.5), percentile(echo_ms, 0.5)
    held = at_most(NAME, value, GATE_MS, control=control, unit="ms at p99")
    return [
        figure(
            NAME,
            value=value,
            unit="ms at p99",
            baseline=Baseline("HTTP echo of the same server, p99", control),
            gate=held,
            scale=f"{WRITES} writes; p50 {p50_ms:.3g} ms, of the echo {echo_p50_ms:.2g} ms",
        )
    ]


@contextmanager
def _two_desks(server: StandingServer) -> Iterator[tuple[SecondDesk, SecondDesk]]:
    house = server.a_studio("TWODESKS")
    with ExitStack() as stack:
        desks = []
        for number in range(2):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="daybook-bench-")))
            desk = SecondDesk(server, house, folder, is_first=number == 0)
            stack.callback(desk.close)
            assert desk.sync().phase is SyncPhase.SYNCED
            desks.append(desk)
        _wait_for_stream(desks[0], desks[1])
        yield desks[0], desks[1]


def _wait_for_stream(first: SecondDesk, second: SecondDesk) -> None:
    """Pokes come once the second desk's stream stands: then a write arrives without its own round."""
    until = time.monotonic() + _AT_MOST_S
    while time.monotonic() < until:
        second.heard.clear()
        first.write()
        if second.heard.wait(1):
            return
    raise AssertionError("no poke arrives")


def _one_write(first: SecondDesk, second: SecondDesk) -> float:
    second.heard.clear()
    began = time.perf_counter()
    first.write()
    assert second.heard.wait(_AT_MOST_S), "it did not arrive"
    waited_ms = (time.perf_counter() - began) * 1000
    time.sleep(_PAUSE_S)
    return waited_ms


def _echo_ms(server: StandingServer) -> list[float]:
    desk = server.a_desk(server.a_studio("ECHO"))
    waits = []
    for _ in range(WARM_UP + WRITES):
        began = time.perf_counter()
        desk.http.get("/health/live")
        waits.append((time.perf_counter() - began) * 1000)
    return waits[WARM_UP:]
