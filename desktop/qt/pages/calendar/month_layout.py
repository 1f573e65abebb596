"""Where days and items stand in a month: pure dates and numbers, so that painting and clicking agree."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF

from desktop.queries.month_rows import BlockedDay, CalendarItem, MonthRows

HEAD_PX: Final = 28
WEEK_PX: Final = 33
DAYS: Final = 7
WEEKS: Final = 6
ITEM_TOP_PX: Final = 30
ITEM_PX: Final = 18
ITEM_STEP_PX: Final = 20
ITEM_INSET_PX: Final = 4
MOST_LINES: Final = 3
"""Where more lines fit, the last one is kept free for "3 more"."""
PATIENCE_MS: Final = 100
"""A turned month is painted with its rows; when they take longer than this, its empty grid comes first."""


def first_of_month(day: date) -> date:
    """The first day of a month."""
    return day.replace(day=1)


def month_after(day: date, months: int) -> date:
    """The same day some months on, or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (following - first).days) - 1)


@lru_cache(maxsize=64)
def grid_start(month: date) -> date:
    """The Monday on which the grid of a month begins."""
    first = first_of_month(month)
    return first - timedelta(days=first.weekday())


def grid_end(month: date) -> date:
    """The Sunday on which it ends; always six weeks, so that rows stay equally high."""
    return grid_start(month) + timedelta(days=WEEKS * DAYS - 1)


@dataclass(frozen=True, slots=True)
class DayEntries:
    """What one day shows, from the top."""

    blocked: tuple[BlockedDay, ...] = ()
    items: tuple[CalendarItem, ...] = ()
    more: int = 0
    """Bookings that come after the items and are not known by name."""

    @property
    def bookings(self) -> int:
        """How many bookings there are."""
        return len(self.items) + self.more

    @property
    def count(self) -> int:
        """How many lines all of it takes."""
        return len(self.blocked) + self.bookings


def by_day(rows: MonthRows) -> dict[date, DayEntries]:
    """Items and closed times by the days that they touch: what goes on above, then what begins, by time."""
    closed: defaultdict[date, list[BlockedDay]] = defaultdict(list)
    going_on: defaultdict[date, list[CalendarItem]] = defaultdict(list)
    begun: defaultdict[date, list[CalendarItem]] = defaultdict(list)
    for each in rows.blocked:
        closed[each.day].append(each)
    for item in rows.items:
        first = item.starts_at.date()
        begun[first].append(item)
        if item.ends_at.date() != first:
            for days in range(1, (item.last_day - first).days + 1):
                going_on[first + timedelta(days=days)].append(item)
    return {
        day: DayEntries(
            tuple(closed.get(day, ())),
            (*sorted(going_on.get(day, ()), key=_title), *sorted(begun.get(day, ()), key=_order)),
            rows.more.get(day, 0),
        )
        for day in {*closed, *going_on, *begun}
    }


def _title(item: CalendarItem) -> str:
    return item.title


def _order(item: CalendarItem) -> tuple[int, int, str]:
    return item.starts_at.hour, item.starts_at.minute, item.title


def lines_in(cell: QRectF, count: int) -> int:
    """How many of `count` lines fit into a day's cell: all, or fewer with "3 more" below."""
    fitting = _fitting(cell.height())
    return count if count <= _room(fitting) else max(fitting - 1, 0)


def shown_in(cell: QRectF, entries: DayEntries) -> int:
    """How many lines of a day are shown: as many as fit, of those that are known by name."""
    return min(lines_in(cell, entries.count), entries.count - entries.more)


def _fitting(height: float) -> int:
    return int((height - ITEM_TOP_PX) // ITEM_STEP_PX)


def _room(fitting: int) -> int:
    return fitting - 1 if fitting > MOST_LINES else fitting


def line_in(cell: QRectF, line: int) -> QRectF:
    """The place of a line inside a day's cell."""
    top = cell.top() + ITEM_TOP_PX + line * ITEM_STEP_PX
    return QRectF(cell.left() + ITEM_INSET_PX + 1, top, cell.width() - 2 * ITEM_INSET_PX - 1, ITEM_PX)


@dataclass(frozen=True, slots=True)
class MonthLayout:
    """The geometry of one month in a widget of a size."""

    month: date
    width: int
    height: int

    def cells(self) -> list[tuple[date, QRectF]]:
        """Every day of the grid and its cell."""
        first = grid_start(self.month)
        xs = [self.column_x(weekday) for weekday in range(DAYS + 1)]
        ys = [self.row_y(week) for week in range(WEEKS + 1)]
        return [
            (
                first + timedelta(days=week * DAYS + weekday),
                QRectF(xs[weekday], ys[week], xs[weekday + 1] - xs[weekday], ys[week + 1] - ys[week]),
            )
            for week in range(WEEKS)
            for weekday in range(DAYS)
        ]

    def day_rect(self, day: date) -> QRectF:
        """The cell of a day of this grid."""
        week, weekday = divmod((day - grid_start(self.month)).days, DAYS)
        left, right = self.column_x(weekday), self.column_x(weekday + 1)
        top, bottom = self.row_y(week), self.row_y(week + 1)
        return QRectF(left, top, right - left, bottom - top)

    def column_x(self, weekday: int) -> int:
        """The left line of a weekday's column."""
        return WEEK_PX + round((self.width - WEEK_PX) * weekday / DAYS)

    def row_y(self, week: int) -> int:
        """The upper line of a week."""
        return HEAD_PX + round((self.height - HEAD_PX) * week / WEEKS)

    def day_at(self, point: QPointF) -> date | None:
        """The day under a point."""
        if point.x() < WEEK_PX or point.y() < HEAD_PX:
            return None
        return next((day for day, cell in self.cells() if cell.contains(point)), None)

    @property
    def most_lines(self) -> int:
        """The most lines that any day can show."""
        highest = max(self.row_y(week + 1) - self.row_y(week) for week in range(WEEKS))
        return max(_room(_fitting(highest)), MOST_LINES)

    def shown_lines(self, day: date, entries: DayEntries) -> int:
        """How many lines of a day are shown, with "3 more" below if there are others."""
        return shown_in(self.day_rect(day), entries)

    def line_rect(self, day: date, line: int) -> QRectF:
        """The place of a line inside a day."""
        return line_in(self.day_rect(day), line)

    def line_at(self, point: QPointF, day: date, entries: DayEntries) -> int | None:
        """Which of a day's lines lies under a point."""
        lines = range(self.shown_lines(day, entries))
        return next((line for line in lines if self.line_rect(day, line).contains(point)), None)

    def item_at(self, point: QPointF, day: date, entries: DayEntries) -> int | None:
        """Which of a day's items lies under a point; its closed times stand above them."""
        line, closed = self.line_at(point, day, entries), len(entries.blocked)
        return None if line is None or line < closed else line - closed
