"""What a flow may ask of the window around it, and the steps that every flow shares."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QFileDialog, QWidget
from shiboken6 import isValid

from desktop.commands.desk import Desk
from desktop.data_changes import DataChanges
from desktop.local_store.replica import Connection
from desktop.qt.background.acting import Command
from desktop.qt.background.reading import Asker
from desktop.qt.failure_box import failure_words
from desktop.qt.page_edits import KeepsEdits
from desktop.qt.page_keys import PageKey
from desktop.qt.workbench import Workbench
from desktop.queries.booking_record import booking_record
from desktop.queries.record_rows import BookingRecord
from shared.errors import DomainError, Gone

Then = Callable[[], None]


class Asks(Protocol):
    """A dialog: opened once, answers a draft until one is carried out, None for the safe way out."""

    answered: SignalInstance

    def open(self) -> None:
        """Show it."""

    def stay(self) -> None:
        """Keep it open while a draft is carried out."""

    def step_aside(self) -> None:
        """Give the window free while a draft is carried out."""

    def waits(self) -> bool:
        """Whether nobody has left it."""

    def leave(self) -> None:
        """Close it."""

    def refuse(self, title: str, sentence: str) -> None:
        """Say in it why a draft was not carried out."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where whoever carries out a draft says how that ended."""

    done: Then
    failed: Callable[[BaseException], None]


@dataclass(frozen=True, slots=True)
class Frame:
    """The window as flows know it."""

    window: QWidget
    open_record: Callable[[QWidget], None]
    show_page: Callable[[PageKey], None]
    go_back: Callable[[], None]
    toast: Callable[[str], None]
    show_hint: Callable[[str], None]
    show_zone: Callable[[str], None]
    edited_page: Callable[[], KeepsEdits | None]


class Flow:
    """The base of flows: collaborators, asking people, and asking for one booking."""

    def __init__(self, bench: Workbench, frame: Frame) -> None:
        self.bench = bench
        self.frame = frame
        self.asker = Asker(bench.reading, frame.window)
        """For what is read before people are asked: pressed twice, a button opens one dialog."""

    def with_record(self, booking_id: UUID, go_on: Callable[[BookingRecord], None]) -> None:
        """Read a booking's record, then go on; one that is gone is told."""

        def answered(record: BookingRecord | None) -> None:
            if record is None:
                self.bench.failed(Gone())
            else:
                go_on(record)

        self.asker.ask(lambda connection: self.read_record(connection, booking_id), answered)

    def read_record(self, connection: Connection, booking_id: UUID) -> BookingRecord | None:
        """One booking's record as it is now."""
        bench = self.bench
        return booking_record(connection, bench.tenant_id, booking_id, user_id=bench.user_id, now=bench.now())

    def refused(self, refusal: DomainError) -> None:
        """Say why something cannot be done before it is tried."""
        self.bench.failed(refusal)

    def ask(
        self, dialog: Asks, command: Callable[[Any], Command], *, then: Callable[[Any], None] = lambda _: None
    ) -> None:
        """Open a dialog, carry out its draft by the ``command`` made of it, and go on with ``then(draft)``.

        The dialog stays open until that is done; a refusal is said in it, over all that was typed.
        """

        def act(draft: object, outcome: Outcome) -> None:
            def work(desk: Desk) -> DataChanges:  # a draft that makes no command comes home as a failure too
                return command(draft)(desk)

            self.bench.acting.do(work, then=outcome.done, on_failed=outcome.failed)

        self.ask_in_steps(dialog, act, then=then)

    def ask_in_steps(
        self,
        dialog: Asks,
        act: Callable[[Any, Outcome], None],
        *,
        then: Callable[[Any], None] = lambda _: None,
        aside: bool = False,
    ) -> None:
        """The same for what one command cannot do: ``act(draft, outcome)`` says how it ended.

        ``aside``: the network is asked meanwhile, so the dialog gives the window free until it is refused.
        """

        def answered(draft: object) -> None:
            if draft is not None:  # the safe way out acts on nothing
                if aside:
                    dialog.step_aside()
                done = partial(self._carried_out, dialog, partial(then, draft))
                act(draft, Outcome(done, partial(self._not_carried_out, dialog)))

        dialog.stay()
        dialog.answered.connect(answered)
        dialog.open()

    def _carried_out(self, dialog: Asks, then: Then) -> None:
        if _is_open(dialog):
            dialog.leave()
        then()

    def _not_carried_out(self, dialog: Asks, failure: BaseException) -> None:
        words, is_open = failure_words(failure), _is_open(dialog)
        if is_open:
            dialog.refuse(words.title, words.sentence)
        if words.report or not is_open:
            self.bench.failed(failure)


def _is_open(dialog: Asks) -> bool:
    return isValid(dialog) and dialog.waits()


def choose_pdf_path(window: QWidget, name: str) -> Path | None:
    """Where a PDF shall be written; the system's own dialog asks."""
    chosen, _ = QFileDialog.getSaveFileName(window, "Export as PDF", f"{name}.pdf", "PDF (*.pdf)")
    return Path(chosen) if chosen else None
