"""Another time for a booking: the slot, what stands in its way, and what the customer is told."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenting import dates
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.components.label import Label
from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.dialogs.booking_dialog import WIDTH_PX
from desktop.qt.dialogs.clash_notice import ClashNotice
from desktop.qt.dialogs.slot_fields import SlotFields
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme
from desktop.queries.record_rows import BookingRecord
from shared.clock import utc_to_wall
from shared.models.slot import Slot


@dataclass(frozen=True, slots=True)
class MoveDraft:
    """From the slot that was seen to another."""

    booking_id: UUID
    seen: Slot
    slot: Slot


class MoveDialog(DialogFrame):
    """`slot_typed` asks what stands in the way; `clash.tell` answers."""

    slot_typed = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, record: BookingRecord, *, today: date) -> None:
        assert record.slot.wall is not None, "a booking has a slot, also a postponed one"
        super().__init__(
            theme,
            window,
            "Move booking",
            subtitle=f"{record.customer.name} · {record.package_name} · {_now_words(record)}",
            width_px=WIDTH_PX,
        )
        self.setObjectName("move_dialog")
        self._record, self._seen = record, record.slot.wall
        self.slot = SlotFields(theme, self._seen, today)
        self.clash = ClashNotice(theme, self.slot)
        self.keep = Button(theme, "Keep the time")
        self.move_button = Button(theme, "Move booking", Kind.PRIMARY)
        self.keep.setObjectName("move_keep")
        self.move_button.setObjectName("move_save")
        self.body.addWidget(self.slot)
        self.body.addWidget(self.clash)
        self.body.addWidget(
            Notice(
                theme,
                NoticeKind.INFO,
                "The customer is told.",
                more="The new time is mailed from the server; due dates of open stages move with it.",
                glyph=Icon.MAIL,
            )
        )
        booked = ", ".join(record.slot.resource_names)
        self.foot.addWidget(Label(f"With {booked}" if booked else "", Type.CAPTION, "secondary"))
        self.foot.addStretch(1)
        self.end_with(self.keep, self.move_button, self.submit)
        self.slot.changed.connect(self._touched)
        self.clash.told.connect(self._check)
        self._check()

    def open(self) -> None:
        """Show it with the focus on the safe button."""
        self.open_on(self.keep)

    def submit(self) -> None:
        """Answer with the new slot."""
        slot = self.slot.slot()
        if slot is not None and not self.clash.words and self.move_button.isEnabled():
            self.answer(MoveDraft(self._record.booking_id, self._seen, slot))

    def _touched(self) -> None:
        self.clash.forget()
        slot = self.slot.slot()
        if slot is not None:
            self.slot_typed.emit(slot)
        self._check()

    def _check(self) -> None:
        slot = self.slot.slot()
        placed = self._record.status in ("held", "confirmed")
        if slot is None:
            reason = "The end must come after the start"
        elif placed and slot == self._seen:
            reason = "This is the present time"
        else:
            reason = self.clash.words
        self.move_button.set_enabled_because(reason)


def _now_words(record: BookingRecord) -> str:
    slot = record.slot
    if slot.starts_at_utc is None or slot.ends_at_utc is None:
        return "postponed, no date yet"
    start, end = (utc_to_wall(each, slot.time_zone) for each in (slot.starts_at_utc, slot.ends_at_utc))
    return f"{dates.day_with_year(start.date())}, {dates.time_span(start, end)}"
