"""Lines at 45° for held edges and blocked time: 2-px lines in a 6-px tile, made per device pixel ratio."""

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

TILE_PX = 6
LINE_PX = 2.0


@lru_cache(maxsize=32)
def hatch_brush(color: str, ratio: float) -> QBrush:
    """A brush of diagonal lines on nothing; sharp because its tile has the screen's own pixels."""
    side = round(TILE_PX * ratio)
    tile = QPixmap(side, side)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(color), LINE_PX * ratio)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    painter.setPen(pen)
    for shift in (-side, 0, side):
        painter.drawLine(QPointF(shift, side), QPointF(shift + side, 0))
    painter.end()
    tile.setDevicePixelRatio(ratio)
    return QBrush(tile)
