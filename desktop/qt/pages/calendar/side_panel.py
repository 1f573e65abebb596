"""The panel beside the month: mini calendar, resources, what to show as well, bookings without a date."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting.money_text import amount
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.inputs import CheckInput
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.pages.calendar.mini_calendar import WIDTH_PX, MiniCalendar
from desktop.qt.painting.strokes import CONTROL_RADIUS, dashed_frame, frame
from desktop.qt.theme import Theme
from desktop.queries.month_rows import PostponedRow, SideRows


class PostponedCard(ThemedWidget):
    """A booking without a date; Enter or a click opens it."""

    opened = Signal(object)

    def __init__(self, theme: Theme, row: PostponedRow) -> None:
        super().__init__(theme)
        self._row = row
        words = f"{row.package_name}, {amount(row.paid_minor, row.currency)} paid"
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{row.customer_name}, postponed. {words}")
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(IconLabel(theme, Icon.RING_DASHED, "secondary"))
        head.addWidget(ElidedLabel(row.customer_name, Type.BODY_MEDIUM), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(1)
        column.addLayout(head)
        column.addWidget(ElidedLabel(words, Type.CAPTION, "secondary"))
        column.addWidget(Label("Open it to place it on a day", Type.CAPTION, "secondary"))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """A click opens the booking."""
        self.opened.emit(self._row.booking_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """So does Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self._row.booking_id)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dashed frame."""
        painter, area = QPainter(self), QRectF(self.rect())
        frame(painter, area, radius=CONTROL_RADIUS, fill=self.theme.color("surface"))
        if self.hasFocus():
            frame(painter, area, radius=CONTROL_RADIUS, outline=self.theme.color("accent"), width=2)
        else:
            dashed_frame(painter, area, radius=CONTROL_RADIUS, outline=self.theme.color("control"))


class SidePanel(QWidget):
    """`filters_changed` after any tick; `hidden_resources` and the two switches say what to leave out."""

    filters_changed = Signal()
    booking_opened = Signal(object)
    all_postponed_wanted = Signal()

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.mini = MiniCalendar(theme, today)
        self._resources: dict[str, CheckInput] = {}
        self._postponed: tuple[tuple[PostponedRow, ...], int] | None = None
        self._resource_box = QVBoxLayout()
        self._postponed_box = QVBoxLayout()
        for box in (self._resource_box, self._postponed_box):
            box.setSpacing(8)
        self.cancelled = self._check("Cancelled")
        self.completed = self._check("Completed")
        self._postponed_title = Label("Postponed, no date yet", Type.CAPTION_MEDIUM, "secondary")
        self._resource_title = Label("Resources", Type.CAPTION_MEDIUM, "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.mini)
        column.addSpacing(12)
        column.addWidget(self._resource_title)
        column.addLayout(self._resource_box)
        column.addSpacing(12)
        column.addWidget(Label("Show as well", Type.CAPTION_MEDIUM, "secondary"))
        column.addWidget(self.cancelled)
        column.addWidget(self.completed)
        column.addSpacing(12)
        column.addWidget(self._postponed_title)
        column.addLayout(self._postponed_box)
        column.addStretch(1)
        self.setFixedWidth(WIDTH_PX)
        self.show_resources(())
        self.show_postponed(())

    def show_rows(self, rows: SideRows) -> None:
        """Offer the resources, and show what has no date yet."""
        self.show_resources(rows.resources)
        self.show_postponed(rows.postponed, more=rows.more_postponed)

    def hidden_resources(self) -> frozenset[str]:
        """The resources whose bookings are left out."""
        return frozenset(name for name, box in self._resources.items() if not box.isChecked())

    def show_resources(self, names: Sequence[str]) -> None:
        """Offer these; a tick that was taken away stays away."""
        if tuple(names) == tuple(self._resources):
            return
        hidden = self.hidden_resources()
        _empty(self._resource_box)
        self._resources = {name: self._check(name, checked=name not in hidden) for name in names}
        for box in self._resources.values():
            self._resource_box.addWidget(box)
        self._resource_title.setVisible(bool(names))

    def show_postponed(self, rows: Sequence[PostponedRow], *, more: int = 0) -> None:
        """The bookings that wait for a date, and a way to the others; the same cards stay as they are."""
        if (tuple(rows), more) == self._postponed:
            return
        self._postponed = tuple(rows), more
        _empty(self._postponed_box)
        for row in rows:
            card = PostponedCard(self._theme, row)
            card.opened.connect(self.booking_opened)
            self._postponed_box.addWidget(card)
        if more:
            link = Button(self._theme, f"{more} more", Kind.LINK)
            link.setAccessibleName(f"{more} more postponed bookings: show all")
            link.clicked.connect(self.all_postponed_wanted)
            self._postponed_box.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        self._postponed_title.setVisible(bool(rows))

    def _check(self, words: str, *, checked: bool = True) -> CheckInput:
        box = CheckInput(self._theme, words, checked=checked)
        box.toggled.connect(self.filters_changed)
        return box


def _empty(box: QVBoxLayout) -> None:
    while (item := box.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
