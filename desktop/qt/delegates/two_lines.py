"""A row of two lines: what it is about above, a caption below, a sum or moment at the right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter

from desktop.qt.components.rows_table import RowsTable
from desktop.qt.delegates.row_delegate import Index, RowDelegate
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import RIGHT, text, width_of
from desktop.qt.theme import Theme

ROW_PX: Final = 47
_CHEVRON_PX: Final = 14
_GLYPH_PX: Final = 15


@dataclass(frozen=True, slots=True)
class TwoLines:
    """The parts of a row; empty ones are left out. Inks are tokens."""

    title: str
    caption: str
    more: str = ""
    right: str = ""
    right_caption: str = ""
    glyph: Icon | None = None
    glyph_ink: str = "secondary"
    right_ink: str = "text"
    right_strong: bool = False
    state_glyph: Icon | None = None
    state_ink: str = "secondary"
    chevron: bool = False


class TwoLineDelegate(RowDelegate):
    """Paints what `lines` answers for a row."""

    def __init__(
        self,
        theme: Theme,
        table: RowsTable,
        lines: Callable[[Any], TwoLines],
        *,
        row_px: int = ROW_PX,
    ) -> None:
        super().__init__(theme, table)
        self._lines = lines
        self.row_px = row_px

    def paint_content(self, painter: QPainter, area: QRect, row: Any, _index: Index) -> None:  # noqa: ANN401 - the model's row
        """Both lines, right parts first, so that the left ones give way."""
        lines = self._lines(row)
        inner = QRect(area)
        if lines.chevron:
            self._paint_chevron(painter, inner)
            inner.adjust(0, 0, -_CHEVRON_PX - 12, 0)
        if lines.glyph is not None:
            glyph = QRectF(inner.left(), inner.top() + 7, _GLYPH_PX, _GLYPH_PX)
            paint_icon(painter, lines.glyph, getattr(self.theme.tokens, lines.glyph_ink), glyph)
            inner.adjust(26 if lines.chevron else 24, 0, 0, 0)
        shift = (self.row_px - ROW_PX) // 2
        self._paint_top(painter, QRect(inner.left(), inner.top() + 5 + shift, inner.width(), 20), lines)
        self._paint_bottom(painter, QRect(inner.left(), inner.top() + 24 + shift, inner.width(), 16), lines)

    def _paint_top(self, painter: QPainter, line: QRect, lines: TwoLines) -> None:
        strong = Type.BODY_SEMIBOLD if lines.right_strong else Type.BODY
        figures, color = font(strong, tabular=True), self.theme.color(lines.right_ink)
        used = text(painter, line, lines.right, font=figures, color=color, align=RIGHT)
        rest = line.adjusted(0, 0, -used - 12 if used else 0, 0)
        plain = self.theme.color("text")
        used = text(painter, rest, lines.title, font=font(Type.BODY_MEDIUM), color=plain)
        if lines.more:
            rest.adjust(used + 4, 0, 0, 0)
            secondary = self.theme.color("secondary")
            text(painter, rest, lines.more, font=font(Type.BODY, tabular=True), color=secondary)

    def _paint_bottom(self, painter: QPainter, line: QRect, lines: TwoLines) -> None:
        small, secondary = font(Type.CAPTION, tabular=True), self.theme.color("secondary")
        used = text(painter, line, lines.right_caption, font=small, color=secondary, align=RIGHT)
        if lines.state_glyph is not None:
            square = QRectF(line.right() - used - 17, line.center().y() - 5.5, 12, 12)
            paint_icon(painter, lines.state_glyph, getattr(self.theme.tokens, lines.state_ink), square)
        room = width_of(lines.right_caption, small) + 24 if lines.right_caption else 0
        text(painter, line.adjusted(0, 0, -room, 0), lines.caption, font=small, color=secondary)

    def _paint_chevron(self, painter: QPainter, area: QRect) -> None:
        square = QRectF(
            area.right() - _CHEVRON_PX, area.center().y() - _CHEVRON_PX / 2, _CHEVRON_PX, _CHEVRON_PX
        )
        paint_icon(painter, Icon.CHEVRON_RIGHT, self.theme.tokens.secondary, square)
