"""The strip of figures on Today: one surface with hairlines between its cells, not tiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type, font
from desktop.qt.painting.strokes import CARD_RADIUS, frame, text, vertical
from desktop.qt.theme import Theme

HEIGHT_PX: Final = 86
_PAD_PX: Final = 16


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell: label, figure, caption; `ink` colours the figure.

    `shorter` captions, the longest first, stand in for one that has no room.
    """

    label: str
    words: str
    caption: str
    ink: str = "text"
    shorter: tuple[str, ...] = ()

    def caption_within(self, width_px: int, metrics: QFontMetrics) -> str:
        """The longest caption that fits, else the last."""
        captions = (self.caption, *self.shorter)
        return next((each for each in captions if metrics.horizontalAdvance(each) <= width_px), captions[-1])


class FiguresStrip(ThemedWidget):
    """Equal cells over the whole width."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._figures: tuple[Figure, ...] = ()
        self.setFixedHeight(HEIGHT_PX)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show these."""
        self._figures = tuple(figures)
        self.setAccessibleName(". ".join(f"{each.label}: {each.words}, {each.caption}" for each in figures))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, cells, outline."""
        painter, theme = QPainter(self), self.theme
        area = QRectF(self.rect())
        frame(painter, area, radius=CARD_RADIUS, fill=theme.color("surface"), outline=theme.color("border"))
        secondary = theme.color("secondary")
        small, big = font(Type.CAPTION, tabular=True), font(Type.TITLE, tabular=True)
        metrics = QFontMetrics(small)
        for place, figure in enumerate(self._figures):
            left = round(self.width() * place / len(self._figures))
            width = round(self.width() * (place + 1) / len(self._figures)) - left
            cell = QRect(left + _PAD_PX, 13, width - 2 * _PAD_PX, 16)
            text(painter, cell, figure.label, font=small, color=secondary)
            text(
                painter,
                cell.translated(0, 16).adjusted(0, 0, 0, 12),
                figure.words,
                font=big,
                color=theme.color(figure.ink),
            )
            caption = figure.caption_within(cell.width(), metrics)
            text(painter, cell.translated(0, 44), caption, font=small, color=secondary)
            if place:
                vertical(painter, theme.color("border"), left, 1, self.height() - 1)
