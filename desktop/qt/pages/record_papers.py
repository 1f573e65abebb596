"""The right column of a booking's record: documents, mails sent and planned, and what happened."""

from datetime import date

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.presenting import dates
from desktop.presenting.money_text import amount
from desktop.presenting.status_words import DOCUMENT_KIND, MAIL_KIND, say
from desktop.qt.components.buttons import Button, IconButton, Kind
from desktop.qt.components.card import RECORD_HEADING_PX, Card
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.refill import empty
from desktop.qt.components.scrolling import scrolled
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme
from desktop.queries.record_rows import DocumentRow, HistoryRow, MailRow
from shared.clock import utc_to_wall

_LINE_PX = 44


class TwoLineRow(ThemedWidget):
    """Icon, two lines, and something at the right; lights up under the pointer."""

    opened = Signal()

    def __init__(
        self, theme: Theme, glyph: Icon, title: str, *, caption: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._lit = False
        self.setFixedHeight(_LINE_PX)
        self.setAccessibleName(f"{title}, {caption}")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(title))
        words.addWidget(ElidedLabel(caption, Type.CAPTION, "secondary"))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(15, 3, 15, 4)
        self.row.setSpacing(10)
        self.row.addWidget(IconLabel(theme, glyph, "secondary"))
        self.row.addLayout(words, 1)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer comes."""
        super().enterEvent(event)
        self._light(lit=True)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer goes."""
        super().leaveEvent(event)
        self._light(lit=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double-click opens what the row is about."""
        super().mouseDoubleClickEvent(event)
        self.opened.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground under the pointer."""
        if self._lit:
            QPainter(self).fillRect(QRectF(self.rect()), self.theme.color("hover"))

    def _light(self, *, lit: bool) -> None:
        self._lit = lit
        self.update()


class DocumentsCard(Card):
    """Invoices and credit notes of the booking."""

    invoice_wanted = Signal()
    document_opened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.link = Button(theme, "New invoice", Kind.LINK)
        self.link.setObjectName("new_invoice")
        super().__init__(theme, "Documents", right=self.link, heading_px=RECORD_HEADING_PX, parent=parent)
        self.link.clicked.connect(self.invoice_wanted)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)

    def show_documents(self, documents: tuple[DocumentRow, ...], today: date) -> None:
        """Show the documents of another booking."""
        empty(self._rows)
        if not documents:
            self._rows.addWidget(_nothing("No document yet"))
        for place, row in enumerate(documents):
            if place:
                self._rows.addWidget(Hairline(self.theme))
            self._rows.addWidget(self._line(row, today))

    def _line(self, row: DocumentRow, today: date) -> QWidget:
        kind = say(DOCUMENT_KIND, row.kind)
        when = f"{kind}, {dates.day_month(row.issued_on)}" if row.issued_on is not None else kind
        if row.issued_on is not None and row.issued_on.year != today.year:
            when += f" {row.issued_on.year}"
        line = TwoLineRow(self.theme, Icon.DOCUMENT, row.printed_number or "Number follows", caption=when)
        line.row.addWidget(Label(amount(row.total_minor, row.currency)))
        opener = IconButton(
            self.theme, Icon.CHEVRON_RIGHT, f"Open {row.printed_number}", kind=Kind.QUIET, small=True
        )
        opener.clicked.connect(lambda: self.document_opened.emit(row.document_id))
        line.opened.connect(lambda: self.document_opened.emit(row.document_id))
        line.row.addWidget(opener)
        return line


class MailsCard(Card):
    """Mails, planned ones first; `chosen(mail, choice)` says hold, release, skip or send_now."""

    chosen = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._count = Label("", Type.LABEL, "secondary")
        super().__init__(theme, "Mails", right=self._count, heading_px=RECORD_HEADING_PX, parent=parent)
        inner = QWidget()
        self._rows = QVBoxLayout(inner)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.body.addWidget(scrolled(inner), 1)

    def show_mails(self, mails: tuple[MailRow, ...], today: date) -> None:
        """Show the mails of another booking."""
        planned = sum(mail.sent_at_utc is None for mail in mails)
        self._count.setText(f"{planned} planned, {len(mails) - planned} sent")
        empty(self._rows)
        if not mails:
            self._rows.addWidget(_nothing("No mail is planned"))
        for place, mail in enumerate(mails):
            if place:
                self._rows.addWidget(Hairline(self.theme))
            line = MailLine(self.theme, mail, today)
            line.chosen.connect(lambda choice, mail=mail: self.chosen.emit(mail, choice))
            self._rows.addWidget(line)
        self._rows.addStretch(1)
        lines = min(max(len(mails), 1), 5)
        self.setMinimumHeight(RECORD_HEADING_PX + lines * (_LINE_PX + 1) + 1)


class MailLine(TwoLineRow):
    """One mail; a planned one offers Hold, Skip and Send now under the pointer, on focus and by menu."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, mail: MailRow, today: date, parent: QWidget | None = None) -> None:
        is_sent = mail.sent_at_utc is not None
        failed = is_sent and mail.outcome not in ("sent", "")
        glyph = Icon.ALERT if failed else Icon.CHECK if is_sent else Icon.PAUSE if mail.held else Icon.CLOCK
        super().__init__(
            theme, glyph, say(MAIL_KIND, mail.kind), caption=mail_caption(mail, today), parent=parent
        )
        self._buttons: list[IconButton] = []
        if is_sent or mail.rule_id is None:
            return
        hold = ("release", Icon.CLOCK, "Release") if mail.held else ("hold", Icon.PAUSE, "Hold")
        actions = (hold, ("skip", Icon.SKIP, "Skip"), ("send_now", Icon.SEND, "Send now"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for code, icon, name in actions:
            button = IconButton(theme, icon, name, small=True)
            button.setObjectName(f"mail_{code}")
            button.clicked.connect(lambda _=False, code=code: self.chosen.emit(code))
            self.row.addWidget(button)
            self._buttons.append(button)
            button.installEventFilter(self)
            button.setVisible(False)
        self._menu = self._make_menu(actions)

    def _make_menu(self, actions: tuple[tuple[str, Icon, str], ...]) -> QMenu:
        menu = QMenu(self)
        for code, _, name in actions:
            action = menu.addAction(name)
            action.triggered.connect(lambda _=False, code=code: self.chosen.emit(code))
            self.addAction(action)
        return menu

    def _light(self, *, lit: bool) -> None:
        super()._light(lit=lit)
        for button in self._buttons:
            button.setVisible(lit)


def mail_caption(mail: MailRow, today: date) -> str:
    """When a mail was sent or will be in the booking's zone, which is named, and on what it depends."""
    if mail.sent_at_utc is not None:
        words = "sent" if mail.outcome in ("sent", "") else mail.outcome.replace("_", " ")
        local = utc_to_wall(mail.sent_at_utc, mail.time_zone)
        reason = f", {mail.reason}" if mail.reason else ""
        year = "" if local.year == today.year else f" {local.year}"
        place = dates.city(mail.time_zone)
        return f"{words} {dates.day_month(local.date())}{year}, {dates.clock(local)} {place}{reason}"
    local = utc_to_wall(mail.due_at_utc, mail.time_zone)
    day = dates.day_words(local.date(), today)
    reason = f" · {mail.reason}" if mail.reason else ""
    return f"{day}, {dates.clock(local)} {dates.city(mail.time_zone)}{reason}"


class HistoryCard(Card):
    """What happened, newest first."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "History", heading_px=RECORD_HEADING_PX, parent=parent)
        inner = QWidget()
        self._rows = QVBoxLayout(inner)
        self._rows.setContentsMargins(15, 11, 15, 11)
        self._rows.setSpacing(9)
        self.body.addWidget(scrolled(inner), 1)
        self.setMinimumHeight(96)

    def show_history(self, rows: tuple[HistoryRow, ...]) -> None:
        """Show the history of another booking."""
        empty(self._rows)
        for row in rows:
            line = QHBoxLayout()
            line.setSpacing(8)
            local, place = utc_to_wall(row.at_utc, row.time_zone), dates.city(row.time_zone)
            when = Label(dates.day_month(local.date()), Type.BODY, "secondary")
            when.setFixedWidth(44)
            when.setToolTip(f"{dates.long_day(local.date())}, {dates.clock(local)} in {place}")
            line.addWidget(when)
            line.addWidget(ElidedLabel(row.words), 1)
            self._rows.addLayout(line)
        self._rows.addStretch(1)


def _nothing(words: str) -> Label:
    label = Label(words, Type.BODY, "secondary")
    label.setContentsMargins(15, 0, 15, 0)
    label.setFixedHeight(_LINE_PX)
    return label
