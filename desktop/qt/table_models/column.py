"""A column of a table: its title, how to read the value it sorts by, and how to say it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Generic, TypeVar

from PySide6.QtCore import Qt

Row = TypeVar("Row")


class RowRole(IntEnum):
    """The roles beside Qt's own: the value that sorts, and the whole frozen row."""

    VALUE = Qt.ItemDataRole.UserRole + 1
    ROW = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column over rows of one class.

    `read` answers what sorts (minor units, instants, names); `say` what is shown, copied and exported; `hint`
    what the tooltip adds; `speak` what a screen reader hears where the words alone would not do.
    """

    title: str
    read: Callable[[Row], object]
    say: Callable[[Row], str]
    right: bool = False
    hint: Callable[[Row], str] | None = None
    speak: Callable[[Row], str] | None = None

    def spoken(self, row: Row) -> str:
        """What a screen reader hears in this cell."""
        return self.speak(row) if self.speak is not None else self.say(row)
