"""The row of sums below a table: double rule, sunken, semibold, under the columns it sums."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.qt.components.rows_header import EDGE_PX
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type, font
from desktop.qt.painting.strokes import RIGHT, double_rule, text
from desktop.qt.theme import Theme

HEIGHT_PX: Final = 36
_PAD_PX: Final = 8


class SumRow(ThemedWidget):
    """`header` gives the places of the columns; without one only words and one sum at the right are shown."""

    def __init__(
        self,
        theme: Theme,
        header: QHeaderView | None = None,
        *,
        height_px: int = HEIGHT_PX,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._header = header
        self._words = self._more = ""
        self._sums: Mapping[int, str] = {}
        self.setFixedHeight(height_px)
        if header is not None:
            header.sectionResized.connect(self._move)
            header.sectionMoved.connect(self._move)

    def say(self, words: str, sums: Mapping[int, str], *, more: str = "") -> None:
        """Semibold words at the left with a remark, and the sums by logical column (-1 = right edge)."""
        self._words, self._more, self._sums = words, more, sums
        self.setAccessibleName(", ".join([words, more, *sums.values()]))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Rule, words, sums."""
        painter = QPainter(self)
        double_rule(painter, self.theme, 0, self.width(), 0)
        area = QRect(15, 3, self.width() - 30, self.height() - 3)
        strong, plain = font(Type.BODY_SEMIBOLD, tabular=True), font(Type.BODY)
        color, secondary = self.theme.color("text"), self.theme.color("secondary")
        used = text(painter, area, self._words, font=strong, color=color)
        if self._more:
            rest = area.adjusted(used + 4, 0, 0, 0)
            text(painter, rest, f"· {self._more}", font=plain, color=secondary)
        for section, words in self._sums.items():
            if self._header is not None and section >= 0 and self._header.isSectionHidden(section):
                continue
            text(painter, self._place(section, area), words, font=strong, color=color, align=RIGHT)

    def _place(self, section: int, area: QRect) -> QRect:
        if self._header is None or section < 0:
            return area
        right = self._header.sectionViewportPosition(section) + self._header.sectionSize(section)
        edge = EDGE_PX if right >= self._header.length() else 0
        return QRect(right - 160, area.top(), 160 - _PAD_PX - edge, area.height())

    def _move(self, *_: int) -> None:
        self.update()
