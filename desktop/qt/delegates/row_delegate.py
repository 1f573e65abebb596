"""A cell as a line of text on the ground that its table paints; others derive from it."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from desktop.qt.components.rows_table import ROW_PX, RowsTable
from desktop.qt.fonts import Type, font
from desktop.qt.painting.strokes import LEFT, RIGHT, text
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
        """The content; the table has painted the ground of the whole row."""
        row = self.table.row_at(index.row())
        if row is not None:
            left, right = self.table.edge_pads(index.column())
            area = option.rect.adjusted(PAD_PX + left, 0, -PAD_PX - right, -1)
            self.paint_content(painter, area, row, index)

    def words_of(self, index: Index) -> str:
        """What the cell says."""
        return self.table.words_at(index.row(), index.column())

    def paint_content(self, painter: QPainter, area: QRect, row: Any, index: Index) -> None:  # noqa: ANN401 - the model's row
        """The words of the cell, at the side of its column."""
        struck = self._struck is not None and self._struck(row)
        text(
            painter,
            area,
            self.words_of(index),
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
