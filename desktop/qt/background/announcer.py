"""Says on the GUI thread what a write touched; each screen decides whether that concerns it."""

from PySide6.QtCore import QObject, Qt, Signal

from desktop.data_changes import DataChanges


class Announcer(QObject):
    """One signal for the whole program; `announce` may be called on any thread."""

    changed = Signal(object)
    _heard = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard.connect(self.changed, Qt.ConnectionType.QueuedConnection)

    def announce(self, changes: DataChanges) -> None:
        """Tell every screen; nothing is said when nothing was touched."""
        if changes.entities:
            self._heard.emit(changes)
