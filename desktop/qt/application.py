"""The one Qt application of a process: look, fonts, focus ring, and how it begins and ends."""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QMessageLogContext, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from desktop.qt.components.focus_ring import FocusRing
from desktop.qt.gc_guard import GcGuard
from desktop.qt.theme import Theme
from shared.errors import Unavailable

WITHOUT_SCREEN: Final = frozenset({"offscreen", "minimal", "vnc", "linuxfb", "eglfs"})
NO_DISPLAY_STATUS: Final = 1


class NoDisplay(Unavailable):
    """Daybook needs a screen, and none can be reached here. Without one, run the tour: make tour."""

    code = "no_display"


class Application:
    """The look of the program on Qt's application, which tests may have made before."""

    def __init__(self) -> None:
        """Raises NoDisplay where Qt would end the process without a word a person can use."""
        check_display(os.environ)
        found = QApplication.instance()
        self.qt = found if isinstance(found, QApplication) else QApplication(sys.argv[:1])
        self.qt.setApplicationName("Daybook")
        self._guard = GcGuard()  # before any other thread there is; its timer also lets Python hear signals
        self.theme = Theme()
        self.theme.apply_to(self.qt)
        self.focus_ring = FocusRing(self.theme, self.qt)

    def run(self, close: Callable[[], object]) -> int:
        """Run until the last window is closed; a signal to end asks ``close`` first."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: QTimer.singleShot(0, close))
        status = self.qt.exec()
        self._guard.stop()
        return status

    def quit(self) -> None:
        """End the event loop."""
        self.qt.quit()


def check_display(environment: Mapping[str, str]) -> None:
    """Raise NoDisplay on a system whose windows need a display when none is named."""
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    has_own_windows = sys.platform in {"win32", "darwin"}
    named = environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    if not has_own_windows and platform not in WITHOUT_SCREEN and not named:
        raise NoDisplay


def say_fatal_in_words(say: Callable[[str], object]) -> None:
    """A display that cannot be reached is fatal inside Qt: say the sentence before the process ends."""

    def handle(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            say(NoDisplay().sentence)
            os._exit(NO_DISPLAY_STATUS)
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtWarningMsg):
            sys.stderr.write(f"{message}\n")

    qInstallMessageHandler(handle)
