"""Reports: an honest empty page until there are any."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.qt.components.card import Surface
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.components.label import Label
from desktop.qt.fonts import Type
from desktop.qt.theme import Theme


class ReportsPage(QWidget):
    """Says what there is not, and where the figures stand that there are."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("page")
        box = Surface(theme)
        box.column.addWidget(
            EmptyState(
                theme,
                "No report is built yet",
                "The sums of this month and what is still due stand on Today.",
            )
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(Label("Reports", Type.TITLE))
        column.addWidget(box, 1)
