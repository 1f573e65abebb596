"""Keeps the sync cycle going: a thread talks to the network and hands each step to the writer's queue."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Final, Protocol, TypeVar

import structlog

from desktop.data_changes import DataChanges
from desktop.presenting.sync_words import SyncPhase, SyncState
from desktop.sync.backoff import POLL_S
from desktop.sync.cycle import Cycle
from desktop.sync.exchange import Transport
from desktop.sync.files import Files
from shared.errors import DomainError

log = structlog.get_logger()

Result = TypeVar("Result")
_QUICK_CLOSES: Final = 3
_QUICK_S: Final = 5.0
_ONLY_POLL_S: Final = 600.0
_RECONNECT_S: Final = 2.0
_AFTER_FAILURE_S: Final = 300.0
_PATIENT: Final = frozenset({SyncPhase.BUSY, SyncPhase.UPDATE_APP, SyncPhase.REVOKED})


class LiveTransport(Transport, Protocol):
    """A transport that also hears pokes."""

    def listen(self, on_poke: Callable[[int], None]) -> bool:
        """Hear pokes until the stream ends; whether it had begun."""
        ...


@dataclass(frozen=True, slots=True)
class Listeners:
    """Who hears of it, on other threads than the GUI's; ``on_bug`` gets what must not be."""

    announce: Callable[[DataChanges], None]
    show: Callable[[SyncState], None]
    on_bug: Callable[[BaseException], None]


class SyncLoop:
    """Runs rounds by timer, by poke and when something was done here."""

    def __init__(
        self,
        cycle: Cycle,
        transport: LiveTransport,
        writer: Executor,
        *,
        files: Files,
        listeners: Listeners,
        dice: random.Random,
    ) -> None:
        self._cycle = cycle
        self._transport = transport
        self._writer = writer
        self._files = files
        self._announce = listeners.announce
        self._show = listeners.show
        self._on_bug = listeners.on_bug
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._reconnect = threading.Event()
        self._dice = dice
        self._rounds = threading.Condition()
        self._begun = self._ended = 0
        self._threads = [
            threading.Thread(target=self._run, name="sync", daemon=True),
            threading.Thread(target=self._listen, name="sync-pokes", daemon=True),
        ]

    @property
    def state(self) -> SyncState:
        """What the status bar shows."""
        return self._cycle.state

    def start(self) -> None:
        """Begin; the first round starts at once."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """End after the step that runs. The transport is closed by its owner before."""
        self._stop.set()
        self._wake.set()
        self._reconnect.set()
        self._threads[0].join(timeout_s)

    def wake(self) -> None:
        """A person asks to sync now, or the network is back: nothing is held back any longer."""
        self._writer.submit(self._cycle.press_on).add_done_callback(lambda _: self._wake.set())
        self._reconnect.set()

    def on_queued(self) -> None:
        """Something was done here. Called on the writer thread."""
        self._cycle.refresh_state()
        self._show(self._cycle.state)
        if self._cycle.state.phase not in _PATIENT:
            self._wake.set()

    def on_poke(self, head: int) -> None:
        """The server says how far its rows are."""
        if head != self._cycle.state.cursor_seq and self._cycle.state.phase not in _PATIENT:
            self._wake.set()

    def sync_now(self, timeout_s: float = 30.0) -> SyncState:
        """Run a whole round that begins after this call and wait for its end; never on the writer thread."""
        with self._rounds:
            target = self._begun + 1
        self.wake()
        with self._rounds:
            self._rounds.wait_for(lambda: self._ended >= target, timeout_s)
        return self._cycle.state

    # --- the sync thread ----------------------------------------------------------------------------------

    def _run(self) -> None:
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="sync-round") as rounds:
            while not self._stop.is_set():
                self._wake.clear()
                with self._rounds:
                    self._begun += 1
                    number = self._begun
                # the future keeps whatever the round raised, so that this thread goes on
                failure = rounds.submit(self._round).exception()
                wait_s = self._cycle.wait_s if failure is None else self._after(failure)
                self._show(self._cycle.state)
                with self._rounds:
                    self._ended = number
                    self._rounds.notify_all()
                self._wake.wait(wait_s)

    def _round(self) -> None:
        self._files.send()
        self._step(self._cycle.on_timer)
        while not self._stop.is_set():
            request = self._step(self._cycle.build_request)
            self._show(self._cycle.state)
            if request is None:
                break
            answer = self._transport.send(request)
            touched = self._step(partial(self._cycle.on_response, answer))
            if touched:
                self._announce(DataChanges(touched))
        if self._cycle.state.phase is SyncPhase.SYNCED and self._files.fetch():
            self._announce(DataChanges(frozenset({"document", "studio"})))

    def _step(self, work: Callable[[], Result]) -> Result:
        return self._writer.submit(work).result()

    def _after(self, failure: BaseException) -> float:
        if isinstance(failure, DomainError):
            log.warning("sync_round_stopped", code=failure.code)
            self._writer.submit(partial(self._cycle.note_trouble, failure)).exception()
            return POLL_S
        log.error("sync_round_failed", failure=type(failure).__name__)
        self._on_bug(failure)
        return _AFTER_FAILURE_S

    # --- pokes --------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        quick = 0
        while not self._stop.is_set():
            began_at = monotonic()
            self._transport.listen(self.on_poke)
            quick = quick + 1 if monotonic() - began_at < _QUICK_S else 0
            if quick >= _QUICK_CLOSES:
                quick, wait_s = 0, _ONLY_POLL_S
            else:
                wait_s = _RECONNECT_S * self._dice.uniform(0.5, 1.5)
            self._reconnect.wait(wait_s)
            self._reconnect.clear()
