"""Asks the store away from the GUI thread, and keeps pages supplied with what they show."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.data_changes import DataChanges
from desktop.local_store.engine import LocalStore
from desktop.local_store.replica import Connection
from desktop.qt.background.task_runner import TaskRunner

Answer = TypeVar("Answer")
Query = Callable[[Connection], Answer]


class Reading:
    """Runs queries on the read pool; answers come home to the GUI thread."""

    def __init__(self, store: LocalStore, runner: TaskRunner) -> None:
        self._store = store
        self._runner = runner

    def ask(self, query: Query[Answer], on_answer: Callable[[Answer], None], *, asker: QObject) -> None:
        """Run one query and hand its answer over; an asker that is gone by then is told nothing."""
        self._runner.run(
            lambda: self.now(query), lambda answer: on_answer(answer) if isValid(asker) else None
        )

    def now(self, query: Query[Answer]) -> Answer:
        """Run one query on the calling thread, which is never the GUI's."""
        with self._store.reading() as connection:
            return query(connection)


class Asker(QObject):
    """Asks for the QObject it belongs to; only the answer to its last question is handed over."""

    def __init__(self, reading: Reading, parent: QObject) -> None:
        super().__init__(parent)
        self._reading = reading
        self._number = 0

    def ask(self, query: Query[Answer], on_answer: Callable[[Answer], None]) -> None:
        """Run one query and hand its answer over, unless something else was asked meanwhile."""
        self._number += 1
        number = self._number
        self._reading.ask(
            query, lambda answer: on_answer(answer) if number == self._number else None, asker=self
        )

    def forget(self) -> None:
        """No answer is waited for any more."""
        self._number += 1


class Feed(QObject, Generic[Answer]):
    """Supplies one page: asks at once while it is visible, else when it is shown next.

    The last answer counts. ``entities`` are the synced tables that concern the page.
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
        self._asker.ask(self._query(), self._show)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The page comes into view."""
        if event.type() is QEvent.Type.Show and self._stale:
            self.ask()
        return False


AnyFeed = Feed[Any]
