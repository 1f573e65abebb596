"""The bookings list: filter chips, the table with sums of the whole filter, and the slim preview."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from desktop.presenting.money_text import amount
from desktop.qt.components.buttons import Button
from desktop.qt.components.card import Surface
from desktop.qt.components.chip import Chip
from desktop.qt.components.chips_row import ChipsRow
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.components.label import Label
from desktop.qt.components.rows_table import RowsTable
from desktop.qt.components.search_field import SearchField
from desktop.qt.components.sum_row import HEIGHT_PX as SUM_PX
from desktop.qt.components.sum_row import SumRow
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.pages.booking_preview import BookingPreview
from desktop.qt.pages.bookings_table import (
    GIVE_WAY,
    NARROW_WIDTHS,
    ORDERS,
    SPARE,
    WIDTHS,
    Place,
    booking_columns,
    paint_bookings,
    show_people,
)
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.table_models.rows_proxy import RowsProxy
from desktop.qt.theme import Theme
from desktop.queries.record_rows import BookingRecord
from desktop.queries.rows import BookingRow, BookingsFigures, BookingSums, Listed, StudioFacts

_CHIPS: Final = (
    ("upcoming", "All upcoming", None),
    ("held", "Held", Icon.CLOCK),
    ("confirmed", "Confirmed", Icon.DOT),
    ("needs_slot", "Needs slot", Icon.ALERT),
    ("postponed", "Postponed", Icon.RING_DASHED),
    ("completed", "Completed", Icon.CHECK),
    ("cancelled", "Cancelled", Icon.CROSS),
    ("open_payments", "Open payments", None),
    ("waiting", "Waiting", Icon.ARROW_UP),
)
_ABSENT_AT_ZERO: Final = frozenset({"needs_slot", "postponed", "completed", "cancelled", "waiting"})


class BookingsPage(QWidget):
    """`rows_wanted(filter code, words)` asks for rows, `preview_wanted(id)` for the record beside them.

    `order_wanted(BookingOrder, descending)` asks for them in another order.
    """

    rows_wanted = Signal(str, str)
    order_wanted = Signal(object, bool)
    preview_wanted = Signal(object)
    booking_opened = Signal(object)
    new_booking_wanted = Signal()
    export_wanted = Signal()
    hint_changed = Signal(str)

    def __init__(self, theme: Theme, studio: StudioFacts, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._theme, self._studio, self._today = theme, studio, today
        self._code = "upcoming"
        self._folded = self._closed = False
        self._matching = 0
        self._sums: tuple[BookingSums, ...] = ()
        self._other_list = False
        self._unwanted: set[Place] = set()
        self.model: RowsModel[BookingRow] = RowsModel(
            booking_columns(lambda: self._today, studio.currency), lambda row: row.booking_id, self
        )
        self.proxy: RowsProxy[BookingRow] = RowsProxy(self.model, self)
        self.table = self._build_table()
        self.sums = SumRow(theme, self.table.horizontalHeader())
        self.preview = BookingPreview(theme, today)
        self.filter_field = SearchField(theme, "Filter this list", "Ctrl+F", glyph=Icon.FILTER)
        self.chips: Mapping[str, Chip] = {
            code: Chip(theme, words, glyph=glyph) for code, words, glyph in _CHIPS
        }
        self._empty = EmptyState(
            theme,
            "No booking here",
            "Choose another filter, or enter the first booking: customer, date and package are enough.",
            action="New booking",
        )
        self._lay_out()
        self._connect()
        self._widen()
        self.setFocusProxy(self.table)

    @property
    def filter_code(self) -> str:
        """The chip chosen."""
        return self._code

    def show_rows(self, listed: Listed[BookingRow]) -> None:
        """Show the first rows of a list; selection and scroll place stay. Sums of another list give way."""
        self._matching = len(listed.ids)
        if self._other_list:
            self._other_list, self._sums = False, ()
        self.model.show_rows(listed.rows, more=len(listed.rows) < len(listed.ids))
        self.table.read_ahead()
        self._say_sums()
        self._stack.setCurrentIndex(0 if listed.rows else 1)
        self._say_hint()
        self._show_preview_box()

    def show_today(self, today: date) -> None:
        """The day has changed."""
        self._today = today
        self.table.viewport().update()
        self.preview.show_today(today)

    def show_figures(self, figures: BookingsFigures) -> None:
        """Show the sums of the list and the counts of all filters."""
        counts = figures.counts
        for code, chip in self.chips.items():
            chip.show_count(getattr(counts, code))
            chip.setVisible(code not in _ABSENT_AT_ZERO or getattr(counts, code) > 0 or code == self._code)
        self._sums = figures.sums
        self._say_sums()

    def show_preview(self, record: BookingRecord | None) -> None:
        """Show the booking that the current row asked for."""
        if record is not None:
            self.preview.show_record(record)
        self._show_preview_box()

    def choose_filter(self, code: str) -> None:
        """Choose a chip."""
        self._code = code
        for known, chip in self.chips.items():
            chip.setChecked(known == code)
        self._want_rows()

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.filter_field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def fold_side(self, *, folded: bool) -> None:
        """Below 1200 px the preview gives way."""
        self._folded = folded
        self._show_preview_box()

    def _want_rows(self) -> None:
        self._other_list = True
        self.rows_wanted.emit(self._code, self.filter_field.text())

    # --- what follows from a choice -----------------------------------------------------------------------

    def _picked(self, row: BookingRow | None) -> None:
        self._say_hint()
        if row is not None:
            self._closed = False
            self.preview_wanted.emit(row.booking_id)
        self._show_preview_box()

    def _close_preview(self) -> None:
        self._closed = True
        self._show_preview_box()
        self.table.setFocus()

    def _show_preview_box(self) -> None:
        row = self.table.current_row()
        record = self.preview.record
        fits = row is not None and record is not None and record.booking_id == row.booking_id
        shown = fits and not self._folded and not self._closed
        if shown != self.preview.isVisibleTo(self):
            self.preview.setVisible(shown)
            self._widen()

    def _widen(self) -> None:
        narrow = self.preview.isVisibleTo(self)
        self.table.set_widths(
            NARROW_WIDTHS if narrow else WIDTHS, give_way=GIVE_WAY, spare=None if narrow else SPARE
        )
        self.table.want_column(Place.PAID, wanted=not narrow and Place.PAID not in self._unwanted)
        show_people(self._theme, self.table, initials=narrow)
        self.sums.update()

    def _say_sums(self) -> None:
        own = next((each for each in self._sums if each.currency == self._studio.currency), None)
        count = f"{self._matching} booking{'' if self._matching == 1 else 's'}"
        more = "sums leave out cancelled ones"
        others = [each.currency for each in self._sums if each.currency != self._studio.currency]
        if others:
            more += f" and {', '.join(others)}"
        shown = {}
        if own is not None:
            minors = {
                Place.TOTAL: own.total_minor,
                Place.PAID: own.paid_minor,
                Place.DUE: own.due_minor,
            }
            shown = {int(place): amount(minor, own.currency) for place, minor in minors.items()}
        self.sums.say(count, shown, more=more)

    def _say_hint(self) -> None:
        chosen = 0 if self.table.current_row() is None else 1
        self.hint_changed.emit(f"{chosen} of {self._matching} selected" if self._matching else "")

    # --- building -----------------------------------------------------------------------------------------

    def _build_table(self) -> RowsTable:
        table = RowsTable(self._theme, "Bookings")
        table.setModel(self.proxy)
        paint_bookings(self._theme, table, lambda: self._today)
        table.setSortingEnabled(True)
        table.sortByColumn(Place.WHEN, Qt.SortOrder.AscendingOrder)
        return table

    def _lay_out(self) -> None:
        export = Button(self._theme, "Export list", glyph=Icon.DOWNLOAD)
        export.clicked.connect(self.export_wanted)
        columns = Button(self._theme, "Columns", glyph=Icon.COLUMNS)
        columns.setMenu(self._columns_menu())
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label("Bookings", Type.TITLE), 1)
        head.addWidget(export)
        head.addWidget(columns)
        box = Surface(self._theme)
        inner = QVBoxLayout()
        inner.setSpacing(0)
        inner.addWidget(self.table, 1)
        inner.addWidget(self.sums)
        filled = QWidget()
        inner.setContentsMargins(0, 0, 0, 0)
        filled.setLayout(inner)
        self._stack = QStackedLayout()
        self._stack.addWidget(filled)
        self._stack.addWidget(self._empty)
        box.column.addLayout(self._stack, 1)
        box.sink_foot(SUM_PX)
        self._stack.currentChanged.connect(lambda place: box.sink_foot(0 if place else SUM_PX))
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(box, 1)
        below.addWidget(self.preview)
        self.preview.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(ChipsRow(self.filter_field, self.chips.values()))
        column.addLayout(below, 1)

    def _columns_menu(self) -> QMenu:
        menu = QMenu(self)
        for place in (Place.PACKAGE, Place.WHO, Place.STATUS, Place.TOTAL, Place.PAID, Place.DUE):
            title = self.model.columns[place].title
            action = QAction(title, menu, checkable=True, checked=True)
            action.toggled.connect(lambda shown, place=place: self._want_column(place, wanted=shown))
            menu.addAction(action)
        return menu

    def _want_order(self, place: int, order: Qt.SortOrder) -> None:
        self.order_wanted.emit(ORDERS[Place(place)], order is Qt.SortOrder.DescendingOrder)

    def _want_column(self, place: Place, *, wanted: bool) -> None:
        self._unwanted.discard(place) if wanted else self._unwanted.add(place)
        self.table.want_column(place, wanted=wanted)

    def _connect(self) -> None:
        self.table.picked.connect(self._picked)
        self.table.opened.connect(lambda row: self.booking_opened.emit(row.booking_id))
        self.preview.closed.connect(self._close_preview)
        self.preview.opened.connect(self.booking_opened)
        self._empty.action.clicked.connect(self.new_booking_wanted)
        self.filter_field.textChanged.connect(self._want_rows)
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._want_order)
        for code, chip in self.chips.items():
            chip.setChecked(code == self._code)
            chip.clicked.connect(lambda _=False, code=code: self.choose_filter(code))
