"""A card: surface with a hairline and radius 10, a heading at the left, one link or fact at the right."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.qt.components.hairline import Hairline
from desktop.qt.components.label import Label
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type
from desktop.qt.painting.strokes import CARD_RADIUS, frame, rounded
from desktop.qt.theme import Theme

HEADING_PX: Final = 40
RECORD_HEADING_PX: Final = 38
PADDING_PX: Final = 16


class Surface(ThemedWidget):
    """The ground of cards, popovers and tables; children stay 1 px inside, so that the outline shows."""

    def __init__(self, theme: Theme, *, outline: str = "border", parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.outline = outline
        self._sunken_px = 0
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(1, 1, 1, 1)
        self.column.setSpacing(0)

    def sink_foot(self, height_px: int) -> None:
        """Paint the lowest part in the sunken tone: sum rows, feet."""
        self._sunken_px = height_px
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, sunken foot, outline."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        frame(painter, area, radius=CARD_RADIUS, fill=self.theme.color("surface"))
        if self._sunken_px:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(QRectF(0, self.height() - self._sunken_px, self.width(), self._sunken_px))
            painter.fillPath(rounded(area, CARD_RADIUS), self.theme.color("sunken"))
            painter.restore()
        frame(painter, area, radius=CARD_RADIUS, outline=self.theme.color(self.outline))


class Card(Surface):
    """A surface with a heading row; `body` takes what the card shows."""

    def __init__(
        self,
        theme: Theme,
        heading: str,
        *,
        right: QWidget | None = None,
        heading_px: int = HEADING_PX,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent=parent)
        self.setAccessibleName(heading)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(PADDING_PX - 1, 0, PADDING_PX - 1, 0)
        self.head.setSpacing(8)
        self.title = Label(heading, Type.SECTION)
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        if right is not None:
            self.head.addWidget(right)
        box = QWidget()
        box.setLayout(self.head)
        box.setFixedHeight(heading_px - 2)  # the outline above and the hairline below belong to it
        self.column.addWidget(box)
        self.column.addWidget(Hairline(theme))
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        self.column.addLayout(self.body, 1)

    def add_beside_heading(self, widget: QWidget) -> None:
        """A fact directly after the heading."""
        self.head.insertWidget(1, widget, 0, Qt.AlignmentFlag.AlignVCenter)


class Sunken(ThemedWidget):
    """A preview box inside a card: sunken ground, hairline, radius 6."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and outline."""
        fill, outline = self.theme.color("sunken"), self.theme.color("border")
        frame(QPainter(self), QRectF(self.rect()), radius=6, fill=fill, outline=outline)
