"""Needs attention: one column of items with their own buttons; what was solved stays to be seen."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from desktop.presenting import inbox_words
from desktop.presenting.inbox_words import InboxGroup
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.card import Card
from desktop.qt.components.chip import Chip
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.icon_label import IconLabel, RowMarkLabel
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.refill import empty
from desktop.qt.components.scrolling import scrolled
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.pages.attention_item import AttentionItem
from desktop.qt.pages.solved_items import SolvedItems, solved_day, solved_sentence
from desktop.qt.theme import Theme
from desktop.queries.rows import AttentionRow, Listed, StudioFacts
from shared.clock import utc_to_wall

_SIDE_PX: Final = 304
_ALL: Final = "all"
_SOLVED: Final = "solved"
_CHIPS: Final = (
    (_ALL, "All"),
    (InboxGroup.TIMES.value, "Times"),
    (InboxGroup.CHANGES.value, "Changes"),
    (InboxGroup.MONEY.value, "Money"),
    (InboxGroup.MAIL.value, "Mail"),
    (_SOLVED, "Solved"),
)
_LEGEND: Final = (
    ("waiting", "Waiting", "Saved here, not yet sent"),
    ("refused", "Refused", "The server said no; it is listed here"),
    ("merged", "Merged", "Two people changed it; both are kept"),
)


class AttentionPage(QWidget):
    """`action_chosen(item, action code)` passes on what a person wants to do with an item."""

    action_chosen = Signal(object, str)
    booking_opened = Signal(object)
    refunds_wanted = Signal()
    hint_changed = Signal(str)

    def __init__(self, theme: Theme, studio: StudioFacts, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._theme, self._studio, self._today = theme, studio, today
        self._open: tuple[AttentionRow, ...] = ()
        self._opened_id: UUID | None = None
        self._code = _ALL
        self.items: dict[UUID, AttentionItem] = {}
        self.chips: Mapping[str, Chip] = {code: Chip(theme, words) for code, words in _CHIPS}
        self._count = Label("", Type.BODY, "secondary")
        self._list = QVBoxLayout()
        self._solved = QVBoxLayout()
        self.all_solved = Button(theme, "All", Kind.LINK)
        self.all_solved.setAccessibleName("All that was solved")
        self._solved_card = Card(theme, "Solved", right=self.all_solved)
        self.solved = SolvedItems(theme, today)
        self._empty = EmptyState(
            theme,
            "Nothing needs you",
            "Clashes, refusals, refunds that wait and mails that did not arrive come here.",
        )
        self._lay_out()
        for code, chip in self.chips.items():
            chip.setObjectName(f"attention_chip_{code}")
            chip.setChecked(code == _ALL)
            chip.clicked.connect(lambda _=False, code=code: self._choose(code))
        self.all_solved.clicked.connect(lambda: self._choose(_SOLVED))
        self.solved.booking_opened.connect(self.booking_opened)

    def show_rows(self, rows: Sequence[AttentionRow], now_utc: datetime) -> None:
        """Show open items, newest first, and those solved last beside them; what stays keeps the focus."""
        self._today = utc_to_wall(now_utc, self._studio.time_zone).date()
        self._open = tuple(row for row in rows if row.solved_at_utc is None)
        if self._opened_id not in {row.item_id for row in self._open}:
            self._opened_id = None
        self._show_solved([row for row in rows if row.solved_at_utc is not None])
        for code, chip in self.chips.items():
            if code != _SOLVED:
                chip.show_count(sum(_is_in(row, code) for row in self._open))
        self._say_count(now_utc)
        self._rebuild()

    def show_solved(self, listed: Listed[AttentionRow]) -> None:
        """Show all that was solved, instead of what is open."""
        self.chips[_SOLVED].show_count(len(listed.ids))
        self.solved.show_rows(listed, self._today)

    def open_item(self, item_id: UUID) -> None:
        """Open one item, from Today or the search; a chip that hides it gives way."""
        self._opened_id = item_id
        if any(row.item_id == item_id and not _is_in(row, self._code) for row in self._open):
            self._choose(_ALL)
        self._show_opened(item_id)

    def fold_side(self, *, folded: bool) -> None:
        """Below 1200 px the right column gives way."""
        self._side.setVisible(not folded)

    def _show_opened(self, item_id: UUID) -> None:
        self._rebuild()
        item = self.items.get(item_id)
        if item is not None:
            item.toggle.setFocus(Qt.FocusReason.OtherFocusReason)

    def _toggle(self, item_id: UUID) -> None:
        self._opened_id = None if self._opened_id == item_id else item_id
        self._show_opened(item_id)

    def _choose(self, code: str) -> None:
        self._code = code
        for known, chip in self.chips.items():
            chip.setChecked(known == code)
        if code == _SOLVED:
            self._stack.setCurrentWidget(self.solved)
            return
        self._stack.setCurrentIndex(0)
        self.chips[_SOLVED].show_count(None)  # it is counted while it is looked at
        self._rebuild()

    def _say_count(self, now_utc: datetime) -> None:
        count = len(self._open)
        items = "1 item" if count == 1 else f"{count} items"
        self._count.setText(f"{items}. The same list is on every computer of the studio.")
        oldest = min((row.at_utc for row in self._open), default=now_utc)
        days = (now_utc - oldest).days
        age = "less than a day old" if days == 0 else f"{days} day{'' if days == 1 else 's'} old"
        self.hint_changed.emit(f"Oldest item is {age}" if count else "")

    def _rebuild(self) -> None:
        shown = [row for row in self._open if _is_in(row, self._code)]
        kept = {item.item.item_id: item for item in self.items.values() if self._says_the_same(item, shown)}
        for item in kept.values():
            self._list.removeWidget(item)
        empty(self._list)
        self.items.clear()
        for row in shown:
            item = self.items[row.item_id] = kept.get(row.item_id) or self._item(row)
            self._list.addWidget(item)
        stops = [button for item in self.items.values() for button in item.findChildren(Button)]
        for earlier, later in pairwise(stops):  # Tab goes through new items and kept ones as they stand
            QWidget.setTabOrder(earlier, later)
        self._empty.setVisible(not shown)

    def _says_the_same(self, item: AttentionItem, shown: Sequence[AttentionRow]) -> bool:
        is_open = item.item.item_id == self._opened_id
        return item.item in shown and (item.today, item.is_open) == (self._today, is_open)

    def _item(self, row: AttentionRow) -> AttentionItem:
        item = AttentionItem(self._theme, row, self._today, is_open=row.item_id == self._opened_id)
        item.acted.connect(self.action_chosen)
        item.toggled.connect(self._toggle)
        item.booking_wanted.connect(self.booking_opened)
        item.refunds_wanted.connect(self.refunds_wanted)
        return item

    def _show_solved(self, rows: Sequence[AttentionRow]) -> None:
        empty(self._solved)
        for place, row in enumerate(rows):
            if place:
                self._solved.addWidget(Hairline(self._theme))
            self._solved.addWidget(self._solved_row(row))
        self._solved_card.setVisible(bool(rows))

    def _solved_row(self, row: AttentionRow) -> QWidget:
        box = QWidget()
        line = QHBoxLayout(box)
        line.setContentsMargins(15, 7, 15, 7)
        line.setSpacing(10)
        line.addWidget(IconLabel(self._theme, Icon.CHECK, "secondary"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(solved_sentence(row)))
        words.addWidget(ElidedLabel(row.solved_words, Type.CAPTION, "secondary"))
        line.addLayout(words, 1)
        day = Label(solved_day(row, self._today), Type.CAPTION, "secondary")
        line.addWidget(day, 0, Qt.AlignmentFlag.AlignTop)
        return box

    # --- building -------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Label("Needs attention", Type.TITLE))
        head.addWidget(self._count, 1, Qt.AlignmentFlag.AlignBottom)
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for chip in self.chips.values():
            chips.addWidget(chip)
        chips.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(16)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._left())
        self._stack.addWidget(self.solved)
        below.addLayout(self._stack, 1)
        self._side = self._right()
        below.addWidget(self._side)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(chips)
        column.addLayout(below, 1)

    def _left(self) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._list.setSpacing(12)
        column.addLayout(self._list)
        column.addWidget(self._empty)
        column.addStretch(1)
        return scrolled(inner, on_page=True)

    def _right(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(_SIDE_PX)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._solved.setSpacing(0)
        self._solved_card.body.addLayout(self._solved)
        column.addWidget(self._solved_card)
        legend = Card(self._theme, "Marks in lists")
        legend.body.addLayout(self._legend())
        column.addWidget(legend)
        column.addStretch(1)
        return side

    def _legend(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(15, 12, 15, 12)
        column.setSpacing(14)
        for mark, first, more in _LEGEND:
            line = QHBoxLayout()
            line.setSpacing(10)
            line.addWidget(RowMarkLabel(self._theme, mark), 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(1)
            words.addWidget(Label(first))
            words.addWidget(ElidedLabel(more, Type.CAPTION, "secondary"))
            line.addLayout(words, 1)
            column.addLayout(line)
        return column


def _is_in(row: AttentionRow, code: str) -> bool:
    return code in (_ALL, inbox_words.group(row.kind).value)
