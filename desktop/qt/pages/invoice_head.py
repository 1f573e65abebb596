"""The head of the shown document: which one, what is so about it, and its buttons in the room there is."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from desktop.qt.components.buttons import Button
from desktop.qt.components.flow_layout import FlowLayout
from desktop.qt.components.label import ElidedLabel
from desktop.qt.fonts import Type

HEAD_PX: Final = 44
_SIDES_PX: Final = 15 + 11
_APART_PX: Final = 16


class InvoiceHead(QWidget):
    """One line where it fits; else the sentence stands below the number, then the buttons below both."""

    def __init__(self, buttons: Sequence[Button]) -> None:
        super().__init__()
        self._what = ElidedLabel("", Type.BODY_SEMIBOLD)
        self._more = ElidedLabel("", Type.BODY, "secondary")
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.setSpacing(0)
        self._words.addWidget(self._what)
        self._words.addWidget(self._more, 1)
        self._tools = FlowLayout()
        for button in buttons:
            self._tools.addWidget(button)
        holder = QWidget()
        holder.setLayout(self._tools)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.setContentsMargins(15, 2, 11, 2)
        self._parts.addLayout(self._words, 1)
        self._parts.addWidget(holder, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._parts)
        self.setMinimumHeight(HEAD_PX)

    @property
    def words(self) -> tuple[str, str]:
        """Which document, and what is so about it."""
        return self._what.text(), self._more.text()

    def say(self, what: str, more: str) -> None:
        """Say another document; call it after its buttons were shown and hidden."""
        self._what.setText(what)
        self._more.setText(more)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest button."""
        return QSize(self._tools.minimumSize().width() + _SIDES_PX, HEAD_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the widest arrangement that cuts nothing."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        what, more = self._what.sizeHint().width(), self._more.sizeHint().width()
        room, tools = self.width() - _SIDES_PX, self._tools.sizeHint().width()
        one_line = what + 8 + more + _APART_PX + tools <= room
        beside = one_line or max(what, more) + _APART_PX + tools <= room
        across = one_line or (not beside and what + 8 + more <= room)
        self._words.setDirection(
            QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        )
        self._words.setSpacing(8 if across else 0)
        self._parts.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )
        self._parts.setSpacing(_APART_PX if beside else 4)
        self._parts.setContentsMargins(15, 2 if beside else 8, 11, 2 if beside else 8)
