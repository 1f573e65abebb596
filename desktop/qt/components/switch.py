"""A switch of 30 × 18 px: on is filled, off is outlined, and both differ by more than colour."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.qt.painting.strokes import dot, frame
from desktop.qt.theme import Theme

SIZE: Final = QSize(30, 18)
_KNOB: Final = 6.0


class Switch(QAbstractButton):
    """`clicked` says that a person has turned it; `name` is what it turns."""

    def __init__(self, theme: Theme, name: str, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setCheckable(True)
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setFixedSize(SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Always the same."""
        return SIZE

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Track, knob, ring on focus."""
        painter, theme, area = QPainter(self), self._theme, QRectF(self.rect())
        radius, on = area.height() / 2, self.isChecked()
        if on:
            frame(painter, area, radius=radius, fill=theme.color("accent"))
        else:
            surface, outline = theme.color("surface"), theme.color("control")
            frame(painter, area, radius=radius, fill=surface, outline=outline, width=1)
        x = area.right() - radius if on else area.left() + radius
        knob = theme.color("on_accent" if on else "secondary")
        dot(painter, QPointF(x, area.center().y()), _KNOB if on else _KNOB - 1, knob)
        if self.hasFocus():
            frame(painter, area, radius=radius, outline=theme.color("text"), width=2)
