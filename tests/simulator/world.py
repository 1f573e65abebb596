"""One history: virtual time on a heap, one seeded dice, two studios, their devices and one server.

No thread, no real time and no order of a set or a hash may reach it: the same seed gives the same trace.
"""

import gc
import hashlib
import heapq
import logging
import random
import types
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from unittest import mock
from uuid import UUID

import structlog

import desktop.commands.invoices
import desktop.local_store.secrets
import shared.ids
from shared.invoice_pdf.document import Snapshot, content_hash
from sync_server.services import push_batch
from tests.simulator.device import Settled, SimDevice
from tests.simulator.faults import CALM, LATE_S, Rates, draw_rates
from tests.simulator.ground import SHELF, STUDIOS, Image
from tests.simulator.invariants import Watch
from tests.simulator.network import Network
from tests.simulator.people import some_deed
from tests.simulator.server import Break, JournalLine, SimServer

STEPS: Final = 120
"""How many events the safety phase has."""
STEPS_TO_CONVERGE: Final = 3000
_BEGINNINGS: Final = (
    datetime(2026, 6, 12, 9, 0, tzinfo=UTC),
    datetime(2026, 6, 12, 9, 0, tzinfo=UTC),
    datetime(2026, 6, 12, 9, 0, tzinfo=UTC),
    datetime(2026, 12, 30, 9, 0, tzinfo=UTC),
)
_BETWEEN_DEEDS_S: Final = (0.5, 30.0)
_FIRST_DAY: Final = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
_NEW: Final = 0.15
"""How often a computer has never synced before."""
_HURRY_S: Final = 10.0
_POKE_HEARD: Final = 0.3
_TOLD: Final = 60


_Event = tuple[float, int, Callable[[], None], bool]
"""When, which, what, and whether it is a message under way."""


@dataclass(frozen=True)
class History:
    """What one seed came to."""

    seed: int
    trace: str
    steps: int
    operations: int
    hits: Counter[str]


@dataclass(frozen=True)
class Beginning:
    """What histories begin with: every computer has synced once."""

    server: Image
    journal: tuple[JournalLine, ...]
    devices: Mapping[str, Settled]


class World:
    """Everything of one history. Made by :func:`world`."""

    def __init__(self, seed: int, rooms: ExitStack, beginning: Beginning | None) -> None:
        """Without a beginning: every computer is new, and nothing goes wrong."""
        self.seed = seed
        self.dice = random.Random(seed)  # noqa: S311 - a history
        self._ids = random.Random(f"ids of {seed}")  # noqa: S311 - a history
        self.at_s = 0.0
        self._begins_at = _FIRST_DAY if beginning is None else self.dice.choice(_BEGINNINGS)
        self._heap: list[_Event] = []
        self._events = 0
        self.steps = 0
        self.hits: Counter[str] = Counter()
        self._hash = hashlib.sha256()
        self.last_words: deque[str] = deque(maxlen=_TOLD)
        self.rates: Rates = CALM if beginning is None else draw_rates(self.dice)
        for target, name, stand_in in self._stand_ins():
            rooms.enter_context(mock.patch.object(target, name, stand_in))
        self.server = SimServer(
            self,
            rooms.enter_context(SHELF.server(beginning and beginning.server)),
            page_rows=self.dice.choice((3, 8, 5000)),
            slow=self.dice.random() < 0.25,
        )
        self.server.journal.lines += beginning.journal if beginning else ()
        rooms.enter_context(mock.patch.object(push_batch, "run", self.server.run))
        self.network = Network(self)
        self.watch = Watch(self)
        self.devices: list[SimDevice] = []
        for studio, plan in enumerate(STUDIOS):
            for number in range(self.dice.choice((2, 2, 2, 3)) if beginning else 3):
                name = f"desk {studio + 1}.{number + 1}"
                is_new = beginning is None or self.dice.random() < _NEW
                settled = None if is_new or beginning is None else beginning.devices[name]
                shelf = rooms.enter_context(SHELF.store(settled and settled.image))
                self.devices.append(SimDevice(self, plan, shelf, name=name, settled=settled))
        self._is_calm = beginning is None
        for device in self.devices:
            self._let_people_act(device)

    def _stand_ins(self) -> Iterator[tuple[Any, str, Any]]:
        """What would bring real time, real chance or a slow drawing of paper into the history."""
        clock = types.SimpleNamespace(time_ns=lambda: int(self.now().timestamp() * 1e9))
        yield shared.ids, "time", clock
        yield shared.ids, "secrets", types.SimpleNamespace(randbits=self._ids.getrandbits)
        nonces = types.SimpleNamespace(token_urlsafe=lambda _: f"{self._ids.getrandbits(128):x}")
        yield desktop.local_store.secrets, "random_bytes", nonces
        yield desktop.commands.invoices, "render", _plain_paper
        yield desktop.commands.invoices, "bundled_fonts", lambda: None

    # --- time -----------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The true time."""
        return self._begins_at + timedelta(seconds=self.at_s)

    def later(self, wait_s: float, what: Callable[[], None], *, is_message: bool = False) -> None:
        """Let something happen in a while."""
        self._events += 1
        heapq.heappush(self._heap, (self.at_s + wait_s, self._events, what, is_message))

    def _step(self) -> None:
        self.at_s, _, what, _ = heapq.heappop(self._heap)
        self.steps += 1
        what()

    def run(self, steps: int) -> History:
        """The safety phase, then the liveness phase. Raises Break."""
        while self.steps < steps:
            self._step()
        self._grow_calm()
        while not self._has_converged():
            if self.steps > steps + STEPS_TO_CONVERGE:
                raise Break("I1", "it does not converge")
            self._step()
        self.watch.at_the_end()
        return History(self.seed, self._hash.hexdigest(), self.steps, len(self.watch.operations), self.hits)

    def settle(self) -> Beginning:
        """Let every computer sync once, and keep what they are then."""
        self.run(steps=0)
        return Beginning(
            self.server.database.image(),
            tuple(self.server.journal.lines),
            {device.name: device.settled() for device in self.devices},
        )

    def _grow_calm(self) -> None:
        self.rates, self._is_calm = CALM, True
        self.note("calm")
        self._heap = [self._hurried(event) for event in self._heap]
        heapq.heapify(self._heap)
        for device in self.devices:
            device.offline_until_s = 0.0
            device.start_again()
            device.change_shift(device.plan.members[0], stays=True)

    def _hurried(self, event: _Event) -> _Event:
        """What is late by hours comes within seconds, in the same order: nobody need poll all that while."""
        at_s, number, what, is_message = event
        left_s = (at_s - self.at_s) * _HURRY_S / LATE_S[1] if is_message else at_s - self.at_s
        return self.at_s + left_s, number, what, is_message

    def _has_converged(self) -> bool:
        return self.network.under_way == 0 and all(
            device.is_up and device.cycle.is_idle and self.watch.is_level(device) for device in self.devices
        )

    # --- people ---------------------------------------------------------------------------------------------

    def _let_people_act(self, device: SimDevice) -> None:
        def deed() -> None:
            if self._is_calm:
                return
            device.suffer()
            device.act(*some_deed(self.dice))
            self._let_people_act(device)

        self.later(self.dice.uniform(*_BETWEEN_DEEDS_S), deed)

    def poke(self, tenant_id: UUID, head: int) -> None:
        """The studio's rows have moved: some devices hear of it."""
        for device in self.devices:
            if device.plan.tenant_id == tenant_id and not device.is_offline and self.chance(_POKE_HEARD):
                self.later(self.dice.uniform(0.05, 2.0), lambda device=device: device.poke(head))  # type: ignore[misc] # the default binds it now

    # --- chance and memory ----------------------------------------------------------------------------------

    def chance(self, rate: float) -> bool:
        """Whether it happens this time; what never happens takes no dice."""
        return rate > 0 and self.dice.random() < rate

    def an_id(self) -> UUID:
        """A new id."""
        return shared.ids.new_id()

    def hit(self, point: str) -> None:
        """A fault has struck."""
        self.hits[point] += 1
        self.note("hit", point)

    def note(self, *words: object) -> None:
        """One line of the trace."""
        line = f"{self.at_s:.3f} " + " ".join(_word(word) for word in words)
        self._hash.update(line.encode())
        self.last_words.append(line)


@contextmanager
def world(seed: int) -> Iterator[World]:
    """A world whose databases are taken back at the end."""
    beginning = first_day()
    with ExitStack() as rooms:
        rooms.enter_context(_silence())
        yield World(seed, rooms, beginning)


@lru_cache(maxsize=1)
def first_day() -> Beginning:
    """Made once, with every safeguard on."""
    with ExitStack() as rooms:
        rooms.enter_context(_silence())
        return World(0, rooms, None).settle()


@contextmanager
def _silence() -> Iterator[None]:
    """No logs, and no collecting of garbage in the middle: both take longer than the history."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        structlog.configure(**before)


def history(seed: int, *, steps: int = STEPS) -> History:
    """Let one seed run. Raises Break, with the last words of the trace."""
    with world(seed) as made:
        try:
            return made.run(steps)
        except Exception as failure:
            failure.add_note(f"seed {seed}, step {made.steps}; the last of the trace:")
            failure.add_note("\n".join(made.last_words))
            raise


def _plain_paper(snapshot: Snapshot, logo: bytes | None, fonts: object) -> bytes:
    return content_hash(snapshot).encode()


def _word(word: object) -> str:
    return hashlib.sha256(word).hexdigest()[:12] if isinstance(word, bytes) else str(word)
