"""An input with its label above and a hint or the reason of an error below."""

from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.label import Label
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme

Input = TypeVar("Input", bound=QWidget)


class Field(QWidget, Generic[Input]):
    """`input` is the control itself; the label is its buddy and its name for screen readers."""

    def __init__(
        self, theme: Theme, words: str, control: Input, *, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.input = control
        self._hint_words = hint
        label = Label(words, Type.LABEL, "secondary")
        label.setBuddy(control)
        control.setAccessibleName(words)
        self._sign = IconLabel(theme, Icon.ALERT, "danger", size=12)
        self._hint = Label(hint, Type.CAPTION, "secondary", wraps=True)
        below = QHBoxLayout()
        below.setSpacing(5)
        below.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        below.addWidget(self._hint, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label)
        column.addWidget(control)
        column.addLayout(below)
        self.show_error("")

    def show_error(self, sentence: str) -> None:
        """Say what is wrong, or with nothing that all is well."""
        self.input.setProperty("wrong", bool(sentence))
        self.input.style().unpolish(self.input)
        self.input.style().polish(self.input)
        self._sign.setVisible(bool(sentence))
        self._hint.setText(sentence or self._hint_words)
        self._hint.set_tone("danger" if sentence else "secondary")
        self._hint.setVisible(bool(sentence or self._hint_words))
        self.input.setAccessibleDescription(sentence or self._hint_words)

    def set_hint(self, words: str) -> None:
        """Say something else below."""
        self._hint_words = words
        self.show_error("")

    def lock(self, reason: str) -> None:
        """Make it read-only and say why."""
        control = self.input
        if isinstance(control, QLineEdit | QPlainTextEdit):
            control.setReadOnly(True)
        else:
            control.setEnabled(False)
        control.style().unpolish(control)
        control.style().polish(control)
        self.set_hint(reason)
        self._sign.show_icon(Icon.LOCK, "secondary")
        self._sign.show()
