"""A separating line of one device pixel, or the double rule above a sum."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.painting.strokes import double_rule, horizontal, vertical
from desktop.qt.theme import Theme


class Hairline(ThemedWidget):
    """One line across (or down), in the colour of a border."""

    def __init__(self, theme: Theme, *, down: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._down = down
        if down:
            self.setFixedWidth(1)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        else:
            self.setFixedHeight(1)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line."""
        painter, color = QPainter(self), self.theme.color("border")
        if self._down:
            vertical(painter, color, 0, 0, self.height())
        else:
            horizontal(painter, color, 0, self.width(), 0)


class DoubleRule(ThemedWidget):
    """The rule above a sum."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setFixedHeight(3)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Two hairlines."""
        double_rule(QPainter(self), self.theme, 0, self.width(), 0)
