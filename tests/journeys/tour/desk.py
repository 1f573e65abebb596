"""The front desk: the real desktop, offscreen, driven as a person would, and read back from its own store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.bootstrap import Desktop, build
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.settings import DesktopSettings
from shared.errors import PdfNotReady
from shared.ids import new_id
from shared.models.booking import Booking
from shared.models.document import Document
from shared.models.payment import PaymentStage
from shared.models.refund import Refund, RefundRequest
from shared.models.slot import Slot
from shared.models.states import Series
from shared.models.studio import Customer, Package, Resource
from shared.unit_of_work import UnitOfWork

_T = TypeVar("_T")
PUMP_MS = 20


@dataclass(frozen=True)
class BookingSeen:
    """A booking as the desktop's store has it."""

    booking: Booking
    stages: list[PaymentStage]
    documents: list[Document]
    requests: list[RefundRequest]
    refunds: list[Refund]


class FrontDesk:
    """The desktop of the tour."""

    def __init__(self, folder: Path, pictures: Path) -> None:
        settings = DesktopSettings(practice=True, practice_folder=folder)
        self.desktop: Desktop = build(settings)
        self._pictures = pictures
        self.desktop.window.resize(1440, 900)

    def close(self) -> None:
        """Go home."""
        self.desktop.close()

    def pump(self) -> None:
        """Let the window live for a moment."""
        QTest.qWait(PUMP_MS)

    def await_result(self, work: Callable[[], _T]) -> _T:
        """Run it on the writer thread, the window staying alive meanwhile; its result or its failure."""
        future = self.desktop.writer.submit(work)
        while not future.done():
            self.pump()
        return future.result()

    # --- looking ------------------------------------------------------------------------------------------

    @property
    def status_words(self) -> str:
        """What the status bar says."""
        return self.desktop.window.status_bar.sync.accessibleName()

    def picture(self, name: str, page: PageKey | None = None) -> None:
        """A picture of the window as it stands, on a page."""
        window = self.desktop.window
        if page is not None:
            window.show_page(page)
        for _ in range(15):
            self.pump()
        window.grab().save(str(self._pictures / f"{name}.png"))

    def show_month_of(self, day: date) -> None:
        """Turn the calendar to a month."""
        calendar = self.desktop.window.findChild(CalendarPage)
        assert calendar is not None, "there is a calendar"
        calendar.go_to(day)

    def picture_of(self, widget: QWidget, name: str) -> None:
        """A picture of one widget."""
        for _ in range(10):
            self.pump()
        widget.grab().save(str(self._pictures / f"{name}.png"))

    def read(self, look: Callable[[UnitOfWork, UUID], _T]) -> _T:
        """Ask the desktop's store."""
        with self.desktop.store.reading() as connection, sa.orm.Session(connection) as session:
            tenant_id = connection.exec_driver_sql("SELECT tenant_id FROM sync_state").scalar_one()
            return look(UnitOfWork(session), UUID(tenant_id))

    def booking(self, booking_id: UUID) -> BookingSeen:
        """One booking with everything that hangs on it."""
        return self.read(
            lambda unit, t: BookingSeen(
                unit.bookings.get(t, booking_id),
                unit.stages.of_booking(t, booking_id),
                unit.documents.of_booking(t, booking_id),
                unit.refund_requests.of_booking(t, booking_id),
                unit.refunds.of_booking(t, booking_id),
            )
        )

    def customers_with(self, email: str) -> list[Customer]:
        """Found by mail address, case ignored."""
        return self.read(lambda unit, t: unit.customers.by_email(t, email))

    def packages(self) -> list[Package]:
        """Those in use."""
        return self.read(lambda unit, t: unit.packages.in_use(t))

    def free_resources(self, slot: Slot) -> list[Resource]:
        """Those that nothing keeps busy in the slot, by name."""

        def look(unit: UnitOfWork, t: UUID) -> list[Resource]:
            free = []
            for resource in unit.resources.by_name(t):
                starts_at, ends_at = slot.starts_at, slot.ends_at
                held = unit.booking_resources.busy(t, [resource.id], starts_at=starts_at, ends_at=ends_at)
                closed = unit.blocks.touching(t, [resource.id], starts_at=starts_at, ends_at=ends_at)
                if not held and not closed:
                    free.append(resource)
            return free

        return self.read(look)

    # --- doing --------------------------------------------------------------------------------------------

    def find_pdf(self, sha256: str) -> bytes | None:
        """The stored bytes of a document, once they are here."""
        try:
            return self.desktop.invoices.stored_pdf(sha256)
        except PdfNotReady:
            return None

    def issue_invoice(self, booking_id: UUID) -> tuple[UUID, bytes]:
        """Look at the draft, then issue with the next number; the document's id and the draft's bytes."""
        invoices = self.desktop.invoices
        draft = invoices.preview_invoice(booking_id)
        document_id = new_id()
        answer = invoices.ask_number(Series.INVOICE, document_id)
        changes = self.await_result(
            lambda: invoices.issue_invoice(booking_id, document_id=document_id, answer=answer)
        )
        self.desktop.announcer.announce(changes)
        return document_id, draft
