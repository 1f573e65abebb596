"""The ground of every cell (hover, selection, focus row, hairline) and a line of text on it."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.qt.components.rows_table import ROW_PX, RowsTable
from desktop.qt.fonts import Type, font
from desktop.qt.painting.strokes import LEFT, RIGHT, horizontal, text
from desktop.qt.table_models.column import RowRole
from desktop.qt.theme import Theme

Index = QModelIndex | QPersistentModelIndex
PAD_PX: Final = 8


class RowDelegate(QStyledItemDelegate):
    """Paints a cell as one line of text; subclasses paint something else on the same ground.

    `ink` is a colour token, or chooses one by row; `struck` says whose words are struck out.
    """

    def __init__(
        self,
        theme: Theme,
        table: RowsTable,
        *,
        role: Type = Type.BODY,
        ink: str | Callable[[Any], str] = "text",
        right: bool = False,
        struck: Callable[[Any], bool] | None = None,
    ) -> None:
        super().__init__(table)
        self.theme = theme
        self.table = table
        self._role = role
        self._ink = ink
        self._right = right
        self._struck = struck
        self.row_px = ROW_PX

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The ground, then the content."""
        row = index.data(RowRole.ROW)
        if row is None:
            return
        painter.save()
        self._paint_ground(painter, option, index)
        left, right = self.table.edge_pads(index.column())
        area = option.rect.adjusted(PAD_PX + left, 0, -PAD_PX - right, -1)
        self.paint_content(painter, area, row, index)
        painter.restore()

    def paint_content(self, painter: QPainter, area: QRect, row: Any, index: Index) -> None:  # noqa: ANN401 - the model's row
        """The words of the cell, at the side of its column."""
        struck = self._struck is not None and self._struck(row)
        text(
            painter,
            area,
            str(index.data() or ""),
            font=font(self._role, tabular=True, struck=struck),
            color=self.theme.color(self.ink_of(row)),
            align=RIGHT if self._right else LEFT,
        )

    def ink_of(self, row: Any) -> str:  # noqa: ANN401 - the model's row
        """The colour of the words of this row."""
        return self._ink if isinstance(self._ink, str) else self._ink(row)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Every row of a table is equally high."""
        return QSize(60, self.row_px)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area, table = option.rect, self.table
        tint = table.ground_of(index.data(RowRole.ROW)) if table.ground_of is not None else None
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self.theme.color("accent_soft"))
        elif table.hovered_row == index.row():
            painter.fillRect(area, self.theme.color("hover"))
        elif tint is not None:
            painter.fillRect(area, self.theme.color(tint))
        left, right = area.left(), area.right() + 1
        last = index.row() == index.model().rowCount() - 1
        if table.hasFocus() and table.currentIndex().row() == index.row():
            accent = self.theme.color("accent")
            horizontal(painter, accent, left, right, area.top())
            horizontal(painter, accent, left, right, area.bottom())
        elif not (last and table.open_end):
            horizontal(painter, self.theme.color("border"), left, right, area.bottom())
