"""The inputs of a slot: date, start, end and zone; the slot they say, or why they say none."""

from datetime import date, datetime, time, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting.dates import day_words
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import DateInput, TextInput, TimeInput
from desktop.qt.theme import Theme
from shared.clock import zone, zone_names
from shared.errors import DomainError, ZoneUnknown
from shared.models.slot import Slot


class SlotFields(QWidget):
    """`changed` says that any of them was touched; an end that is not after the start means the next day."""

    changed = Signal()

    def __init__(self, theme: Theme, slot: Slot, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day = DateInput(slot.start_date, today)
        self.start, self.end = TimeInput(slot.start_time), TimeInput(slot.end_time)
        self.zone = TextInput(slot.zone)
        completer = QCompleter(sorted(zone_names()), self.zone)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.zone.setCompleter(completer)
        for name, control in (
            ("slot_day", self.day),
            ("slot_start", self.start),
            ("slot_end", self.end),
            ("slot_zone", self.zone),
        ):
            control.setObjectName(name)
        self._day_field = Field(theme, "Date", self.day)
        self._end_field = Field(theme, "End", self.end)
        self._zone_field = Field(theme, "Time zone", self.zone)
        self.start.setFixedWidth(84)
        self.end.setFixedWidth(84)
        row = QHBoxLayout()
        row.setSpacing(12)
        for field, stretch in (
            (self._day_field, 3),
            (Field(theme, "Start", self.start), 0),
            (self._end_field, 0),
            (self._zone_field, 4),
        ):
            row.addWidget(field, stretch, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        self.day.dateChanged.connect(lambda _: self._touched())
        self.start.timeChanged.connect(lambda _: self._touched())
        self.end.timeChanged.connect(lambda _: self._touched())
        self.zone.textChanged.connect(lambda _: self._touched())
        self._touched()

    def slot(self) -> Slot | None:
        """The slot that is typed, or None while it is none."""
        try:
            zone(self.zone.text().strip())
            return self._typed()
        except DomainError:
            return None

    def set_length(self, minutes: int) -> None:
        """End so many minutes after the start."""
        begin = datetime.combine(self.day.day(), self.start.at())
        self.end.set_at((begin + timedelta(minutes=minutes)).time())

    def _typed(self) -> Slot:
        day, start, end = self.day.day(), self.start.at(), self.end.at()
        last = day if end > start else day + timedelta(days=1)
        return Slot(day, start, last, end, self.zone.text().strip())

    def _touched(self) -> None:
        known = True
        try:
            zone(self.zone.text().strip())
        except ZoneUnknown as unknown:
            known = False
            self._zone_field.show_error(unknown.sentence)
        if known:
            self._zone_field.show_error("")
        over_midnight = self.end.at() <= self.start.at()
        following = self.day.day() + timedelta(days=1)
        self._end_field.set_hint(f"on {day_words(following)}" if over_midnight else "")
        self.changed.emit()


def a_day(day: date, zone_name: str, *, start: time = time(10), minutes: int = 120) -> Slot:
    """A slot on a day, for a dialog to begin with."""
    end = datetime.combine(day, start) + timedelta(minutes=minutes)
    return Slot(day, start, end.date(), end.time(), zone_name)
