"""The small month beside the calendar: busy days bold, today filled, a click goes there."""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting.dates import WEEKDAYS, long_day, month_year
from desktop.qt.components.buttons import Kind, StepButton
from desktop.qt.components.label import Label
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon
from desktop.qt.pages.calendar.month_layout import DAYS, WEEKS, grid_start, month_after
from desktop.qt.painting.strokes import CENTER, CONTROL_RADIUS, captions, dot, frame, text
from desktop.qt.theme import Theme

WIDTH_PX: Final = 200
_ROW_PX: Final = 24


class _Days(ThemedWidget):
    chosen = Signal(object)

    def __init__(self, theme: Theme, today: date) -> None:
        super().__init__(theme)
        self.today = today
        self.month = today.replace(day=1)
        self.day = today
        self.busy: AbstractSet[date] = frozenset()
        self.setFixedSize(WIDTH_PX, _ROW_PX * (WEEKS + 1))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the day."""
        week = int(event.position().y() // _ROW_PX) - 1
        weekday = int(event.position().x() * DAYS // WIDTH_PX)
        if 0 <= week < WEEKS and 0 <= weekday < DAYS:
            self.chosen.emit(grid_start(self.month) + timedelta(days=week * DAYS + weekday))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose the neighbouring day."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.chosen.emit(self.day + timedelta(days=step))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Letters, numbers, today's circle, the ring on focus."""
        painter, theme, first = QPainter(self), self.theme, grid_start(self.month)
        busy: list[tuple[QRectF, str]] = []
        others: list[tuple[QRectF, str]] = []
        for offset in range(WEEKS * DAYS):
            day, cell = first + timedelta(days=offset), self._cell(*divmod(offset, DAYS))
            if day == self.today:
                self._paint_today(painter, cell)
            else:
                (busy if day in self.busy else others).append((cell, str(day.day)))
        letters = [(self._cell(-1, weekday), WEEKDAYS[weekday][0]) for weekday in range(DAYS)]
        made, strong = font(Type.CAPTION, tabular=True), font(Type.CAPTION_SEMIBOLD, tabular=True)
        captions(painter, letters, font=font(Type.CAPTION), color=theme.color("text"), align=CENTER)
        captions(painter, busy, font=strong, color=theme.color("text"), align=CENTER)
        captions(painter, others, font=made, color=theme.color("secondary"), align=CENTER)
        if self.hasFocus():
            area = QRectF(self.rect())
            frame(painter, area, radius=CONTROL_RADIUS, outline=self.theme.color("accent"), width=2)

    def _cell(self, week: int, weekday: int) -> QRectF:
        width = WIDTH_PX / DAYS
        return QRectF(weekday * width, (week + 1) * _ROW_PX, width, _ROW_PX)

    def _paint_today(self, painter: QPainter, cell: QRectF) -> None:
        dot(painter, cell.center(), 11, self.theme.color("accent"))
        made, color = font(Type.CAPTION_SEMIBOLD, tabular=True), self.theme.color("on_accent")
        text(painter, cell, str(self.today.day), font=made, color=color, align=CENTER)


class MiniCalendar(QWidget):
    """200 px wide; its own arrows turn its month without moving the calendar beside it."""

    chosen = Signal(object)
    month_wanted = Signal(object)

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days = _Days(theme, today)
        self._title = Label(month_year(today), Type.BODY_SEMIBOLD)
        earlier = StepButton(theme, Icon.CHEVRON_LEFT, "Month before", kind=Kind.QUIET, small=True)
        later = StepButton(theme, Icon.CHEVRON_RIGHT, "Month after", kind=Kind.QUIET, small=True)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(0)
        head.addWidget(self._title, 1)
        for button in (earlier, later):
            button.setFixedSize(22, 22)
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._days)
        self.setFixedWidth(WIDTH_PX)
        self._days.chosen.connect(self.chosen)
        earlier.clicked.connect(lambda: self._turn(-1))
        later.clicked.connect(lambda: self._turn(1))
        self.show_day(today)

    @property
    def month(self) -> date:
        """The first day of the month shown here."""
        return self._days.month

    @property
    def busy(self) -> AbstractSet[date]:
        """The days with bookings."""
        return self._days.busy

    def show_day(self, day: date) -> None:
        """Follow the calendar to a day."""
        self._days.day = day
        self._show_month(day.replace(day=1))
        self._days.setAccessibleName(f"Mini calendar, {long_day(day)}")

    def show_today(self, today: date) -> None:
        """The day has changed."""
        self._days.today = today
        self._days.update()

    def show_busy(self, busy: AbstractSet[date]) -> None:
        """Make the days with bookings bold."""
        self._days.busy = busy
        self._days.update()

    def _turn(self, months: int) -> None:
        self._show_month(month_after(self._days.month, months))
        self.month_wanted.emit(self._days.month)

    def _show_month(self, first: date) -> None:
        self._days.month = first
        self._title.setText(month_year(first))
        self._days.update()
