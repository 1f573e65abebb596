"""The cells that mean something by their shape: edge, mark, status, amount, day, people, two lines."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QFontMetrics, QPainter

from desktop.qt.components.rows_table import RowsTable
from desktop.qt.delegates.row_delegate import Index, RowDelegate
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.marks import MARK_PX, PERSON_PX, paint_mark, paint_person
from desktop.qt.painting.status import look, paint_edge, paint_glyph
from desktop.qt.painting.strokes import RIGHT, text
from desktop.qt.theme import Theme

GLYPH_PX: Final = 14
PAD_OVERLAP: Final = 8
"""A second circle may use the padding of its cell."""


class StatusEdgeDelegate(RowDelegate):
    """The 4 × 20 edge at the left of a booking; the column says the status to a screen reader."""

    def __init__(self, theme: Theme, table: RowsTable, status_of: Callable[[Any], str]) -> None:
        super().__init__(theme, table)
        self._status_of = status_of

    def paint_content(self, painter: QPainter, area: QRect, row: Any, _index: Index) -> None:  # noqa: ANN401 - the model's row
        """The edge, in the middle of the row."""
        edge = QRectF(area.right() - 3, area.center().y() - 9.5, 4, 20)
        paint_edge(painter, self.theme, edge, self._status_of(row))


class RowMarkDelegate(RowDelegate):
    """Waiting, refused or merged; kept empty otherwise, so that columns stay straight."""

    def __init__(self, theme: Theme, table: RowsTable, mark_of: Callable[[Any], str]) -> None:
        super().__init__(theme, table)
        self._mark_of = mark_of

    def paint_content(self, painter: QPainter, area: QRect, row: Any, _index: Index) -> None:  # noqa: ANN401 - the model's row
        """The 18-px mark in the middle of the cell."""
        center = QRectF(area).center()
        square = QRectF(center.x() - MARK_PX / 2, center.y() - MARK_PX / 2, MARK_PX, MARK_PX)
        paint_mark(painter, self.theme, square.translated(0, 0.5), self._mark_of(row))


class StatusDelegate(RowDelegate):
    """Glyph and word of a booking's status."""

    def __init__(self, theme: Theme, table: RowsTable, status_of: Callable[[Any], str]) -> None:
        super().__init__(theme, table)
        self._status_of = status_of

    def paint_content(self, painter: QPainter, area: QRect, row: Any, index: Index) -> None:  # noqa: ANN401 - the model's row
        """Glyph, then word; a cancelled one is struck."""
        status = self._status_of(row)
        known = look(status)
        top = area.center().y() - GLYPH_PX / 2 + 0.5
        paint_glyph(painter, self.theme, QRectF(area.left(), top, GLYPH_PX, GLYPH_PX), status)
        words = area.adjusted(GLYPH_PX + 7, 0, 0, 0)
        color = self.theme.color(known.word)
        text(painter, words, self.words_of(index), font=font(Type.BODY, struck=known.struck), color=color)


class AmountDelegate(RowDelegate):
    """A right-aligned amount in tabular figures; an overdue one is red and carries a sign."""

    def __init__(
        self,
        theme: Theme,
        table: RowsTable,
        *,
        overdue: Callable[[Any], bool] | None = None,
        ink: str | Callable[[Any], str] = "text",
        role: Type = Type.BODY,
    ) -> None:
        super().__init__(theme, table, role=role, ink=ink, right=True)
        self._overdue = overdue

    def paint_content(self, painter: QPainter, area: QRect, row: Any, index: Index) -> None:  # noqa: ANN401 - the model's row
        """The amount; nothing is an en dash in secondary."""
        words = self.words_of(index)
        overdue = self._overdue is not None and self._overdue(row)
        role = Type.BODY_MEDIUM if overdue else self._role
        ink = "danger" if overdue else self.ink_of(row)
        if words == "\N{EN DASH}":
            ink = "secondary"
        made = font(role, tabular=True)
        width = text(painter, area, words, font=made, color=self.theme.color(ink), align=RIGHT)
        if overdue:
            glyph = QRectF(area.right() - width - 18, area.center().y() - 6, 13, 13)
            paint_icon(painter, Icon.ALERT, self.theme.tokens.danger, glyph)


class DayTimeDelegate(RowDelegate):
    """A day and its time: "Thu 13 May  09:30"; today is semibold, the time secondary.

    A time that has no room beside its day is left out, never cut: the tooltip says it.
    """

    def __init__(
        self,
        theme: Theme,
        table: RowsTable,
        parts: Callable[[Any], tuple[str, str, bool]],
    ) -> None:
        super().__init__(theme, table)
        self._parts = parts
        self._time_px = QFontMetrics(font(Type.BODY, tabular=True)).horizontalAdvance("00:00")

    def paint_content(self, painter: QPainter, area: QRect, row: Any, _index: Index) -> None:  # noqa: ANN401 - the model's row
        """Day, then time where there is room for it."""
        day, time, today = self._parts(row)
        day_font = font(Type.BODY_SEMIBOLD if today else Type.BODY, tabular=True)
        used = text(painter, area, day, font=day_font, color=self.theme.color("text"))
        rest = area.adjusted(used + 8, 0, 0, 0)
        if rest.width() < self._time_px:
            return
        text(painter, rest, time, font=font(Type.BODY, tabular=True), color=self.theme.color("secondary"))


class PeopleDelegate(RowDelegate):
    """Circles with initials, or the names where the column is wide enough for them."""

    def __init__(self, theme: Theme, table: RowsTable, names_of: Callable[[Any], Sequence[str]]) -> None:
        super().__init__(theme, table)
        self._names_of = names_of

    def paint_content(self, painter: QPainter, area: QRect, row: Any, _index: Index) -> None:  # noqa: ANN401 - the model's row
        """One circle per person, at most as many as fit."""
        x = float(area.left())
        for name in self._names_of(row):
            if x + PERSON_PX > area.right() + PAD_OVERLAP:
                break
            circle = QRectF(x, area.center().y() - PERSON_PX / 2 + 0.5, PERSON_PX, PERSON_PX)
            paint_person(painter, self.theme, circle, name)
            x += PERSON_PX + 3
