"""Runs work on another thread and brings its result home to the GUI thread, as a value, by one signal."""

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

Result = TypeVar("Result")

SHOW_PROGRESS_AFTER_MS = 300
OFFER_CANCEL_AFTER_MS = 2000
_LOOK_EVERY_MS = 50


class TaskCancelledError(Exception):
    """A person stopped the work; nobody is told, because nobody asks any more."""


class TaskControl:
    """What work over 300 ms is handed: where to say how far it is, and where to hear that it should stop."""

    def __init__(self, report: Callable[[int, int], None]) -> None:
        self._report = report
        self._stop = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Say whether somebody pressed Cancel."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    def step(self, done: int, total: int) -> None:
        """Say how far the work is; raises TaskCancelledError when it should stop."""
        if self.cancelled:
            raise TaskCancelledError
        self._report(done, total)


@dataclass(frozen=True, slots=True)
class Busy:
    """What the status bar shows of work on its way; `total` 0 means that nobody knows how much there is."""

    words: str
    done: int = 0
    total: int = 0
    cancellable: bool = False


@dataclass
class Task(Generic[Result]):
    """One piece of work on its way."""

    number: int
    words: str
    on_done: Callable[[Result], None]
    on_failed: Callable[[BaseException], None] | None
    control: TaskControl
    begun: float = field(default_factory=time.monotonic)
    done: int = 0
    total: int = 0
    shown: bool = False
    cancellable: bool = False
    future: "Future[Result] | None" = field(default=None, repr=False)

    def cancel(self) -> None:
        """Stop it: work that has not begun is dropped, running work hears it at its next step."""
        self.control.cancel()
        if self.future is not None:
            self.future.cancel()


class TaskRunner(QObject):
    """Hands work to an executor; success or failure comes home as a value and is told on the GUI thread.

    `busy(Busy)` is emitted for the oldest work that takes over 300 ms, `idle` when
    none is left. A failure nobody asked for goes to `failed`, which the failure box listens to.
    """

    failed = Signal(object)
    busy = Signal(object)
    idle = Signal()
    _home = Signal(object)
    _progress = Signal(int, int, int)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._numbers = itertools.count(1)
        self._tasks: dict[int, Task[Any]] = {}
        self._all_gone = False
        self._home.connect(self._come_home, Qt.ConnectionType.QueuedConnection)
        self._progress.connect(self._note_progress, Qt.ConnectionType.QueuedConnection)
        self._watch = QTimer(self, interval=_LOOK_EVERY_MS)
        self._watch.timeout.connect(self._look)

    @property
    def running(self) -> int:
        """How many pieces of work are on their way."""
        return len(self._tasks)

    def run(
        self,
        work: Callable[[], Result],
        on_done: Callable[[Result], None],
        *,
        on_failed: Callable[[BaseException], None] | None = None,
        executor: Executor | None = None,
        words: str = "",
    ) -> Task[Result]:
        """Run short work, by default on the readers; `words` say what is shown when it takes longer."""
        return self.run_long(lambda _: work(), on_done, on_failed=on_failed, executor=executor, words=words)

    def run_long(
        self,
        work: Callable[[TaskControl], Result],
        on_done: Callable[[Result], None],
        *,
        on_failed: Callable[[BaseException], None] | None = None,
        executor: Executor | None = None,
        words: str = "",
    ) -> Task[Result]:
        """Run work that reports its steps and can be cancelled."""
        number = next(self._numbers)
        control = TaskControl(lambda done, total: self._progress.emit(number, done, total))
        task = Task(number, words, on_done, on_failed, control)
        self._tasks[number] = task
        task.future = (executor or self._executor).submit(work, control)
        task.future.add_done_callback(lambda _: self._home.emit(number))
        if not self._watch.isActive():
            self._watch.start()
        return task

    def cancel_oldest(self) -> None:
        """Stop the work that the status bar shows."""
        if self._tasks:
            self._tasks[min(self._tasks)].cancel()

    def stop_telling(self) -> None:
        """Whoever waited is gone: work is finished, and its results are told to nobody."""
        self._all_gone = True

    def _come_home(self, number: int) -> None:
        task = self._tasks.pop(number)
        if not self._tasks:
            self._watch.stop()
            self.idle.emit()
        future = task.future
        assert future is not None, "work comes home from a future"
        if self._all_gone or future.cancelled() or task.control.cancelled:
            return
        error = future.exception()
        if error is None:
            task.on_done(future.result())
        elif task.on_failed is not None:
            task.on_failed(error)
        else:
            self.failed.emit(error)

    def _note_progress(self, number: int, done: int, total: int) -> None:
        task = self._tasks.get(number)
        if task is not None:
            task.done, task.total = done, total
            if task.shown:
                self._show(task)

    def _look(self) -> None:
        """Show what takes long, and offer to stop what takes very long."""
        now = time.monotonic()
        for task in [*self._tasks.values()]:
            age_ms = (now - task.begun) * 1000
            if (age_ms >= SHOW_PROGRESS_AFTER_MS and not task.shown) or (
                age_ms >= OFFER_CANCEL_AFTER_MS and not task.cancellable
            ):
                task.shown, task.cancellable = True, age_ms >= OFFER_CANCEL_AFTER_MS
                self._show(task)

    def _show(self, task: Task[Any]) -> None:
        if task.words:
            self.busy.emit(Busy(task.words, task.done, task.total, task.cancellable))
