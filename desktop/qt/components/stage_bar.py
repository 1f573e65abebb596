"""The bar of payment stages: segments as wide as their amounts, filled as far as they are paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.painting.strokes import dashed_frame, device_pixel, frame, rounded
from desktop.qt.theme import Theme

HEIGHT_PX: Final = 12
SMALL_PX: Final = 10
_GAP_PX: Final = 2
_LEAST_PX: Final = 6


class StageLook(Enum):
    """How a segment is drawn."""

    PAID = auto()
    OPEN = auto()
    POSTPONED = auto()
    REFUNDED = auto()


@dataclass(frozen=True, slots=True)
class StagePart:
    """One stage of the bar; `words` say it to a screen reader."""

    amount_minor: int
    look: StageLook
    words: str


class StageBar(ThemedWidget):
    """Never shown without the list of stages under it."""

    def __init__(self, theme: Theme, *, small: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._parts: tuple[StagePart, ...] = ()
        self.setFixedHeight(SMALL_PX if small else HEIGHT_PX)

    def show_parts(self, parts: Sequence[StagePart]) -> None:
        """Draw these stages."""
        self._parts = tuple(part for part in parts if part.amount_minor > 0)
        self.setAccessibleName("Payment stages: " + ", ".join(part.words for part in self._parts))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The segments, left to right."""
        painter = QPainter(self)
        total = sum(part.amount_minor for part in self._parts)
        room = self.width() - _GAP_PX * max(len(self._parts) - 1, 0)
        x = 0.0
        for part in self._parts:
            width = max(room * part.amount_minor / total, _LEAST_PX)
            self._paint_part(painter, QRectF(x, 0, width, self.height()), part.look)
            x += width + _GAP_PX

    def _paint_part(self, painter: QPainter, area: QRectF, look: StageLook) -> None:
        accent = self.theme.color("accent")
        if look is StageLook.PAID:
            frame(painter, area, radius=2, fill=accent)
        elif look is StageLook.POSTPONED:
            dashed_frame(painter, area, radius=2, outline=self.theme.color("control"))
        else:
            if look is StageLook.REFUNDED:
                painter.fillPath(rounded(area, 2), self.theme.hatch("accent", 1 / device_pixel(painter)))
            frame(painter, area, radius=2, outline=accent, width=1)
