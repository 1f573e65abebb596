"""How one item of a calendar is painted: ground, edge, glyph, time, title."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.presenting.dates import clock
from desktop.presenting.status_words import BOOKING_STATUS, ROW_MARK, say
from desktop.qt.fonts import Type, font
from desktop.qt.painting.status import look, paint_glyph
from desktop.qt.painting.strokes import ITEM_RADIUS, device_pixel, frame, rounded, text, width_of
from desktop.qt.theme import Theme
from desktop.queries.rows import BlockedDay, CalendarItem

_EDGE_PX: Final = 4
_HELD_EDGE_PX: Final = 6
_GLYPH_PX: Final = 12


@dataclass(frozen=True, slots=True)
class ItemLook:
    """The tokens of an item: ground, edge, time and title; `glyph` says whether the status glyph is shown."""

    ground: str | None
    edge: str | None
    title: str = "text"
    glyph: bool = True


_LOOKS: Final[Mapping[str, ItemLook]] = {
    "confirmed": ItemLook("accent_soft", "accent", glyph=False),
    "held": ItemLook("warning_soft", "warning_edge"),
    "needs_slot": ItemLook("surface", None),
    "completed": ItemLook("off", "border2", title="secondary"),
    "cancelled": ItemLook(None, None, title="secondary", glyph=False),
}
_OTHER: Final = ItemLook("off", "border2", title="secondary")


def item_words(item: CalendarItem) -> str:
    """An item in full, for its tooltip and a screen reader."""
    people = ", ".join(item.resource_names)
    parts = [
        f"{clock(item.starts_at)}\N{EN DASH}{clock(item.ends_at)} {item.title}",
        item.package_name,
        people,
        say(BOOKING_STATUS, item.status),
        say(ROW_MARK, item.mark) if item.mark else "",
    ]
    return "\n".join(part for part in parts if part)


def paint_item(painter: QPainter, theme: Theme, area: QRectF, item: CalendarItem, *, hovered: bool) -> None:
    """One line of a day."""
    known = _LOOKS.get(item.status, _OTHER)
    ground = "hover" if hovered and item.status != "needs_slot" else known.ground
    if item.status == "needs_slot":
        fill, outline = theme.color("hover" if hovered else "surface"), theme.color("danger")
        frame(painter, area, radius=ITEM_RADIUS, fill=fill, outline=outline, width=1.5)
    elif ground is not None:
        frame(painter, area, radius=ITEM_RADIUS, fill=theme.color(ground))
    edge_px = _HELD_EDGE_PX if item.status == "held" else _EDGE_PX
    if known.edge is not None:
        _paint_edge(painter, theme, area, known.edge, edge_px, hatched=item.status == "held")
    x = area.left() + edge_px + (5 if known.glyph else 6)
    if known.glyph:
        glyph = QRectF(x, area.center().y() - _GLYPH_PX / 2, _GLYPH_PX, _GLYPH_PX)
        paint_glyph(painter, theme, glyph, item.status)
        x += _GLYPH_PX + 5
    elif known.ground is None:
        x = area.left() + 7
    _paint_words(painter, theme, QRectF(x, area.top(), area.right() - 5 - x, area.height()), item)


def paint_blocked(painter: QPainter, theme: Theme, area: QRectF, closed: BlockedDay) -> None:
    """A closed time: hatched, its words on a clear patch."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(rounded(area, ITEM_RADIUS), theme.hatch("hatch", 1 / device_pixel(painter)))
    made = font(Type.CAPTION)
    patch = QRectF(area.left(), area.top(), width_of(closed.words, made) + 18, area.height())
    painter.fillRect(patch.intersected(area), theme.color("surface"))
    words = area.adjusted(12, 0, -4, 0)
    text(painter, words, closed.words, font=made, color=theme.color("secondary"))
    painter.restore()


def _paint_edge(
    painter: QPainter, theme: Theme, area: QRectF, ink: str, width: float, *, hatched: bool
) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(QRectF(area.left(), area.top(), width, area.height()), Qt.ClipOperation.IntersectClip)
    brush = theme.hatch(ink, 1 / device_pixel(painter)) if hatched else theme.color(ink)
    painter.fillPath(rounded(area, ITEM_RADIUS), brush)
    painter.restore()


def _paint_words(painter: QPainter, theme: Theme, area: QRectF, item: CalendarItem) -> None:
    known = _LOOKS.get(item.status, _OTHER)
    figures = font(Type.CAPTION, tabular=True)
    used = text(painter, area, clock(item.starts_at), font=figures, color=theme.color("secondary"))
    struck = look(item.status).struck
    title = font(Type.CAPTION, struck=struck)
    rest = area.adjusted(used + 4, 0, 0, 0)
    text(painter, rest, item.title, font=title, color=theme.color(known.title))
