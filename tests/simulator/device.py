"""A computer of a studio in one history: the real store, desk and cycle under a wall clock that may be wrong.

It can end in the middle of anything, and starts again from what its store and its keyring hold.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

from desktop.commands.desk import Desk
from desktop.commands.invoices import InvoiceDesk
from desktop.local_store.blobs import Blobs
from desktop.local_store.numbers import Numbers
from desktop.local_store.sync_state import SyncRow, write_state
from desktop.presenting.sync_words import SyncPhase
from desktop.sync.cycle import Cycle
from desktop.sync.exchange import Answer, Call, Request
from shared.clock import ShiftedClock
from shared.errors import DomainError
from shared.sync_protocol.numbers import LeaseAnswer, LeaseRequest
from tests.simulator.faults import Crash
from tests.simulator.ground import Image, Plan, StoreOnShelf
from tests.simulator.server import Letter

if TYPE_CHECKING:
    from tests.simulator.world import World

_SOON_S: Final = (0.01, 1.0)
_DOWN_S: Final = (1.0, 1800.0)
_OFFLINE_S: Final = (60.0, 2 * 24 * 3600.0)
_CLOCK_OFF: Final = timedelta(days=2)
_PATIENT: Final = frozenset({SyncPhase.BUSY, SyncPhase.UPDATE_APP, SyncPhase.REVOKED})


class MemorySecrets:
    """Implements Secrets: the keyring of one computer, which no crash and no restore rolls back."""

    is_file = True

    def __init__(self, kept: Mapping[str, str]) -> None:
        self.kept = dict(kept)

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, text: str) -> None:
        self.kept[name] = text

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


@dataclass(frozen=True)
class Settled:
    """What a computer holds that has synced before: its id, its store, its keyring."""

    id: UUID
    image: Image
    secrets: Mapping[str, str]


class MemoryBlobs:
    """The files of one computer."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, kind: str, data: bytes) -> str:
        del kind
        name = sha256(data).hexdigest()
        self._kept[name] = data
        return name

    def get(self, kind: str, name: str) -> bytes | None:
        del kind
        return self._kept.get(name)


@dataclass
class WallClock:
    """Implements Clock: the true time and what this computer is wrong by."""

    true: Callable[[], datetime]
    off: timedelta = timedelta()

    def now(self) -> datetime:
        return self.true() + self.off


class SimDevice:
    """One computer. ``life`` counts its processes; a timer or answer of an earlier one is not heard."""

    def __init__(
        self, world: "World", plan: Plan, shelf: StoreOnShelf, *, name: str, settled: Settled | None
    ) -> None:
        """Without ``settled`` it has just signed in for the first time."""
        self.world, self.plan, self.name = world, plan, name
        self.id = world.an_id() if settled is None else settled.id
        self.shelf, self.store = shelf, shelf.store
        self.secrets = MemorySecrets({} if settled is None else settled.secrets)
        self.wall = WallClock(world.now)
        self.signed_in: list[UUID] = [world.dice.choice(plan.members)]
        self.sitting = self.signed_in[0]
        self.offline_until_s = 0.0
        self.life = 0
        self.is_up = False
        self._timer = 0
        self._woken = False
        if settled is None:
            with self.store.writing() as connection:
                write_state(connection, SyncRow(plan.tenant_id, self.id, f"mark of {name}"))
            world.server.register(plan.tenant_id, self.id, name)
        self.start()

    # --- its processes ------------------------------------------------------------------------------------

    def start(self) -> None:
        """As after a start of the app: nothing in memory is left of the process before."""
        self.life += 1
        self.is_up, self._woken = True, False
        self.clock = ShiftedClock(self.wall)
        self.numbers = Numbers(self.secrets)
        with self.store.writing() as connection:
            self.numbers.check_marks(connection)
        self.desk = Desk(self.store, self.clock, on_queued=self._on_queued)
        self.desk.sit_down(self.sitting)
        self.papers = InvoiceDesk(self.desk, self.numbers, cast("Blobs", MemoryBlobs()), office=self)
        dice = random.Random(self.world.dice.getrandbits(64))  # noqa: S311 - a history
        self.cycle = Cycle(self.store, self.numbers, self.clock, dice=dice)
        self._tick_in(self.world.dice.uniform(*_SOON_S))

    def step(self, point: str, work: Callable[[], None]) -> None:
        """Do one thing; the process may end in the middle of it or right after it."""
        if not self.is_up:
            return
        world = self.world
        if not world.chance(world.rates.device_crash):
            work()
        else:
            with self.shelf.fuse.lit(world.dice):
                try:
                    work()
                except Crash:
                    world.hit(f"device ended in: {point}")
                else:
                    world.hit(f"device ended after: {point}")
            self._end()
        world.note(self.name, point, self.life)
        world.watch.device_moved(self)

    def _end(self) -> None:
        self.is_up = False
        self.life += 1
        self.world.later(self.world.dice.uniform(*_DOWN_S), self.start_again)

    def start_again(self) -> None:
        """Somebody opens the app; a repetition does nothing."""
        if not self.is_up:
            self.start()

    # --- its loop -----------------------------------------------------------------------------------------

    def hear(self, call: Call, answer: Answer) -> None:
        """Something came over the wire, or nothing did in time."""
        words = "nothing" if answer.status is None else str(answer.status)

        def take() -> None:
            self.cycle.on_response(answer)
            self._go_on()

        self.step(f"{call.value} answered {words}", take)

    def poke(self, head: int) -> None:
        """The server says how far its rows are."""
        if self.is_up and head != self.cycle.state.cursor_seq and self.cycle.state.phase not in _PATIENT:
            self.wake()

    def wake(self) -> None:
        """A round shall begin soon."""
        if self.cycle.is_idle:
            self._tick_in(self.world.dice.uniform(*_SOON_S))
        else:
            self._woken = True

    def press_on(self) -> None:
        """A person asks to sync now."""
        if self.is_up:
            self.cycle.press_on()
            self.wake()

    def _on_queued(self) -> None:
        if self.cycle.state.phase not in _PATIENT:
            self.wake()

    def _tick_in(self, wait_s: float) -> None:
        self._timer += 1
        timer, life = self._timer, self.life

        def tick() -> None:
            if (timer, life) == (self._timer, self.life):
                self.step("round begun", self._begin_round)

        self.world.later(wait_s, tick)

    def _begin_round(self) -> None:
        self.cycle.on_timer()
        self._go_on()

    def _go_on(self) -> None:
        request = self.cycle.build_request()
        if request is not None:
            self.world.network.send(self, request)
        elif self.cycle.is_idle:
            self._tick_in(self.world.dice.uniform(*_SOON_S) if self._woken else self.cycle.wait_s)
            self._woken = False

    # --- who it speaks for, and where it is ---------------------------------------------------------------

    def letter(self, request: Request) -> Letter:
        """With the session of the author if they are signed in here, else of whoever sits here."""
        author = request.user_id
        speaks_for = author if author in self.signed_in and author is not None else self.sitting
        return Letter(self.plan.tenant_id, self.id, speaks_for, request.path, request.body)

    @property
    def is_offline(self) -> bool:
        """Whether the line is cut."""
        return self.world.at_s < self.offline_until_s

    def lease_number(self, wish: LeaseRequest) -> LeaseAnswer | None:
        """Implements NumberOffice."""
        return self.world.network.ask_now(self, wish)

    def act(self, name: str, deed: Callable[["SimDevice"], None]) -> None:
        """Somebody does something at the desk; a refusal there is an answer like any other."""

        def attempt() -> None:
            try:
                deed(self)
            except DomainError as refusal:
                self.world.note(self.name, name, "refused", refusal.code)

        self.step(f"at the desk: {name}", attempt)

    def suffer(self) -> None:
        """What befalls a computer from outside, by the rates of this history."""
        world, rates = self.world, self.world.rates
        if world.chance(rates.goes_offline):
            self.offline_until_s = world.at_s + world.dice.uniform(*_OFFLINE_S)
        if world.chance(rates.clock_jump):
            self.wall.off = world.dice.uniform(-1, 1) * _CLOCK_OFF
        if world.chance(rates.shift_change):
            self.change_shift(world.dice.choice(self.plan.members), stays=world.chance(0.5))

    def change_shift(self, member_id: UUID, *, stays: bool) -> None:
        """Somebody else sits down; the one before may stay signed in."""
        if not stays:
            self.signed_in.clear()
        if member_id not in self.signed_in:
            self.signed_in.append(member_id)
        self.sitting = member_id
        if self.is_up:
            self.desk.sit_down(member_id)
            self.press_on()

    def settled(self) -> Settled:
        """What it holds now."""
        return Settled(self.id, self.shelf.image(), dict(self.secrets.kept))

    # --- looking at it ------------------------------------------------------------------------------------

    def select(self, statement: str, *values: object) -> list[Any]:
        """Rows as the person at the desk sees them."""
        return self.shelf.look(statement, *values)
