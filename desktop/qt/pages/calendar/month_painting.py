"""How a month is painted: lines of one look together, because a painter that keeps its font is faster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from desktop.presenting.dates import WEEKDAYS, hour_on, month
from desktop.qt.fonts import Type, font
from desktop.qt.pages.calendar.item_painting import PlacedItem, paint_blocked, paint_items
from desktop.qt.pages.calendar.month_layout import (
    DAYS,
    HEAD_PX,
    WEEK_PX,
    WEEKS,
    DayEntries,
    MonthLayout,
    grid_start,
    line_in,
    shown_in,
)
from desktop.qt.painting.plates import Plates
from desktop.qt.painting.strokes import (
    CARD_RADIUS,
    CENTER,
    RIGHT,
    captions,
    dot,
    frame,
    horizontal,
    rounded,
    text,
    vertical,
)
from desktop.qt.theme import Theme

_NOTHING: Final = DayEntries()
Cells = Sequence[tuple[date, QRectF]]


@dataclass(frozen=True, slots=True)
class MonthPicture:
    """What is painted; `picked` is a place among the items of the chosen day, `hovered` one of any day."""

    layout: MonthLayout
    by_day: Mapping[date, DayEntries]
    holidays: Mapping[date, str]
    today: date
    chosen: date
    picked: int | None
    hovered: tuple[date, int] | None
    has_focus: bool

    def is_inside(self, day: date) -> bool:
        """Whether a day of the grid belongs to the month."""
        return day.month == self.layout.month.month

    def is_marked(self, day: date, place: int) -> bool:
        """Whether an item lies under the pointer or is picked."""
        return (day, place) == self.hovered or (day == self.chosen and place == self.picked)


def paint_month(
    painter: QPainter, theme: Theme, plates: Plates, picture: MonthPicture, dirty: QRectF
) -> None:
    """Ground, lines and outline, and of the days those that touch the ``dirty`` part."""
    layout = picture.layout
    area = QRectF(0, 0, layout.width, layout.height)
    frame(painter, area, radius=CARD_RADIUS, fill=theme.color("surface"))
    painter.save()
    painter.setClipPath(rounded(area, CARD_RADIUS))
    cells = [(day, cell) for day, cell in layout.cells() if cell.intersects(dirty)]
    for day, cell in cells:
        if not picture.is_inside(day):
            painter.fillRect(cell, theme.color("sunken"))
    _paint_lines(painter, theme, layout)
    painter.restore()  # words stay clear of the corners, and are painted faster without a clip
    _paint_numbers(painter, theme, picture, cells)
    _paint_holidays(painter, theme, picture, cells)
    _paint_entries(painter, theme, plates, picture, cells)
    chosen = layout.day_rect(picture.chosen).adjusted(0, 0, 1, 1)
    ink = "accent" if picture.has_focus or picture.chosen != picture.today else "accent_line"
    frame(painter, chosen, radius=2, outline=theme.color(ink), width=2)
    frame(painter, area, radius=CARD_RADIUS, outline=theme.color("border"))


def _paint_lines(painter: QPainter, theme: Theme, layout: MonthLayout) -> None:
    border, secondary = theme.color("border"), theme.color("secondary")
    made, small = font(Type.CAPTION), font(Type.CAPTION, tabular=True)
    text(painter, QRect(0, 0, WEEK_PX, HEAD_PX), "Wk", font=made, color=secondary, align=CENTER)
    heads = []
    for weekday in range(DAYS):
        x = layout.column_x(weekday)
        vertical(painter, border, x, 0, layout.height)
        head = QRectF(x + 9, 0, layout.column_x(weekday + 1) - x - 12, HEAD_PX)
        heads.append((head, WEEKDAYS[weekday]))
    captions(painter, heads, font=made, color=secondary)
    for week in range(WEEKS):
        y = layout.row_y(week)
        horizontal(painter, border, 0, layout.width, y)
        number = (grid_start(layout.month) + timedelta(days=DAYS * week)).isocalendar().week
        place = QRect(0, y + 8, WEEK_PX, 18)
        text(painter, place, str(number), font=small, color=secondary, align=CENTER)


def _paint_numbers(painter: QPainter, theme: Theme, picture: MonthPicture, cells: Cells) -> None:
    inside: list[tuple[QRectF, str]] = []
    outside: list[tuple[QRectF, str]] = []
    for day, cell in cells:
        if day == picture.today:
            _paint_today(painter, theme, cell, day)
            continue
        words = f"{day.day} {month(day)}" if day.day == 1 else str(day.day)
        place = QRectF(cell.left() + 9, cell.top() + 6, cell.width() - 12, 20)
        (inside if picture.is_inside(day) else outside).append((place, words))
    captions(painter, inside, font=font(Type.LABEL_MEDIUM, tabular=True), color=theme.color("text"))
    captions(painter, outside, font=font(Type.LABEL, tabular=True), color=theme.color("secondary"))


def _paint_today(painter: QPainter, theme: Theme, cell: QRectF, day: date) -> None:
    center = QPointF(cell.left() + 16, cell.top() + 16)
    dot(painter, center, 11, theme.color("accent"))
    circle = QRectF(center.x() - 11, center.y() - 11, 22, 22)
    made, color = font(Type.LABEL_SEMIBOLD, tabular=True), theme.color("on_accent")
    text(painter, circle, str(day.day), font=made, color=color, align=CENTER)


def _paint_holidays(painter: QPainter, theme: Theme, picture: MonthPicture, cells: Cells) -> None:
    made, color = font(Type.CAPTION), theme.color("secondary")
    for day, cell in cells:
        holiday = picture.holidays.get(day, "")
        if holiday:
            taken = 58 if day.day == 1 else 34
            right = QRectF(cell.left() + taken, cell.top() + 7, cell.width() - taken - 8, 18)
            text(painter, right, holiday, font=made, color=color, align=RIGHT)


def _paint_entries(
    painter: QPainter, theme: Theme, plates: Plates, picture: MonthPicture, cells: Cells
) -> None:
    placed: list[PlacedItem] = []
    below: list[tuple[QRectF, str]] = []
    for day, cell in cells:
        entries = picture.by_day.get(day, _NOTHING)
        closed, shown = len(entries.blocked), shown_in(cell, entries)
        for line in range(min(closed, shown)):
            paint_blocked(painter, theme, line_in(cell, line), entries.blocked[line])
        ground = "surface" if picture.is_inside(day) else "sunken"
        for line in range(closed, shown):
            place = line - closed
            marked, item = picture.is_marked(day, place), entries.items[place]
            hour = hour_on(day, item.starts_at, item.ends_at)
            placed.append(PlacedItem(line_in(cell, line), item, hour, ground, marked))
        words = _words_below(entries, shown)
        if words:
            below.append((line_in(cell, shown).adjusted(7, 0, 0, 0), words))
    paint_items(painter, theme, plates, placed)
    captions(painter, below, font=font(Type.CAPTION), color=theme.color("secondary"))


def _words_below(entries: DayEntries, shown: int) -> str:
    hidden = entries.count - shown
    if hidden:
        return f"{hidden} more"
    waiting = sum(item.waiting_count for item in entries.items)
    if not waiting:
        return ""
    return "1 couple waits" if waiting == 1 else f"{waiting} couples wait"
