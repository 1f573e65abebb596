"""What is seen in a list as a file: the rows that pass the filter, in the words of the table."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QFileDialog

from desktop.qt.flows.frame import Flow
from desktop.qt.table_models.column import Column

_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t")


class ListFlow(Flow):
    """Exports lists."""

    def export_rows(self, name: str, columns: Sequence[Column[Any]], rows: Sequence[Any]) -> None:
        """Ask where, then write."""
        chosen, _ = QFileDialog.getSaveFileName(
            self.frame.window, "Export list", f"{name}.csv", "CSV (*.csv)"
        )
        if chosen:
            self.export_to(Path(chosen), columns, rows)

    def export_to(self, path: Path, columns: Sequence[Column[Any]], rows: Sequence[Any]) -> None:
        """Write a CSV that spreadsheets open as it is: UTF-8 with BOM, one line each."""
        titled = [column for column in columns if column.title]

        def work() -> int:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                writer.writerow([column.title for column in titled])
                writer.writerows([[_plain(column.say(row)) for column in titled] for row in rows])
            return len(rows)

        self.bench.runner.run(
            work, lambda count: self.frame.toast(f"Saved {count} rows in {path.name}."), words="Exporting"
        )


def _plain(words: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{words}" if words.startswith(_FORMULA_SIGNS) else words
