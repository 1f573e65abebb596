"""The fields of a clash: before, yours, theirs, and whose value stands now; only the lost one is tinted."""

from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import horizontal, text
from desktop.qt.theme import Theme
from desktop.queries.rows import FieldChange

HEAD_PX: Final = 30
ROW_PX: Final = 36
_LEFT_PX: Final = 57
_SHARES: Final = (0.0, 0.152, 0.386, 0.62, 0.853)
"""Where each column begins, as a share of the width right of the icon's column."""
_UNTOUCHED: Final = "not touched"


class FieldTable(ThemedWidget):
    """`theirs` names the other person: "Ben’s, 10 May 18:31"."""

    def __init__(self, theme: Theme, fields: Sequence[FieldChange], *, yours: str, theirs: str) -> None:
        super().__init__(theme)
        self._fields = tuple(fields)
        self._heads = ("Field", "Before", yours, theirs, "Now")
        self._owner = theirs.partition(",")[0]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.sizeHint().height())
        self.setAccessibleName(". ".join(self._spoken(field) for field in self._fields))

    def sizeHint(self) -> QSize:
        """Head and rows."""
        return QSize(480, HEAD_PX + ROW_PX * len(self._fields))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Head, then each field on its line."""
        painter, line = QPainter(self), self.theme.color("border")
        secondary = self.theme.color("secondary")
        for column, words in enumerate(self._heads):
            area = self._cell(column, 0, HEAD_PX)
            text(painter, area, words, font=font(Type.CAPTION_MEDIUM, tabular=True), color=secondary)
        horizontal(painter, line, 0, self.width(), HEAD_PX - 1)
        for place, field in enumerate(self._fields):
            self._paint_field(painter, HEAD_PX + place * ROW_PX, field)
            horizontal(painter, line, 0, self.width(), HEAD_PX + (place + 1) * ROW_PX - 1)

    def _paint_field(self, painter: QPainter, top: int, field: FieldChange) -> None:
        if field.lost:
            painter.fillRect(QRect(0, top, self.width(), ROW_PX - 1), self.theme.color("info_soft"))
        plain, medium = font(Type.BODY, tabular=True), font(Type.BODY_MEDIUM)
        ink, secondary = self.theme.color("text"), self.theme.color("secondary")
        text(painter, self._cell(0, top, ROW_PX), field.field_name, font=medium, color=ink)
        before = field.before or "\N{EN DASH}"
        text(painter, self._cell(1, top, ROW_PX), before, font=plain, color=secondary)
        self._paint_value(painter, self._cell(2, top, ROW_PX), field.mine, other=field.theirs)
        self._paint_value(painter, self._cell(3, top, ROW_PX), field.theirs, other=field.mine)
        self._paint_now(painter, self._cell(4, top, ROW_PX), field)

    def _paint_value(self, painter: QPainter, area: QRect, value: str | None, *, other: str | None) -> None:
        plain = font(Type.BODY, tabular=True)
        if value is None:
            secondary = self.theme.color("secondary")
            text(painter, area, _UNTOUCHED, font=plain, color=secondary)
            return
        ink = self.theme.color("text")
        same = value if other in (None, value) else _common_beginning(value, str(other))
        used = text(painter, area, same, font=plain, color=ink)
        rest = area.adjusted(used, 0, 0, 0)
        text(painter, rest, value[len(same) :], font=font(Type.BODY_SEMIBOLD, tabular=True), color=ink)

    def _paint_now(self, painter: QPainter, area: QRect, field: FieldChange) -> None:
        glyph, ink = (Icon.SWAP, "info") if field.lost else (Icon.CHECK, "secondary")
        square = QRectF(area.left(), area.center().y() - 6, 13, 13)
        paint_icon(painter, glyph, getattr(self.theme.tokens, ink), square)
        words, color = self._now(field), self.theme.color("text" if field.lost else "secondary")
        text(painter, area.adjusted(20, 0, 0, 0), words, font=font(Type.BODY), color=color)

    def _now(self, field: FieldChange) -> str:
        return "Yours" if field.now == "mine" else self._owner

    def _cell(self, column: int, top: int, height: int) -> QRect:
        room = self.width() - _LEFT_PX - 16
        left = _LEFT_PX + round(room * _SHARES[column])
        right = _LEFT_PX + (round(room * _SHARES[column + 1]) - 12 if column + 1 < len(_SHARES) else room)
        return QRect(left, top, right - left, height - 1)

    def _spoken(self, field: FieldChange) -> str:
        mine = _UNTOUCHED if field.mine is None else field.mine
        theirs = _UNTOUCHED if field.theirs is None else field.theirs
        words = f"{field.field_name}: before {field.before}, yours {mine}, theirs {theirs}"
        return f"{words}, now {self._now(field)}"


def _common_beginning(first: str, second: str) -> str:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))
    return "".join(letter for letter, _ in pairs)
