"""The bookings list as columns over its rows, and the delegates that paint them."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import IntEnum
from typing import Final

from desktop.presenting import dates
from desktop.presenting.money_text import cell_amount, spoken_amount
from desktop.presenting.status_words import BOOKING_STATUS, ROW_MARK, say
from desktop.qt.components.rows_table import RowsTable
from desktop.qt.delegates.cells import (
    AmountDelegate,
    DayTimeDelegate,
    PeopleDelegate,
    RowMarkDelegate,
    StatusDelegate,
    StatusEdgeDelegate,
)
from desktop.qt.delegates.row_delegate import RowDelegate
from desktop.qt.fonts import Type
from desktop.qt.table_models.column import Column
from desktop.qt.theme import Theme
from desktop.queries.rows import BookingOrder, BookingRow
from shared.clock import utc_to_wall


class Place(IntEnum):
    """The columns by place."""

    EDGE = 0
    MARK = 1
    WHEN = 2
    CUSTOMER = 3
    PACKAGE = 4
    WHO = 5
    STATUS = 6
    TOTAL = 7
    PAID = 8
    DUE = 9


WIDTHS: Final = (24, 32, 165, 0, 140, 97, 124, 97, 95, 104)
NARROW_WIDTHS: Final = (24, 23, 144, 0, 122, 58, 107, 80, 0, 97)
SPARE: Final[Mapping[int, int]] = {Place.WHEN: 25, Place.TOTAL: 17, Place.PAID: 17, Place.DUE: 14}
"""What a date of another year and a sum of another currency need more, where there is room."""
GIVE_WAY: Final = (Place.PAID, Place.PACKAGE, Place.WHO, Place.TOTAL)
"""What is left out first where the list is narrow."""
ORDERS: Final = {
    Place.EDGE: BookingOrder.STATUS,
    Place.MARK: BookingOrder.MARK,
    Place.WHEN: BookingOrder.WHEN,
    Place.CUSTOMER: BookingOrder.CUSTOMER,
    Place.PACKAGE: BookingOrder.PACKAGE,
    Place.WHO: BookingOrder.WHO,
    Place.STATUS: BookingOrder.STATUS,
    Place.TOTAL: BookingOrder.TOTAL,
    Place.PAID: BookingOrder.PAID,
    Place.DUE: BookingOrder.DUE,
}
"""The query sorts the whole list as the table sorts the rows that it has."""
_MARK_ORDER: Final = {"waiting": 0, "refused": 1, "merged": 2}


def when_parts(row: BookingRow, today: date) -> tuple[str, str, bool]:
    """Day, time and whether it is today."""
    if row.starts_at_utc is None:
        return "No date", "", False
    start = utc_to_wall(row.starts_at_utc, row.time_zone)
    is_today = start.date() == today
    day = "Today" if is_today else dates.day_words(start.date(), today)
    return day, dates.clock(start), is_today


def _when_in_full(row: BookingRow) -> str:
    if row.starts_at_utc is None or row.ends_at_utc is None:
        return "Postponed, no date yet"
    start, end = (utc_to_wall(each, row.time_zone) for each in (row.starts_at_utc, row.ends_at_utc))
    return f"{dates.long_day(start.date())}, {dates.time_span(start, end)} in {dates.city(row.time_zone)}"


def booking_columns(today: Callable[[], date], currency: str) -> list[Column[BookingRow]]:
    """The columns: ``today`` is asked each time; ``currency`` stands in the head, any other in its cell."""

    def money(read: Callable[[BookingRow], int]) -> Callable[[BookingRow], str]:
        def said(row: BookingRow) -> str:
            words = cell_amount(read(row), row.currency)
            return words if row.currency == currency or not read(row) else f"{words} {row.currency}"

        return said

    def sums(title: str, read: Callable[[BookingRow], int]) -> Column[BookingRow]:
        return Column(
            title, read, money(read), right=True, speak=lambda row: spoken_amount(read(row), row.currency)
        )

    def people(row: BookingRow) -> str:
        return ", ".join(row.resource_names)

    return [
        Column("", lambda row: row.status, lambda _: "", speak=lambda row: say(BOOKING_STATUS, row.status)),
        Column(
            "",
            lambda row: _MARK_ORDER.get(row.mark, len(_MARK_ORDER)),
            lambda _: "",
            hint=lambda row: ROW_MARK[row.mark],
            speak=lambda row: ROW_MARK[row.mark],
        ),
        Column(
            "Date and time",
            lambda row: row.starts_at_utc,
            lambda row: " ".join(when_parts(row, today())[:2]).strip(),
            hint=_when_in_full,
            speak=_when_in_full,
        ),
        Column("Customer", lambda row: row.customer_name, lambda row: row.customer_name),
        Column("Package", lambda row: row.package_name, lambda row: row.package_name),
        Column("Who", people, people, hint=people),
        Column("Status", lambda row: row.status, lambda row: say(BOOKING_STATUS, row.status)),
        sums(f"Total, {currency}", lambda row: row.total_minor),
        sums("Paid", lambda row: row.paid_minor),
        sums("Still due", lambda row: row.due_minor),
    ]


def paint_bookings(theme: Theme, table: RowsTable, today: Callable[[], date]) -> None:
    """Give each column the delegate that says what it means."""

    def struck(row: BookingRow) -> bool:
        return row.status == "cancelled"

    def quiet(row: BookingRow) -> str:
        return "secondary" if row.status in ("completed", "cancelled") else "text"

    table.setItemDelegate(RowDelegate(theme, table))
    table.setItemDelegateForColumn(Place.EDGE, StatusEdgeDelegate(theme, table, lambda row: row.status))
    table.setItemDelegateForColumn(Place.MARK, RowMarkDelegate(theme, table, lambda row: row.mark))
    day_time = DayTimeDelegate(theme, table, lambda row: when_parts(row, today()))
    table.setItemDelegateForColumn(Place.WHEN, day_time)
    name = RowDelegate(theme, table, role=Type.BODY_MEDIUM, ink=quiet, struck=struck)
    table.setItemDelegateForColumn(Place.CUSTOMER, name)
    table.setItemDelegateForColumn(Place.PACKAGE, RowDelegate(theme, table, ink="secondary"))
    table.setItemDelegateForColumn(Place.STATUS, StatusDelegate(theme, table, lambda row: row.status))
    table.setItemDelegateForColumn(Place.TOTAL, AmountDelegate(theme, table))
    table.setItemDelegateForColumn(Place.PAID, AmountDelegate(theme, table))
    table.setItemDelegateForColumn(Place.DUE, AmountDelegate(theme, table, overdue=lambda row: row.overdue))


def show_people(theme: Theme, table: RowsTable, *, initials: bool) -> None:
    """Names where the table is wide, circles where it is narrow."""
    if initials:
        people = PeopleDelegate(theme, table, lambda row: row.resource_names)
        table.setItemDelegateForColumn(Place.WHO, people)
    else:
        table.setItemDelegateForColumn(Place.WHO, RowDelegate(theme, table, ink="secondary"))
