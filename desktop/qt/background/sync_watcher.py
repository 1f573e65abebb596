"""Brings the state of sync from its thread to the GUI thread."""

from PySide6.QtCore import QObject, Qt, Signal

from desktop.presenting.sync_words import SyncState


class SyncWatcher(QObject):
    """`show` may be called on any thread; `shown` is emitted on the GUI thread, in order."""

    shown = Signal(object)
    broke = Signal(object)
    _heard = Signal(object)
    _failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heard.connect(self.shown, Qt.ConnectionType.QueuedConnection)
        self._failed.connect(self.broke, Qt.ConnectionType.QueuedConnection)

    def show(self, state: SyncState) -> None:
        """Sync stands like this now."""
        self._heard.emit(state)

    def report(self, failure: BaseException) -> None:
        """A step of sync broke a promise of our own code."""
        self._failed.emit(failure)
