"""Hairlines of one device pixel, rounded frames, the double rule above sums, and elided text."""

from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen

from desktop.qt.theme import Theme

CARD_RADIUS: Final = 10
CONTROL_RADIUS: Final = 6
ITEM_RADIUS: Final = 4

LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER: Final = Qt.AlignmentFlag.AlignCenter


def hairline(color: QColor, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen of one device pixel at every scale."""
    pen = QPen(color, 0)
    pen.setStyle(style)
    return pen


def horizontal(painter: QPainter, color: QColor, left: float, right: float, y: float) -> None:
    """A hairline across; `y` is the top of its pixel."""
    _crisp(painter, color, QLineF(left, y, right, y))


def vertical(painter: QPainter, color: QColor, x: float, top: float, bottom: float) -> None:
    """A hairline down; `x` is the left of its pixel."""
    _crisp(painter, color, QLineF(x, top, x, bottom))


def _crisp(painter: QPainter, color: QColor, line: QLineF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(hairline(color))
    painter.drawLine(line)
    painter.restore()


def double_rule(painter: QPainter, theme: Theme, left: float, right: float, y: float) -> None:
    """The rule above a sum: two hairlines with one free line between; takes 3 px below `y`."""
    color = theme.color("border2")
    horizontal(painter, color, left, right, y)
    horizontal(painter, color, left, right, y + 2)


def device_pixel(painter: QPainter) -> float:
    """The side of one device pixel in logical pixels."""
    device = painter.device()
    return 1.0 / device.devicePixelRatioF() if device is not None else 1.0


def rounded(rect: QRectF, radius: float) -> QPainterPath:
    """A rounded rectangle as a path."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path


def frame(
    painter: QPainter,
    rect: QRectF,
    *,
    radius: float,
    fill: QColor | None = None,
    outline: QColor | None = None,
    width: float = 0,
) -> None:
    """A rounded frame inside `rect`; `width` 0 draws the outline as a hairline."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = (width or device_pixel(painter)) / 2
    inner = rect.adjusted(inset, inset, -inset, -inset) if outline is not None else rect
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if outline is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        painter.setPen(QPen(outline, width))
    painter.drawRoundedRect(inner, max(radius - inset, 0), max(radius - inset, 0))
    painter.restore()


def dashed_frame(painter: QPainter, rect: QRectF, *, radius: float, outline: QColor) -> None:
    """A dashed outline of 1 px: postponed, planned, an old place."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(outline, 1)
    pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


def text(
    painter: QPainter,
    rect: QRect | QRectF,
    words: str,
    *,
    font: QFont,
    color: QColor,
    align: Qt.AlignmentFlag = LEFT,
) -> int:
    """One line of text, elided at the right when it does not fit; answers how wide it became."""
    area = rect.toRect() if isinstance(rect, QRectF) else rect
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, area.width()) if area.width() > 0 else ""
    painter.setFont(font)
    painter.setPen(color)
    painter.drawText(area, align | Qt.TextFlag.TextSingleLine, shown)
    return metrics.horizontalAdvance(shown)


def width_of(words: str, font: QFont) -> int:
    """How wide a line of text is."""
    return QFontMetrics(font).horizontalAdvance(words)


def dot(painter: QPainter, center: QPointF, radius: float, color: QColor) -> None:
    """A filled circle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(center, radius, radius)
    painter.restore()
