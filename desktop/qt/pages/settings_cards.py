"""The cards of the settings page: each with its result at the right or below."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting import brand_accent
from desktop.presenting.dates import day_with_year
from desktop.presenting.settings_words import (
    KEY_FILE_FIRST,
    KEY_FILE_MORE,
    NUMBERING,
    NUMBERS_EXPLAINED,
    PASSED,
    next_number_words,
    numbers_ready,
)
from desktop.presenting.status_words import say
from desktop.qt.components.card import Card, Sunken
from desktop.qt.components.facts_list import FactsList
from desktop.qt.components.field import Field
from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.inputs import TextInput
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.components.refill import empty
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import CENTER, CONTROL_RADIUS, frame, text
from desktop.qt.theme import Theme
from desktop.queries.settings_rows import SettingsRows

PREVIEW_PX: Final = 380
BRAND_COLORS: Final = ("#1F6F5C", "#2B4B80", "#7A3B5E", "#8A5A00", "#3C4148")
_SAMPLE: Final = "Dear Giulia, the remainder of 1,596.00 EUR for 22 May is due on Wednesday 19 May."


def card_body(card: Card) -> QHBoxLayout:
    """The room of a card: fields at the left, the result at the right."""
    row = QHBoxLayout()
    row.setContentsMargins(15, 14, 15, 16)
    row.setSpacing(24)
    card.body.addLayout(row)
    return row


def field_grid(pairs: Sequence[Sequence[QWidget]]) -> QGridLayout:
    """Fields in two equal columns."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(12)
    for line, pair in enumerate(pairs):
        for column, widget in enumerate(pair):
            grid.addWidget(widget, line, column, Qt.AlignmentFlag.AlignTop)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return grid


class Swatch(QAbstractButton):
    """One brand colour to choose."""

    def __init__(self, theme: Theme, color: str) -> None:
        super().__init__()
        self._theme = theme
        self.color = color
        self.setCheckable(True)
        self.setAccessibleName(f"Brand colour {color}")
        self.setToolTip(color)
        self.setFixedSize(24, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The colour, a tick on the chosen one."""
        painter, area = QPainter(self), QRectF(self.rect())
        outline = self._theme.color("text" if self.hasFocus() else "border2")
        frame(painter, area, radius=CONTROL_RADIUS, fill=QColor(self.color), outline=outline, width=1)
        if self.isChecked():
            ink = brand_accent.light_accent(self.color).on_accent
            paint_icon(painter, Icon.CHECK, ink, QRectF(6, 6, 12, 12))


class BrandColor(QWidget):
    """Five colours and a field for any other; the verdict says in words how text reads on it."""

    changed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._swatches = [Swatch(theme, color) for color in BRAND_COLORS]
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self.code = TextInput()
        self.code.setFixedWidth(88)
        self.code.setAccessibleName("Brand colour as a code")
        self._sign = IconLabel(theme, Icon.CHECK, "accent", size=12)
        self._verdict = ElidedLabel("", Type.CAPTION, "secondary")
        row = QHBoxLayout()
        row.setSpacing(8)
        for swatch in self._swatches:
            self._group.addButton(swatch)
            swatch.clicked.connect(lambda _=False, color=swatch.color: self.show_color(color))
            row.addWidget(swatch)
        row.addSpacing(4)
        row.addWidget(self.code)
        row.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(5)
        below.addWidget(self._sign)
        below.addWidget(self._verdict, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Label("Brand colour", Type.LABEL, "secondary"))
        column.addLayout(row)
        column.addLayout(below)
        self.code.textEdited.connect(self._typed)

    def color(self) -> str:
        """The colour as "#RRGGBB", or what was typed instead."""
        return self.code.text().strip().upper()

    def show_color(self, color: str) -> None:
        """Choose a colour."""
        self.code.setText(color.upper())
        self._say(color)

    def _typed(self) -> None:
        self._say(self.color())

    def _say(self, color: str) -> None:
        for swatch in self._swatches:
            swatch.setChecked(swatch.color == color.upper())
        readable = QColor.isValidColorName(color) and len(color) == len("#RRGGBB")
        self.code.setProperty("wrong", not readable)
        self.code.style().unpolish(self.code)
        self.code.style().polish(self.code)
        self._sign.setVisible(readable)
        self._verdict.setText(brand_accent.verdict(color) if readable else "Write it as #1F6F5C")
        self.changed.emit(color.upper())


class MailPreview(Sunken):
    """The head of a pay-link mail in the brand colour; on paper in both modes."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setFixedWidth(PREVIEW_PX)
        self._name, self._color = "", BRAND_COLORS[0]
        self.setMinimumHeight(208)

    def show_brand(self, name: str, color: str) -> None:
        """Become another studio's mail."""
        self._name = name
        if QColor.isValidColorName(color):
            self._color = color
        self.setAccessibleName(f"Preview of a pay link mail from {name}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paper, sign, name, words, button."""
        super().paintEvent(event)
        painter, inner = QPainter(self), QRectF(self.rect()).adjusted(13, 0, -13, -13)
        secondary = self.theme.color("secondary")
        heading = QRectF(inner.left(), 10, inner.width(), 20)
        text(painter, heading, "Preview: pay link mail", font=font(Type.CAPTION), color=secondary)
        paper = inner.adjusted(0, 38, 0, 0)
        frame(painter, paper, radius=CONTROL_RADIUS, fill=QColor("#FFFFFF"), outline=QColor("#E4E1DA"))
        brand, ink = QColor(self._color), QColor("#1F2328")
        sign = QRectF(paper.left() + 14, paper.top() + 12, 24, 24)
        frame(painter, sign, radius=12, outline=brand, width=1)
        initials = "".join(word[0] for word in self._name.split()[:2]).upper()
        text(painter, sign, initials, font=font(Type.CAPTION_SEMIBOLD), color=brand, align=CENTER)
        name = QRectF(sign.right() + 8, sign.top(), paper.right() - sign.right() - 20, 24)
        text(painter, name, self._name, font=font(Type.SECTION), color=brand)
        words = QRectF(paper.left() + 14, sign.bottom() + 8, paper.width() - 28, 44)
        painter.setFont(font(Type.BODY, tabular=True))
        painter.setPen(ink)
        painter.drawText(words, Qt.TextFlag.TextWordWrap, _SAMPLE)
        button = QRectF(paper.left() + 14, words.bottom() + 6, 132, 28)
        frame(painter, button, radius=CONTROL_RADIUS, fill=brand)
        on = QColor(brand_accent.light_accent(self._color).on_accent)
        text(painter, button, "Pay 1,596.00 EUR", font=font(Type.LABEL_SEMIBOLD), color=on, align=CENTER)


def number_line(words: str, number: str, *, strong: bool = False) -> QWidget:
    """A number with what it is for at the left."""
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(Label(words, Type.BODY, "secondary"))
    row.addStretch(1)
    row.addWidget(Label(number, Type.BODY_SEMIBOLD if strong else Type.BODY))
    return line


class NumberingCard(Card):
    """The code, where numbers come from, and the next ones."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Numbering", right=Label(NUMBERS_EXPLAINED, Type.BODY, "secondary"))
        self.code = Field(theme, "Code", TextInput())
        self.source = Field(theme, "Numbers when offline", TextInput())
        self._next = QVBoxLayout()
        self._next.setContentsMargins(13, 9, 13, 9)
        self._next.setSpacing(0)
        box = Sunken(theme)
        box.setFixedWidth(PREVIEW_PX)
        box.setLayout(self._next)
        self.row = card_body(self)
        self.row.addLayout(field_grid([(self.code, self.source)]), 1)
        self.row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
        self.key_file = Notice(theme, NoticeKind.INFO, KEY_FILE_FIRST, more=KEY_FILE_MORE)
        line = QHBoxLayout()
        line.setContentsMargins(15, 0, 15, 15)
        line.addWidget(self.key_file)
        self.body.addLayout(line)

    def show_settings(self, rows: SettingsRows) -> None:
        """Show numbers and where they come from."""
        self.code.input.setText(rows.code)
        fixed = "Fixed with the first invoice"
        if rows.code_fixed_on is not None:
            fixed = f"Fixed since {day_with_year(rows.code_fixed_on)}"
        self.code.lock(fixed)
        self.source.input.setText(say(NUMBERING, rows.numbering))
        ready = min((series.ready for series in rows.series), default=0)
        self.source.lock(numbers_ready(rows.numbering, ready))
        empty(self._next)
        for series in rows.series:
            words, number = next_number_words(series.series, series.next_number, is_passed=series.is_passed)
            line = number_line(words, number, strong=bool(series.next_number))
            line.setToolTip(PASSED if series.is_passed else "")
            self._next.addWidget(line)
        self._next.addWidget(number_line("Invoices of next year begin at", rows.series[0].next_year))
        self.key_file.setVisible(rows.key_file)


class FactsCard(Card):
    """Settings that this version shows but does not change."""

    def __init__(self, theme: Theme, heading: str, right: str = "") -> None:
        super().__init__(theme, heading, right=Label(right, Type.BODY, "secondary") if right else None)
        self._facts = FactsList(label_px=220, spacing_px=5)
        self.body.addWidget(self._facts)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show (label, value) lines."""
        self._facts.show_facts(facts)
