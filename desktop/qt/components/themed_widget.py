"""A widget that paints itself from the theme and repaints when the theme changes."""

from PySide6.QtWidgets import QWidget

from desktop.qt.theme import Theme


class ThemedWidget(QWidget):
    """The base of painted pieces."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        theme.changed.connect(self.update)
