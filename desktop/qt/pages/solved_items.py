"""All that was solved: who dealt with it, how and when; Enter opens its booking."""

from datetime import date
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from desktop.presenting import inbox_words
from desktop.presenting.dates import day_month
from desktop.qt.components.card import Surface
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.components.rows_table import RowsTable
from desktop.qt.delegates.two_lines import TwoLineDelegate, TwoLines
from desktop.qt.icons import Icon
from desktop.qt.table_models.column import Column
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.theme import Theme
from desktop.queries.rows import AttentionRow, Listed
from shared.clock import utc_to_wall

_ROW_PX: Final = 49


class SolvedItems(Surface):
    """`show_rows` shows the first of them; the next ones are wanted by the model."""

    booking_opened = Signal(object)

    def __init__(self, theme: Theme, today: date) -> None:
        super().__init__(theme)
        self._today = today
        self.model: RowsModel[AttentionRow] = RowsModel([_column()], lambda row: row.item_id, self)
        self.table = RowsTable(theme, "Solved")
        self.table.setObjectName("solved_table")
        self.table.setModel(self.model)
        self.table.horizontalHeader().hide()
        self.table.set_widths((0,))
        self.table.set_row_height(_ROW_PX)
        lines = TwoLineDelegate(theme, self.table, lambda row: solved_lines(row, self._today), row_px=_ROW_PX)
        self.table.setItemDelegate(lines)
        self.table.opened.connect(self._open)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.table)
        self._stack.addWidget(EmptyState(theme, "Nothing was solved yet", "What is dealt with stays here."))
        self.column.addWidget(holder, 1)

    def show_rows(self, listed: Listed[AttentionRow], today: date) -> None:
        """Show the first rows of all that was solved."""
        self._today = today
        self.model.show_rows(listed.rows, more=len(listed.rows) < len(listed.ids))
        self.table.read_ahead()
        self._stack.setCurrentIndex(0 if listed.ids else 1)

    def _open(self, row: AttentionRow) -> None:
        if row.booking_id is not None:
            self.booking_opened.emit(row.booking_id)


def solved_sentence(row: AttentionRow) -> str:
    """What it was about."""
    return inbox_words.title(row.kind, sentence=row.why_not, details=dict(row.details))


def solved_day(row: AttentionRow, today: date) -> str:
    """When it was solved; the year is said where it is another one."""
    assert row.solved_at_utc is not None, "only solved items are listed there"
    day = utc_to_wall(row.solved_at_utc, row.time_zone).date()
    return day_month(day) if day.year == today.year else f"{day_month(day)} {day.year}"


def solved_lines(row: AttentionRow, today: date) -> TwoLines:
    """One row in two lines: the sentence and the day, who did what."""
    about = f"{row.solved_words} · {row.where}" if row.where else row.solved_words
    return TwoLines(solved_sentence(row), about, right=solved_day(row, today), glyph=Icon.CHECK)


def _column() -> Column[AttentionRow]:
    return Column(
        "Solved",
        lambda row: row.solved_at_utc,
        solved_sentence,
        speak=lambda row: f"{solved_sentence(row)}. {row.solved_words}",
    )
