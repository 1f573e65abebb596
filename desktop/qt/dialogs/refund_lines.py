"""The table of a refund: per stage what was paid, how it goes back, how much, and what is kept."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting.money_text import amount, cell_amount
from desktop.presenting.status_words import STAGE_KIND, say
from desktop.qt.components.hairline import DoubleRule, Hairline
from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.inputs import AmountInput
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.painting.strokes import CONTROL_RADIUS, frame
from desktop.qt.theme import Theme
from desktop.queries.record_rows import RefundLine

_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_WIDTHS: Final = (200, 110, 0, 110, 80)


class RefundLines(ThemedWidget):
    """`changed` says that an amount was edited; a wrong one is marked and named."""

    changed = Signal()

    def __init__(
        self, theme: Theme, lines: Sequence[RefundLine], currency: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._lines, self._currency = tuple(lines), currency
        self.inputs: dict[int, AmountInput] = {}
        self._kept: dict[int, Label] = {}
        self._sum = Label("", Type.BODY_SEMIBOLD)
        self._kept_sum = Label("", Type.BODY_SEMIBOLD)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._head())
        for place, line in enumerate(self._lines):
            column.addWidget(Hairline(theme))
            column.addLayout(self._row(place, line))
        column.addWidget(DoubleRule(theme))
        column.addLayout(self._foot())
        self._recount()

    def amounts(self) -> tuple[int, ...] | None:
        """What each stage gives back in minor units, or None while one is no amount or too much."""
        found = []
        for place, line in enumerate(self._lines):
            typed = self.inputs[place].amount_minor() if place in self.inputs else 0
            if typed is None or typed > line.paid_minor:
                return None
            found.append(typed)
        return tuple(found)

    def trouble(self) -> str:
        """Why the amounts cannot be asked for; empty when they can."""
        for place, line in enumerate(self._lines):
            if place not in self.inputs:
                continue
            typed = self.inputs[place].amount_minor()
            kind = say(STAGE_KIND, line.stage_kind)
            if typed is None:
                return f"{kind}: this is no amount"
            if typed > line.paid_minor:
                return f"{kind}: at most {amount(line.paid_minor, self._currency)} can go back"
        return ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The frame with its sunken foot."""
        painter, area = QPainter(self), QRectF(self.rect())
        frame(painter, area, radius=CONTROL_RADIUS, fill=self.theme.color("surface"))
        foot = QRectF(0, self.height() - 36, self.width(), 36)
        painter.save()
        painter.setClipRect(foot)
        frame(painter, area, radius=CONTROL_RADIUS, fill=self.theme.color("sunken"))
        painter.restore()
        frame(painter, area, radius=CONTROL_RADIUS, outline=self.theme.color("border2"))

    def _head(self) -> QGridLayout:
        grid = _grid(30)
        titles = ("Stage", "Paid", "How it goes back", f"Refund, {self._currency}", "Kept")
        for place, title in enumerate(titles):
            label = Label(title, Type.CAPTION_MEDIUM, "secondary")
            grid.addWidget(label, 0, place, _RIGHT if place in (1, 3, 4) else Qt.AlignmentFlag.AlignVCenter)
        return grid

    def _row(self, place: int, line: RefundLine) -> QGridLayout:
        grid = _grid(42)
        tone = "" if line.paid_minor else "secondary"
        name = Label(
            say(STAGE_KIND, line.stage_kind), Type.BODY_MEDIUM if line.paid_minor else Type.BODY, tone
        )
        grid.addWidget(name, 0, 0)
        grid.addWidget(Label(cell_amount(line.paid_minor, self._currency), tone=tone), 0, 1, _RIGHT)
        way = QHBoxLayout()
        way.setSpacing(8)
        if line.channel:
            glyph = Icon.REFUND if line.channel == "card" else Icon.PERSON
            way.addWidget(IconLabel(self.theme, glyph, "secondary"))
        way.addWidget(ElidedLabel(line.way_words, tone=tone), 1)
        grid.addLayout(way, 0, 2)
        if not line.paid_minor:
            grid.addWidget(Label("\N{EN DASH}", tone="secondary"), 0, 3, _RIGHT)
            grid.addWidget(Label("\N{EN DASH}", tone="secondary"), 0, 4, _RIGHT)
            return grid
        entry = AmountInput(self._currency, line.refund_minor)
        entry.setAccessibleName(f"Refund of {say(STAGE_KIND, line.stage_kind)}")
        entry.setObjectName(f"refund_amount_{line.stage_kind}")
        entry.setFixedWidth(104)
        entry.changed.connect(lambda _: self._recount())
        self.inputs[place] = entry
        self._kept[place] = Label("")
        grid.addWidget(entry, 0, 3, _RIGHT)
        grid.addWidget(self._kept[place], 0, 4, _RIGHT)
        return grid

    def _foot(self) -> QGridLayout:
        grid = _grid(34)
        paid = sum(line.paid_minor for line in self._lines)
        grid.addWidget(Label("Sum", Type.BODY_SEMIBOLD), 0, 0)
        grid.addWidget(Label(amount(paid, self._currency), Type.BODY_SEMIBOLD), 0, 1, _RIGHT)
        grid.addWidget(self._sum, 0, 3, _RIGHT)
        grid.addWidget(self._kept_sum, 0, 4, _RIGHT)
        return grid

    def _recount(self) -> None:
        for place, entry in self.inputs.items():
            line, typed = self._lines[place], entry.amount_minor()
            wrong = typed is None or typed > line.paid_minor
            entry.setProperty("wrong", wrong)
            entry.style().unpolish(entry)
            entry.style().polish(entry)
            kept = line.paid_minor - (typed or 0)
            self._kept[place].setText("" if wrong else amount(kept, self._currency))
            self._kept[place].set_tone("secondary" if kept == 0 else "")
        found = self.amounts()
        total = sum(found) if found is not None else None
        paid = sum(line.paid_minor for line in self._lines)
        self._sum.setText("" if total is None else amount(total, self._currency))
        self._kept_sum.setText("" if total is None else amount(paid - total, self._currency))
        self.changed.emit()


def _grid(height_px: int) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(12, 0, 12, 0)
    grid.setHorizontalSpacing(16)
    grid.setRowMinimumHeight(0, height_px)
    for place, width in enumerate(_WIDTHS):
        grid.setColumnMinimumWidth(place, width)
        grid.setColumnStretch(place, 0 if width else 1)
    return grid
