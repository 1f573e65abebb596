"""The left column of a booking's record: who, when and where, what was sold, what was written down."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting import dates
from desktop.presenting.money_text import amount
from desktop.presenting.status_words import LANGUAGE, say
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.card import RECORD_HEADING_PX, Card
from desktop.qt.components.facts_list import FactsList
from desktop.qt.components.hairline import DoubleRule
from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.inputs import ParagraphInput
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.refill import empty
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme
from desktop.queries.record_rows import BookingRecord, CustomerFacts, SlotFacts
from shared.clock import utc_to_wall


class CustomerCard(Card):
    """Who booked; `opened` asks for the customer."""

    opened = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        link = Button(theme, "Open", Kind.LINK)
        super().__init__(theme, "Customer", right=link, heading_px=RECORD_HEADING_PX, parent=parent)
        link.setAccessibleName("Open the customer")
        link.clicked.connect(self.opened)
        self._facts = FactsList()
        self.body.addWidget(self._facts)

    def show_customer(self, customer: CustomerFacts) -> None:
        """Show another customer."""
        self._facts.show_facts(
            [
                ("Name", customer.name),
                ("Mail", customer.email),
                ("Phone", customer.phone),
                ("Language", say(LANGUAGE, customer.language)),
            ]
        )


class SlotCard(Card):
    """When, where and with whom, in the booking's zone and, where it differs, in the studio's."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._sign = IconLabel(theme, Icon.CHECK, "secondary", size=12)
        self._state = Label("", Type.LABEL, "secondary")
        right = QWidget()
        row = QHBoxLayout(right)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._sign)
        row.addWidget(self._state)
        super().__init__(theme, "Slot", right=right, heading_px=RECORD_HEADING_PX, parent=parent)
        self._facts = FactsList()
        self.body.addWidget(self._facts)

    def show_slot(self, slot: SlotFacts, status: str) -> None:
        """Show another slot; a clash is said in words beside the heading."""
        clashes = bool(slot.clash) or status == "needs_slot"
        self._sign.show_icon(Icon.ALERT if clashes else Icon.CHECK, "danger" if clashes else "secondary")
        self._state.setText("Clash" if clashes else "No clash")
        self._state.set_tone("danger" if clashes else "secondary")
        self._state.setToolTip(slot.clash)
        self._sign.setVisible(slot.starts_at_utc is not None)
        self._state.setVisible(slot.starts_at_utc is not None)
        facts: list[tuple[str, str] | tuple[str, str, str]] = [
            *_time_facts(slot),
            ("Place", slot.place),
            ("Booked", ", ".join(slot.resource_names)),
        ]
        if slot.clash:
            facts.append(("Why not", slot.clash))
        self._facts.show_facts(facts)


def _time_facts(slot: SlotFacts) -> list[tuple[str, str] | tuple[str, str, str]]:
    if slot.starts_at_utc is None or slot.ends_at_utc is None:
        return [("Date", "Postponed, no date yet")]
    start, end = (utc_to_wall(each, slot.time_zone) for each in (slot.starts_at_utc, slot.ends_at_utc))
    here = ""
    if slot.time_zone != slot.studio_zone:
        times = (utc_to_wall(each, slot.studio_zone) for each in (slot.starts_at_utc, slot.ends_at_utc))
        here = f"{dates.time_span(*times)} in {dates.city(slot.studio_zone)}"
    time = f"{dates.time_span(start, end)} in {dates.city(slot.time_zone)}"
    return [("Date", dates.long_day(start.date())), ("Time", time, here)]


class LinesCard(Card):
    """What was sold, and its sum."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._tax = Label("", Type.LABEL, "secondary")
        super().__init__(
            theme, "Package and lines", right=self._tax, heading_px=RECORD_HEADING_PX, parent=parent
        )
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(15, 11, 15, 11)
        self._rows.setSpacing(6)
        self.body.addLayout(self._rows)

    def show_lines(self, record: BookingRecord) -> None:
        """Show the lines of another booking."""
        self._tax.setText(record.tax_words)
        empty(self._rows)
        for line in record.lines:
            words = line.words if line.quantity == 1 else f"{line.quantity} × {line.words}"
            self._rows.addLayout(_line(ElidedLabel(words), Label(amount(line.amount_minor, record.currency))))
        self._rows.addWidget(DoubleRule(self.theme))
        total = Label(amount(record.total_minor, record.currency), Type.BODY_SEMIBOLD)
        self._rows.addLayout(_line(Label("Total", Type.BODY_SEMIBOLD), total))


def _line(words: Label, sums: Label) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(words, 1)
    row.addWidget(sums, 0, Qt.AlignmentFlag.AlignRight)
    return row


class NotesCard(Card):
    """What was written down; `edited` says whether there is something to save."""

    edited = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._link = Button(theme, "Edit", Kind.LINK)
        super().__init__(theme, "Notes", right=self._link, heading_px=RECORD_HEADING_PX, parent=parent)
        self._link.setAccessibleName("Edit the note")
        self._link.setObjectName("edit_note")
        self._seen = ""
        self._words = Label("", wraps=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.input = ParagraphInput()
        self.input.setObjectName("note_input")
        self.input.setAccessibleName("Note")
        self.input.hide()
        inner = QVBoxLayout()
        inner.setContentsMargins(15, 11, 15, 11)
        inner.addWidget(self._words)
        inner.addWidget(self.input)
        inner.addStretch(1)
        self.body.addLayout(inner, 1)
        self._link.clicked.connect(self.begin_edit)
        self.input.textChanged.connect(lambda: self.edited.emit(self.is_edited))

    @property
    def is_edited(self) -> bool:
        """Whether the note differs from what was shown."""
        return not self.input.isHidden() and self.input.toPlainText() != self._seen

    @property
    def seen(self) -> str:
        """The note as it was when the edit began."""
        return self._seen

    def begin_edit(self) -> None:
        """Turn the note into an input."""
        self.input.setPlainText(self._seen)
        self._words.hide()
        self._link.hide()
        self.input.show()
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)

    def resume_edit(self, seen: str, typed: str) -> None:
        """Go on with an edit that was ended too early."""
        self._seen = seen
        self.begin_edit()
        self.input.setPlainText(typed)

    def end_edit(self) -> None:
        """Show the note as it is again."""
        self.input.hide()
        self._words.show()
        self._link.show()
        self.edited.emit(False)  # noqa: FBT003 - a signal's value

    def show_note(self, body: str) -> None:
        """Show another note; an edit under way keeps what is typed."""
        if not self.input.isHidden():
            return
        self._seen = body
        self._words.setText(body or "Nothing is written down yet.")
        self._words.set_tone("" if body else "secondary")


def headline(record: BookingRecord, today: date) -> str:
    """The line under the name: "Full-day wedding · Sat 12 June 2027, 11:00–21:00 in Lisbon · in 31 days"."""
    slot = record.slot
    if slot.starts_at_utc is None or slot.ends_at_utc is None:
        return f"{record.package_name} · postponed, no date yet"
    start, end = (utc_to_wall(each, slot.time_zone) for each in (slot.starts_at_utc, slot.ends_at_utc))
    place = f" in {dates.city(slot.time_zone)}" if slot.time_zone != slot.studio_zone else ""
    when = f"{dates.day_with_year(start.date())}, {dates.time_span(start, end)}{place}"
    return f"{record.package_name} · {when} · {dates.relative_day(start.date(), today)}"
