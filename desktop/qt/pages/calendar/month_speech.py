"""The month to a screen reader: beside its name and its words, what may be done with the chosen day."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.theme import Theme

LIST_DAY: Final = "List the whole day"


class SpokenView(ThemedWidget):
    """`day_wanted` says that a screen reader's action asks for the whole chosen day."""

    day_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.spoken: QAccessibleInterface | None = None
        _offer_actions()


class _Spoken(QAccessibleWidget):
    """Qt's own interface of a widget, and one action more."""

    def __init__(self, view: SpokenView) -> None:
        super().__init__(view, QAccessible.Role.Client)

    def actionNames(self) -> list[str]:
        """What may be done."""
        return [*super().actionNames(), LIST_DAY]

    def doAction(self, name: str) -> None:
        """Do it."""
        view = self.object()
        if name == LIST_DAY and isinstance(view, SpokenView):
            view.day_wanted.emit()
        else:
            super().doAction(name)

    def keyBindingsForAction(self, name: str) -> list[str]:
        """The key that does the same."""
        return ["Space"] if name == LIST_DAY else super().keyBindingsForAction(name)


def _spoken(_class_name: str, widget: QObject) -> QAccessibleInterface | None:
    if not isinstance(widget, SpokenView):
        return None
    widget.spoken = _Spoken(widget)  # Qt keeps no reference of its own to what Python made
    return widget.spoken


@lru_cache(maxsize=1)
def _offer_actions() -> None:
    """Qt asks for the interface of each widget when a screen reader first comes to it."""
    QAccessible.installFactory(_spoken)
