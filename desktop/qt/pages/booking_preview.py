"""The slim preview beside the bookings list: when, where, money, what comes next, the note."""

from datetime import date

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting import dates
from desktop.presenting.money_text import amount
from desktop.presenting.status_words import BOOKING_STATUS, MAIL_KIND, STAGE_KIND, say
from desktop.qt.components.buttons import Button, IconButton, Kind
from desktop.qt.components.card import Surface
from desktop.qt.components.facts_list import FactsList
from desktop.qt.components.hairline import DoubleRule, Hairline
from desktop.qt.components.icon_label import IconLabel, StatusGlyph
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.scrolling import scrolled
from desktop.qt.components.stage_bar import StageBar
from desktop.qt.components.stage_words import shown_stages, stage_part, stage_state
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme
from desktop.queries.record_rows import BookingRecord, MailRow
from shared.clock import utc_to_wall

WIDTH_PX = 304
_NEXT_MAILS = 3


class BookingPreview(Surface):
    """Never takes the focus by itself; its buttons pass on the id of the booking it shows."""

    closed = Signal()
    opened = Signal(object)
    move_wanted = Signal(object)
    payment_wanted = Signal(object)
    pay_link_wanted = Signal(object)

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._today = today
        self._record: BookingRecord | None = None
        self.setFixedWidth(WIDTH_PX)
        self.setAccessibleName("Preview")
        self._name = ElidedLabel("", Type.SECTION)
        self._glyph = StatusGlyph(theme)
        self._status = Label("")
        self._about = ElidedLabel("", Type.BODY, "secondary")
        self._facts = FactsList(label_px=84, spacing_px=4)
        self._bar = StageBar(theme, small=True)
        self._stages = QGridLayout()
        self._due = Label("", Type.BODY_SEMIBOLD)
        self._currency = Label("", Type.LABEL, "secondary")
        self._next = QVBoxLayout()
        self._note = Label("", Type.BODY, "secondary", wraps=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.column.addWidget(self._head())
        self.column.addWidget(Hairline(theme))
        self.column.addWidget(self._body(), 1)
        self.column.addWidget(Hairline(theme))
        self.column.addWidget(self._foot())

    @property
    def record(self) -> BookingRecord | None:
        """The booking shown."""
        return self._record

    def show_record(self, record: BookingRecord) -> None:
        """Show another booking."""
        self._record = record
        self._name.setText(record.customer.name)
        self._glyph.show_status(record.status)
        self._status.setText(say(BOOKING_STATUS, record.status))
        self._facts.show_facts(self._fact_rows(record))
        self._about.setText(self._about_words(record))
        self._show_money(record)
        self._show_next(record.mails, record.slot.studio_zone)
        self._note.setText(record.notes or "No note")

    def show_today(self, today: date) -> None:
        """The day has changed."""
        self._today = today
        if self.record is not None:
            self.show_record(self.record)

    def _about_words(self, record: BookingRecord) -> str:
        parts = ["", record.package_name]
        if record.slot.starts_at_utc is not None:
            start = utc_to_wall(record.slot.starts_at_utc, record.slot.time_zone)
            parts.append(dates.relative_day(start.date(), self._today))
        return " · ".join(parts).strip()

    def _fact_rows(self, record: BookingRecord) -> list[tuple[str, str]]:
        slot = record.slot
        when = "No date yet"
        if slot.starts_at_utc is not None and slot.ends_at_utc is not None:
            start, end = (
                utc_to_wall(each, slot.time_zone) for each in (slot.starts_at_utc, slot.ends_at_utc)
            )
            when = f"{dates.day_words(start.date(), self._today)}, {dates.time_span(start, end)}"
        return [
            ("When", when),
            ("Where", slot.place),
            ("Who", ", ".join(slot.resource_names)),
            ("Phone", record.customer.phone),
        ]

    def _show_money(self, record: BookingRecord) -> None:
        stages = shown_stages(record.stages)
        self._bar.show_parts([stage_part(stage, record.currency) for stage in stages])
        while (item := self._stages.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line, stage in enumerate(stages):
            glyph, words, strong = stage_state(stage, self._today)
            tone = "danger" if glyph is Icon.ALERT else "" if strong else "secondary"
            state = ElidedLabel(words, Type.BODY_SEMIBOLD if strong else Type.BODY, tone)
            self._stages.addWidget(Label(say(STAGE_KIND, stage.kind)), line, 0)
            ink = "danger" if glyph is Icon.ALERT else "text"
            self._stages.addWidget(IconLabel(self.theme, glyph, ink, size=12), line, 1)
            self._stages.addWidget(state, line, 2)
            sums = Label(amount(stage.amount_minor, record.currency))
            self._stages.addWidget(sums, line, 3, Qt.AlignmentFlag.AlignRight)
        self._due.setText(amount(record.due_minor, record.currency))
        self._currency.setText(record.currency)

    def _show_next(self, mails: tuple[MailRow, ...], studio_zone: str) -> None:
        while (item := self._next.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        planned = [mail for mail in mails if mail.sent_at_utc is None][:_NEXT_MAILS]
        for mail in planned:
            words = say(MAIL_KIND, mail.kind)
            when = dates.near_moment(mail.due_at_utc, mail.time_zone, self._today).replace("Today", "today")
            when += "" if mail.time_zone == studio_zone else f" {dates.city(mail.time_zone)}"
            reason = f", {mail.reason}" if mail.reason else ""
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 2, 0, 2)
            line.setSpacing(8)
            line.addWidget(IconLabel(self.theme, Icon.MAIL, "secondary"))
            line.addWidget(ElidedLabel(f"{words}, {when}{reason}"), 1)
            self._next.addWidget(row)
        if not planned:
            self._next.addWidget(Label("No mail is planned", Type.BODY, "secondary"))

    # --- building -----------------------------------------------------------------------------------------

    def _head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(15, 10, 8, 10)
        column.setSpacing(3)
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        close = IconButton(self.theme, Icon.CROSS, "Close the preview", kind=Kind.QUIET, small=True)
        close.clicked.connect(self.closed)
        top.addWidget(close)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self._glyph)
        below.addSpacing(7)
        below.addWidget(self._status)
        below.addSpacing(4)
        below.addWidget(self._about, 1)
        column.addLayout(top)
        column.addLayout(below)
        return head

    def _body(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._facts)
        column.addWidget(Hairline(self.theme))
        column.addLayout(self._money())
        column.addWidget(Hairline(self.theme))
        column.addLayout(_section("Next", self._next))
        column.addWidget(Hairline(self.theme))
        note = QVBoxLayout()
        note.addWidget(self._note)
        column.addLayout(_section("Note", note))
        column.addStretch(1)
        return scrolled(inner)

    def _money(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(15, 11, 15, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Label("Money", Type.BODY_SEMIBOLD), 1)
        head.addWidget(self._currency)
        self._stages.setHorizontalSpacing(6)
        self._stages.setVerticalSpacing(6)
        self._stages.setColumnMinimumWidth(0, 86)
        self._stages.setColumnStretch(2, 1)
        due = QHBoxLayout()
        due.addWidget(Label("Still due", Type.BODY_SEMIBOLD), 1)
        due.addWidget(self._due)
        pay = Button(self.theme, "Record payment", Kind.PRIMARY, small=True)
        pay.clicked.connect(lambda: self._pass_on(self.payment_wanted))
        link = Button(self.theme, "Mail pay link", glyph=Icon.LINK, small=True)
        link.clicked.connect(lambda: self._pass_on(self.pay_link_wanted))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(pay)
        buttons.addWidget(link)
        buttons.addStretch(1)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addLayout(self._stages)
        column.addWidget(DoubleRule(self.theme))
        column.addLayout(due)
        column.addLayout(buttons)
        return column

    def _foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(15, 12, 15, 12)
        row.setSpacing(8)
        opener = Button(self.theme, "Open booking")
        opener.clicked.connect(lambda: self._pass_on(self.opened))
        move = Button(self.theme, "Move…")
        move.clicked.connect(lambda: self._pass_on(self.move_wanted))
        row.addWidget(opener, 1)
        row.addWidget(move)
        return foot

    def _pass_on(self, signal: SignalInstance) -> None:
        if self._record is not None:
            signal.emit(self._record.booking_id)


def _section(heading: str, content: QVBoxLayout) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(15, 11, 15, 12)
    column.setSpacing(4)
    column.addWidget(Label(heading, Type.BODY_SEMIBOLD))
    content.setSpacing(2)
    column.addLayout(content)
    return column
