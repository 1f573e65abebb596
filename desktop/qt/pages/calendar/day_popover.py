"""A whole day of the month as a list over its place: what had no room there stands here."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting.dates import hour_on, long_day
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.popover import Popover
from desktop.qt.components.rows_table import RowsTable
from desktop.qt.delegates.row_delegate import Index, RowDelegate
from desktop.qt.fonts import Type
from desktop.qt.pages.calendar.item_painting import PlacedItem, item_words, paint_blocked, paint_items
from desktop.qt.pages.calendar.month_layout import ITEM_PX, DayEntries
from desktop.qt.pages.calendar.month_view import MonthView
from desktop.qt.painting.plates import Plates
from desktop.qt.table_models.column import Column
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.theme import Theme
from desktop.queries.month_rows import BlockedDay, CalendarItem

WIDTH_PX: Final = 320
LINE_PX: Final = 26
_STAYS: Final = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line of a day: a booking, or a closed time; `key` stays the same while the day changes."""

    key: UUID | int
    day: date
    entry: CalendarItem | BlockedDay

    @property
    def booking_id(self) -> UUID | None:
        """The booking it opens, if it is one."""
        return self.entry.booking_id if isinstance(self.entry, CalendarItem) else None


def day_lines(day: date, entries: DayEntries) -> list[DayLine]:
    """Closed times above, then the bookings by time: the order of the day in the month."""
    closed = [DayLine(place, day, each) for place, each in enumerate(entries.blocked)]
    return closed + [DayLine(item.booking_id, day, item) for item in entries.items]


class DayPopover(Popover):
    """Arrows move, Enter or a click opens a booking; Escape, Tab or a click elsewhere closes.

    It belongs to the chosen day of a month, and gives the focus back to it.
    """

    booking_opened = Signal(object)

    def __init__(self, theme: Theme, window: QWidget, view: MonthView) -> None:
        super().__init__(theme, window, width_px=WIDTH_PX)
        self._view = view
        self.setObjectName("day_popover")
        self._day = Label("", Type.BODY_SEMIBOLD)
        self._count = Label("", Type.CAPTION, "secondary")
        self._holiday = ElidedLabel("", Type.CAPTION, "secondary")
        self.model: RowsModel[DayLine] = RowsModel(
            [Column("Bookings", _words, _words, hint=_hint, speak=_spoken)], lambda line: line.key, self
        )
        self.table = RowsTable(theme, "Bookings of the day")
        self.table.setObjectName("day_list")
        self.table.setModel(self.model)
        self.table.horizontalHeader().hide()
        self.table.set_widths((0,))
        self.table.set_row_height(LINE_PX)
        self.table.setMinimumHeight(LINE_PX)
        self.table.open_end = True
        self.table.setItemDelegate(_DayLineDelegate(theme, self.table))
        self.table.clicked.connect(lambda index: self._open(self.model.row_at(index.row())))
        self.table.opened.connect(self._open)
        self.setFocusProxy(self.table)
        self._lay_out()

    def open_list(self) -> None:
        """Show the chosen day over its place in the month, the first booking chosen."""
        self.show_day()
        lines = self.model.rows
        if not lines:
            return
        bookings = (place for place, line in enumerate(lines) if line.booking_id is not None)
        self.table.selectRow(next(bookings, 0))
        place = self._view.layout_now().day_rect(self._view.day).toAlignedRect()
        corner = self._view.mapTo(self._window(), place.topLeft())
        self.open_over(QRect(corner, place.size()))

    def show_day(self) -> None:
        """Take what the day holds now; a day that has become empty has no list."""
        day = self._view.day
        entries, holiday = self._view.entries_of(day), self._view.holiday_of(day)
        self.setAccessibleName(f"{long_day(day)}, {_counted(entries)}" + (f", {holiday}" if holiday else ""))
        self.table.setAccessibleName(f"Bookings of {long_day(day)}")
        self._day.setText(long_day(day))
        self._count.setText(_counted(entries))
        self._holiday.setText(holiday)
        self._holiday.setVisible(bool(holiday))
        lines = day_lines(day, entries)
        self.model.show_rows(lines)
        if lines:
            self._fit(len(lines))
        else:
            self.leave()

    def leave(self) -> None:
        """Close, and give the focus back to the month if it was here."""
        if self.isAncestorOf(QApplication.focusWidget() or self):
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    # --- Qt's calls -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes; no other key reaches the page below."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()

    def focusNextPrevChild(self, _following: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Tab leaves the list for the month."""
        self.leave()
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """A click may be anywhere in the program."""
        super().showEvent(event)
        _program().installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked at any more."""
        super().hideEvent(event)
        _program().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click elsewhere, the focus gone elsewhere or a window of another size closes the list.

        The second click on what opened it is nobody's.
        """
        kind = event.type()
        if kind is QEvent.Type.MouseButtonPress and self._is_elsewhere(watched):
            self.hide()
        elif kind is QEvent.Type.MouseButtonDblClick and not self._is_elsewhere(watched):
            return True
        elif isinstance(event, QFocusEvent) and watched is self.table and event.lostFocus():
            if event.reason() not in _STAYS:
                self.hide()
        elif kind is QEvent.Type.Resize and watched is self.parentWidget():
            self.leave()
        return False

    def _is_elsewhere(self, watched: QObject) -> bool:
        return isinstance(watched, QWidget) and watched is not self and not self.isAncestorOf(watched)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._day, 1)
        head.addWidget(self._count)
        top = QVBoxLayout()
        top.setContentsMargins(12, 8, 12, 8)
        top.setSpacing(0)
        top.addLayout(head)
        top.addWidget(self._holiday)
        self.column.addLayout(top)
        self.column.addWidget(Hairline(self.theme))
        self.column.addWidget(self.table)
        self.column.addSpacing(4)

    def _fit(self, lines: int) -> None:
        """As high as the day needs; in a low window the lines scroll."""
        self.table.setFixedHeight(LINE_PX)
        self.column.activate()
        besides = self.sizeHint().height() - LINE_PX
        room = self.most_height - besides
        self.table.setFixedHeight(max(min(lines * LINE_PX, room), LINE_PX))
        self.adjustSize()

    def _open(self, line: DayLine | None) -> None:
        if line is not None and line.booking_id is not None:
            self.leave()
            self.booking_opened.emit(line.booking_id)


class _DayLineDelegate(RowDelegate):
    """Paints a line as the month does."""

    def __init__(self, theme: Theme, table: RowsTable) -> None:
        super().__init__(theme, table)
        self._plates = Plates()
        theme.changed.connect(self._plates.forget)

    def paint_content(self, painter: QPainter, area: Any, row: DayLine, index: Index) -> None:  # noqa: ANN401 - the table's
        """The item or the closed time in the middle of the row."""
        top = area.top() + (LINE_PX - ITEM_PX) // 2
        line = QRectF(area.left() - 4, top, area.width() + 8, ITEM_PX)
        if isinstance(row.entry, BlockedDay):
            paint_blocked(painter, self.theme, line, row.entry)
            return
        ground = "hover" if index.row() == self.table.hovered_row else "surface"
        if self.table.selectionModel().isRowSelected(index.row()):
            ground = "accent_soft"
        placed = PlacedItem(line, row.entry, _hour(row.day, row.entry), ground, marked=False)
        paint_items(painter, self.theme, self._plates, [placed])


def _program() -> QCoreApplication:
    program = QCoreApplication.instance()
    assert program is not None, "a list is shown in a program"
    return program


def _counted(entries: DayEntries) -> str:
    return f"{entries.bookings} booking{'' if entries.bookings == 1 else 's'}"


def _words(line: DayLine) -> str:
    if isinstance(line.entry, BlockedDay):
        return line.entry.words
    return f"{_hour(line.day, line.entry)} {line.entry.title}"


def _hour(day: date, item: CalendarItem) -> str:
    return hour_on(day, item.starts_at, item.ends_at)


def _hint(line: DayLine) -> str:
    return line.entry.words if isinstance(line.entry, BlockedDay) else item_words(line.entry)


def _spoken(line: DayLine) -> str:
    if isinstance(line.entry, BlockedDay):
        return f"Closed, {line.entry.words}"
    return ", ".join(item_words(line.entry).splitlines())
