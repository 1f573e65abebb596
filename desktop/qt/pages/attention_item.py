"""One item of Needs attention: tried, why not, now, and buttons of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting import inbox_words
from desktop.presenting.dates import past_moment
from desktop.presenting.inbox_words import InboxGroup
from desktop.qt.components.buttons import Button, IconButton, Kind
from desktop.qt.components.card import Surface
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.pages.attention_fields import FieldTable
from desktop.qt.painting.strokes import CONTROL_RADIUS, frame
from desktop.qt.theme import Theme
from desktop.queries.rows import AttentionRow

INDENT_PX: Final = 57
_FACT_PX: Final = 84
_SIGNS: Final[Mapping[InboxGroup, tuple[Icon, str]]] = {
    InboxGroup.TIMES: (Icon.ALERT, "danger"),
    InboxGroup.CHANGES: (Icon.SWAP, "info"),
    InboxGroup.MONEY: (Icon.REFUND, "warning"),
    InboxGroup.MAIL: (Icon.MAIL, "warning"),
}
_DANGER: Final = frozenset({"cancel_booking"})
_OPENS: Final = frozenset({"open", "open_bookings"})


class GroupSign(ThemedWidget):
    """The 28-px sign of an item's group."""

    def __init__(self, theme: Theme, group: InboxGroup) -> None:
        super().__init__(theme)
        self._glyph, self._ink = _SIGNS[group]
        self.setFixedSize(28, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Soft ground, line, drawing."""
        painter, area = QPainter(self), QRectF(self.rect())
        fill, line = self.theme.color(f"{self._ink}_soft"), self.theme.color(f"{self._ink}_line")
        frame(painter, area, radius=CONTROL_RADIUS, fill=fill, outline=line, width=1)
        paint_icon(painter, self._glyph, getattr(self.theme.tokens, self._ink), QRectF(7, 7, 14, 14))


class AttentionItem(Surface):
    """`acted(item, action code)` passes on what a person wants; the open item alone has a primary button."""

    acted = Signal(object, str)
    toggled = Signal(object)
    booking_wanted = Signal(object)
    refunds_wanted = Signal()

    def __init__(self, theme: Theme, item: AttentionRow, today: date, *, is_open: bool) -> None:
        super().__init__(theme, outline="border2" if is_open else "border")
        self.item = item
        self.today = today
        self.is_open = is_open
        self.setObjectName(f"attention_{item.item_id}")
        self.title = inbox_words.title(item.kind, sentence=item.why_not, details=dict(item.details))
        self.setAccessibleName(self.title)
        self.buttons: dict[str, Button] = {}
        self.column.addLayout(self._head())
        shows_fields = bool(item.fields) and is_open
        if shows_fields:
            self.column.addSpacing(11)
            self.column.addWidget(Hairline(theme))
            self.column.addWidget(self._fields())
        else:
            self.column.addLayout(self._facts())
        self.column.addLayout(self._foot(after_table=shows_fields))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on its ground opens it."""
        super().mousePressEvent(event)
        if not self.is_open:
            self.toggled.emit(self.item.item_id)

    def _head(self) -> QHBoxLayout:
        item = self.item
        row = QHBoxLayout()
        row.setContentsMargins(15, 12, 8, 0)
        row.setSpacing(0)
        sign = GroupSign(self.theme, inbox_words.group(item.kind))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addSpacing(13)
        words = QVBoxLayout()
        words.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(ElidedLabel(self.title, Type.SECTION), 1)
        when = past_moment(item.at_utc, item.time_zone, self.today)
        top.addWidget(Label(when[:1].upper() + when[1:], Type.CAPTION, "secondary"))
        glyph = Icon.CHEVRON_UP if self.is_open else Icon.CHEVRON_DOWN
        name = "Close this item" if self.is_open else "Open this item"
        self.toggle = IconButton(self.theme, glyph, name, kind=Kind.QUIET, small=True)
        self.toggle.clicked.connect(lambda: self.toggled.emit(item.item_id))
        top.addWidget(self.toggle)
        words.addLayout(top)
        about = f"{item.customer_name}, {item.where}" if self._names_customer() else item.where
        if about:
            words.addWidget(ElidedLabel(about, Type.BODY, "secondary"))
        row.addLayout(words, 1)
        return row

    def _names_customer(self) -> bool:
        item = self.item
        return bool(item.customer_name and item.where) and item.customer_name not in self.title + item.where

    def _facts(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(INDENT_PX - 1, 6, 15, 0)
        column.setSpacing(2)
        item = self.item
        for label, words in (("Tried", item.tried), ("Why not", item.why_not), ("Now", item.now)):
            if words and words != self.title:
                line = QHBoxLayout()
                line.setSpacing(0)
                name = Label(label, Type.BODY, "secondary", wraps=True)
                name.setFixedWidth(_FACT_PX)
                line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
                line.addWidget(Label(words, Type.BODY, wraps=True), 1)
                column.addLayout(line)
        return column

    def _fields(self) -> FieldTable:
        item = self.item
        who = f"{item.user_name or 'Somebody'}\N{RIGHT SINGLE QUOTATION MARK}s"
        at = past_moment(item.at_utc, item.time_zone, self.today)
        return FieldTable(self.theme, item.fields, yours="Yours", theirs=f"{who}, {at}")

    def _foot(self, *, after_table: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(INDENT_PX - 1, 13 if after_table else 12, 15, 14 if after_table else 12)
        row.setSpacing(8)
        actions = inbox_words.actions(self.item.kind, may_act=self.item.may_act)
        for place, action in enumerate(actions):
            kind = Kind.DANGER if action.code in _DANGER else Kind.PLAIN
            if self.is_open and place == 0:
                kind = Kind.PRIMARY
            button = Button(self.theme, action.words, kind)
            button.setObjectName(f"attention_{action.code}")
            button.clicked.connect(lambda _=False, code=action.code: self.acted.emit(self.item, code))
            self.buttons[action.code] = button
            row.addWidget(button)
        for widget in self._ways_out({action.code for action in actions}):
            row.addWidget(widget)
        row.addStretch(1)
        return row

    def _ways_out(self, codes: set[str]) -> list[QWidget]:
        ways: list[QWidget] = []
        group = inbox_words.group(self.item.kind)
        is_money = group is InboxGroup.MONEY
        leads_on = group in (InboxGroup.TIMES, InboxGroup.MAIL)
        if self.item.booking_id is not None and leads_on and not codes & _OPENS:
            opener = Button(self.theme, "Open booking", Kind.QUIET)
            opener.setObjectName("attention_open_booking")
            opener.clicked.connect(lambda: self.booking_wanted.emit(self.item.booking_id))
            ways.append(opener)
        if is_money:
            refunds = Button(self.theme, "Open refunds", Kind.QUIET)
            refunds.setObjectName("attention_open_refunds")
            refunds.clicked.connect(self.refunds_wanted)
            ways.append(refunds)
        return ways
