"""The refunds: every stage of every request with its state, and with them what can be done."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.presenting.dates import past_moment
from desktop.presenting.money_text import amount, spoken_amount
from desktop.presenting.refund_words import RefundGroup
from desktop.presenting.status_words import REFUND_REASON, ROW_MARK, STAGE_KIND, say
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.delegates.cells import AmountDelegate, RowMarkDelegate
from desktop.qt.delegates.row_delegate import RowDelegate
from desktop.qt.fonts import Type
from desktop.qt.pages.list_page import ListPage
from desktop.qt.pages.refund_details import RefundDetails, state_of
from desktop.qt.table_models.column import Column
from desktop.qt.theme import Theme
from desktop.queries.rows import RefundRow, StudioFacts

_ALL: Final = "all"
_CHIPS: Final = {
    _ALL: "All",
    RefundGroup.APPROVAL.value: "Wait for approval",
    RefundGroup.ON_ITS_WAY.value: "On their way",
    RefundGroup.PERSON.value: "Need a person",
    RefundGroup.DONE.value: "Done",
}
_REASON_PLACE: Final = 4
_WIDTHS: Final = (34, 150, 0, 122, 150, 150, 124)


class RefundsPage(ListPage[RefundRow]):
    """`act_wanted(rows of a request, act)` passes on a button; `booking_opened(id)` leads to the booking."""

    act_wanted = Signal(object, object)
    booking_opened = Signal(object)

    def __init__(self, theme: Theme, studio: StudioFacts, today: date) -> None:
        empty = EmptyState(
            theme,
            "No refund here",
            "Money goes back from a booking: open it and choose Cancel or Refund.",
            draw=False,
        )
        super().__init__(
            theme,
            "Refunds",
            columns=_columns(studio, lambda: self._today),
            key=lambda row: (row.request_id, row.stage_id, row.stage_kind),
            empty=empty,
        )
        self._today = today
        self._code = _ALL
        self._folded = False
        table = self.table
        table.set_widths(_WIDTHS, give_way=(4, 3))
        table.setItemDelegateForColumn(0, RowMarkDelegate(theme, table, lambda row: row.mark.value))
        table.setItemDelegateForColumn(1, RowDelegate(theme, table, ink="secondary"))
        table.setItemDelegateForColumn(2, RowDelegate(theme, table, role=Type.BODY_MEDIUM))
        table.setItemDelegateForColumn(4, RowDelegate(theme, table, ink="secondary"))
        table.setItemDelegateForColumn(5, RowDelegate(theme, table, ink=lambda row: state_of(row).ink))
        table.setItemDelegateForColumn(6, AmountDelegate(theme, table))
        table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
        table.picked.connect(lambda _: self._show_details())
        table.opened.connect(lambda row: self.booking_opened.emit(row.booking_id))
        self.details = RefundDetails(theme, today)
        self.details.hide()
        self.details.acted.connect(self.act_wanted)
        self.details.booking_wanted.connect(self.booking_opened)
        self.add_side(self.details)
        self.add_chips(_CHIPS, self._filter_group)
        self.filter_field.textChanged.connect(self._filter_words)

    def show_today(self, today: date) -> None:
        """The day has changed."""
        self._today = today
        self.table.viewport().update()
        self.details.show_today(today)

    def show_rows(self, rows: Sequence[RefundRow]) -> None:
        """Show refunds; the request beside them follows its rows."""
        self.show_list(rows)
        for code, chip in self.chips.items():
            chip.show_count(sum(_is_in(row, code) for row in rows))
        self._show_details()

    def choose_request(self, request_id: object) -> None:
        """Choose the first row of a request."""
        for place, row in enumerate(self.proxy.shown_rows()):
            if row.request_id == request_id:
                self.table.selectRow(place)
                return

    def fold_side(self, *, folded: bool) -> None:
        """Below 1200 px the panel moves under the list: a refund is decided in every window."""
        self._folded = folded
        self.put_side_below(below=folded)
        self.details.lay_flat(flat=folded)
        self._show_details()

    def _show_details(self) -> None:
        row = self.table.current_row()
        if row is not None:
            self.details.show_request([each for each in self.model.rows if each.request_id == row.request_id])
            for earlier, later in pairwise((self.table, *self.details.stops())):
                QWidget.setTabOrder(earlier, later)
        self.details.setVisible(row is not None)
        beside = row is not None and not self._folded
        self.table.want_column(_REASON_PLACE, wanted=not beside)  # the panel says it
        if row is not None and self._folded:  # the list has become lower
            QTimer.singleShot(0, self, lambda: self.table.scrollTo(self.table.currentIndex()))

    def _filter_group(self, code: str) -> None:
        self._code = code
        self.proxy.filter_rows(None if code == _ALL else lambda row: _is_in(row, code))
        self.say_shown()

    def _filter_words(self, words: str) -> None:
        self.proxy.filter_text(words)
        self.say_shown()


def _is_in(row: RefundRow, code: str) -> bool:
    return code in (_ALL, state_of(row).group.value)


def _columns(studio: StudioFacts, today: Callable[[], date]) -> list[Column[RefundRow]]:
    def sums(row: RefundRow) -> str:
        words = amount(row.amount_minor, row.currency)
        return words if row.currency == studio.currency else f"{words} {row.currency}"

    return [
        Column("", lambda row: row.mark.value or None, lambda _: "", speak=_mark, hint=_mark),
        Column(
            "Asked",
            lambda row: row.asked_at_utc,
            lambda row: past_moment(row.asked_at_utc, row.time_zone, today()),
        ),
        Column("Customer", lambda row: row.customer_name, lambda row: row.customer_name),
        Column("Stage", lambda row: row.stage_kind, lambda row: say(STAGE_KIND, row.stage_kind)),
        Column("Reason", lambda row: row.reason_code, lambda row: say(REFUND_REASON, row.reason_code)),
        Column("Status", lambda row: state_of(row).words, lambda row: state_of(row).words),
        Column(
            f"Refund, {studio.currency}",
            lambda row: row.amount_minor,
            sums,
            right=True,
            speak=lambda row: spoken_amount(row.amount_minor, row.currency),
        ),
    ]


def _mark(row: RefundRow) -> str:
    return say(ROW_MARK, row.mark.value) if row.mark.value else ""
