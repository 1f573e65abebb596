"""The customers: who they are, how often they booked, what they owe, when they come next."""

from collections.abc import Callable
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal

from desktop.presenting.dates import day_words
from desktop.presenting.money_text import cell_amount, spoken_amount
from desktop.presenting.status_words import ROW_MARK, say
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.delegates.cells import AmountDelegate, RowMarkDelegate
from desktop.qt.delegates.row_delegate import RowDelegate
from desktop.qt.fonts import Type
from desktop.qt.pages.list_page import ListPage
from desktop.qt.table_models.column import Column
from desktop.qt.theme import Theme
from desktop.queries.rows import CustomerOrder, CustomerRow, Listed, StudioFacts
from shared.clock import utc_to_wall

_WIDTHS: Final = (34, 0, 240, 160, 150, 90, 120)
ORDERS: Final = tuple(CustomerOrder)
"""By column."""
_MARK_ORDER: Final = {"waiting": 0, "refused": 1, "merged": 2}


class CustomersPage(ListPage[CustomerRow]):
    """`rows_wanted(words)` asks the full-text index; `customer_opened` says a row.

    `order_wanted(CustomerOrder, descending)` asks for them in another order.
    """

    rows_wanted = Signal(str)
    order_wanted = Signal(object, bool)
    customer_opened = Signal(object)
    new_booking_wanted = Signal()

    def __init__(self, theme: Theme, studio: StudioFacts, today: date) -> None:
        empty = EmptyState(
            theme,
            "No customer here",
            "A customer comes with the first booking, and stays in this list.",
            action="New booking",
        )
        super().__init__(
            theme,
            "Customers",
            columns=customer_columns(studio, lambda: self._today),
            key=lambda row: row.customer_id,
            empty=empty,
        )
        self._today = today
        table = self.table
        table.set_widths(_WIDTHS, give_way=(3, 4, 2))
        table.setItemDelegateForColumn(0, RowMarkDelegate(theme, table, lambda row: row.mark.value))
        table.setItemDelegateForColumn(1, RowDelegate(theme, table, role=Type.BODY_MEDIUM))
        for column in (2, 3, 4):
            table.setItemDelegateForColumn(column, RowDelegate(theme, table, ink="secondary"))
        table.setItemDelegateForColumn(5, RowDelegate(theme, table, right=True))
        table.setItemDelegateForColumn(6, AmountDelegate(theme, table))
        table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        table.opened.connect(self.customer_opened)
        empty.action.clicked.connect(self.new_booking_wanted)
        self.words_changed.connect(self.rows_wanted)
        table.horizontalHeader().sortIndicatorChanged.connect(self._want_order)

    def show_today(self, today: date) -> None:
        """The day has changed."""
        self._today = today
        self.table.viewport().update()

    def show_rows(self, listed: Listed[CustomerRow]) -> None:
        """Show the first customers."""
        self.show_first(listed)

    def _want_order(self, place: int, order: Qt.SortOrder) -> None:
        self.order_wanted.emit(ORDERS[place], order is Qt.SortOrder.DescendingOrder)


def customer_columns(studio: StudioFacts, today: Callable[[], date]) -> list[Column[CustomerRow]]:
    """The columns; `today` is asked each time."""

    def coming(row: CustomerRow) -> str:
        if row.next_starts_at_utc is None:
            return ""
        return day_words(utc_to_wall(row.next_starts_at_utc, row.time_zone).date(), today())

    return [
        Column("", lambda row: _MARK_ORDER.get(row.mark.value), lambda _: "", speak=_mark, hint=_mark),
        Column("Name", lambda row: row.name, lambda row: row.name),
        Column("Mail", lambda row: row.email, lambda row: row.email),
        Column("Phone", lambda row: row.phone, lambda row: row.phone),
        Column("Comes next", lambda row: row.next_starts_at_utc, coming),
        Column("Bookings", lambda row: row.booking_count, lambda row: str(row.booking_count), right=True),
        Column(
            f"Still due, {studio.currency}",
            lambda row: row.due_minor,
            lambda row: cell_amount(row.due_minor, row.currency),
            right=True,
            speak=lambda row: spoken_amount(row.due_minor, row.currency),
        ),
    ]


def _mark(row: CustomerRow) -> str:
    return say(ROW_MARK, row.mark.value) if row.mark.value else ""
