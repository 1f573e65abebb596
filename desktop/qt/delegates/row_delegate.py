"""The ground of every cell (hover, selection, focus row, hairline) and a line of text on it."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.qt.fonts import Type, font
from desktop.qt.painting.strokes import LEFT, RIGHT, horizontal, text
from desktop.qt.table_models.column import RowRole
from desktop.qt.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROW_PX: Final = 34
PAD_PX: Final = 8
HOVERED_ROW: Final = "hoveredRow"
"""The property in which a table keeps the row under the pointer."""


class RowDelegate(QStyledItemDelegate):
    """Paints a cell as one line of text; subclasses paint something else on the same ground.

    `token` is a colour token, or chooses one by row; `struck` says whose words are struck out.
    """

    def __init__(
        self,
        theme: Theme,
        table: QAbstractItemView,
        *,
        role: Type = Type.BODY,
        token: str | Callable[[Any], str] = "text",
        right: bool = False,
        struck: Callable[[Any], bool] | None = None,
    ) -> None:
        super().__init__(table)
        self.theme = theme
        self._role = role
        self._token = token
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
        self.paint_content(painter, option.rect.adjusted(PAD_PX, 0, -PAD_PX, -1), row, index)
        painter.restore()

    def paint_content(self, painter: QPainter, area: QRect, row: Any, index: Index) -> None:  # noqa: ANN401 - the model's row
        """The words of the cell, at the side of its column."""
        struck = self._struck is not None and self._struck(row)
        text(
            painter,
            area,
            str(index.data() or ""),
            font=font(self._role, tabular=True, struck=struck),
            color=self.theme.color(self.token_of(row)),
            align=RIGHT if self._right else LEFT,
        )

    def token_of(self, row: Any) -> str:  # noqa: ANN401 - the model's row
        """The colour of the words of this row."""
        return self._token if isinstance(self._token, str) else self._token(row)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Every row of a table is equally high."""
        return QSize(60, self.row_px)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect
        widget = option.widget
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self.theme.color("accent_soft"))
        elif widget is not None and widget.property(HOVERED_ROW) == index.row():
            painter.fillRect(area, self.theme.color("hover"))
        left, right = area.left(), area.right() + 1
        view = self.parent()
        in_focus = isinstance(view, QAbstractItemView) and view.hasFocus()
        if in_focus and view.currentIndex().row() == index.row():
            accent = self.theme.color("accent")
            horizontal(painter, accent, left, right, area.top())
            horizontal(painter, accent, left, right, area.bottom())
        else:
            horizontal(painter, self.theme.color("border"), left, right, area.bottom())
