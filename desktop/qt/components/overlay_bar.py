"""A scroll bar that lies over the right padding of a view, so that columns stay where they are."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar

WIDTH_PX = 10


class OverlayBar(QScrollBar):
    """Follows the view's own bar, which is kept out of sight; hidden while everything fits."""

    def __init__(self, view: QAbstractScrollArea, *, below_px: int = 0) -> None:
        super().__init__(Qt.Orientation.Vertical, view)
        self._view = view
        self._below_px = below_px
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Scroll")
        real = view.verticalScrollBar()
        real.rangeChanged.connect(self._follow_range)
        real.valueChanged.connect(self.setValue)
        self.valueChanged.connect(real.setValue)
        view.installEventFilter(self)
        self._follow_range(real.minimum(), real.maximum())

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stay at the right edge."""
        if event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def _follow_range(self, low: int, high: int) -> None:
        real = self._view.verticalScrollBar()
        self.setPageStep(real.pageStep())
        self.setSingleStep(real.singleStep())
        self.setRange(low, high)
        self.setVisible(high > low)
        self._place()

    def _place(self) -> None:
        top = self._below_px
        view = self._view
        self.setGeometry(view.width() - WIDTH_PX - 1, top, WIDTH_PX, max(view.height() - top, 0))
        self.raise_()
