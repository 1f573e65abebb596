"""The dark bar above the sum row: what happened, and Undo for as long as it is possible; also the toast."""

from typing import Final

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.qt.components.buttons import Button, IconButton, Kind
from desktop.qt.components.label import Label
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.icons import Icon
from desktop.qt.painting.strokes import CONTROL_RADIUS, frame
from desktop.qt.theme import Theme

HEIGHT_PX: Final = 40
TOAST_MS: Final = 6000
NOTHING_LEFT: Final = "Nothing has left this computer."


class UndoBar(ThemedWidget):
    """With Undo it stays; without it is a toast of six seconds. Both are read out."""

    undo = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self.setFixedHeight(HEIGHT_PX)
        self._words = Label("", tone="on_bar")
        self.undo_button = Button(theme, "Undo  Ctrl+Z", Kind.BAR, glyph=Icon.REFUND, small=True)
        self._close = IconButton(theme, Icon.CROSS, "Close", kind=Kind.BAR, small=True)
        self._close.setProperty("quiet", True)  # noqa: FBT003 - Qt's own
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 7, 0)
        row.setSpacing(12)
        row.addWidget(self._words)
        row.addWidget(self.undo_button)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.undo_button.clicked.connect(self._undo)
        self._close.clicked.connect(self.hide)
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def offer_undo(self, words: str) -> None:
        """Say what happened and offer to take it back."""
        self._timer.stop()
        self.undo_button.show()
        self._say(f"{words} {NOTHING_LEFT}")

    def toast(self, words: str) -> None:
        """Say something for six seconds."""
        self.undo_button.hide()
        self._say(words)
        self._timer.start(TOAST_MS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dark ground, the same in both modes."""
        frame(QPainter(self), QRectF(self.rect()), radius=CONTROL_RADIUS, fill=self.theme.color("bar"))

    def _undo(self) -> None:
        self.hide()
        self.undo.emit()

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self.setAccessibleName(words)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.show()
        self.raise_()
        self.adjustSize()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
