"""A key in a small outlined box: "Ctrl+K"."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type, font
from desktop.qt.painting.strokes import CENTER, frame, text, width_of
from desktop.qt.theme import Theme


class KeyHint(ThemedWidget):
    """Shows which key does the same."""

    def __init__(self, theme: Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._key = key
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """The key with 6 px at each side."""
        return QSize(width_of(self._key, font(Type.CAPTION)) + 12, 20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The box and the key."""
        painter, area = QPainter(self), QRectF(self.rect())
        frame(painter, area, radius=4, outline=self.theme.color("border"), width=1)
        color = self.theme.color("secondary")
        text(painter, area, self._key, font=font(Type.CAPTION), color=color, align=CENTER)
