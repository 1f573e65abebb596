"""Asks the store away from the GUI thread, and keeps pages supplied with what they show."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.data_changes import DataChanges
from desktop.local_store.engine import LocalStore
from desktop.local_store.replica import Connection
from desktop.qt.background.task_runner import Task, TaskControl, TaskRunner

Answer = TypeVar("Answer")
Query = Callable[[Connection], Answer]


class Reading:
    """Runs queries on the read pool; answers come home to the GUI thread."""

    def __init__(self, store: LocalStore, runner: TaskRunner) -> None:
        self._store = store
        self._runner = runner

    def ask(
        self, query: Query[Answer], on_answer: Callable[[Answer], None], *, asker: QObject
    ) -> Task[Answer]:
        """Run one query and hand its answer over; an asker that is gone by then is told nothing.

        Cancelled, it is broken off and answers nothing.
        """
        return self._runner.run_long(
            lambda control: self._answer(query, control),
            lambda answer: on_answer(answer) if isValid(asker) else None,
        )

    def now(self, query: Query[Answer]) -> Answer:
        """Run one query on the calling thread, which is never the GUI's."""
        with self._store.reading() as connection:
            return query(connection)

    def _answer(self, query: Query[Answer], control: TaskControl) -> Answer:
        with self._store.reading(lambda: control.cancelled) as connection:
            return query(connection)


class Asker(QObject):
    """Asks for the QObject it belongs to; only the answer to its last question is handed over."""

    def __init__(self, reading: Reading, parent: QObject) -> None:
        super().__init__(parent)
        self._reading = reading
        self._asked: Task[Any] | None = None

    def ask(self, query: Query[Answer], on_answer: Callable[[Answer], None]) -> None:
        """Run one query and hand its answer over, unless something else is asked meanwhile."""
        self.forget()
        self._asked = self._reading.ask(query, on_answer, asker=self)

    def forget(self) -> None:
        """No answer is waited for any more: what runs is broken off."""
        if self._asked is not None:
            self._asked.cancel()
            self._asked = None


class Feed(QObject, Generic[Answer]):
    """Supplies one page: asks at once while it is visible, else when it is shown next.

    The last answer counts: what was asked before is dropped. ``entities`` are the synced tables that concern
    the page.
    """

    def __init__(
        self,
        page: QWidget,
        reading: Reading,
        *,
        query: Callable[[], Query[Answer]],
        show: Callable[[Answer], None],
        entities: frozenset[str],
    ) -> None:
        """``query`` is made anew for each question, so that it holds the filter and the moment of now."""
        super().__init__(page)
        self._page = page
        self._asker = Asker(reading, self)
        self._query = query
        self._show = show
        self._entities = entities
        self._stale = True
        page.installEventFilter(self)

    def hear(self, changes: DataChanges) -> None:
        """Rows were written somewhere."""
        if changes.touches(*self._entities):
            self.ask_when_seen()

    def ask_when_seen(self) -> None:
        """What is shown is out of date."""
        self._stale = True
        if self._page.isVisible():
            self.ask()

    def ask(self) -> None:
        """Ask now, seen or not."""
        self._stale = False
        self.drop()
        self._asker.ask(self._query(), self._show)

    def drop(self) -> None:
        """What is on its way is no longer wanted."""
        self._asker.forget()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The page comes into view."""
        if event.type() is QEvent.Type.Show and self._stale:
            self.ask()
        return False


AnyFeed = Feed[Any]
