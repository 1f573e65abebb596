"""The inputs: text, paragraph, amount, date, time and choice, 30 px high (26 in cards and rows)."""

import re
from collections.abc import Sequence
from datetime import date, time
from typing import Any, Final

from PySide6.QtCore import QDate, QLocale, QPoint, QPointF, QRectF, Qt, QTime, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QValidator
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QLineEdit, QPlainTextEdit, QTimeEdit, QWidget

from desktop.presenting import dates
from desktop.presenting.money_text import amount
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import frame, text
from desktop.qt.theme import Theme
from shared.errors import AmountInvalid
from shared.money import Money, parse_amount

HEIGHT_PX: Final = 30
_TEXT_LEFT_PX: Final = 7
_SHORT_MONTH: Final = re.compile(r"\b[A-Z][a-z]{2}\b")
_FULL_MONTHS: Final = {name[:3]: name for name in dates.MONTHS}


class TextInput(QLineEdit):
    """One line of text."""

    def __init__(self, words: str = "", *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setFont(font(Type.BODY))
        self.setFixedHeight(HEIGHT_PX)
        self.setPlaceholderText(placeholder)

    def setText(self, words: str | None) -> None:
        """Show other words from their beginning, however narrow the field is."""
        super().setText(words)
        self.setCursorPosition(0)


class ParagraphInput(QPlainTextEdit):
    """Several lines; Tab leaves it."""

    def __init__(self, words: str = "", *, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setFont(font(Type.BODY))
        self.setTabChangesFocus(True)
        self.setFixedHeight(lines * Type.BODY.line_px + 12)


class AmountInput(QLineEdit):
    """An amount in one currency, right-aligned; `changed` says the minor units, or None for no amount."""

    changed = Signal(object)

    def __init__(self, currency: str, amount_minor: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._currency = currency
        self.setFont(font(Type.BODY, tabular=True))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedHeight(HEIGHT_PX)
        if amount_minor is not None:
            self.set_minor(amount_minor)
        self.textEdited.connect(lambda _: self.changed.emit(self.amount_minor()))

    def set_currency(self, currency: str) -> None:
        """Read and write another currency from now on."""
        self._currency = currency

    def set_minor(self, amount_minor: int) -> None:
        """Show an amount."""
        self.setText(amount(amount_minor, self._currency).replace(",", ""))

    def money(self) -> Money:
        """The amount as typed; raises AmountInvalid with the reason."""
        return parse_amount(self.text(), self._currency)

    def amount_minor(self) -> int | None:
        """The minor units, or None while it is no amount."""
        try:
            return self.money().amount_minor
        except AmountInvalid:
            return None


class DateInput(QDateEdit):
    """A date as lists say it: "Sat 12 June 2027"; T is today, + and - a day.

    A month is typed by its first three letters, also where it is shown in full; its T is no today.
    """

    def __init__(self, day: date, today: date, parent: QWidget | None = None) -> None:
        super().__init__(QDate(day.year, day.month, day.day), parent)
        self._today = today
        self.setLocale(QLocale(QLocale.Language.English))
        self.setFont(font(Type.BODY, tabular=True))
        self._say_month()
        self.dateChanged.connect(self._say_month)
        self.lineEdit().setTextMargins(_TEXT_LEFT_PX, 0, 0, 0)
        self.setFixedHeight(HEIGHT_PX)
        self.setToolTip("T today, + and − a day")

    def day(self) -> date:
        """The date chosen."""
        chosen = self.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def set_day(self, day: date) -> None:
        """Show another date."""
        self.setDate(QDate(day.year, day.month, day.day))

    def validate(self, words: str, place: int) -> Any:  # noqa: ANN401 - the state with what it is about
        """Three letters of a month are enough where months are shown in full too."""
        found: Any = super().validate(words, place)
        if found[0] is not QValidator.State.Intermediate:
            return found
        whole = _SHORT_MONTH.sub(lambda match: _FULL_MONTHS.get(match[0], match[0]), words)
        tried: Any = super().validate(whole, place + len(whole) - len(words))
        return tried if tried[0] is QValidator.State.Acceptable else found

    def _say_month(self) -> None:
        in_full = dates.month(self.day()) == dates.MONTHS[self.day().month - 1]
        wanted = "ddd d MMMM yyyy" if in_full else "ddd d MMM yyyy"
        if wanted != self.displayFormat():
            section = self.currentSection()
            self.setDisplayFormat(wanted)
            self.setCurrentSection(section)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The three keys of date fields."""
        if event.key() == Qt.Key.Key_T and self.hasAcceptableInput():
            self.set_day(self._today)
        elif event.text() == "+":
            self.setDate(self.date().addDays(1))
        elif event.text() == "-":
            self.setDate(self.date().addDays(-1))
        else:
            super().keyPressEvent(event)


class TimeInput(QTimeEdit):
    """A time of the wall clock, in steps of a quarter of an hour."""

    def __init__(self, at: time, parent: QWidget | None = None) -> None:
        super().__init__(QTime(at.hour, at.minute), parent)
        self.setFont(font(Type.BODY, tabular=True))
        self.setDisplayFormat("HH:mm")
        self.lineEdit().setTextMargins(_TEXT_LEFT_PX, 0, 0, 0)
        self.setFixedHeight(HEIGHT_PX)

    def at(self) -> time:
        """The time chosen."""
        chosen = self.time()
        return time(chosen.hour(), chosen.minute())

    def set_at(self, at: time) -> None:
        """Show another time."""
        self.setTime(QTime(at.hour, at.minute))

    def stepBy(self, steps: int) -> None:
        """Arrow keys move by a quarter of an hour, or by an hour in the hours."""
        if self.currentSection() is QTimeEdit.Section.MinuteSection:
            self.setTime(self.time().addSecs(steps * 15 * 60))
        else:
            super().stepBy(steps)


class ChoiceInput(QComboBox):
    """One of several; each choice carries its code."""

    def __init__(
        self, theme: Theme, choices: Sequence[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFont(font(Type.BODY))
        self.setFixedHeight(HEIGHT_PX)
        self.set_choices(choices)

    def set_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer (code, words) pairs; the chosen code stays chosen if it is still there."""
        before = self.code()
        self.clear()
        for code, words in choices:
            self.addItem(words, code)
        if before is not None:
            self.choose(before)

    def code(self) -> str | None:
        """The code chosen, or None when there is nothing to choose."""
        chosen = self.currentData()
        return None if chosen is None else str(chosen)

    def choose(self, code: str) -> None:
        """Choose by code; an unknown one changes nothing."""
        place = self.findData(code)
        if place >= 0:
            self.setCurrentIndex(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, and our arrow in it."""
        super().paintEvent(event)
        area = QRectF(self.width() - 24, (self.height() - 12) / 2, 12, 12)
        paint_icon(QPainter(self), Icon.CHEVRON_DOWN, self._theme.tokens.secondary, area)


class CheckInput(QCheckBox):
    """A 16-px box with words beside it."""

    def __init__(
        self, theme: Theme, words: str, *, checked: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(words, parent)
        self._theme = theme
        self.setChecked(checked)
        self.setFont(font(Type.BODY))
        self.setFixedHeight(20)
        theme.changed.connect(self.update)

    def hitButton(self, pos: QPoint) -> bool:
        """The words belong to the box."""
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The box, its tick, the words, the ring on focus."""
        painter, theme = QPainter(self), self._theme
        box = QRectF(0, (self.height() - 16) / 2, 16, 16)
        if self.isChecked():
            frame(painter, box, radius=4, fill=theme.color("accent"))
            paint_icon(painter, Icon.CHECK, theme.tokens.on_accent, box.adjusted(2, 2, -2, -2))
        else:
            surface, outline = theme.color("surface"), theme.color("control")
            frame(painter, box, radius=4, fill=surface, outline=outline, width=1)
        if self.hasFocus():
            frame(painter, box, radius=4, outline=theme.color("text"), width=2)
        words = QRectF(QPointF(24, 0), QPointF(self.width(), self.height()))
        ink = theme.color("text" if self.isEnabled() else "disabled")
        text(painter, words, self.text(), font=self.font(), color=ink)
