"""A new booking: who, what, when, with whom and where; a clash is shown while it is typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop.presenting.money_text import money
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import CheckInput, ChoiceInput, ParagraphInput, TextInput
from desktop.qt.components.label import Label
from desktop.qt.dialogs.clash_notice import ClashNotice
from desktop.qt.dialogs.slot_fields import SlotFields
from desktop.qt.fonts import Type
from desktop.qt.theme import Theme
from desktop.queries.rows import PackageRow, ResourceRow
from shared.models.slot import Slot

WIDTH_PX: Final = 640
_PER_LINE: Final = 3
_MAIL: Final = re.compile(r"^\S+@\S+\.\S+$")


@dataclass(frozen=True, slots=True)
class BookingOffer:
    """What the dialog begins with: what can be chosen, and the slot that was clicked."""

    packages: tuple[PackageRow, ...]
    resources: tuple[ResourceRow, ...]
    slot: Slot
    today: date
    resource_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class BookingDraft:
    """What was entered; without ``customer_id`` the customer is new."""

    customer_id: UUID | None
    name: str
    email: str
    phone: str
    package_id: UUID
    slot: Slot
    resource_ids: tuple[UUID, ...]
    place: str
    note: str


class BookingDialog(DialogFrame):
    """`mail_typed`, `name_typed` and `slot_typed` ask; then comes the draft.

    `show_customer`, `show_unprintable` and `clash.tell` answer.
    """

    mail_typed = Signal(str)
    name_typed = Signal(str)
    slot_typed = Signal(object, object)

    def __init__(self, theme: Theme, window: QWidget, offer: BookingOffer) -> None:
        super().__init__(theme, window, "New booking", width_px=WIDTH_PX)
        self.setObjectName("booking_dialog")
        self._offer = offer
        self._known: tuple[UUID, str] | None = None
        self._typed_name = self._unprintable = ""
        self._complained = False
        self.email, self.name, self.phone = TextInput(), TextInput(), TextInput()
        self.package = ChoiceInput(
            theme, [(str(row.package_id), _package_words(row)) for row in offer.packages]
        )
        self.slot = SlotFields(theme, offer.slot, offer.today)
        self.resources = {
            row.resource_id: CheckInput(theme, row.name, checked=row.resource_id in offer.resource_ids)
            for row in offer.resources
        }
        self.place, self.note = TextInput(), ParagraphInput(lines=2)
        self.clash = ClashNotice(theme, self.slot)
        self.keep_out = Button(theme, "Cancel")
        self.save = Button(theme, "Save booking", Kind.PRIMARY)
        self._name_everything()
        self._lay_out()
        self._connect()
        self._check()

    def open(self) -> None:
        """Show it with the focus on the first question."""
        self.open_on(self.email)

    def show_customer(self, email: str, found: Sequence[tuple[UUID, str]]) -> None:
        """Say who has this mail address already; an answer that comes late is dropped."""
        if email != self.email.text().strip():
            return
        if found and self._known is None:
            self._typed_name = self.name.text()
        self._known = found[0] if found else None
        self._email_field.set_hint(f"{found[0][1]} is a customer already" if found else "")
        self.name.setReadOnly(bool(found))
        if found:
            self.name.setText(found[0][1])
        self._check()

    def show_unprintable(self, name: str, character: str) -> None:
        """Say what of the name no invoice can print, or that all is well; it is a hint and stops nobody."""
        if name != self.name.text().strip():
            return
        self._unprintable = character
        self._name_field.set_hint(f"{character} cannot be printed on invoices" if character else "")
        self._check()

    def draft(self) -> BookingDraft | None:
        """What is entered, or None while something is missing."""
        slot, code = self.slot.slot(), self.package.code()
        name = self.name.text().strip()
        email = self.email.text().strip()
        if slot is None or code is None or not name or not _MAIL.match(email):
            return None
        return BookingDraft(
            customer_id=self._known[0] if self._known is not None else None,
            name=name,
            email=email,
            phone=self.phone.text().strip(),
            package_id=UUID(code),
            slot=slot,
            resource_ids=self._chosen(),
            place=self.place.text().strip(),
            note=self.note.toPlainText().strip(),
        )

    def submit(self) -> None:
        """Answer with the draft, or say what is missing."""
        self._complained = True
        self._check()
        draft = self.draft()
        if draft is not None and not self.clash.words:
            self.answer(draft)

    # --- what follows -------------------------------------------------------------------------------------

    def _chosen(self) -> tuple[UUID, ...]:
        return tuple(resource_id for resource_id, box in self.resources.items() if box.isChecked())

    def _mail_touched(self) -> None:
        email = self.email.text().strip()
        if self._known is not None:  # the name was that of the address before
            self.name.setText(self._typed_name)
        self._known = None
        self.name.setReadOnly(False)
        self._email_field.set_hint("")
        if _MAIL.match(email):
            self.mail_typed.emit(email)
        self._check()

    def _name_touched(self) -> None:
        name = self.name.text().strip()
        if self._unprintable and self._unprintable not in name:
            self.show_unprintable(name, "")
        self.name_typed.emit(name)
        self._check()

    def _slot_touched(self) -> None:
        slot = self.slot.slot()
        self.clash.forget()
        if slot is not None:
            self.slot_typed.emit(slot, self._chosen())
        self._check()

    def _package_touched(self) -> None:
        code = self.package.code()
        row = next((row for row in self._offer.packages if str(row.package_id) == code), None)
        if row is not None and row.duration_min:
            self.slot.set_length(row.duration_min)
        self._check()

    def _check(self) -> None:
        no_package = "" if self._offer.packages else "Add a package first: Packages, New package"
        self.save.set_enabled_because(no_package or self.clash.words)
        if not self._complained:
            return
        wrong = not _MAIL.match(self.email.text().strip())
        if wrong:
            self._email_field.show_error("A mail address is needed: links go there.")
        elif self._known is None:
            self._email_field.show_error("")
        self._name_field.show_error("" if self.name.text().strip() else "Whose booking is it?")

    # --- building -----------------------------------------------------------------------------------------

    def _name_everything(self) -> None:
        for name in ("email", "name", "phone", "package", "place", "note", "save", "keep_out"):
            getattr(self, name).setObjectName(f"booking_{name}")
        self._email_field = Field(self.theme, "Mail", self.email)
        self._name_field = Field(self.theme, "Name", self.name)

    def _lay_out(self) -> None:
        theme = self.theme
        who = QHBoxLayout()
        who.setSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        for field, stretch in (
            (self._email_field, 3),
            (self._name_field, 3),
            (Field(theme, "Phone", self.phone), 2),
        ):
            who.addWidget(field, stretch, top)
        self.body.addLayout(who)
        self.body.addWidget(Field(theme, "Package", self.package))
        self.body.addWidget(self.slot)
        if self.resources:
            self.body.addWidget(Label("Who and what is needed", Type.LABEL, "secondary"))
            boxes = QGridLayout()
            boxes.setHorizontalSpacing(12)
            boxes.setVerticalSpacing(6)
            for place, box in enumerate(self.resources.values()):
                boxes.addWidget(box, place // _PER_LINE, place % _PER_LINE)
            self.body.addLayout(boxes)
        self.body.addWidget(self.clash)
        self.body.addWidget(Field(theme, "Place", self.place))
        self.body.addWidget(Field(theme, "Note, stays inside the studio", self.note))
        self.foot.addWidget(
            Label("Works without a network; it is sent when there is one.", Type.CAPTION, "secondary")
        )
        self.foot.addStretch(1)
        self.end_with(self.keep_out, self.save, self.submit)

    def _connect(self) -> None:
        self.email.textChanged.connect(lambda _: self._mail_touched())
        self.name.textChanged.connect(lambda _: self._name_touched())
        self.package.currentIndexChanged.connect(lambda _: self._package_touched())
        self.slot.changed.connect(self._slot_touched)
        self.clash.told.connect(self._check)
        for box in self.resources.values():
            box.toggled.connect(lambda _: self._slot_touched())
        if self.package.code() is not None and self._offer.packages[0].duration_min:
            self._package_touched()


def _package_words(row: PackageRow) -> str:
    return f"{row.name} · {money(row.price_minor, row.currency)} · {row.plan_words}"
