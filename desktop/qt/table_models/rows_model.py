"""A table model over frozen rows that is changed by difference, so that selection and scroll place stay."""

from collections.abc import Callable, Hashable, Sequence
from itertools import groupby
from typing import Any, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.qt.table_models.column import Column, Row, RowRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Rows of one class, each with a key that stays the same while its values change.

    A model that was shown only the first rows says `more_wanted` when its view comes to their end.
    """

    more_wanted = Signal()

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], Hashable],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._rows: list[Row] = []
        self._has_more = self._is_more_asked = False

    @property
    def columns(self) -> tuple[Column[Row], ...]:
        """The columns, in the order of the table."""
        return self._columns

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows as they stand."""
        return tuple(self._rows)

    def row_at(self, row: int) -> Row:
        """The row at a place of this model (not of a proxy)."""
        return self._rows[row]

    def place_of(self, key: Hashable) -> int | None:
        """Where the row with this key stands."""
        return next((place for place, row in enumerate(self._rows) if self._key(row) == key), None)

    # --- change ------------------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[Row], *, more: bool = False) -> None:
        """Become these rows: removes, moves, inserts and repaints only what differs.

        Two rows with one key are a bug of the query. ``more`` says that others follow them.
        """
        self._has_more, self._is_more_asked = more, False
        wanted = {self._key(row): row for row in rows}
        assert len(wanted) == len(rows), "two rows have the same key"
        self._remove_missing(wanted)
        kept = {self._key(row) for row in self._rows}
        self._reorder([key for key in wanted if key in kept])
        self._insert_new(list(rows))
        self._repaint_changed(list(rows))

    def add_rows(self, rows: Sequence[Row], *, more: bool) -> None:
        """Put the next rows at the end."""
        self._has_more, self._is_more_asked = more, False
        if rows:
            self.beginInsertRows(_ROOT, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def _remove_missing(self, wanted: dict[Hashable, Row]) -> None:
        missing = [place for place, row in enumerate(self._rows) if self._key(row) not in wanted]
        for first, last in reversed(_runs(missing)):
            self.beginRemoveRows(_ROOT, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()

    def _reorder(self, order: list[Hashable]) -> None:
        before = [self._key(row) for row in self._rows]
        if before == order:
            return
        self.layoutAboutToBeChanged.emit()
        by_key = {self._key(row): row for row in self._rows}
        new_place = {key: place for place, key in enumerate(order)}
        persistent = self.persistentIndexList()
        self._rows = [by_key[key] for key in order]
        moved = [self.index(new_place[before[old.row()]], old.column()) for old in persistent]
        self.changePersistentIndexList(persistent, moved)
        self.layoutChanged.emit()

    def _insert_new(self, rows: list[Row]) -> None:
        known = {self._key(row) for row in self._rows}
        new = [place for place, row in enumerate(rows) if self._key(row) not in known]
        for first, last in _runs(new):
            self.beginInsertRows(_ROOT, first, last)
            self._rows[first:first] = rows[first : last + 1]
            self.endInsertRows()

    def _repaint_changed(self, rows: list[Row]) -> None:
        changed = [place for place, (old, new) in enumerate(zip(self._rows, rows, strict=True)) if old != new]
        for place in changed:
            self._rows[place] = rows[place]
        for first, last in _runs(changed):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    # --- Qt's questions -----------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:
        """How many rows there are; cells have no children."""
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index = _ROOT) -> bool:
        """Whether rows follow."""
        return self._has_more and not parent.isValid()

    def fetchMore(self, _parent: Index = _ROOT) -> None:
        """Want the next rows; they come later."""
        if self._has_more and not self._is_more_asked:
            self._is_more_asked = True
            self.more_wanted.emit()

    def columnCount(self, parent: Index = _ROOT) -> int:
        """How many columns there are; cells have no children."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's type
        """The words, the value or the whole row of a cell."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.say(row)
        if role == RowRole.VALUE:
            return column.read(row)
        if role == RowRole.ROW:
            return row
        return _secondary(column, row, role)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's type
        """The titles; rows have none."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None


def _secondary(column: Column[Row], row: Row, role: int) -> object:
    if role == Qt.ItemDataRole.ToolTipRole:
        return column.hint(row) if column.hint is not None else None
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return column.spoken(row)
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return _alignment(column)
    return None


def _alignment(column: Column[Row]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _runs(places: list[int]) -> list[tuple[int, int]]:
    """Neighbouring places as (first, last) pairs, ascending."""
    runs = []
    for _, group in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        members = [place for _, place in group]
        runs.append((members[0], members[-1]))
    return runs
