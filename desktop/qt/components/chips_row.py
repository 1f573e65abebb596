"""The row above a list: filter chips, which take a second line on narrow windows, and the filter field."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from desktop.qt.components.chip import Chip
from desktop.qt.components.flow_layout import FlowLayout
from desktop.qt.components.search_field import SearchField

FIELD_PX: Final = 220
_LEAST_PX: Final = 140


class ChipsRow(QHBoxLayout):
    """Chips at the left; the field at the right gives way down to 140 px before the window does."""

    def __init__(self, field: SearchField, chips: Iterable[Chip] = ()) -> None:
        super().__init__()
        self._flow = FlowLayout()
        self.setSpacing(16)
        self.addLayout(self._flow, 1)
        field.setMinimumWidth(_LEAST_PX)
        field.setMaximumWidth(FIELD_PX)
        self.addWidget(field, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        for chip in chips:
            self.add_chip(chip)

    def add_chip(self, chip: Chip) -> None:
        """One more chip, after the others."""
        self._flow.addWidget(chip)
