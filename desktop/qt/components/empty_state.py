"""What a list says while it is empty: a drawing, what to do, one button, at most two other ways."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.label import Label
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon, drawing
from desktop.qt.theme import Theme

DRAWING: Final = QSize(176, 112)
WORDS_PX: Final = 320


class Drawing(ThemedWidget):
    """The open book, 176 × 112."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setFixedSize(DRAWING)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The drawing in the accent."""
        ratio = self.devicePixelRatioF()
        made = drawing(Icon.EMPTY_BOOK, self.theme.tokens.accent, size=DRAWING, ratio=ratio)
        QPainter(self).drawPixmap(0, 0, made)


class EmptyState(ThemedWidget):
    """`action` is the one primary button; its `clicked` is the page's to connect."""

    def __init__(
        self,
        theme: Theme,
        heading: str,
        words: str,
        *,
        action: str = "",
        links: Sequence[Button] = (),
        draw: bool = True,
    ) -> None:
        super().__init__(theme)
        center = Qt.AlignmentFlag.AlignHCenter
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 40, 24, 40)
        column.setSpacing(8)
        column.addStretch(1)
        if draw:
            column.addWidget(Drawing(theme), 0, center)
            column.addSpacing(20)
        column.addWidget(Label(heading, Type.SECTION), 0, center)
        sentence = Label(words, Type.BODY, "secondary", wraps=True)
        sentence.setAlignment(center)
        sentence.setFixedSize(
            WORDS_PX, sentence.heightForWidth(WORDS_PX)
        )  # a wide page would ask for one line
        column.addWidget(sentence, 0, center)
        self.action = Button(theme, action, Kind.PRIMARY, glyph=Icon.PLUS)
        self.action.setVisible(bool(action))
        column.addSpacing(8)
        column.addWidget(self.action, 0, center)
        for link in links:
            column.addWidget(link, 0, center)
        column.addStretch(2)
        self.setAccessibleName(f"{heading}. {words}")
