"""What a flow may ask of the window around it, and the steps that every flow shares."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.local_store.replica import Connection
from desktop.qt.page_keys import PageKey
from desktop.qt.workbench import Workbench
from desktop.queries.booking_record import booking_record
from desktop.queries.record_rows import BookingRecord
from shared.errors import DomainError, Gone


class Asks(Protocol):
    """A dialog: opened once, answers once, None for the safe way out."""

    answered: SignalInstance

    def open(self) -> None:
        """Show it."""


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


class Flow:
    """The base of flows: collaborators, and asking for one booking."""

    def __init__(self, bench: Workbench, frame: Frame) -> None:
        self.bench = bench
        self.frame = frame

    def with_record(self, booking_id: UUID, go_on: Callable[[BookingRecord], None]) -> None:
        """Read a booking's record, then go on; one that is gone is told."""

        def answered(record: BookingRecord | None) -> None:
            if record is None:
                self.bench.failed(Gone())
            else:
                go_on(record)

        self.bench.reading.ask(
            lambda connection: self.read_record(connection, booking_id), answered, asker=self.frame.window
        )

    def read_record(self, connection: Connection, booking_id: UUID) -> BookingRecord | None:
        """One booking's record as it is now."""
        bench = self.bench
        return booking_record(connection, bench.tenant_id, booking_id, user_id=bench.user_id, now=bench.now())

    def refused(self, refusal: DomainError) -> None:
        """Say why something cannot be done before it is tried."""
        self.bench.failed(refusal)


def ask(dialog: Asks, act: Callable[[object], None]) -> None:
    """Open a dialog and act on its answer; the safe way out acts on nothing."""
    dialog.answered.connect(lambda draft: None if draft is None else act(draft))
    dialog.open()


def choose_pdf_path(window: QWidget, name: str) -> Path | None:
    """Where a PDF shall be written; the system's own dialog asks."""
    chosen, _ = QFileDialog.getSaveFileName(window, "Export as PDF", f"{name}.pdf", "PDF (*.pdf)")
    return Path(chosen) if chosen else None
