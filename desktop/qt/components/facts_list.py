"""Facts as label and value rows: "Name  Ines Carvalho", with an optional second line."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.fonts import Type

LABEL_PX: Final = 92


class FactsList(QWidget):
    """Values can be selected and copied; an empty value is an en dash."""

    def __init__(
        self,
        *,
        label_px: int = LABEL_PX,
        spacing_px: int = 3,
        role: Type = Type.BODY,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role = role
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(15, 12, 15, 12)
        self._grid.setHorizontalSpacing(0)
        self._grid.setVerticalSpacing(spacing_px)
        self._grid.setColumnMinimumWidth(0, label_px)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[tuple[str, str] | tuple[str, str, str]]) -> None:
        """Show (label, value) or (label, value, second line) rows."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        line = 0
        for label, value, *more in facts:
            self._grid.addWidget(Label(label, self._role, "secondary"), line, 0, Qt.AlignmentFlag.AlignTop)
            shown = ElidedLabel(value or "\N{EN DASH}", self._role)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            shown.setAccessibleName(f"{label}: {value or 'nothing'}")
            self._grid.addWidget(shown, line, 1)
            line += 1
            if more and more[0]:
                self._grid.addWidget(ElidedLabel(more[0], Type.CAPTION, "secondary"), line, 1)
                line += 1
