"""The money timeline: date, axis with a dot, words, amount, and what is still due after each entry."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.presenting.dates import day_month
from desktop.presenting.money_text import amount, signed_amount
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type, font
from desktop.qt.painting.strokes import RIGHT, dot, horizontal, text, vertical
from desktop.qt.theme import Theme
from desktop.queries.record_rows import EntryLook, TimelineEntry

HEAD_PX: Final = 30
_ENTRY_PX: Final = 50
_LAST_PX: Final = 36
_DATE_PX: Final = 62
_AXIS_PX: Final = 22
_AMOUNT_PX: Final = 96
_DUE_PX: Final = 80
_PAD_PX: Final = 15
_RADIUS: Final = 5.0


class Timeline(ThemedWidget):
    """Entries from old to new; planned ones are dashed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._entries: tuple[TimelineEntry, ...] = ()
        self._currency = "EUR"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: Sequence[TimelineEntry], currency: str) -> None:
        """Draw these entries."""
        self._entries, self._currency = tuple(entries), currency
        spoken = [f"{day_month(entry.on)}: {entry.words}" for entry in self._entries]
        self.setAccessibleName("Money timeline. " + ". ".join(spoken))
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        """The head and the entries."""
        return QSize(320, HEAD_PX + sum(self._height(entry) for entry in self._entries) + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The head, then each entry with its piece of the axis."""
        painter = QPainter(self)
        self._paint_head(painter)
        y = HEAD_PX + 8
        for place, entry in enumerate(self._entries):
            following = self._entries[place + 1] if place + 1 < len(self._entries) else None
            self._paint_axis(painter, y, entry, following)
            self._paint_entry(painter, y, entry)
            y += self._height(entry)

    def _columns(self) -> tuple[int, int, int, int]:
        due_right = self.width() - _PAD_PX
        amount_right = due_right - _DUE_PX
        words_left = _PAD_PX + _DATE_PX + _AXIS_PX
        return words_left, amount_right - _AMOUNT_PX, amount_right, due_right

    def _paint_head(self, painter: QPainter) -> None:
        made, color = font(Type.CAPTION_MEDIUM), self.theme.color("secondary")
        words_left, amount_left, amount_right, due_right = self._columns()
        height = HEAD_PX - 1
        text(painter, QRect(_PAD_PX, 0, _DATE_PX, height), "Date", font=made, color=color)
        text(painter, QRect(words_left, 0, 120, height), "Entry", font=made, color=color)
        amounts = QRect(amount_left, 0, _AMOUNT_PX, height)
        text(painter, amounts, "Amount", font=made, color=color, align=RIGHT)
        dues = QRect(amount_right, 0, due_right - amount_right, height)
        text(painter, dues, "Still due", font=made, color=color, align=RIGHT)
        horizontal(painter, self.theme.color("border"), 0, self.width(), height)

    def _paint_axis(
        self, painter: QPainter, y: int, entry: TimelineEntry, following: TimelineEntry | None
    ) -> None:
        center = QPointF(_PAD_PX + _DATE_PX + 6, y + 12)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if following is not None:
            end = y + self._height(entry) + 12 - _RADIUS
            if following.look is EntryLook.PLANNED:
                pen = QPen(self.theme.color("control"), 1)
                pen.setDashPattern([3, 2])
                painter.setPen(pen)
                painter.drawLine(QPointF(center.x(), center.y() + _RADIUS), QPointF(center.x(), end))
            else:
                vertical(painter, self.theme.color("border2"), center.x(), center.y() + _RADIUS, end)
        if entry.look is EntryLook.MONEY:
            dot(painter, center, _RADIUS, self.theme.color("accent"))
        else:
            pen = QPen(self.theme.color("secondary"), 1)
            if entry.look is EntryLook.PLANNED:
                pen.setDashPattern([2, 2])
            painter.setPen(pen)
            painter.setBrush(self.theme.color("surface"))
            painter.drawEllipse(center, _RADIUS - 0.5, _RADIUS - 0.5)
        painter.restore()

    def _paint_entry(self, painter: QPainter, y: int, entry: TimelineEntry) -> None:
        words_left, amount_left, amount_right, due_right = self._columns()
        figures, small = font(Type.BODY, tabular=True), font(Type.CAPTION, tabular=True)
        plain, secondary = self.theme.color("text"), self.theme.color("secondary")
        color = secondary if entry.look is EntryLook.PLANNED else plain
        top = y + 2
        date = QRect(_PAD_PX, top, _DATE_PX, 20)
        text(painter, date, day_month(entry.on), font=figures, color=secondary)
        room = amount_left - words_left
        text(painter, QRect(words_left, top, room, 20), entry.words, font=figures, color=color)
        caption = QRectF(words_left, top + 19, room + _AMOUNT_PX, 16)
        text(painter, caption, entry.caption, font=small, color=secondary)
        money = self.theme.color("accent") if entry.look is EntryLook.MONEY else secondary
        sums = QRect(amount_left, top, _AMOUNT_PX, 20)
        text(painter, sums, self._amount(entry), font=figures, color=money, align=RIGHT)
        if entry.still_due_minor is not None:
            due = QRect(amount_right, top, due_right - amount_right, 20)
            words = amount(entry.still_due_minor, self._currency)
            text(painter, due, words, font=figures, color=color, align=RIGHT | Qt.AlignmentFlag.AlignVCenter)

    def _amount(self, entry: TimelineEntry) -> str:
        if entry.amount_minor is None:
            return ""
        said = signed_amount if entry.signed else amount
        return said(entry.amount_minor, self._currency)

    def _height(self, entry: TimelineEntry) -> int:
        return _ENTRY_PX if entry.caption else _LAST_PX
