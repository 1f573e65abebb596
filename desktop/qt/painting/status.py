"""A booking's status as edge, glyph and tone: the same three in lists, cards and calendars."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import device_pixel, frame, rounded, vertical
from desktop.qt.theme import Theme


class Edge(Enum):
    """How the 4-px edge at the left of a booking is drawn."""

    SOLID = auto()
    HATCHED = auto()
    HOLLOW = auto()
    DASHED = auto()
    PALE = auto()
    THIN = auto()


@dataclass(frozen=True, slots=True)
class StatusLook:
    """Edge, glyph and the tokens of a status; `word` colours the word, `struck` strikes word and name."""

    edge: Edge
    glyph: Icon
    glyph_token: str
    word: str = "text"
    struck: bool = False


LOOKS: Final[Mapping[str, StatusLook]] = {
    "held": StatusLook(Edge.HATCHED, Icon.CLOCK, "warning"),
    "confirmed": StatusLook(Edge.SOLID, Icon.DOT, "accent"),
    "needs_slot": StatusLook(Edge.HOLLOW, Icon.ALERT, "danger", "danger"),
    "postponed": StatusLook(Edge.DASHED, Icon.RING_DASHED, "secondary"),
    "completed": StatusLook(Edge.PALE, Icon.CHECK, "secondary", "secondary"),
    "cancelled": StatusLook(Edge.THIN, Icon.CROSS, "secondary", "secondary", struck=True),
}
_UNKNOWN: Final = StatusLook(Edge.THIN, Icon.ALERT, "secondary", "secondary")


def look(status: str) -> StatusLook:
    """The look of a status; one we do not know is grey and marked."""
    return LOOKS.get(status, _UNKNOWN)


def paint_edge(painter: QPainter, theme: Theme, rect: QRectF, status: str) -> None:
    """The 4 × 20 edge of a row."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = look(status).edge
    if edge is Edge.SOLID:
        frame(painter, rect, radius=2, fill=theme.color("accent"))
    elif edge is Edge.PALE:
        frame(painter, rect, radius=2, fill=theme.color("border2"))
    elif edge is Edge.HOLLOW:
        frame(painter, rect, radius=1.5, outline=theme.color("danger"), width=1)
    elif edge is Edge.HATCHED:
        frame(painter, rect, radius=1.5, outline=theme.color("warning_edge"), width=1)
        painter.setBrushOrigin(rect.topLeft())
        painter.fillPath(rounded(rect, 1.5), theme.hatch("warning_edge", 1 / device_pixel(painter)))
    elif edge is Edge.DASHED:
        pen = QPen(theme.color("control"), 2)
        pen.setDashPattern([1.8, 1.4])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        x = rect.center().x()
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom()))
    else:
        vertical(painter, theme.color("control"), rect.left() + 1, rect.top(), rect.bottom() - 1)
    painter.restore()


def paint_glyph(painter: QPainter, theme: Theme, rect: QRectF, status: str) -> None:
    """The glyph of a status, 14 px in rows, 12 in chips and calendars."""
    known = look(status)
    paint_icon(painter, known.glyph, getattr(theme.tokens, known.glyph_token), rect)
