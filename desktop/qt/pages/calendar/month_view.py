"""The month: one painted grid over frozen items, with keyboard, hover, clicks and "3 more"."""

from datetime import date, timedelta

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.presenting.dates import long_day
from desktop.qt.pages.calendar.item_painting import item_words
from desktop.qt.pages.calendar.month_layout import PATIENCE_MS, DayEntries, MonthLayout, by_day, month_after
from desktop.qt.pages.calendar.month_painting import MonthPicture, paint_month
from desktop.qt.pages.calendar.month_speech import SpokenView
from desktop.qt.painting.plates import Plates
from desktop.qt.theme import Theme
from desktop.queries.month_rows import CalendarItem, MonthRows

LEAST_PX = 28 + 6 * 72
_NOTHING = DayEntries()
_LISTS = "Space lists the whole day"
_STEPS = {
    Qt.Key.Key_Left: timedelta(days=-1),
    Qt.Key.Key_Right: timedelta(days=1),
    Qt.Key.Key_Up: timedelta(days=-7),
    Qt.Key.Key_Down: timedelta(days=7),
}


class MonthView(SpokenView):
    """Arrows move the day, PageUp and PageDown the month, T goes to today, Enter opens.

    Shift with up and down picks an item of the day; Enter then opens that booking, else a new one. Space asks
    for the whole day as a list, as a click on "3 more" does.
    `month_wanted` asks for the rows of another month, `month_shown` says that it is painted next;
    `rows_wanted` asks for more names of this one.
    """

    day_chosen = Signal(object)
    month_wanted = Signal(object)
    month_shown = Signal()
    rows_wanted = Signal()
    item_opened = Signal(object)
    item_chosen = Signal(object)
    new_wanted = Signal(object)
    more_wanted = Signal(object)

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._today = today
        self._month = today.replace(day=1)
        self._day = today
        self._rows = MonthRows()
        self._by_day: dict[date, DayEntries] = {}
        self._holidays: dict[date, str] = {}
        self._picked: int | None = None
        self._awaits_picked = False
        self._whole: date | None = None
        self._hovered: tuple[date, int] | None = None
        self._plates = Plates()
        theme.changed.connect(self._plates.forget)
        self.day_wanted.connect(self._want_list)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.month_shown)
        self._patience.timeout.connect(self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(420, LEAST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._say()

    @property
    def day(self) -> date:
        """The day chosen."""
        return self._day

    @property
    def month(self) -> date:
        """The first day of the month shown, or of the one whose rows are awaited."""
        return self._month

    @property
    def whole(self) -> date | None:
        """The day whose bookings are all wanted by name: somebody goes through them."""
        return self._whole

    @property
    def is_turning(self) -> bool:
        """Whether the month before is still shown, because the rows of this one may come soon."""
        return self._patience.isActive()

    def show_rows(self, rows: MonthRows) -> None:
        """Paint these items, closed times and holidays."""
        self._rows = rows
        self._by_day = by_day(rows)
        self._holidays = dict(rows.holidays)
        self._hovered = None
        if self._awaits_picked:
            self._choose_picked()
        else:
            self._picked = None
            self._say()
            self.update()
        if self.is_turning:
            self._patience.stop()
            self.month_shown.emit()
        self._ask_for_lines()

    def show_today(self, today: date) -> None:
        """The day has changed."""
        self._today = today
        self.update()

    def choose_day(self, day: date) -> None:
        """Choose a day; another month is asked for when the day is not in this one."""
        if day == self._day:
            return
        self._day, self._picked, self._whole, self._awaits_picked = day, None, None, False
        if (day.year, day.month) != (self._month.year, self._month.month):
            self._month = day.replace(day=1)
            if not self.is_turning:  # turned on and on, it is still painted now and then
                self._patience.start()
            self.month_wanted.emit(self._month)
        self._say()
        if not self.is_turning:
            self.update()
        self.day_chosen.emit(day)

    def entries_of(self, day: date) -> DayEntries:
        """What a day holds."""
        return self._by_day.get(day, _NOTHING)

    def holiday_of(self, day: date) -> str:
        """The holiday of a day in words, or none."""
        return self._holidays.get(day, "")

    def want_whole(self) -> bool:
        """All bookings of the chosen day are wanted by name; whether they are known already."""
        self._whole = self._day
        is_known = not self.entries_of(self._day).more
        if not is_known:
            self.rows_wanted.emit()
        return is_known

    def layout_now(self) -> MonthLayout:
        """The geometry at the present size."""
        return MonthLayout(self._month, self.width(), self.height())

    def hint_at(self, point: QPointF) -> str:
        """What the tooltip says at a point: a line in full, or the way to those without room."""
        layout = self.layout_now()
        day = layout.day_at(point)
        if day is None:
            return ""
        entries = self.entries_of(day)
        line, closed = layout.line_at(point, day, entries), len(entries.blocked)
        if line is None:
            return "Show the whole day (Space)" if self._is_more(point, day) else ""
        return entries.blocked[line].words if line < closed else item_words(entries.items[line - closed])

    def paintEvent(self, event: QPaintEvent) -> None:
        """The days that are out of date."""
        layout = self.layout_now()
        picture = MonthPicture(
            layout,
            self._by_day,
            self._holidays,
            today=self._today,
            chosen=self._day,
            picked=self._picked,
            hovered=self._hovered,
            has_focus=self.hasFocus(),
        )
        paint_month(QPainter(self), self.theme, self._plates, picture, QRectF(event.rect()))

    # --- keys and pointer -------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the calendar; all others go on to the page."""
        key = Qt.Key(event.key())
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if shift and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._pick(1 if key is Qt.Key.Key_Down else -1)
        elif key in _STEPS:
            self.choose_day(self._day + _STEPS[key])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.choose_day(month_after(self._day, 1 if key is Qt.Key.Key_PageDown else -1))
        elif key is Qt.Key.Key_T:
            self.choose_day(self._today)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif key is Qt.Key.Key_Space:
            self._want_list()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the day and the item; "3 more" asks for the whole day."""
        point = event.position()
        day = self.layout_now().day_at(point)
        if day is None:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        picked = self._item_at(point)
        more = self._is_more(point, day)
        self.choose_day(day)
        self._picked, self._awaits_picked = picked, False
        self.update()
        item = self._picked_item()
        self.item_chosen.emit(None if item is None else item.booking_id)
        if more:
            self.more_wanted.emit(day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double-click opens the item, or a new booking on an empty place."""
        day = self.layout_now().day_at(event.position())
        if day is not None and not self._is_more(event.position(), day):
            picked = self._item_at(event.position())
            self.choose_day(day)
            self._picked, self._awaits_picked = picked, False
            self._open()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the item under the pointer."""
        day = self.layout_now().day_at(event.position())
        place = self._item_at(event.position())
        hovered = None if day is None or place is None else (day, place)
        self._hover(hovered)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A taller month shows more lines."""
        super().resizeEvent(event)
        self._ask_for_lines()

    def leaveEvent(self, event: QEvent) -> None:
        """No item is under the pointer."""
        super().leaveEvent(event)
        self._hover(None)

    def event(self, event: QEvent) -> bool:
        """Show an item in full in its tooltip."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.hint_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _hover(self, hovered: tuple[date, int] | None) -> None:
        if hovered == self._hovered:
            return
        for day in {each[0] for each in (self._hovered, hovered) if each is not None}:
            self.update(self.layout_now().day_rect(day).toAlignedRect())
        self._hovered = hovered

    def _want_list(self) -> None:
        if self.entries_of(self._day).count:
            self.more_wanted.emit(self._day)

    def _pick(self, step: int) -> None:
        entries = self.entries_of(self._day)
        if not entries.bookings:
            return
        self._picked = (0 if self._picked is None else self._picked + step) % entries.bookings
        if self._picked < len(entries.items):
            self._choose_picked()
        else:
            self._awaits_picked, self._whole = True, self._day
            self.rows_wanted.emit()

    def _choose_picked(self) -> None:
        self._awaits_picked = False
        item = self._picked_item()
        self._say()
        self.update()
        self.item_chosen.emit(None if item is None else item.booking_id)

    def _ask_for_lines(self) -> None:
        if self._rows.more and self.layout_now().most_lines > self._rows.lines:
            self.rows_wanted.emit()

    def _open(self) -> None:
        if self._awaits_picked:
            return
        item = self._picked_item()
        if item is not None:
            self.item_opened.emit(item.booking_id)
        else:
            self.new_wanted.emit(self._day)

    def _picked_item(self) -> CalendarItem | None:
        items = self.entries_of(self._day).items
        return items[self._picked] if self._picked is not None and self._picked < len(items) else None

    def _item_at(self, point: QPointF) -> int | None:
        layout = self.layout_now()
        day = layout.day_at(point)
        if day is None:
            return None
        return layout.item_at(point, day, self.entries_of(day))

    def _is_more(self, point: QPointF, day: date) -> bool:
        layout, entries = self.layout_now(), self.entries_of(day)
        shown = layout.shown_lines(day, entries)
        return shown < entries.count and layout.line_rect(day, shown).contains(point)

    def _say(self) -> None:
        entries, item = self.entries_of(self._day), self._picked_item()
        items, count = entries.items, entries.bookings
        self.setAccessibleName(f"{long_day(self._day)}, {count} booking{'' if count == 1 else 's'}")
        words = item_words(item if item is not None else items[0]) if items else ""
        self.setAccessibleDescription(f"{words}\n{_LISTS}" if count > 1 else words)
