"""The frame of a page with one list: title, filter, table, and what it says while it is empty."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Final, Generic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.qt.components.buttons import Button
from desktop.qt.components.card import Surface
from desktop.qt.components.chip import Chip
from desktop.qt.components.chips_row import ChipsRow
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.components.label import Label
from desktop.qt.components.rows_table import RowsTable
from desktop.qt.components.search_field import SearchField
from desktop.qt.delegates.row_delegate import RowDelegate
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.table_models.column import Column, Row
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.table_models.rows_proxy import RowsProxy
from desktop.qt.theme import Theme
from desktop.queries.rows import Listed

_AT_ONCE: Final = 200


class ListPage(QWidget, Generic[Row]):
    """`words_changed` says what is typed into the filter; a page asks for other rows or filters its own."""

    hint_changed = Signal(str)
    words_changed = Signal(str)

    def __init__(
        self,
        theme: Theme,
        title: str,
        *,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], Hashable],
        empty: EmptyState,
    ) -> None:
        super().__init__()
        self.setObjectName("page")
        self.theme = theme
        self.setAccessibleName(title)
        self.empty = empty
        self._coming: Sequence[Row] = ()
        self.model: RowsModel[Row] = RowsModel(columns, key, self)
        self.proxy: RowsProxy[Row] = RowsProxy(self.model, self)
        self.table = RowsTable(theme, title)
        self.table.setObjectName(f"{title.lower()}_table")
        self.table.setModel(self.proxy)
        self.table.setItemDelegate(RowDelegate(theme, self.table))
        self.table.setSortingEnabled(True)
        self.filter_field = SearchField(theme, "Filter this list", "Ctrl+F", glyph=Icon.FILTER)
        self.filter_field.textChanged.connect(self.words_changed)
        self.chips: dict[str, Chip] = {}
        self._chips = ChipsRow(self.filter_field)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(16)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(Label(title, Type.TITLE), 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty)
        self._lay_out()
        self.setFocusProxy(self.table)

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.filter_field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_list(self, rows: Sequence[Row]) -> None:
        """Show rows, some hundred new ones at a time; selection and scroll place stay."""
        self._coming = rows
        self._take_more()

    def show_first(self, listed: Listed[Row]) -> None:
        """Show the first rows of a list that is read in pages."""
        self.model.show_rows(listed.rows, more=len(listed.rows) < len(listed.ids))
        self.table.read_ahead()
        self._say(len(listed.ids))

    def say_shown(self) -> None:
        """After rows or filter have changed: the empty state where nothing is left, and the hint."""
        self._say(self.proxy.rowCount())

    def _say(self, count: int) -> None:
        self._stack.setCurrentIndex(0 if count else 1)
        self.hint_changed.emit(f"{count} shown" if count else "")

    def add_button(self, button: Button) -> None:
        """A button at the right of the title."""
        self.head.addWidget(button)

    def add_chips(self, words: Mapping[str, str], choose: Callable[[str], Any]) -> None:
        """Filter chips by code; the first is chosen."""
        for place, (code, name) in enumerate(words.items()):
            chip = Chip(self.theme, name, count=0)
            chip.setObjectName(f"chip_{code}")
            chip.setChecked(place == 0)
            chip.clicked.connect(lambda _=False, code=code: self._choose(code, choose))
            self.chips[code] = chip
            self._chips.add_chip(chip)

    def add_side(self, side: QWidget) -> None:
        """A panel at the right of the table."""
        self._below.addWidget(side)

    def put_side_below(self, *, below: bool) -> None:
        """Move the panel under the table where the window is narrow, as Today moves its right column."""
        ways = QBoxLayout.Direction
        self._below.setDirection(ways.TopToBottom if below else ways.LeftToRight)

    def _take_more(self) -> None:
        reached = self.model.rowCount() + _AT_ONCE
        self.model.show_rows(self._coming[:reached])
        self.say_shown()
        if reached < len(self._coming):
            QTimer.singleShot(0, self, self._take_more)

    def _choose(self, code: str, choose: Callable[[str], Any]) -> None:
        for known, chip in self.chips.items():
            chip.setChecked(known == code)
        choose(code)

    def _lay_out(self) -> None:
        box = Surface(self.theme)
        box.column.addWidget(self._stack, 1)
        self._below.addWidget(box, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(self.head)
        column.addLayout(self._chips)
        column.addLayout(self._below, 1)
