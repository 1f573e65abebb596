"""The calendar page: Today, the period, filter chips, the side panel and the month."""

from datetime import date
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.presenting.dates import month_year
from desktop.qt.components.buttons import Button, StepButton
from desktop.qt.components.chip import Chip
from desktop.qt.components.label import Label
from desktop.qt.components.scrolling import scrolled
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.pages.calendar.day_popover import DayPopover
from desktop.qt.pages.calendar.mini_calendar import WIDTH_PX
from desktop.qt.pages.calendar.month_layout import first_of_month, grid_end, grid_start, month_after
from desktop.qt.pages.calendar.month_view import MonthView
from desktop.qt.pages.calendar.side_panel import SidePanel
from desktop.qt.theme import Theme
from desktop.queries.month_rows import MonthRows, MonthWanted, SideRows

_BETWEEN_PX: Final = 20
_BAR_PX: Final = 12
"""Of the free room between side panel and month: in a low window the panel scrolls there."""


class CalendarPage(QWidget):
    """`rows_wanted` asks for the rows that are `wanted()`; `show_rows` answers it."""

    rows_wanted = Signal()
    booking_opened = Signal(object)
    all_postponed_wanted = Signal()
    new_booking_wanted = Signal(object)
    hint_changed = Signal(str)

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._theme = theme
        self._today = today
        self._day_list: DayPopover | None = None
        self._awaits_list = False
        self.month_view = MonthView(theme, today)
        self.side = SidePanel(theme, today)
        self._side_area = scrolled(self.side, on_page=True)
        self._side_area.setFixedWidth(WIDTH_PX + _BAR_PX)
        self._title = Label(month_year(today), Type.TITLE)
        self._confirmed = Chip(theme, "Confirmed", glyph=Icon.DOT)
        self._holds = Chip(theme, "Holds", glyph=Icon.CLOCK)
        self._postponed = Chip(theme, "Postponed", glyph=Icon.RING_DASHED)
        self._lay_out(theme)
        self._connect()
        self.setFocusProxy(self.month_view)

    def wanted(self) -> MonthWanted:
        """The days of the grid, as many lines as they have room for, and what chips and ticks leave out."""
        view = self.month_view
        return MonthWanted(
            first=grid_start(view.month),
            last=grid_end(view.month),
            lines=view.layout_now().most_lines,
            whole=view.whole,
            left_out=self._statuses_left_out(),
            hidden=self.side.hidden_resources(),
        )

    def show_side(self, rows: SideRows) -> None:
        """Offer the resources, and show what has no date yet."""
        hidden = self.side.hidden_resources()
        self.side.show_rows(rows)
        if self.side.hidden_resources() != hidden:  # one that was hidden is no longer in use
            self.rows_wanted.emit()

    def show_rows(self, rows: MonthRows) -> None:
        """Show the bookings, closed times and holidays of the period."""
        self.side.mini.show_busy(rows.continued.union(rows.booked))
        self.month_view.show_rows(rows)
        self._follow_rows()
        month = self.month_view.month
        inside = sum(count for day, count in rows.booked.items() if first_of_month(day) == month)
        self.hint_changed.emit(
            f"{inside} bookings in {month:%B}" if inside != 1 else f"1 booking in {month:%B}"
        )

    def show_today(self, today: date) -> None:
        """The day has changed."""
        self._today = today
        self.month_view.show_today(today)
        self.side.mini.show_today(today)

    def go_to(self, day: date) -> None:
        """Show and choose a day."""
        self.month_view.choose_day(day)

    def hideEvent(self, event: QHideEvent) -> None:
        """The list of a day goes with its month."""
        super().hideEvent(event)
        self._close_list()

    def fold_side(self, *, folded: bool) -> None:
        """Give the side panel's room to the month."""
        self._side_area.setVisible(not folded)

    def _statuses_left_out(self) -> frozenset[str]:
        switches = {
            "confirmed": self._confirmed,
            "held": self._holds,
            "postponed": self._postponed,
            "cancelled": self.side.cancelled,
            "completed": self.side.completed,
        }
        return frozenset(status for status, switch in switches.items() if not switch.isChecked())

    def _lay_out(self, theme: Theme) -> None:
        today = Button(theme, "Today")
        today.setToolTip("Go to today (T)")
        earlier = StepButton(theme, Icon.CHEVRON_LEFT, "Month before (PageUp)")
        later = StepButton(theme, Icon.CHEVRON_RIGHT, "Month after (PageDown)")
        today.clicked.connect(lambda: self.go_to(self._today))
        earlier.clicked.connect(lambda: self.go_to(month_after(self.month_view.day, -1)))
        later.clicked.connect(lambda: self.go_to(month_after(self.month_view.day, 1)))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(today)
        head.addWidget(earlier)
        head.addWidget(later)
        head.addSpacing(8)
        head.addWidget(self._title)
        head.addStretch(1)
        for chip in (self._confirmed, self._holds, self._postponed):
            head.addWidget(chip)
        self._confirmed.setChecked(True)
        self._holds.setChecked(True)
        below = QHBoxLayout()
        below.setSpacing(_BETWEEN_PX - _BAR_PX)
        below.addWidget(self._side_area)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setProperty("ground", "none")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.month_view)
        below.addWidget(area, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addLayout(head)
        column.addLayout(below, 1)

    def _connect(self) -> None:
        view = self.month_view
        view.month_wanted.connect(lambda _: self.rows_wanted.emit())
        view.rows_wanted.connect(self.rows_wanted)
        view.month_shown.connect(self._show_month)
        view.day_chosen.connect(self._show_day)
        view.more_wanted.connect(lambda _: self._want_list())
        view.item_opened.connect(self.booking_opened)
        view.new_wanted.connect(self.new_booking_wanted)
        self.side.mini.chosen.connect(self.go_to)
        self.side.filters_changed.connect(self.rows_wanted)
        self.side.booking_opened.connect(self._open)
        self.side.all_postponed_wanted.connect(self.all_postponed_wanted)
        for chip in (self._confirmed, self._holds, self._postponed):
            chip.toggled.connect(lambda _: self.rows_wanted.emit())

    def _want_list(self) -> None:
        """The chosen day as a list, at once or as soon as all its bookings are known by name."""
        self._awaits_list = not self.month_view.want_whole()
        if not self._awaits_list:
            self._open_list()

    def _open_list(self) -> None:
        if self._day_list is None:
            self._day_list = DayPopover(self._theme, self.window(), self.month_view)
            self._day_list.booking_opened.connect(self.booking_opened)
        self._awaits_list = False
        self._day_list.open_list()

    def _follow_rows(self) -> None:
        if self._awaits_list:
            self._open_list()
        elif self._day_list is not None and self._day_list.isVisible():
            self._day_list.show_day()

    def _close_list(self) -> None:
        self._awaits_list = False
        if self._day_list is not None:
            self._day_list.hide()

    def _show_day(self, day: date) -> None:
        self._close_list()
        if not self.month_view.is_turning:
            self.side.mini.show_day(day)

    def _show_month(self) -> None:
        self._title.setText(month_year(self.month_view.month))
        self.side.mini.show_day(self.month_view.day)

    def _open(self, booking_id: UUID) -> None:
        self.booking_opened.emit(booking_id)
