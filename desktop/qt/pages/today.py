"""Today: four figures, this week, money due, and at the right the people who wait for an answer."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting import dates
from desktop.presenting.money_text import amount
from desktop.presenting.today_words import day_sentence
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.card import Card
from desktop.qt.components.figures_strip import Figure, FiguresStrip
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.rows_table import RowsTable
from desktop.qt.components.scrolling import scroll_page
from desktop.qt.components.sum_row import SumRow
from desktop.qt.delegates.cells import AmountDelegate, PeopleDelegate, StatusDelegate, StatusEdgeDelegate
from desktop.qt.delegates.row_delegate import RowDelegate
from desktop.qt.delegates.two_lines import ROW_PX as TWO_LINES_PX
from desktop.qt.delegates.two_lines import TwoLineDelegate
from desktop.qt.fonts import Type
from desktop.qt.pages import today_tables as tables
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.theme import Theme
from desktop.queries.rows import BookingRow, DueRow, StudioFacts, TodayFigures, TodayRows
from shared.clock import utc_to_wall

_RIGHT_PX = 384
_WEEK_ROWS = 8
_SUM_PX = 32


class TodayPage(QWidget):
    """`show_rows` shows everything; a row that is opened is passed on by its id."""

    booking_opened = Signal(object)
    attention_opened = Signal(object)
    inbox_wanted = Signal()
    open_payments_wanted = Signal()

    def __init__(
        self, theme: Theme, studio: StudioFacts, now_utc: datetime, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._theme = theme
        self._studio = studio
        self._now_utc = now_utc
        self._greeting = Label("", Type.TITLE)
        self._sentence = ElidedLabel("", Type.BODY, "secondary")
        self._currency = Label("", Type.CAPTION, "secondary")
        self.figures = FiguresStrip(theme)
        self._build_tables()
        self._lay_out()

    @property
    def _today(self) -> date:
        return utc_to_wall(self._now_utc, self._studio.time_zone).date()

    def show_rows(self, rows: TodayRows, now_utc: datetime) -> None:
        """Show everything as it is at a moment."""
        turned = utc_to_wall(now_utc, self._studio.time_zone).date() != self._today
        self._now_utc = now_utc
        if turned:
            self._renew_days()
        local_now = utc_to_wall(now_utc, self._studio.time_zone)
        self._greeting.setText(f"{dates.greeting(local_now)}, {self._studio.user_name}")
        self._sentence.setText(self._day_words(rows))
        self._currency.setText(f"All sums in {rows.figures.currency}")
        self.figures.show_figures(_figures(rows.figures, self._today))
        monday = self._today - timedelta(days=self._today.weekday())
        self._week_days.setText(dates.day_span(monday, monday + timedelta(days=6)))
        self.week_model.show_rows(rows.week)
        self.due_model.show_rows(rows.due)
        self.attention_model.show_rows(rows.attention[:5])
        self.hold_model.show_rows(rows.holds[:5])
        self.reminder_model.show_rows(rows.reminders)
        self._fit(rows)
        self._say_due(rows.due)

    def fold_side(self, *, folded: bool) -> None:
        """Below 1200 px the right column moves under the left one."""
        ways = QBoxLayout.Direction
        self._columns.setDirection(ways.TopToBottom if folded else ways.LeftToRight)
        self._right.setFixedWidth(16777215 if folded else _RIGHT_PX)
        if folded:
            self._right.setMinimumWidth(0)

    def _day_words(self, rows: TodayRows) -> str:
        live = [row for row in rows.week if row.status not in ("cancelled", "postponed")]
        starts = [start for row in live if (start := tables.local_start(row)) is not None]
        ends = [hold.hold_ends_at_utc for hold in rows.holds]
        return day_sentence(starts, ends, now_utc=self._now_utc, zone_name=self._studio.time_zone)

    def _say_due(self, due: Sequence[DueRow]) -> None:
        count = f"{len(due)} payment{'' if len(due) == 1 else 's'}"
        sums = {
            row.currency: sum(each.amount_minor for each in due if each.currency == row.currency)
            for row in due
        }
        words = " + ".join(
            amount(minor, code) if code == self._studio.currency else f"{amount(minor, code)} {code}"
            for code, minor in sums.items()
        )
        until = f"Due by {dates.WEEKDAYS[6]} {dates.day_month(self._sunday())}"
        self._due_sum.say(
            f"{until}, {count}" if due else "Nothing is due this week", {-1: words} if due else {}
        )

    def _sunday(self) -> date:
        return self._today + timedelta(days=6 - self._today.weekday())

    # --- building -------------------------------------------------------------------------------------------

    def _build_tables(self) -> None:
        theme, zone = self._theme, self._studio.time_zone
        self.week_model: RowsModel[BookingRow] = RowsModel(
            tables.week_columns(), lambda row: row.booking_id, self
        )
        self.due_model: RowsModel[DueRow] = RowsModel(
            tables.due_columns(self._today), lambda row: row.stage_id, self
        )
        self.attention_model = RowsModel([tables.attention_column()], lambda row: row.item_id, self)
        self.hold_model = RowsModel(
            [tables.hold_column(self._now_utc, zone)], lambda row: row.booking_id, self
        )
        self.reminder_model = RowsModel(tables.reminder_columns(zone), lambda row: row.reminder_id, self)
        self.week = self._table("This week", self.week_model, tables.WEEK_WIDTHS)
        self.week.set_widths(tables.WEEK_WIDTHS, give_way=(4, 5))
        self.due = self._table("Money due", self.due_model, tables.DUE_WIDTHS)
        self.due.set_widths(tables.DUE_WIDTHS, give_way=(2, 1))
        self.attention = self._table("Needs attention", self.attention_model, (0,), TWO_LINES_PX)
        self.holds = self._table("Holds ending", self.hold_model, (0,), TWO_LINES_PX)
        self.reminders = self._table("Next reminders", self.reminder_model, tables.REMINDER_WIDTHS)
        self.week.empty_words = "No shoot this week."
        self.reminders.empty_words = "No mail in the next weeks."
        self._renew_days()
        week = self.week
        quiet = lambda row: "secondary" if row.status == "completed" else "text"  # noqa: E731 - read once, here
        week.ground_of = lambda row: "sunken" if self._is_today(row) else None
        week.setItemDelegateForColumn(0, StatusEdgeDelegate(theme, week, lambda row: row.status))
        week.setItemDelegateForColumn(2, RowDelegate(theme, week, ink=quiet))
        name = RowDelegate(theme, week, role=Type.BODY_MEDIUM, ink=quiet, struck=_is_cancelled)
        week.setItemDelegateForColumn(3, name)
        week.setItemDelegateForColumn(4, RowDelegate(theme, week, ink="secondary"))
        week.setItemDelegateForColumn(5, PeopleDelegate(theme, week, lambda row: row.resource_names))
        week.setItemDelegateForColumn(6, StatusDelegate(theme, week, lambda row: row.status))
        due_ink = lambda row: "text" if row.due_minor else "secondary"  # noqa: E731 - read once, here
        week.setItemDelegateForColumn(7, AmountDelegate(theme, week, ink=due_ink))
        for column, ink in ((0, "text"), (1, "secondary"), (2, "secondary")):
            self.due.setItemDelegateForColumn(column, RowDelegate(theme, self.due, ink=ink))
        self.due.setItemDelegateForColumn(4, AmountDelegate(theme, self.due, role=Type.BODY_MEDIUM))
        lines = TwoLineDelegate(theme, self.attention, tables.attention_lines)
        self.attention.setItemDelegate(lines)
        self.attention.clicked.connect(lambda index: self._open(self.attention_model.row_at(index.row())))
        holds = TwoLineDelegate(theme, self.holds, lambda row: tables.hold_lines(row, self._now_utc, zone))
        self.holds.setItemDelegate(holds)
        for column in (0, 1):
            self.reminders.setItemDelegateForColumn(
                column, RowDelegate(theme, self.reminders, ink="secondary")
            )

    def _renew_days(self) -> None:
        """Delegates that know today are made anew when the day turns."""
        self.week.setItemDelegateForColumn(1, tables.DayDelegate(self._theme, self.week, self._today))
        self.due.setItemDelegateForColumn(3, tables.DueDayDelegate(self._theme, self.due, self._today))

    def _table(self, name: str, model: RowsModel[Any], widths: Sequence[int], row_px: int = 34) -> RowsTable:
        table = RowsTable(self._theme, name)
        table.setModel(model)
        table.horizontalHeader().hide()
        table.set_widths(widths)
        table.set_row_height(row_px)
        table.setItemDelegate(RowDelegate(self._theme, table))
        table.open_end = True
        table.opened.connect(self._open)
        return table

    def _lay_out(self) -> None:
        self._week_days = Label("", Type.BODY, "secondary")
        week = Card(self._theme, "This week", right=Label("Still due", Type.CAPTION, "secondary"))
        week.add_beside_heading(self._week_days)
        week.body.addWidget(self.week)
        open_payments = self._link("All open payments", self.open_payments_wanted)
        due = Card(self._theme, "Money due", right=open_payments)
        self._due_sum = SumRow(self._theme, height_px=_SUM_PX)
        due.body.addWidget(self.due, 1)
        due.body.addWidget(self._due_sum)
        due.sink_foot(_SUM_PX)
        left = QVBoxLayout()
        left.setSpacing(16)
        left.addWidget(week)
        left.addWidget(due, 1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.addLayout(left, 1)
        self._right = self._right_column()
        self._columns.addWidget(self._right)
        column = scroll_page(self)
        column.setSpacing(16)
        column.addLayout(self._head())
        column.setSpacing(14)
        column.addWidget(self.figures)
        column.addSpacing(2)
        column.addLayout(self._columns, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(16)
        for label in (self._greeting, self._sentence, self._currency):
            head.addWidget(label, 1 if label is self._sentence else 0)
        return head

    def _right_column(self) -> QWidget:
        right = QWidget()
        right.setFixedWidth(_RIGHT_PX)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self._attention_card = Card(
            self._theme, "Needs attention", right=self._link("Open inbox", self.inbox_wanted)
        )
        self._holds_card = Card(self._theme, "Holds ending")
        reminders = Card(self._theme, "Next reminders")
        self._attention_card.body.addWidget(self.attention)
        self._holds_card.body.addWidget(self.holds)
        reminders.body.addWidget(self.reminders, 1)
        column.addWidget(self._attention_card)
        column.addWidget(self._holds_card)
        column.addWidget(reminders, 1)
        return right

    def _link(self, words: str, signal: SignalInstance) -> Button:
        link = Button(self._theme, words, Kind.LINK)
        link.clicked.connect(signal)
        return link

    def _fit(self, rows: TodayRows) -> None:
        self.attention.fit_height_to_rows()
        self.holds.fit_height_to_rows()
        self._attention_card.setVisible(bool(rows.attention))
        self._holds_card.setVisible(bool(rows.holds))
        self.week.setFixedHeight(max(min(len(rows.week), _WEEK_ROWS), 1) * 34)
        self.due.setMinimumHeight(3 * 34)
        self.reminders.setMinimumHeight(3 * 34)

    def _is_today(self, row: BookingRow) -> bool:
        start = tables.local_start(row)
        return start is not None and start.date() == self._today

    def _open(self, row: object) -> None:
        item_id = getattr(row, "item_id", None)
        if item_id is not None:
            self.attention_opened.emit(item_id)
            return
        self.booking_opened.emit(getattr(row, "booking_id", None))


def _is_cancelled(row: BookingRow) -> bool:
    return row.status == "cancelled"


def _figures(figures: TodayFigures, today: date) -> list[Figure]:
    code = figures.currency
    month = dates.MONTHS[figures.month.month - 1]
    received = f"{figures.received_count} payment{'' if figures.received_count == 1 else 's'}"
    overdue = f"{figures.overdue_count} payment{'' if figures.overdue_count == 1 else 's'}"
    shorter: tuple[str, ...] = ()
    if not figures.overdue_minor:
        overdue = "Nothing is late"
    elif figures.last_overdue_mail_on is not None:
        mailed = dates.day_month(figures.last_overdue_mail_on)
        shorter = (f"{overdue}, mail {mailed}", overdue)
        overdue += f", reminder sent {mailed}"
    until = dates.day_words(figures.week_ends_on, today)
    ink = "danger" if figures.overdue_minor else "text"
    return [
        Figure(f"Received in {month}", amount(figures.received_minor, code), received),
        Figure("Due this week", amount(figures.due_this_week_minor, code), f"to {until}"),
        Figure("Overdue", amount(figures.overdue_minor, code), overdue, ink, shorter),
        Figure("Deposits held", amount(figures.deposits_held_minor, code), "for events still to come"),
    ]
