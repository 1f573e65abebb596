"""One sheet with every component of the kit, for the gallery."""

from datetime import time

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.qt.components.buttons import Button, IconButton, Kind
from desktop.qt.components.card import Card
from desktop.qt.components.chip import Chip
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.components.facts_list import FactsList
from desktop.qt.components.field import Field
from desktop.qt.components.icon_label import PersonCircle, RowMarkLabel, StatusGlyph
from desktop.qt.components.inputs import (
    AmountInput,
    CheckInput,
    ChoiceInput,
    DateInput,
    ParagraphInput,
    TextInput,
    TimeInput,
)
from desktop.qt.components.key_hint import KeyHint
from desktop.qt.components.label import Label
from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.components.segments import Segments
from desktop.qt.components.stage_bar import StageBar, StageLook, StagePart
from desktop.qt.components.timeline import Timeline
from desktop.qt.components.undo_bar import UndoBar
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme
from tests.desktop.qt import sample_rows as rows
from tests.desktop.qt.sample_record import a_record


class KitSheet(QWidget):
    """All pieces side by side."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme = theme
        self.resize(1200, 860)
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 20, 24, 16)
        grid.setSpacing(16)
        grid.addWidget(self._buttons(), 0, 0)
        grid.addWidget(self._inputs(), 1, 0, 2, 1)
        grid.addWidget(self._signs(), 0, 1)
        grid.addWidget(self._notices(), 1, 1)
        grid.addWidget(self._timeline(), 2, 1)
        grid.addWidget(self._empty(), 0, 2, 2, 1)
        grid.addWidget(self._facts(), 2, 2)

    def _card(self, heading: str) -> tuple[Card, QVBoxLayout]:
        card = Card(self._theme, heading, right=Button(self._theme, "Open", Kind.LINK))
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 12, 16, 12)
        inner.setSpacing(10)
        card.body.addLayout(inner)
        return card, inner

    def _buttons(self) -> QWidget:
        card, inner = self._card("Buttons")
        for small in (False, True):
            row = QHBoxLayout()
            for kind in (Kind.PRIMARY, Kind.PLAIN, Kind.QUIET, Kind.DANGER, Kind.DANGER_FILL):
                row.addWidget(Button(self._theme, kind.value.capitalize()[:7], kind, small=small))
            inner.addLayout(row)
        row = QHBoxLayout()
        row.addWidget(Button(self._theme, "New booking", Kind.PRIMARY, glyph=Icon.PLUS))
        row.addWidget(Button(self._theme, "Mail link", glyph=Icon.MAIL))
        row.addWidget(IconButton(self._theme, Icon.PRINTER, "Print"))
        off = Button(self._theme, "Save")
        off.set_enabled_because("Nothing has changed")
        row.addWidget(off)
        row.addWidget(KeyHint(self._theme, "Ctrl+K"))
        row.addStretch(1)
        inner.addLayout(row)
        return card

    def _inputs(self) -> QWidget:
        card, inner = self._card("Inputs")
        today = rows.TODAY
        inner.addWidget(Field(self._theme, "Name", TextInput("Ines Carvalho"), hint="As on the invoice"))
        wrong = Field(self._theme, "Mail", TextInput("ines@"))
        wrong.show_error("This is not a mail address we can send to.")
        inner.addWidget(wrong)
        line = QHBoxLayout()
        line.addWidget(Field(self._theme, "Date", DateInput(today, today)))
        line.addWidget(Field(self._theme, "Time", TimeInput(time(12, 0))))
        line.addWidget(Field(self._theme, "Amount, EUR", AmountInput("EUR", 104400)))
        inner.addLayout(line)
        choice = ChoiceInput(self._theme, [("a", "Customer cancelled"), ("b", "Studio cancelled")])
        inner.addWidget(Field(self._theme, "Reason", choice))
        inner.addWidget(Field(self._theme, "Note", ParagraphInput("Ceremony 15:00 in the lemon garden.")))
        locked = Field(self._theme, "Code", TextInput("BELLAWEDS"))
        locked.lock("Fixed since 14 Jan 2025")
        inner.addWidget(locked)
        inner.addWidget(CheckInput(self._theme, "Anna", checked=True))
        inner.addWidget(CheckInput(self._theme, "Drone kit"))
        inner.addStretch(1)
        return card

    def _signs(self) -> QWidget:
        card, inner = self._card("Signs")
        row = QHBoxLayout()
        chosen = Chip(self._theme, "All upcoming", count=30)
        chosen.setChecked(True)
        row.addWidget(chosen)
        row.addWidget(Chip(self._theme, "Held", glyph=Icon.CLOCK, count=3))
        row.addStretch(1)
        inner.addLayout(row)
        inner.addWidget(
            Segments(self._theme, [("day", "Day"), ("week", "Week"), ("month", "Month")], "month")
        )
        row = QHBoxLayout()
        for status in ("held", "confirmed", "needs_slot", "postponed", "completed", "cancelled"):
            row.addWidget(StatusGlyph(self._theme, status))
        for mark in ("waiting", "refused", "merged"):
            row.addWidget(RowMarkLabel(self._theme, mark))
        row.addWidget(PersonCircle(self._theme, "Anna"))
        row.addStretch(1)
        inner.addLayout(row)
        bar = StageBar(self._theme)
        bar.show_parts(
            [StagePart(100, look, look.name) for look in (StageLook.PAID, StageLook.REFUNDED, StageLook.OPEN)]
            + [StagePart(150, StageLook.POSTPONED, "postponed")]
        )
        inner.addWidget(bar)
        return card

    def _notices(self) -> QWidget:
        card, inner = self._card("Notices")
        inner.addWidget(
            Notice(self._theme, NoticeKind.WARNING, "A second person is needed.", more="1,885.00 is above.")
        )
        inner.addWidget(Notice(self._theme, NoticeKind.DANGER, "Ben is already booked."))
        inner.addWidget(Notice(self._theme, NoticeKind.INFO, "3 changes wait."))
        bar = UndoBar(self._theme, self)
        bar.offer_undo("Moved Ferri & Conti.")
        inner.addWidget(bar)
        return card

    def _timeline(self) -> QWidget:
        card, _ = self._card("Money timeline")
        timeline = Timeline(self._theme)
        timeline.show_entries(a_record(rows.WEEK[5]).timeline, "EUR")
        card.body.insertWidget(0, timeline)
        return card

    def _empty(self) -> QWidget:
        card, inner = self._card("Empty")
        inner.addWidget(
            EmptyState(
                self._theme,
                "Enter the first booking",
                "Customer, date and package are enough. It works without a network.",
                action="New booking",
            )
        )
        return card

    def _facts(self) -> QWidget:
        card, inner = self._card("Facts")
        facts = FactsList()
        facts.show_facts(
            [
                ("Date", "Saturday 12 June 2027"),
                ("Time", "11:00\u201321:00 in Lisbon", "12:00\u201322:00 in Vienna"),
                ("Place", ""),
            ]
        )
        inner.addWidget(facts)
        for role in Type:
            inner.addWidget(Label(f"{role.name.lower()} 1,188.00", role))
        return card
