"""A popover: a small surface beside what was clicked, closed by Escape or a click elsewhere."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.painting.strokes import CARD_RADIUS, frame
from desktop.qt.theme import Theme

WIDTH_PX: Final = 360
_SIDE_PX: Final = 12
_END_PX: Final = 8
"""How far it stays inside the window, at the sides and at the upper and the lower end."""


class Popover(ThemedWidget):
    """No arrow, no shadow; a child of the window, so that it never leaves it."""

    def __init__(
        self, theme: Theme, window: QWidget, *, danger: bool = False, width_px: int = WIDTH_PX
    ) -> None:
        super().__init__(theme, window)
        self._outline = "danger" if danger else "border2"
        self.setFixedWidth(width_px)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)
        self.hide()

    def open_above(self, anchor: QWidget, gap_px: int = 8) -> None:
        """Show it above a widget, left edges aligned."""
        self.adjustSize()
        place = anchor.mapTo(self._window(), QPoint(0, 0))
        self._open_at(place.x(), place.y() - self.height() - gap_px)

    def open_over(self, area: QRect) -> None:
        """Show it over a part of the window, left and upper edges aligned, but inside the window."""
        self.adjustSize()
        lowest = self._window().height() - self.height() - _END_PX
        self._open_at(area.left(), min(area.top(), lowest))

    @property
    def most_height(self) -> int:
        """How high it can be without leaving the window."""
        return self._window().height() - 2 * _END_PX

    def _window(self) -> QWidget:
        window = self.parentWidget()
        assert window is not None, "a popover lives in a window"
        return window

    def _open_at(self, x: int, y: int) -> None:
        rightmost = self._window().width() - self.width() - _SIDE_PX
        self.move(max(_SIDE_PX, min(x, rightmost)), max(_END_PX, y))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on it is not one on what lies below."""
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and outline."""
        fill, outline = self.theme.color("surface"), self.theme.color(self._outline)
        frame(QPainter(self), QRectF(self.rect()), radius=CARD_RADIUS, fill=fill, outline=outline, width=1)
