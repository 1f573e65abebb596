"""A table over frozen rows: hairline rows of 34 px, whole rows chosen, Enter opens, Ctrl+C copies."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop.qt.components.overlay_bar import OverlayBar
from desktop.qt.components.rows_header import EDGE_PX, RowsHeader
from desktop.qt.fonts import Type, font
from desktop.qt.painting.strokes import horizontal, text
from desktop.qt.table_models.column import Column, RowRole
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.table_models.rows_proxy import RowsProxy
from desktop.qt.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROW_PX: Final = 34
STRETCH_PX: Final = 160
ROOMY_STRETCH_PX: Final = 180
EMPTY_WORDS_AT_PX: Final = 15
_WINDOWS_AHEAD: Final = 2
_ENDS: Final = (Qt.Key.Key_Home, Qt.Key.Key_End)


class RowsTable(QTableView):
    """`picked` follows the current row (None for none), `opened` says Enter or a double-click.

    Where its model has only the first rows, the next ones are wanted before the last one is seen.
    `ground_of` may tint a row with a token; `open_end` leaves out the line below the last row, where a card
    has its own; `empty_words` stand where the first row would be while there is none.
    """

    picked = Signal(object)
    opened = Signal(object)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.hovered_row = -1
        self.open_end = False
        self.empty_words = ""
        self.ground_of: Callable[[Any], str | None] | None = None
        self._shown: dict[int, Any] = {}
        self._to_end = False
        self._widths: tuple[int, ...] = ()
        self._give_way: tuple[int, ...] = ()
        self._spare: dict[int, int] = {}
        self._is_roomy = False
        self._stretch_px = STRETCH_PX
        self._unwanted: set[int] = set()
        self._pads: dict[int, tuple[int, int]] = {}
        self._columns: Sequence[Column[Any]] = ()
        self.setAccessibleName(name)
        self.setHorizontalHeader(RowsHeader(theme, self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.set_row_height(ROW_PX)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(RowRole.ROW)))
        theme.changed.connect(self.viewport().update)
        self._bar = OverlayBar(self)
        self.verticalScrollBar().valueChanged.connect(self.read_ahead)

    def set_row_height(self, height_px: int) -> None:
        """Make every row this high."""
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(height_px)
        rows.setDefaultSectionSize(height_px)

    def set_widths(
        self,
        widths: Sequence[int],
        *,
        give_way: Sequence[int] = (),
        spare: Mapping[int, int] | None = None,
        stretch_px: int = STRETCH_PX,
    ) -> None:
        """Fix the widths of the columns; 0 lets a column take what is left, but not less than `stretch_px`.

        Where there is no room for that, the columns of `give_way` are left out, the first one first. Where
        there is plenty, those of `spare` get so much more.
        """
        self._widths, self._give_way, self._stretch_px = tuple(widths), tuple(give_way), stretch_px
        self._spare, self._is_roomy = dict(spare or {}), False
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        for section, width in enumerate(widths):
            if width:
                header.setSectionResizeMode(section, QHeaderView.ResizeMode.Interactive)
                header.resizeSection(section, width)
            else:
                header.setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)
        self._fold_columns()

    def want_column(self, column: int, *, wanted: bool) -> None:
        """Leave a column out, or show it again where there is room for it."""
        self._unwanted.discard(column) if wanted else self._unwanted.add(column)
        self._fold_columns()

    def edge_pads(self, column: int) -> tuple[int, int]:
        """How much further inside the first and the last column begin and end than the others."""
        known = self._pads.get(column)
        if known is None:
            header = self.horizontalHeader()
            left = header.sectionPosition(column)
            right = left + header.sectionSize(column)
            known = (EDGE_PX if left == 0 else 0, EDGE_PX if right >= header.length() else 0)
            self._pads[column] = known
        return known

    def fit_height_to_rows(self) -> None:
        """Be exactly as high as the rows, for short lists inside cards."""
        model = self.model()
        count = model.rowCount() if model is not None else 0
        head = 0 if self.horizontalHeader().isHidden() else self.horizontalHeader().height()
        self.setFixedHeight(head + count * self.verticalHeader().defaultSectionSize())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Take a model; sorting starts where the page says, not by itself."""
        super().setModel(model)
        self._shown.clear()
        if isinstance(model, RowsModel | RowsProxy):
            self._columns = model.columns
        if model is not None:
            model.rowsRemoved.connect(self._forget_places)
            model.rowsInserted.connect(self._go_on_to_end)

    def current_row(self) -> Any:  # noqa: ANN401 - the model's row
        """The row chosen, or None."""
        index = self.currentIndex()
        return index.data(RowRole.ROW) if index.isValid() else None

    def row_at(self, place: int) -> Any:  # noqa: ANN401 - the model's row
        """The row at a place; asked once per painting: each answer crosses from Python to Qt and back."""
        row = self._shown.get(place)
        if row is None:
            model = self.model()
            row = None if model is None else model.index(place, 0).data(RowRole.ROW)
            self._shown[place] = row
        return row

    def read_ahead(self) -> None:
        """Want the next rows while there are still some windows of rows below."""
        model, height = self.model(), self.viewport().height()
        if model is None or not model.rowCount():
            return
        below = self.rowViewportPosition(model.rowCount() - 1) - height
        if below < _WINDOWS_AHEAD * height:
            model.fetchMore(QModelIndex())

    def words_at(self, place: int, column: int) -> str:
        """What a cell says."""
        row = self.row_at(place)
        return "" if row is None else self._columns[column].say(row)

    # --- Qt's calls ----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns give way where it is narrow."""
        super().resizeEvent(event)
        self._fold_columns()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell who shows a preview."""
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.row() != previous.row() or current.isValid() != previous.isValid():
            self.picked.emit(current.data(RowRole.ROW) if current.isValid() else None)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Repaint whole rows: ground and lines span all columns."""
        super().selectionChanged(selected, deselected)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of whole rows, then the cells on it."""
        self._shown.clear()
        self._pads.clear()
        painter = QPainter(self.viewport())
        height = self.viewport().height()
        place = self.rowAt(max(event.rect().top(), 0))
        while place >= 0 and (top := self.rowViewportPosition(place)) < height:
            if self.row_at(place) is None:
                break
            self._paint_ground(painter, place, top)
            place += 1
        if self.empty_words and self.rowAt(0) < 0:
            line = QRect(EMPTY_WORDS_AT_PX, 0, self.viewport().width() - 2 * EMPTY_WORDS_AT_PX, ROW_PX)
            text(painter, line, self.empty_words, font=font(Type.BODY), color=self.theme.color("secondary"))
        painter.end()
        super().paintEvent(event)

    def _paint_ground(self, painter: QPainter, place: int, top: int) -> None:
        height, width = self.rowHeight(place), self.viewport().width()
        tint = self.ground_of(self.row_at(place)) if self.ground_of is not None else None
        if self.selectionModel().isRowSelected(place):
            tint = "accent_soft"
        elif place == self.hovered_row:
            tint = "hover"
        if tint is not None:
            painter.fillRect(0, top, width, height, self.theme.color(tint))
        bottom = top + height - 1
        if self.hasFocus() and self.currentIndex().row() == place:
            accent = self.theme.color("accent")
            horizontal(painter, accent, 0, width, top)
            horizontal(painter, accent, 0, width, bottom)
        elif not (self.open_end and place == self.model().rowCount() - 1):
            horizontal(painter, self.theme.color("border"), 0, width, bottom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Home and End go to the first and the last row, Ctrl+C copies as a table."""
        self._to_end = False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.current_row())
        elif event.key() in _ENDS:
            self._go_to(last=event.key() == Qt.Key.Key_End)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_selected()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Who takes a row no longer goes to the end."""
        self._to_end = False
        super().mousePressEvent(event)

    def copy_selected(self) -> None:
        """Put the words of the chosen rows on the clipboard, one line each, tabs between columns."""
        model = self.model()
        if model is None:
            return
        places = sorted({index.row() for index in self.selectedIndexes()})
        shown = [column for column in range(model.columnCount()) if not self.isColumnHidden(column)]
        lines = ["\t".join(str(model.index(row, column).data() or "") for column in shown) for row in places]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Keep the row under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(int(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the pointer."""
        super().leaveEvent(event)
        self._hover(-1)

    def focusInEvent(self, event: Any) -> None:  # noqa: ANN401 - Qt's event
        """The focus row shows its lines."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:  # noqa: ANN401 - Qt's event
        """The focus row hides its lines."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _fold_columns(self) -> None:
        hidden = set(self._unwanted)
        for column in self._give_way:
            shown = [width for place, width in enumerate(self._widths) if place not in hidden]
            needed = sum(shown) + self._stretch_px * shown.count(0)
            if needed <= self.viewport().width():
                break
            hidden.add(column)
        for column in range(len(self._widths)):
            if self.isColumnHidden(column) != (column in hidden):
                self.setColumnHidden(column, column in hidden)
        self._spread()

    def _spread(self) -> None:
        """Give the columns what they get where there is plenty of room, or take it back."""
        fixed = sum(width for place, width in enumerate(self._widths) if not self.isColumnHidden(place))
        room = self.viewport().width() - fixed - sum(self._spare.values())
        is_roomy = room >= ROOMY_STRETCH_PX
        if is_roomy == self._is_roomy:
            return
        self._is_roomy = is_roomy
        for column, more in self._spare.items():
            width = self._widths[column] + (more if is_roomy else 0)
            self.horizontalHeader().resizeSection(column, width)

    def _go_to(self, *, last: bool) -> None:
        model = self.model()
        count = 0 if model is None else model.rowCount()
        if not count:
            return
        column = max(self.currentIndex().column(), 0)
        self.setCurrentIndex(model.index(count - 1 if last else 0, column))
        self._to_end = last and model.canFetchMore(QModelIndex())
        if last:
            model.fetchMore(QModelIndex())

    def _go_on_to_end(self) -> None:
        if self._to_end:
            QTimer.singleShot(0, self, lambda: self._go_to(last=True) if self._to_end else None)

    def _forget_places(self) -> None:
        self.hovered_row = -1
        self._to_end = False

    def _hover(self, row: int) -> None:
        if row != self.hovered_row:
            self.hovered_row = row
            self.viewport().update()
