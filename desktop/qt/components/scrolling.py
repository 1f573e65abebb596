"""What may be taller than its place: a whole page, a column of it, the inside of a card or a dialog."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget


def scroll_page(page: QWidget) -> QVBoxLayout:
    """Let a page scroll as a whole, by keys too; the column takes its parts, inside the margins of a page."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(24, 20, 24, 16)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(_area(inner, on_page=True))
    return column


def scrolled(inner: QWidget, *, on_page: bool = False) -> QScrollArea:
    """Let a widget scroll up and down only, without taking the focus.

    Below it shows what it lies on, a card or a dialog; ``on_page`` it has the ground of the page itself.
    """
    area = _area(inner, on_page=on_page)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _area(inner: QWidget, *, on_page: bool) -> QScrollArea:
    area = QScrollArea()
    if on_page:
        inner.setObjectName("scrolled")
    else:
        area.setProperty("ground", "none")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(inner)
    return area
