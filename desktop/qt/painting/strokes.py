"""Hairlines of one device pixel, rounded frames, the double rule above sums, and elided text."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPen,
    QStaticText,
)

from desktop.qt.theme import Theme

CARD_RADIUS: Final = 10
CONTROL_RADIUS: Final = 6
ITEM_RADIUS: Final = 4

LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER: Final = Qt.AlignmentFlag.AlignCenter

_OF_OUR_FONT: Final = re.compile("^[\u0000-\u052f\u1e00-\u2bff]*$")
"""Latin, Greek, Cyrillic and signs; other letters come from other fonts, whose lines are higher."""


def horizontal(painter: QPainter, color: QColor, left: float, right: float, y: float) -> None:
    """A hairline across; `y` is the top of its pixel. Filled, not stroked: the painter's state stays."""
    painter.fillRect(QRectF(left, y, right - left, device_pixel(painter)), color)


def vertical(painter: QPainter, color: QColor, x: float, top: float, bottom: float) -> None:
    """A hairline down; `x` is the left of its pixel."""
    painter.fillRect(QRectF(x, top, device_pixel(painter), bottom - top), color)


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
    _smooth(painter)
    inset = (width or device_pixel(painter)) / 2
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if outline is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
    else:
        painter.setPen(QPen(outline, width))
        inner = rect.adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(inner, max(radius - inset, 0), max(radius - inset, 0))


def _smooth(painter: QPainter) -> None:
    """Round shapes need smooth edges; setting the hint anew each time would cost more than the shape."""
    if not painter.testRenderHint(QPainter.RenderHint.Antialiasing):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)


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
    """One line of text, cut at the right when it does not fit; answers how wide it became."""
    static, width, height = _laid_out(words, font, int(rect.width()))
    x, y = float(rect.x()), rect.y() + (rect.height() - height) / 2
    if align is RIGHT:
        x += rect.width() - width
    elif align is CENTER:
        x += (rect.width() - width) / 2
    painter.setFont(font)
    painter.setPen(color)
    # QStaticText draws letters of another font lower, and a struck line where it was first painted
    if font.strikeOut() or not _OF_OUR_FONT.match(words):
        painter.drawText(QPointF(x, y + QFontMetricsF(font).ascent()), static.text())
    else:
        painter.drawStaticText(QPointF(x, y), static)
    return width


def texts(painter: QPainter, placed: Iterable[tuple[QRectF, str]], *, font: QFont, color: QColor) -> None:
    """As :func:`text` at the left, for many lines of one look that are seldom painted twice.

    A text that is kept ready takes half as long to paint, but twice as long to make; even to remember where
    it was cut takes longer than to cut it.
    """
    if font.strikeOut():
        for rect, words in placed:
            text(painter, rect, words, font=font, color=color)
        return
    painter.setFont(font)
    painter.setPen(color)
    metrics = QFontMetrics(font)
    ascent, height = QFontMetricsF(font).ascent(), metrics.height()
    for rect, words in placed:
        width = int(rect.width())
        if width > 0:
            base = QPointF(rect.x(), rect.y() + (rect.height() - height) / 2 + ascent)
            painter.drawText(base, metrics.elidedText(words, Qt.TextElideMode.ElideRight, width))


def captions(
    painter: QPainter,
    placed: Iterable[tuple[QRectF, str]],
    *,
    font: QFont,
    color: QColor,
    align: Qt.AlignmentFlag = LEFT,
) -> None:
    """As :func:`text`, for many lines of one look that come again and again; none is struck."""
    painter.setFont(font)
    painter.setPen(color)
    for rect, words in placed:
        static, width, height = _laid_out(words, font, int(rect.width()))
        x = rect.x() + ((rect.width() - width) / 2 if align is CENTER else 0)
        painter.drawStaticText(QPointF(x, rect.y() + (rect.height() - height) / 2), static)


@lru_cache(maxsize=16384)
def _laid_out(words: str, font: QFont, width: int) -> tuple[QStaticText, int, int]:
    """A line cut to a width: the text, its width and its height in px."""
    metrics = QFontMetrics(font)
    shown, taken = words, metrics.horizontalAdvance(words)
    if taken >= width:
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width) if width > 0 else ""
        taken = metrics.horizontalAdvance(shown)
    return _plain(shown), taken, metrics.height()


def _plain(words: str) -> QStaticText:
    """It lays itself out where it is painted first: before that it would not know how it is scaled."""
    static = QStaticText(words)
    static.setTextFormat(Qt.TextFormat.PlainText)
    return static


@lru_cache(maxsize=4096)
def width_of(words: str, font: QFont) -> int:
    """How wide a line of text is."""
    return QFontMetrics(font).horizontalAdvance(words)


def shown_width(words: str, font: QFont, room: float) -> int:
    """How wide a line of text becomes that is cut to some room."""
    return _laid_out(words, font, int(room))[1]


def dot(painter: QPainter, center: QPointF, radius: float, color: QColor) -> None:
    """A filled circle."""
    _smooth(painter)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(center, radius, radius)
