"""The strip above every page: back, search, today's date, New booking."""

from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.presenting.dates import day_with_year
from desktop.qt.components.buttons import Button, Kind, StepButton
from desktop.qt.components.label import Label
from desktop.qt.components.search_field import SearchField
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.painting.strokes import horizontal
from desktop.qt.theme import Theme

HEIGHT_PX: Final = 52


class TopStrip(ThemedWidget):
    """52 px; the search keeps 480 px as long as there is room."""

    back = Signal()
    new_booking = Signal()
    searched = Signal(str)

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setObjectName("topStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT_PX)
        self.back_button = StepButton(theme, Icon.BACK, "Back (Alt+Left)", kind=Kind.QUIET)
        self.back_button.setEnabled(False)
        self.search = SearchField(
            theme, "Find customers, bookings, invoices, actions", "Ctrl+K", height_px=32
        )
        self.search.setMaximumWidth(480)
        self.search.setMinimumWidth(160)
        self._date = Label(day_with_year(today), Type.BODY, "secondary")
        self.new_button = Button(theme, "New booking", Kind.PRIMARY, glyph=Icon.PLUS)
        self.new_button.setToolTip("New booking (Ctrl+Shift+B)")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 24, 0)
        row.setSpacing(12)
        row.addWidget(self.back_button)
        row.addWidget(self.search, 1)
        row.addStretch(0)
        row.addWidget(self._date)
        row.addWidget(self.new_button)
        self.back_button.clicked.connect(self.back)
        self.new_button.clicked.connect(self.new_booking)
        self.search.textChanged.connect(self.searched)

    def show_today(self, today: date) -> None:
        """The day has changed."""
        self._date.setText(day_with_year(today))

    def show_date(self, *, visible: bool) -> None:
        """Leave the date out where there is no room for it."""
        self._date.setVisible(visible)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line towards the page."""
        super().paintEvent(event)
        horizontal(QPainter(self), self.theme.color("border"), 0, self.width(), self.height() - 1)
