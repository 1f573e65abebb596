"""What the search box finds, in a list below it; the typing goes on while arrows choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.qt.components.label import Label
from desktop.qt.components.popover import Popover
from desktop.qt.components.rows_table import RowsTable
from desktop.qt.delegates.two_lines import ROW_PX, TwoLineDelegate, TwoLines
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.table_models.column import Column
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.theme import Theme

_MOST_SHOWN: Final = 9
_STEPS: Final = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 5,
    Qt.Key.Key_PageUp: -5,
}


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One thing found; `key` says what it is and stays the same from keystroke to keystroke."""

    key: str
    title: str
    caption: str
    glyph: Icon


class SearchPopover(Popover):
    """`chosen(row)` says Enter or a click; Escape in the search box closes it."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, field: QLineEdit) -> None:
        super().__init__(theme, window, width_px=480)
        self.setObjectName("search_popover")
        self.setAccessibleName("Found")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._field = field
        self.model: RowsModel[FoundRow] = RowsModel(
            [Column("Found", lambda row: row.title, lambda row: f"{row.title}, {row.caption}")],
            lambda row: row.key,
            self,
        )
        self.table = RowsTable(theme, "Found")
        self.table.setObjectName("search_results")
        self.table.setModel(self.model)
        self.table.horizontalHeader().hide()
        self.table.set_widths((0,))
        self.table.set_row_height(ROW_PX)
        self.table.open_end = True
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setItemDelegate(TwoLineDelegate(theme, self.table, _lines))
        self.table.clicked.connect(lambda index: self._choose(self.model.row_at(index.row())))
        self._nothing = Label("Nothing found. Every word has to occur, each by its beginning.", Type.BODY)
        self._nothing.set_tone("secondary")
        self._nothing.setContentsMargins(15, 12, 15, 12)
        self._nothing.setFixedHeight(44)
        self.column.addWidget(self.table)
        self.column.addWidget(self._nothing)
        field.installEventFilter(self)

    def show_found(self, rows: Sequence[FoundRow]) -> None:
        """Show these below the search box, the first of them chosen."""
        self.model.show_rows(rows)
        self.table.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        if rows:
            self.table.selectRow(0)
            self.table.setFixedHeight(min(len(rows), _MOST_SHOWN) * ROW_PX)
        self.adjustSize()
        window = self.parentWidget()
        assert window is not None, "a popover lives in a window"
        place = self._field.mapTo(window, QPoint(0, self._field.height() + 4))
        self.setFixedWidth(max(self._field.width(), 320))
        self.move(place)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Enter belong to the list while it is open; leaving the box closes it."""
        if watched is not self._field or not self.isVisible():
            return False
        if event.type() is QEvent.Type.FocusOut:
            self.hide()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key()))
        return False

    def _key(self, key: Qt.Key) -> bool:
        count = self.model.rowCount()
        if key in _STEPS and count:
            now = self.table.currentIndex().row()
            self.table.selectRow(min(max(now + _STEPS[key], 0), count - 1))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.table.current_row() is not None:
            self._choose(self.table.current_row())
            return True
        return False

    def _choose(self, row: FoundRow) -> None:
        self.hide()
        self._field.clear()
        self._field.clearFocus()
        self.chosen.emit(row)


def _lines(row: FoundRow) -> TwoLines:
    return TwoLines(title=row.title, caption=row.caption, glyph=row.glyph)
