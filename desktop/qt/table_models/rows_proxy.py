"""Filter and sort of a table: by the value of a column, never by its words; what is missing comes last."""

from collections.abc import Callable
from typing import Any, Generic

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt

from desktop.qt.table_models.column import Column, Row, RowRole
from desktop.qt.table_models.rows_model import RowsModel


class RowsProxy(QSortFilterProxyModel, Generic[Row]):
    """Stands between a RowsModel and its table; `keep` and `needle` both have to let a row through."""

    def __init__(self, model: RowsModel[Row], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._keep: Callable[[Row], bool] | None = None
        self._needle = ""
        self.setSortRole(RowRole.VALUE)
        self.setDynamicSortFilter(True)
        self.setSourceModel(model)

    @property
    def columns(self) -> tuple[Column[Row], ...]:
        """The columns of the model behind it."""
        return self._model.columns

    def filter_rows(self, keep: Callable[[Row], bool] | None) -> None:
        """Let only some rows through; None lets all."""
        self.beginFilterChange()
        self._keep = keep
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filter_text(self, needle: str) -> None:
        """Let only rows through that contain all these words in any column."""
        self.beginFilterChange()
        self._needle = needle.casefold().strip()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def row_at(self, place: int) -> Row:
        """The row shown at a place of the table."""
        return self._model.row_at(self.mapToSource(self.index(place, 0)).row())

    def shown_rows(self) -> tuple[Row, ...]:
        """All rows that pass, in the order shown."""
        return tuple(self.row_at(place) for place in range(self.rowCount()))

    def filterAcceptsRow(self, source_row: int, _source_parent: QModelIndex | QPersistentModelIndex) -> bool:
        """Say whether a row passes."""
        row = self._model.row_at(source_row)
        if self._keep is not None and not self._keep(row):
            return False
        if not self._needle:
            return True
        words = " ".join(column.say(row) for column in self._model.columns).casefold()
        return all(part in words for part in self._needle.split())

    def lessThan(
        self,
        source_left: QModelIndex | QPersistentModelIndex,
        source_right: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Compare two cells by value; a missing value stands last in both directions."""
        read = self._model.columns[source_left.column()].read
        left, right = (
            read(self._model.row_at(source_left.row())),
            read(self._model.row_at(source_right.row())),
        )
        if left is None or right is None:
            ascending = self.sortOrder() is Qt.SortOrder.AscendingOrder
            return (left is not None) if ascending and left != right else (left is None and left != right)
        return _less(left, right)


def _less(left: Any, right: Any) -> bool:  # noqa: ANN401 - a column's values are of one kind
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() < right.casefold()
    return bool(left < right)
