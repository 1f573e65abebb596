"""The packages as they are sold; a booking has frozen name, price and plan when it was made."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal

from desktop.presenting.money_text import amount, spoken_amount
from desktop.presenting.status_words import ROW_MARK, say
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.delegates.cells import AmountDelegate, RowMarkDelegate
from desktop.qt.delegates.row_delegate import RowDelegate
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.pages.list_page import ListPage
from desktop.qt.table_models.column import Column
from desktop.qt.theme import Theme
from desktop.queries.rows import PackageRow, StudioFacts

_WIDTHS: Final = (34, 0, 110, 300, 130, 110)
_HOUR_MIN: Final = 60


class PackagesPage(ListPage[PackageRow]):
    """`new_wanted` asks for another one."""

    new_wanted = Signal()

    def __init__(self, theme: Theme, studio: StudioFacts) -> None:
        empty = EmptyState(
            theme,
            "No package yet",
            "What you sell: name, price, length, deposit plan.",
            action="New package",
        )
        super().__init__(
            theme, "Packages", columns=_columns(studio), key=lambda row: row.package_id, empty=empty
        )
        table = self.table
        table.set_widths(_WIDTHS, give_way=(4, 2))
        table.setItemDelegateForColumn(0, RowMarkDelegate(theme, table, lambda row: row.mark.value))
        name = RowDelegate(theme, table, role=Type.BODY_MEDIUM, ink=_ink)
        table.setItemDelegateForColumn(1, name)
        for column in (2, 3, 4):
            table.setItemDelegateForColumn(column, RowDelegate(theme, table, ink="secondary"))
        table.setItemDelegateForColumn(5, AmountDelegate(theme, table, ink=_ink))
        table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        self.filter_field.textChanged.connect(self._filter)
        add = Button(theme, "New package", Kind.PRIMARY, glyph=Icon.PLUS)
        add.setObjectName("packages_new")
        add.clicked.connect(self.new_wanted)
        self.add_button(add)
        empty.action.clicked.connect(self.new_wanted)

    def show_rows(self, rows: Sequence[PackageRow]) -> None:
        """Show packages."""
        self.show_list(rows)

    def _filter(self, words: str) -> None:
        self.proxy.filter_text(words)
        self.say_shown()


def _ink(row: PackageRow) -> str:
    return "secondary" if row.archived else "text"


def _length(row: PackageRow) -> str:
    hours, minutes = divmod(row.duration_min, _HOUR_MIN)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(part for part in parts if part) or "\N{EN DASH}"


def _columns(studio: StudioFacts) -> list[Column[PackageRow]]:
    def price(row: PackageRow) -> str:
        words = amount(row.price_minor, row.currency)
        return words if row.currency == studio.currency else f"{words} {row.currency}"

    return [
        Column("", lambda row: row.mark.value or None, lambda _: "", speak=_mark, hint=_mark),
        Column("Name", lambda row: row.name, lambda row: row.name),
        Column("Length", lambda row: row.duration_min, _length),
        Column("Payments", lambda row: row.plan_words, lambda row: row.plan_words),
        Column("Offered", lambda row: row.archived, lambda row: "no longer" if row.archived else "yes"),
        Column(
            f"Price, {studio.currency}",
            lambda row: row.price_minor,
            price,
            right=True,
            speak=lambda row: spoken_amount(row.price_minor, row.currency),
        ),
    ]


def _mark(row: PackageRow) -> str:
    return say(ROW_MARK, row.mark.value) if row.mark.value else ""
