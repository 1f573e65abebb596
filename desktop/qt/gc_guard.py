"""Keeps Python's collector on the GUI thread.

The collector runs on whichever thread makes one object too many. On a worker thread it would then free Qt
objects that belong to the GUI thread: Qt crashes, or each of the two threads waits for what the other holds.
So it is switched off, and a timer of the GUI thread collects instead, generation by generation, whenever
Python's own thresholds are passed. What the program itself is made of is set apart first: going through all
of it takes a tenth of a second.
"""

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


def set_program_apart() -> None:
    """What was imported stays as long as the program does: no collection goes through it again."""
    gc.freeze()


class GcGuard(QObject):
    """Collects on the GUI thread for as long as it lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect_due)
        self._timer.start()

    def collect_due(self) -> int | None:
        """Collect the oldest generation that is over its threshold; answers which one it was."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation] > 0:
                gc.collect(generation)
                return generation
        return None

    def stop(self) -> None:
        """Give collecting back to Python: at the end of the program."""
        self._timer.stop()
        gc.enable()
