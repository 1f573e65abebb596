"""A day at the desk: the desktop over a practice studio, and what a person does with its real widgets."""

from datetime import timedelta
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.bootstrap import Desktop
from desktop.commands.bookings import make_booking
from desktop.commands.packages import add_package
from desktop.commands.resources import add_resource
from desktop.qt.dialogs.booking_dialog import BookingDialog, BookingDraft
from desktop.qt.dialogs.record_payment_dialog import RecordPaymentDialog
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.studio_window import StudioWindow
from desktop.queries.record_rows import BookingRecord
from shared.ids import new_id
from shared.sync_protocol.operations import (
    BookingCreate,
    CustomerCreate,
    PackageCreate,
    ResourceCreate,
    SlotArgs,
)

Dialog = TypeVar("Dialog", bound=QWidget)


class Day:
    """The desktop, and what a person does with it."""

    def __init__(self, desktop: Desktop, qtbot: QtBot) -> None:
        assert desktop.studio is not None, "the practice studio is there"
        self.desktop, self.qtbot = desktop, qtbot
        self.studio: StudioWindow = desktop.studio
        self._do(
            add_package,
            PackageCreate(
                id=new_id(), name="Portrait", price_minor=29000, currency="EUR", duration_minutes=90
            ),
        )
        self.anna = new_id()
        self._do(add_resource, ResourceCreate(id=self.anna, name="Anna"))

    def _do(self, command: object, draft: object) -> None:
        self.desktop.writer.submit(command, self.desktop.desk, draft).result()  # type: ignore[arg-type] # a command of any kind

    def rest(self) -> None:
        """Until nothing is under way."""
        self.qtbot.waitUntil(lambda: self.desktop.runner.running == 0)

    def dialog(self, kind: type[Dialog]) -> Dialog:
        """The dialog that has opened."""
        self.qtbot.waitUntil(lambda: any(each.isVisible() for each in self.desktop.window.findChildren(kind)))
        return next(each for each in self.desktop.window.findChildren(kind) if each.isVisible())

    def book(self, name: str = "Zoë Brûlé", *, days_ahead: int = 60) -> BookingRecord:
        """A booking by the dialog; its record is open then."""
        before = self.desktop.window.page
        self.type_booking(name, days_ahead=days_ahead).submit()
        self.qtbot.waitUntil(lambda: self.desktop.window.page is not before)
        self.qtbot.waitUntil(lambda: self.page.record is not None)
        return self.record

    def type_booking(
        self, name: str = "Zoë Brûlé", *, days_ahead: int = 60, rests: bool = True
    ) -> BookingDialog:
        """The dialog of a new booking, filled in and not yet saved; nothing else is under way then."""
        self.desktop.window.new_booking_requested.emit()
        dialog = self.dialog(BookingDialog)
        dialog.email.setText(f"{name.split(maxsplit=1)[0].lower()}@example.com")
        dialog.name.setText(name)
        today = self.desktop.clock.now().date()
        dialog.slot.day.set_day(today + timedelta(days=days_ahead))
        for box in dialog.resources.values():
            box.setChecked(True)
        if rests:
            self.rest()
        return dialog

    def take(self, wanted: BookingDraft, name: str = "Hana Sato") -> None:
        """Somebody else takes the time that is typed here."""
        other = CustomerCreate(
            id=new_id(), name=name, email=f"{name.split(maxsplit=1)[0].lower()}@example.com"
        )
        draft = BookingCreate(
            id=new_id(),
            customer_id=other.id,
            package_id=wanted.package_id,
            slot=SlotArgs.of(wanted.slot),
            resource_ids=list(wanted.resource_ids),
        )
        self._do(partial(make_booking, new_customer=other), draft)

    @property
    def page(self) -> BookingRecordPage:
        """The record page shown."""
        shown = self.desktop.window.page
        assert isinstance(shown, BookingRecordPage)
        return shown

    @property
    def record(self) -> BookingRecord:
        """The record shown."""
        assert self.page.record is not None
        return self.page.record

    def pay(self) -> None:
        """Write the next stage down as cash."""
        paid = self.record.paid_minor
        self.page.stages.pay.click()
        self.dialog(RecordPaymentDialog).record_button.click()
        self.qtbot.waitUntil(lambda: self.record.paid_minor > paid)
