"""The middle column of a booking's record: stages, the money timeline, and what a cancellation would keep."""

from datetime import date

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting import dates
from desktop.presenting.money_text import amount
from desktop.presenting.status_words import STAGE_KIND, say
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.card import RECORD_HEADING_PX, Card
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.refill import empty
from desktop.qt.components.scrolling import scrolled
from desktop.qt.components.stage_bar import StageBar
from desktop.qt.components.stage_words import shown_stages, stage_part, stage_state
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.components.timeline import Timeline
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.painting.strokes import rounded
from desktop.qt.theme import Theme
from desktop.queries.record_rows import BookingRecord, CancellationOutlook, StageRow
from shared.clock import local_date

_PAYABLE = frozenset({"planned", "open", "processing", "action_needed"})


class StagesCard(Card):
    """The stages as bar and list, with what can be done about money."""

    payment_wanted = Signal()
    pay_link_wanted = Signal()
    refund_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._paid = Label("", Type.BODY_SEMIBOLD)
        self._of = Label("", Type.LABEL, "secondary")
        right = QWidget()
        row = QHBoxLayout(right)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._paid)
        row.addWidget(self._of)
        super().__init__(theme, "Payment stages", right=right, heading_px=RECORD_HEADING_PX, parent=parent)
        self._bar = StageBar(theme)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(7)
        self._rows.setVerticalSpacing(0)
        self._rows.setColumnMinimumWidth(0, 144)
        self._rows.setColumnMinimumWidth(1, 12)
        self._rows.setColumnStretch(2, 1)
        self.pay = Button(theme, "Record payment", Kind.PRIMARY, small=True)
        self.link = Button(theme, "Mail pay link", glyph=Icon.LINK, small=True)
        self.refund = Button(theme, "Refund…", glyph=Icon.REFUND, small=True)
        names = ("record_payment", "mail_pay_link", "refund")
        for name, button in zip(names, (self.pay, self.link, self.refund), strict=True):
            button.setObjectName(name)
        self.pay.clicked.connect(self.payment_wanted)
        self.link.clicked.connect(self.pay_link_wanted)
        self.refund.clicked.connect(self.refund_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.pay, self.link, self.refund):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inner = QVBoxLayout()
        inner.setContentsMargins(15, 14, 15, 11)
        inner.setSpacing(7)
        inner.addWidget(self._bar)
        inner.addLayout(self._rows)
        inner.addLayout(buttons)
        self.body.addLayout(inner)

    def show_stages(self, record: BookingRecord, today: date) -> None:
        """Show the stages of another booking; buttons say why they cannot be used."""
        self._paid.setText(amount(record.paid_minor, record.currency))
        self._of.setText(f"of {amount(record.total_minor, record.currency)} paid")
        stages = shown_stages(record.stages)
        self._bar.show_parts([stage_part(stage, record.currency) for stage in stages])
        empty(self._rows)
        for place, stage in enumerate(stages):
            if place:
                self._rows.addWidget(Hairline(self.theme), place * 4 - 1, 0, 1, 4)
            self._add_stage(place * 4, stage, record, today)
        payable = [stage for stage in stages if stage.status in _PAYABLE]
        over = record.status in ("cancelled", "completed") and not payable
        nothing = "Nothing is left to pay" if not payable else ""
        self.pay.set_enabled_because("The booking is cancelled" if over else nothing)
        asks = any(mail.kind == "balance_due" and mail.sent_at_utc is None for mail in record.mails)
        self.link.set_enabled_because(nothing or ("" if asks else "No mail with a pay link is planned"))
        refundable = any(stage.paid_minor > stage.refund_reserved_minor for stage in stages)
        self.refund.set_enabled_because("" if refundable else "Nothing was paid that could go back")

    def _add_stage(self, line: int, stage: StageRow, record: BookingRecord, today: date) -> None:
        glyph, words, strong = stage_state(stage, today)
        tone = "danger" if glyph is Icon.ALERT else ""
        words = words[:1].upper() + words[1:]
        caption = stage.method if stage.paid_minor else _pay_link_words(stage, record)
        refunded = (
            f"{amount(stage.refunded_minor, record.currency)} went back" if stage.refunded_minor else ""
        )
        caption = ", ".join(part for part in (caption, refunded) if part)
        self._rows.setRowMinimumHeight(line, 24)
        top, bottom = Qt.AlignmentFlag.AlignBottom, Qt.AlignmentFlag.AlignTop
        self._rows.addWidget(Label(say(STAGE_KIND, stage.kind), Type.BODY_MEDIUM), line, 0, top)
        self._rows.addWidget(ElidedLabel(stage.rule_words, Type.CAPTION, "secondary"), line + 1, 0, bottom)
        ink = "danger" if glyph is Icon.ALERT else "text"
        state = QHBoxLayout()
        state.setContentsMargins(0, 4, 0, 0)
        state.setSpacing(7)
        state.addWidget(IconLabel(self.theme, glyph, ink, size=12))
        state.addWidget(ElidedLabel(words, Type.BODY_SEMIBOLD if strong else Type.BODY, tone), 1)
        self._rows.addLayout(state, line, 1, 1, 2)
        self._rows.addWidget(ElidedLabel(caption, Type.CAPTION, "secondary"), line + 1, 2, bottom)
        sums = Label(amount(stage.amount_minor, record.currency))
        self._rows.addWidget(sums, line, 3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        self._rows.setRowMinimumHeight(line + 1, 20)


def _pay_link_words(stage: StageRow, record: BookingRecord) -> str:
    mail = next(
        (
            each
            for each in record.mails
            if each.kind == "balance_due"
            and each.stage_position == stage.position
            and each.sent_at_utc is None
            and not each.reason
        ),
        None,
    )
    if mail is None:
        return ""
    return f"Pay link goes out {dates.day_month(local_date(mail.due_at_utc, mail.time_zone))}"


class TimelineCard(Card):
    """The money timeline, and at its foot what a cancellation now would keep and give back."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "Money timeline", heading_px=RECORD_HEADING_PX, parent=parent)
        self.timeline = Timeline(theme)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.timeline)
        column.addStretch(1)
        area = scrolled(inner)
        area.setMinimumHeight(160)
        self.outlook = OutlookStrip(theme)
        self.body.addWidget(area, 1)
        self.body.addWidget(self.outlook)

    def show_money(self, record: BookingRecord) -> None:
        """Show the money of another booking."""
        self.timeline.show_entries(record.timeline, record.currency)
        self.outlook.setVisible(record.outlook is not None)
        if record.outlook is not None:
            self.outlook.show_outlook(record.outlook)


class OutlookStrip(ThemedWidget):
    """Says "If cancelled now: 1,754.00 kept, 628.00 goes back", and when that changes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._kept = Label("", Type.BODY_SEMIBOLD)
        self._back = Label("", Type.BODY_SEMIBOLD)
        self._until = ElidedLabel("", Type.CAPTION, "secondary")
        first = QHBoxLayout()
        first.setSpacing(4)
        for label in (Label("If cancelled now:"), self._kept, Label("kept,"), self._back, Label("goes back")):
            first.addWidget(label)
        first.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addLayout(first)
        words.addWidget(self._until)
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 8, 15, 8)
        row.setSpacing(10)
        row.addWidget(IconLabel(theme, Icon.REFUND, "secondary"))
        row.addLayout(words, 1)

    def show_outlook(self, outlook: CancellationOutlook) -> None:
        """Show other sums."""
        code = outlook.currency
        self._kept.setText(amount(outlook.kept_minor, code))
        self._back.setText(amount(outlook.goes_back_minor, code))
        self._until.setText(outlook_words(outlook))
        self.setAccessibleName(
            f"If cancelled now: {amount(outlook.kept_minor, code)} kept,"
            f" {amount(outlook.goes_back_minor, code)} goes back. {outlook_words(outlook)}"
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The sunken ground with its line above."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        painter.setClipRect(area)
        painter.fillPath(rounded(area.adjusted(0, -20, 0, 0), 9), self.theme.color("sunken"))
        painter.setClipping(False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(self.theme.color("border"))
        painter.drawLine(0, 0, self.width(), 0)


def outlook_words(outlook: CancellationOutlook) -> str:
    """Until when these sums hold, and what is kept after that."""
    if outlook.holds_until is None or outlook.next_kept_minor is None:
        return "This holds until the event."
    following = dates.day_month(date.fromordinal(outlook.holds_until.toordinal() + 1))
    kept = amount(outlook.next_kept_minor, outlook.currency)
    if outlook.next_kept_minor == outlook.kept_minor + outlook.goes_back_minor:
        kept = f"all {kept}"
    return f"Until {dates.day_month(outlook.holds_until)}. From {following} {kept} is kept."
