"""How one item of a calendar is painted: ground, edge, glyph, time, title."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.presenting.dates import days_span, time_span
from desktop.presenting.status_words import BOOKING_STATUS, ROW_MARK, say
from desktop.qt.fonts import Type, font
from desktop.qt.painting.plates import Plates
from desktop.qt.painting.status import look, paint_glyph
from desktop.qt.painting.strokes import (
    ITEM_RADIUS,
    device_pixel,
    frame,
    rounded,
    shown_width,
    text,
    texts,
    width_of,
)
from desktop.qt.theme import Theme
from desktop.queries.month_rows import BlockedDay, CalendarItem

_EDGE_PX: Final = 4
_HELD_EDGE_PX: Final = 6
_GLYPH_PX: Final = 12
_RIGHT_PX: Final = 5
_GAP_PX: Final = 4
_HATCH_PX: Final = 16


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
    of_one_day = item.last_day == item.starts_at.date()
    span = (time_span if of_one_day else days_span)(item.starts_at, item.ends_at)
    parts = [
        f"{span} {item.title}",
        item.package_name,
        people,
        say(BOOKING_STATUS, item.status),
        say(ROW_MARK, item.mark) if item.mark else "",
    ]
    return "\n".join(part for part in parts if part)


class PlacedItem(NamedTuple):
    """An item, where it stands and with which hour, on a ground of which token, and whether it is marked."""

    area: QRectF
    item: CalendarItem
    hour: str
    ground: str
    marked: bool


class _Look(NamedTuple):
    """All of an item but its title: many items of a month share it."""

    status: str
    hour: str
    ground: str
    marked: bool


def paint_items(painter: QPainter, theme: Theme, plates: Plates, placed: Sequence[PlacedItem]) -> None:
    """Lines of days: each look is painted once and then copied, only titles are painted one by one."""
    looks: dict[_Look, list[tuple[QRectF, str]]] = {}
    for area, item, hour, ground, marked in placed:
        looks.setdefault(_Look(item.status, hour, ground, marked), []).append((area, item.title))
    for each, lines in looks.items():
        areas = [area for area, _ in lines]
        plate = partial(_paint_plate, theme=theme, shown=each)
        plates.put(painter, areas, each, theme.color(each.ground), plate)
        if each.status == "held":
            for area in areas:
                _paint_edge(painter, theme, area, "warning_edge", _HELD_EDGE_PX, hatched=True)
        token, struck = _LOOKS.get(each.status, _OTHER).title, look(each.status).struck
        titles = ((_title_room(each, area), title) for area, title in lines)
        texts(painter, titles, font=font(Type.CAPTION, struck=struck), color=theme.color(token))


def _paint_plate(painter: QPainter, area: QRectF, *, theme: Theme, shown: _Look) -> None:
    status, marked = shown.status, shown.marked
    known = _LOOKS.get(status, _OTHER)
    ground = "hover" if marked and status != "needs_slot" else known.ground
    if status == "needs_slot":
        fill, outline = theme.color("hover" if marked else "surface"), theme.color("danger")
        frame(painter, area, radius=ITEM_RADIUS, fill=fill, outline=outline, width=1.5)
    elif ground is not None:
        frame(painter, area, radius=ITEM_RADIUS, fill=theme.color(ground))
    if known.edge is not None and status != "held":
        _paint_edge(painter, theme, area, known.edge, _EDGE_PX, hatched=False)
    if known.glyph:
        x = area.left() + _edge_px(status) + 5
        glyph = QRectF(x, area.center().y() - _GLYPH_PX / 2, _GLYPH_PX, _GLYPH_PX)
        paint_glyph(painter, theme, glyph, status)
    room = area.adjusted(_words_x(status), 0, -_RIGHT_PX, 0)
    hours = font(Type.CAPTION, tabular=True)
    text(painter, room, shown.hour, font=hours, color=theme.color("secondary"))


def _edge_px(status: str) -> int:
    return _HELD_EDGE_PX if status == "held" else _EDGE_PX


def _words_x(status: str) -> int:
    """How far from the left the words of an item begin."""
    known = _LOOKS.get(status, _OTHER)
    if known.glyph:
        return _edge_px(status) + 5 + _GLYPH_PX + 5
    return 7 if known.ground is None else _edge_px(status) + 6


def _title_room(shown: _Look, area: QRectF) -> QRectF:
    """Where its title stands, behind the time."""
    return area.adjusted(_title_x(shown.status, shown.hour, area.width()), 0, -_RIGHT_PX, 0)


@lru_cache(maxsize=1024)
def _title_x(status: str, hour: str, width: float) -> float:
    """How far from the left of its area that is."""
    room = width - _words_x(status) - _RIGHT_PX
    return _words_x(status) + shown_width(hour, font(Type.CAPTION, tabular=True), room) + _GAP_PX


def paint_blocked(painter: QPainter, theme: Theme, area: QRectF, closed: BlockedDay) -> None:
    """A closed time: hatched, its words on a clear patch that leaves some of the hatch in view."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(rounded(area, ITEM_RADIUS), theme.hatch("hatch", 1 / device_pixel(painter)))
    made = font(Type.CAPTION)
    taken = min(width_of(closed.words, made) + 18, area.width() - _HATCH_PX)
    painter.fillRect(QRectF(area.left(), area.top(), taken, area.height()), theme.color("surface"))
    words = area.adjusted(12, 0, -_HATCH_PX - 2, 0)
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
