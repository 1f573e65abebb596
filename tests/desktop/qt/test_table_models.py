"""Tables over frozen rows: by difference, by value, and as Qt demands of a model."""

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy

from desktop.qt.table_models.column import Column, RowRole
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.table_models.rows_proxy import RowsProxy


@dataclass(frozen=True)
class Line:
    """A row of a made-up table."""

    name: str
    amount_minor: int | None = 0


def _said(line: Line) -> str:
    return "" if line.amount_minor is None else f"{line.amount_minor / 100:.2f}"


COLUMNS = [
    Column[Line]("Name", lambda line: line.name, lambda line: line.name),
    Column[Line]("Amount", lambda line: line.amount_minor, _said, right=True, hint=lambda line: line.name),
]


def a_model(*rows: Line) -> RowsModel[Line]:
    model = RowsModel(COLUMNS, lambda line: line.name)
    model.show_rows(rows)
    return model


def _tested(model: RowsModel[Line] | RowsProxy[Line]) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


A, B, C, D = (Line(name, amount) for name, amount in (("a", 900), ("b", 12000), ("c", 100), ("d", None)))
CHANGES = [
    ([], [A, B, C]),
    ([A, B, C], []),
    ([A, B, C], [A, replace(B, amount_minor=5), C]),
    ([A, B, C], [C, A, B]),
    ([A, B, C, D], [D, B]),
    ([A, C], [A, B, C, D]),
    ([A, B, C, D], [Line("x"), D, replace(A, amount_minor=1), Line("y"), C, Line("z")]),
    ([A, B], [C, D]),
]


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_the_model_becomes_the_rows_it_is_shown_without_a_reset(
    before: list[Line], after: list[Line]
) -> None:
    model = a_model(*before)
    proxy = RowsProxy(model)
    testers = [_tested(model), _tested(proxy)]
    resets = QSignalSpy(model.modelReset)
    model.show_rows(after)
    assert list(model.rows) == after
    assert {proxy.row_at(place) for place in range(proxy.rowCount())} == set(after)
    assert resets.count() == 0
    assert testers


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_a_row_that_stays_keeps_its_selection(before: list[Line], after: list[Line]) -> None:
    model = a_model(*before)
    kept = [line for line in before if line.name in {other.name for other in after}]
    held = {line.name: QPersistentModelIndex(model.index(before.index(line), 0)) for line in kept}
    model.show_rows(after)
    for name, index in held.items():
        assert index.isValid()
        assert index.data(RowRole.ROW).name == name


def test_only_changed_rows_are_repainted() -> None:
    model = a_model(A, B, C)
    changed = QSignalSpy(model.dataChanged)
    model.show_rows([A, replace(B, amount_minor=7), C])
    assert changed.count() == 1
    assert changed.at(0)[0].row() == changed.at(0)[1].row() == 1


def test_two_rows_with_one_key_are_a_bug() -> None:
    with pytest.raises(AssertionError, match="same key"):
        a_model(A, replace(A, amount_minor=1))


def test_amounts_sort_by_value_and_missing_ones_stand_last() -> None:
    proxy = RowsProxy(a_model(A, B, C, D))
    proxy.sort(1, Qt.SortOrder.AscendingOrder)
    assert [line.name for line in proxy.shown_rows()] == ["c", "a", "b", "d"]
    proxy.sort(1, Qt.SortOrder.DescendingOrder)
    assert [line.name for line in proxy.shown_rows()] == ["b", "a", "c", "d"]


def test_filter_and_words_both_have_to_let_a_row_through() -> None:
    proxy = RowsProxy(a_model(A, B, C, D))
    proxy.filter_rows(lambda line: line.amount_minor is not None)
    assert proxy.rowCount() == 3
    proxy.filter_text("9.00")
    assert [line.name for line in proxy.shown_rows()] == ["a"]
    proxy.filter_text("")
    proxy.filter_rows(None)
    assert proxy.rowCount() == 4


def test_a_cell_says_its_words_its_value_and_its_row() -> None:
    model = a_model(B)
    index = model.index(0, 1)
    assert index.data() == "120.00"
    assert index.data(RowRole.VALUE) == 12000
    assert index.data(RowRole.ROW) == B
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "b"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "120.00"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Amount"
