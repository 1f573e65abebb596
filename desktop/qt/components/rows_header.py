"""The head of a table: 11-px medium titles, the sorted one in text colour with an arrow (up = ascending)."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import LEFT, RIGHT, horizontal, text, width_of
from desktop.qt.theme import Theme

HEIGHT_PX: Final = 30
EDGE_PX: Final = 7
"""The first and the last column keep this much more distance from the edge of their card."""
_PAD_PX: Final = 8
_ARROW_PX: Final = 10


class RowsHeader(QHeaderView):
    """Paints its sections itself, because a style sheet cannot keep hairlines thin."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self.setFixedHeight(HEIGHT_PX)
        self.setMinimumSectionSize(16)
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setAccessibleName("Columns")

    def sizeHint(self) -> QSize:
        """30 px high."""
        return QSize(super().sizeHint().width(), HEIGHT_PX)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - Qt's name
        """One title."""
        model = self.model()
        if model is None or not rect.isValid():
            return
        sides = model.headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        right = bool(Qt.AlignmentFlag(sides) & Qt.AlignmentFlag.AlignRight) if sides is not None else False
        words = str(model.headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        ascending = self._ascending(logicalIndex)
        color = self._theme.color("secondary" if ascending is None else "text")
        area = rect.adjusted(_PAD_PX, 0, -_PAD_PX, -1)
        place = self.sectionPosition(logicalIndex)
        if place == 0:
            area.adjust(EDGE_PX, 0, 0, 0)
        if place + self.sectionSize(logicalIndex) >= self.length():
            area.adjust(0, 0, -EDGE_PX, 0)
        painter.save()
        made = font(Type.CAPTION_MEDIUM)
        text(painter, area, words, font=made, color=color, align=RIGHT if right else LEFT)
        if ascending is not None:
            width = width_of(words, made)
            x = area.right() - width - _ARROW_PX - 4 if right else area.left() + width + 6
            if not words:
                x = rect.center().x() - _ARROW_PX // 2
            arrow = QRectF(x, area.center().y() - _ARROW_PX / 2, _ARROW_PX, _ARROW_PX)
            glyph = Icon.CHEVRON_UP if ascending else Icon.CHEVRON_DOWN
            paint_icon(painter, glyph, self._theme.tokens.text, arrow)
        line = self._theme.color("border")
        horizontal(painter, line, rect.left(), rect.right() + 1, rect.bottom())
        painter.restore()

    def _ascending(self, section: int) -> bool | None:
        if not self.isSortIndicatorShown() or self.sortIndicatorSection() != section:
            return None
        return self.sortIndicatorOrder() is Qt.SortOrder.AscendingOrder
