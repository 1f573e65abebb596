"""The front desk: the real desktop, offscreen, driven as a person would, and read back from its own store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.bootstrap import Desktop, build
from desktop.commands.packages import add_package
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.dialogs.booking_dialog import BookingDialog
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.studio_window import StudioWindow
from desktop.settings import DesktopSettings
from shared.errors import PdfNotReady
from shared.models.booking import Booking
from shared.models.document import Document
from shared.models.mail import ReminderLog
from shared.models.payment import PaymentStage
from shared.models.refund import Refund, RefundRequest
from shared.models.slot import Slot
from shared.models.studio import Customer, Package, Resource
from shared.sync_protocol.operations import PackageCreate
from shared.unit_of_work import UnitOfWork
from tests.journeys.tour.steps import NotAsItShouldBe

_T = TypeVar("_T")
_W = TypeVar("_W", bound=QWidget)
PUMP_MS = 20


class WaitFor(Protocol):
    """Looks again and again until there is something (steps.Recorder.wait_for)."""

    def __call__(self, what: str, look: Callable[[], _T | None]) -> _T:
        """What was found."""
        ...


@dataclass(frozen=True)
class BookingWanted:
    """What a person types into the dialog."""

    email: str
    name: str
    phone: str
    is_known: bool
    package_id: UUID
    slot: Slot
    resource_id: UUID
    place: str
    note: str


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
        """Let the window live for a moment; unlike QTest.qWait this lets other threads run meanwhile."""
        moment = QEventLoop()
        QTimer.singleShot(PUMP_MS, moment.quit)
        moment.exec()

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

    def booking_ids_of(self, email: str) -> set[UUID]:
        """The bookings of the customers with this mail address."""
        return self.read(
            lambda unit, t: {
                booking.id
                for customer in unit.customers.by_email(t, email)
                for booking in unit.bookings.of_customer(t, customer.id)
            }
        )

    def logged_mails(self, booking_id: UUID) -> list[ReminderLog]:
        """What the studio's log says was sent for a booking."""
        return self.read(lambda unit, t: unit.reminder_log.of_booking(t, booking_id))

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

    def find_pdf(self, sha256: str) -> bytes | None:
        """The stored bytes of a document, once they are here."""
        try:
            return self.desktop.invoices.stored_pdf(sha256)
        except PdfNotReady:
            return None

    # --- doing, as a person would ---------------------------------------------------------------------------

    def add_package(self, draft: PackageCreate) -> None:
        """A package that the studio does not sell yet."""
        changes = self.await_result(lambda: add_package(self.desktop.desk, draft))
        self.desktop.announcer.announce(changes)

    def enter_booking(self, wanted: BookingWanted, wait_for: WaitFor) -> None:
        """Press New booking, fill the dialog in, press Save."""
        self._press(self.desktop.window.top_strip.new_button)
        dialog = wait_for("the booking dialog", lambda: self._find(BookingDialog, "booking_dialog"))
        dialog.email.setText(wanted.email)
        wait_for("who has this address", lambda: dialog.name.isReadOnly() or not wanted.is_known or None)
        if not wanted.is_known:
            dialog.name.setText(wanted.name)
            dialog.phone.setText(wanted.phone)
        dialog.package.choose(str(wanted.package_id))
        dialog.slot.zone.setText(wanted.slot.zone)
        dialog.slot.day.set_day(wanted.slot.start_date)
        dialog.slot.start.set_at(wanted.slot.start_time)
        dialog.slot.end.set_at(wanted.slot.end_time)
        for resource_id, box in dialog.resources.items():
            box.setChecked(resource_id == wanted.resource_id)
        dialog.place.setText(wanted.place)
        dialog.note.setPlainText(wanted.note)
        self.picture_once("desktop_new_booking")
        draft = dialog.draft()
        assert draft is not None, "everything is filled in"
        assert draft.slot == wanted.slot, f"the dialog says {draft.slot}"
        self._press(dialog.save)
        wait_for("the dialog closed", self._booking_dialog_closed)

    def _booking_dialog_closed(self) -> bool | None:
        dialog = self._find(BookingDialog, "booking_dialog")
        if dialog is not None and dialog.refusal.isVisible():
            raise NotAsItShouldBe(f"the dialog says: {dialog.refusal.accessibleName()}")
        return dialog is None or None

    def leave_dialogs(self) -> None:
        """Take the safe way out of what a failed step has left open: the next row begins at a free desk."""
        for dialog in self.desktop.window.findChildren(DialogFrame):
            dialog.answer(None)
        self.pump()

    def open_record(self, booking_id: UUID, wait_for: WaitFor) -> BookingRecordPage:
        """The booking's page."""
        self.studio.bookings.open_booking(booking_id)

        def look() -> BookingRecordPage | None:
            page = self._find(BookingRecordPage, "page")
            return page if page is not None and page.record is not None else None

        return wait_for("the record", look)

    def issue_invoice(self, booking_id: UUID, wait_for: WaitFor) -> None:
        """From the record: New invoice, look at the draft, Issue, yes."""
        self.open_record(booking_id, wait_for)
        self.picture_once("desktop_record")
        self._press(wait_for("the button New invoice", lambda: self._enabled("new_invoice")))
        paper = self.studio.pages.invoices.preview.paper
        issue = wait_for("the button Issue", lambda: self._enabled("invoice_issue"))
        wait_for("the draft's pages", lambda: (paper.loaded and paper.loaded.page_count) or None)
        self.picture_once("desktop_invoice_draft")
        self._press(issue)
        self._press(wait_for("the question", lambda: self._enabled("confirm_act")))

    def approve(self, request_id: UUID, wait_for: WaitFor) -> None:
        """On the page Refunds: choose the request, Approve, yes."""
        self.desktop.window.show_page(PageKey.REFUNDS)
        page = self.studio.pages.refunds

        def chosen() -> QWidget | None:
            page.choose_request(request_id)
            return self._enabled("refund_approve")

        self._press(wait_for("the button Approve", chosen))
        self.picture_once("desktop_approve")
        self._press(wait_for("the question", lambda: self._enabled("answer_approve")))

    @property
    def studio(self) -> StudioWindow:
        """The studio's window with its pages and flows."""
        assert self.desktop.studio is not None, "signed in"
        return self.desktop.studio

    def picture_once(self, name: str) -> None:
        """A picture of the window, the first time."""
        if not (self._pictures / f"{name}.png").exists():
            self.picture(name)

    def _find(self, kind: type[_W], name: str) -> _W | None:
        """The visible widget of that name that came last."""
        found = [one for one in self.desktop.window.findChildren(kind, name) if one.isVisible()]
        return found[-1] if found else None

    def _enabled(self, name: str) -> QWidget | None:
        widget = self._find(QWidget, name)
        return widget if widget is not None and widget.isEnabled() else None

    def _press(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.pump()
