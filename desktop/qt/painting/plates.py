"""Opaque pieces of a painted view: each look is painted once, and then its pixels are copied."""

from collections.abc import Callable, Hashable, Iterable
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

_MOST: Final = 512
Paint = Callable[[QPainter, QRectF], None]


class Plates:
    """Filling a rounded shape takes ten times as long as copying it, and a month has hundreds of them."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, QPixmap] = {}

    def forget(self) -> None:
        """The colours have changed."""
        self._kept.clear()

    def put(
        self, painter: QPainter, areas: Iterable[QRectF], look: Hashable, ground: QColor, paint: Paint
    ) -> None:
        """What ``paint`` paints on ``ground`` at each area; ``look`` tells it from all others of its size."""
        there = painter.deviceTransform()
        ratio = there.m11()
        between_pixels = not (ratio.is_integer() and there.dx().is_integer() and there.dy().is_integer())
        for area in areas:
            if between_pixels:  # each place looks different
                paint(painter, area)
                continue
            key = (look, area.width(), area.height(), ratio)
            plate = self._kept.get(key)
            if plate is None:
                if len(self._kept) == _MOST:
                    self.forget()
                plate = self._kept[key] = _painted(area, ratio, ground, paint)
            painter.drawPixmap(area.topLeft(), plate)


def _painted(area: QRectF, ratio: float, ground: QColor, paint: Paint) -> QPixmap:
    made = QPixmap((area.size() * ratio).toSize())
    made.setDevicePixelRatio(ratio)
    made.fill(ground)
    painter = QPainter(made)
    painter.translate(-area.topLeft())
    paint(painter, area)
    painter.end()
    return made
