"""A field to find or filter by: an icon at the left, its key at the right while it is empty."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.key_hint import KeyHint
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme


class SearchField(QLineEdit):
    """Escape empties it, a second Escape gives the focus back to where it came from."""

    def __init__(
        self,
        theme: Theme,
        placeholder: str,
        key: str,
        *,
        glyph: Icon = Icon.SEARCH,
        height_px: int = 30,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "search")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setFont(font(Type.BODY))
        self.setFixedHeight(height_px)
        self._icon = IconLabel(theme, glyph, "text", size=16, parent=self)
        self._key = KeyHint(theme, key, self)
        for child in (self._icon, self._key):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(lambda words: self._key.setVisible(not words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep icon and key in the middle of their ends."""
        super().resizeEvent(event)
        self._icon.move(11, (self.height() - 16) // 2)
        self._key.move(self.width() - self._key.width() - 7, (self.height() - self._key.height()) // 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape first empties, then leaves."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.clearFocus()
            return
        super().keyPressEvent(event)
