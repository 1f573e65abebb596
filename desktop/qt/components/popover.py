"""A popover: a small surface beside what was clicked, closed by Escape or a click elsewhere."""

from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.painting.strokes import CARD_RADIUS, frame
from desktop.qt.theme import Theme

WIDTH_PX: Final = 360


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
        window = self.parentWidget()
        assert window is not None, "a popover lives in a window"
        place = anchor.mapTo(window, QPoint(0, 0))
        left = max(12, min(place.x(), window.width() - self.width() - 12))
        self.move(left, max(8, place.y() - self.height() - gap_px))
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and outline."""
        fill, outline = self.theme.color("surface"), self.theme.color(self._outline)
        frame(QPainter(self), QRectF(self.rect()), radius=CARD_RADIUS, fill=fill, outline=outline, width=1)
