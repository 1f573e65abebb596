"""``python -m tests.bench.start_program desktop|bare folder``: starts, says ``usable``, ends."""

import os
import sys
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication, QMainWindow

import desktop.__main__  # noqa: F401 - both programs pay for the same imports
from desktop.bootstrap import build
from desktop.qt.application import Application
from desktop.settings import DesktopSettings

_AT_MOST_S = 60


def _start_desktop(folder: Path) -> None:
    """Until the first page is shown with its rows."""
    started = build(DesktopSettings(practice=True, practice_folder=folder), application=Application())
    give_up_at = time.monotonic() + _AT_MOST_S
    while True:
        QApplication.processEvents()
        if started.runner.running == 0:
            break
        assert time.monotonic() < give_up_at, "it does not become usable"
    QApplication.processEvents()
    assert started.window.isVisible(), "a joined store opens its studio"


def _start_bare() -> None:
    """A window with nothing in it."""
    _ = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1440, 868)
    window.show()
    QApplication.processEvents()


def main(kind: str, folder: Path) -> None:
    """One start; how it ends is not measured."""
    if kind == "bare":
        _start_bare()
    else:
        _start_desktop(folder)
    sys.stdout.write("usable\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
