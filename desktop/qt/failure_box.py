"""Two families of failure: a DomainError is said in its sentence, a bug is said to be ours and reported."""

import platform
import traceback
from dataclasses import dataclass

import PySide6
import structlog
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.presenting.limit_words import too_long_words
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import SMALL_PX, DialogFrame
from desktop.qt.components.label import Label
from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.fonts import Type
from desktop.qt.theme import Theme
from shared.errors import DomainError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FailureWords:
    """What a person reads; `report` is empty for a DomainError."""

    title: str
    sentence: str
    report: str = ""


def failure_words(error: BaseException) -> FailureWords:
    """A DomainError, or a text that is too long, in its sentence; anything else is a bug with a report.

    It holds no personal data: places in the program and the kind of error, never its message, which may
    quote a row.
    """
    if isinstance(error, DomainError):
        return FailureWords("This did not work", error.sentence)
    if sentence := too_long_words(error):
        return FailureWords("This is too long", sentence)
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    report = "\n".join(
        [
            f"{type(error).__name__} in Daybook",
            f"Python {platform.python_version()}, PySide {PySide6.__version__}, {platform.system()}",
            *places,
        ]
    )
    return FailureWords("Something went wrong inside Daybook", "Nothing that was saved is lost.", report)


class FailureBox(DialogFrame):
    """Says one failure; for a bug it offers the report to copy."""

    def __init__(self, theme: Theme, window: QWidget, error: BaseException) -> None:
        words = failure_words(error)
        super().__init__(theme, window, words.title, width_px=SMALL_PX)
        if words.report:
            log.error("bug_shown", kind=type(error).__name__)
            self.body.addWidget(Notice(theme, NoticeKind.DANGER, "This is our mistake.", more=words.sentence))
            place = Label(words.report, Type.CAPTION, "secondary", wraps=True)
            self.body.addWidget(place)
            copy = Button(theme, "Copy report")
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(words.report))
            self.foot.addWidget(copy)
        else:
            self.body.addWidget(Label(words.sentence, wraps=True))
        self.foot.addStretch(1)
        self._close = Button(theme, "Close", Kind.PRIMARY)
        self._close.clicked.connect(lambda: self.answer(None))
        self.foot.addWidget(self._close)

    def open(self) -> None:
        """Show it."""
        self.open_on(self._close)


def show_failure(theme: Theme, window: QWidget, error: BaseException) -> FailureBox:
    """Show a failure over a window."""
    box = FailureBox(theme, window, error)
    box.open()
    return box
