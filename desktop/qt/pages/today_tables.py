"""The five short tables of Today as columns over their rows."""

from datetime import date, datetime
from typing import Any, Final

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from desktop.presenting import dates, inbox_words
from desktop.presenting.money_text import amount, cell_amount, spoken_amount
from desktop.presenting.short_names import short_name
from desktop.presenting.status_words import BOOKING_STATUS, MAIL_KIND, STAGE_KIND, say
from desktop.presenting.today_words import couples_wait
from desktop.qt.components.rows_table import RowsTable
from desktop.qt.delegates.row_delegate import Index, RowDelegate
from desktop.qt.delegates.two_lines import TwoLines
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import CENTER, dot, text
from desktop.qt.table_models.column import Column
from desktop.qt.theme import Theme
from desktop.queries.reminders import IF_UNPAID
from desktop.queries.rows import AttentionRow, BookingRow, DueRow, HoldRow, NextReminderRow
from shared.clock import utc_to_wall

WEEK_WIDTHS: Final = (28, 83, 104, 0, 122, 57, 108, 84)
DUE_WIDTHS: Final = (0, 120, 120, 140, 110)
REMINDER_WIDTHS: Final = (78, 56, 122, 0)
_INBOX_GLYPHS: Final = {
    inbox_words.InboxGroup.TIMES: (Icon.ALERT, "danger"),
    inbox_words.InboxGroup.CHANGES: (Icon.SWAP, "info"),
    inbox_words.InboxGroup.MONEY: (Icon.REFUND, "warning"),
    inbox_words.InboxGroup.MAIL: (Icon.MAIL, "warning"),
}


def local_start(row: BookingRow) -> datetime | None:
    """The start of a booking on the wall clock of its zone."""
    return None if row.starts_at_utc is None else utc_to_wall(row.starts_at_utc, row.time_zone)


def slot_words(row: BookingRow) -> str:
    """Start and end of a booking: "12:00-22:00" with an en dash."""
    start = local_start(row)
    if start is None or row.ends_at_utc is None:
        return ""
    return dates.time_span(start, utc_to_wall(row.ends_at_utc, row.time_zone))


def _day(row: BookingRow) -> str:
    start = local_start(row)
    return "" if start is None else dates.day_words(start.date())


def _still_due(row: BookingRow) -> str:
    if row.status == "cancelled":
        return ""
    return amount(row.due_minor, row.currency) if row.due_minor else "Paid"


def week_columns() -> list[Column[BookingRow]]:
    """This week."""
    return [
        Column("", lambda row: row.status, lambda _: "", speak=lambda row: say(BOOKING_STATUS, row.status)),
        Column("Day", lambda row: row.starts_at_utc, _day),
        Column("Time", lambda row: row.starts_at_utc, slot_words),
        Column("Customer", lambda row: row.customer_name, lambda row: row.customer_name),
        Column("Package", lambda row: row.package_name, lambda row: row.package_name),
        Column(
            "Who",
            lambda row: ", ".join(row.resource_names),
            lambda row: ", ".join(row.resource_names),
            hint=lambda row: ", ".join(row.resource_names),
        ),
        Column("Status", lambda row: row.status, lambda row: say(BOOKING_STATUS, row.status)),
        Column(
            "Still due",
            lambda row: row.due_minor,
            _still_due,
            right=True,
            speak=lambda row: spoken_amount(row.due_minor, row.currency),
        ),
    ]


def due_columns(today: date) -> list[Column[DueRow]]:
    """Money due."""
    return [
        Column("Customer", lambda row: row.customer_name, lambda row: row.customer_name),
        Column("Stage", lambda row: row.stage_kind, lambda row: say(STAGE_KIND, row.stage_kind)),
        Column("Due", lambda row: row.due_on, lambda row: dates.day_words(row.due_on, today)),
        Column("When", lambda row: row.due_on, lambda row: dates.due_day(row.due_on, today)),
        Column(
            "Amount",
            lambda row: row.amount_minor,
            lambda row: cell_amount(row.amount_minor, row.currency),
            right=True,
        ),
    ]


def reminder_columns(zone_name: str) -> list[Column[NextReminderRow]]:
    """Next reminders, in the studio's zone like all moments of Today; the tooltip says the booking's too."""

    def day(row: NextReminderRow) -> str:
        local = utc_to_wall(row.due_at_utc, zone_name)
        return f"{dates.weekday(local.date())} {local.day}"

    def elsewhere(row: NextReminderRow) -> str:
        return dates.moment_elsewhere(row.due_at_utc, row.time_zone, zone_name)

    return [
        Column("Day", lambda row: row.due_at_utc, day, hint=elsewhere),
        Column(
            "Time",
            lambda row: row.due_at_utc,
            lambda row: dates.clock_in(row.due_at_utc, zone_name),
            hint=elsewhere,
        ),
        Column("Kind", lambda row: row.kind, lambda row: say(MAIL_KIND, row.kind)),
        Column(
            "Customer",
            lambda row: row.customer_name,
            lambda row: _reminder_name(
                short_name(row.customer_name), "" if row.reason == IF_UNPAID else row.reason
            ),
            hint=lambda row: _reminder_name(row.customer_name, row.reason),
            speak=lambda row: _reminder_name(row.customer_name, row.reason),
        ),
    ]


def _reminder_name(name: str, reason: str) -> str:
    return f"{name} · {reason}" if reason else name


def attention_lines(row: AttentionRow) -> TwoLines:
    """An item of Needs attention in two lines."""
    glyph, ink = _INBOX_GLYPHS[inbox_words.group(row.kind)]
    title = inbox_words.title(row.kind, sentence=row.why_not, details=attention_details(row))
    return TwoLines(title, row.where or row.customer_name, glyph=glyph, glyph_ink=ink, chevron=True)


def attention_details(row: AttentionRow) -> dict[str, str]:
    """The values for the sentence of an item."""
    return {"customer": row.customer_name, "user": row.user_name, **dict(row.details)}


def attention_column() -> Column[AttentionRow]:
    """The one column of Needs attention."""
    return Column(
        "Item",
        lambda row: row.at_utc,
        lambda row: attention_lines(row).title,
        speak=lambda row: f"{attention_lines(row).title}. {row.where}",
    )


def hold_lines(row: HoldRow, now_utc: datetime, zone_name: str) -> TwoLines:
    """A hold in two lines, its end in the studio's zone; one that ends today is said in warning."""
    today = utc_to_wall(now_utc, zone_name).date()
    ends = utc_to_wall(row.hold_ends_at_utc, zone_name)
    urgent = ends.date() <= today
    return TwoLines(
        short_name(row.customer_name),
        couples_wait(row.waiting_count),
        more=f"· {dates.day_words(utc_to_wall(row.starts_at_utc, row.time_zone).date(), today)}",
        right=dates.near_moment(row.hold_ends_at_utc, zone_name, today),
        right_caption=dates.time_left(row.hold_ends_at_utc, now_utc),
        glyph=Icon.CLOCK,
        glyph_ink="warning",
        right_ink="warning" if urgent else "text",
        right_strong=urgent,
    )


def hold_column(now_utc: datetime, zone_name: str) -> Column[HoldRow]:
    """The one column of Holds ending."""
    return Column(
        "Hold",
        lambda row: row.hold_ends_at_utc,
        lambda row: f"{row.customer_name}, {hold_lines(row, now_utc, zone_name).right}",
        hint=lambda row: dates.moment_elsewhere(row.hold_ends_at_utc, row.time_zone, zone_name),
    )


class DayDelegate(RowDelegate):
    """The day of the month and the weekday; today is a filled circle and the word."""

    def __init__(self, theme: Theme, table: RowsTable, today: date) -> None:
        super().__init__(theme, table)
        self._today = today

    def paint_content(self, painter: QPainter, area: QRect, row: Any, _index: Index) -> None:  # noqa: ANN401 - the model's row
        """Number, then weekday."""
        start = local_start(row)
        if start is None:
            return
        day, is_today = start.date(), start.date() == self._today
        center = QPointF(area.left() + 12, area.center().y() + 0.5)
        box = QRectF(center.x() - 12, center.y() - 12, 24, 24)
        ink = "on_accent" if is_today else "secondary" if row.status == "completed" else "text"
        if is_today:
            dot(painter, center, 12, self.theme.color("accent"))
        made = font(Type.LABEL_SEMIBOLD if is_today else Type.BODY_SEMIBOLD, tabular=True)
        text(
            painter,
            box,
            str(day.day),
            font=made,
            color=self.theme.color("text" if not is_today else ink),
            align=CENTER,
        )
        rest = area.adjusted(32, 0, 8, 0)
        role, words = (Type.BODY_SEMIBOLD, "Today") if is_today else (Type.BODY, dates.weekday(day))
        color = self.theme.color("text" if is_today else "secondary")
        text(painter, rest, words, font=font(role), color=color)


class DueDayDelegate(RowDelegate):
    """How a due date stands; an overdue one has a sign and is red, today and tomorrow stand out."""

    def __init__(self, theme: Theme, table: RowsTable, today: date) -> None:
        super().__init__(theme, table)
        self._today = today

    def paint_content(self, painter: QPainter, area: QRect, row: Any, index: Index) -> None:  # noqa: ANN401 - the model's row
        """The words, after a sign when overdue."""
        words = self.words_of(index)
        if row.due_on < self._today:
            glyph = QRectF(area.left(), area.center().y() - 6.5, 13, 13)
            paint_icon(painter, Icon.ALERT, self.theme.tokens.danger, glyph)
            rest = area.adjusted(19, 0, 0, 0)
            text(painter, rest, words, font=font(Type.BODY, tabular=True), color=self.theme.color("danger"))
            return
        role = Type.BODY_SEMIBOLD if row.due_on == self._today else Type.BODY
        text(painter, area, words, font=font(role, tabular=True), color=self.theme.color("text"))
