"""Keeps a list supplied: its first rows, what is said of all of them, and further rows as they are wanted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from PySide6.QtWidgets import QWidget

from desktop.qt.background.reading import Asker, Feed, Query, Reading
from desktop.qt.table_models.rows_model import RowsModel
from desktop.queries.rows import PAGE_ROWS, Listed

Row = TypeVar("Row")
Figures = TypeVar("Figures")
_MOST_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class ListQueries(Generic[Row]):
    """``first(n)`` asks for a list and its first n rows, ``following`` for its rows with some ids."""

    first: Callable[[int], Query[Listed[Row]]]
    following: Callable[[Sequence[str]], Query[tuple[Row, ...]]]


class ListFeed(Feed[Listed[Row]]):
    """Reads on by the ids that came with the first rows. Asked again, a list stays as long as it was."""

    def __init__(
        self,
        page: QWidget,
        reading: Reading,
        queries: ListQueries[Row],
        *,
        model: RowsModel[Row],
        show: Callable[[Listed[Row]], None],
        entities: frozenset[str],
    ) -> None:
        """``show`` takes the first rows; the next ones go into the model."""
        super().__init__(
            page, reading, query=lambda: queries.first(self._reached), show=self._begin, entities=entities
        )
        self._model = model
        self._following = queries.following
        self._show_first = show
        self._ids: Sequence[str] = ()
        self._reached = PAGE_ROWS
        self._begins = False
        self._figures_asker = Asker(reading, self)
        self._ask_figures: Callable[[], None] = lambda: None
        model.more_wanted.connect(self._read_on)

    def follow_with(self, query: Callable[[], Query[Figures]], show: Callable[[Figures], None]) -> None:
        """Ask this too, once the first rows are shown: what is said of the whole list."""
        self._ask_figures = lambda: self._figures_asker.ask(query(), show)

    def ask_anew(self) -> None:
        """Another list is wanted: from its beginning."""
        self._reached = PAGE_ROWS
        self.ask()

    def ask(self) -> None:
        """Ask now, seen or not."""
        self._begins = True
        super().ask()

    def drop(self) -> None:
        """What is on its way is no longer wanted."""
        super().drop()
        self._figures_asker.forget()

    def _begin(self, listed: Listed[Row]) -> None:
        self._begins = False
        self._ids = listed.ids
        self._show_first(listed)
        self._ask_figures()

    def _read_on(self) -> None:
        if self._begins:
            return  # the list that comes wants them again
        begin = self._reached
        self._reached += min(begin, _MOST_AT_ONCE)
        following = self._following(self._ids[begin : self._reached])
        self._asker.ask(following, self._add)

    def _add(self, rows: tuple[Row, ...]) -> None:
        self._model.add_rows(rows, more=self._reached < len(self._ids))
