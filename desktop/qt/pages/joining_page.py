"""The card on which a computer joins a studio: fields, one button, progress, and why it does not go on."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from desktop.presenting.sync_words import SyncPhase, SyncState
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.card import Surface
from desktop.qt.components.empty_state import Drawing
from desktop.qt.components.label import Label
from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.failure_box import failure_words
from desktop.qt.fonts import Type
from desktop.qt.theme import Theme

_WIDTH_PX: Final = 480


class JoiningPage(QWidget):
    """Its subclasses have the fields; `other` is the quiet button for the other way to join."""

    def __init__(self, theme: Theme, *, begin: str, other: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self.begin = Button(theme, begin, Kind.PRIMARY)
        self.other = Button(theme, other, Kind.QUIET)
        self.trouble = Notice(theme, NoticeKind.WARNING, "")
        self.state = Label("", Type.BODY, "secondary")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)

    def show_trouble(self, sentence: str) -> None:
        """Say why it does not go on; nothing clears it."""
        self.trouble.say(
            sentence, "Nothing is lost. Try again when the server can be reached." if sentence else ""
        )
        self.trouble.setVisible(bool(sentence))
        self.begin.setEnabled(True)
        self._show_work(words="Offline" if sentence else "")

    def show_failure(self, failure: BaseException) -> None:
        """Joining was refused."""
        self.trouble.say(failure_words(failure).sentence, "")
        self.trouble.show()
        self.begin.setEnabled(True)
        self._show_work(words="")

    def show_progress(self, state: SyncState) -> None:
        """How much of the studio's data is here."""
        if state.phase is SyncPhase.OFFLINE:
            self.show_trouble("The server could not be reached.")
            return
        self.trouble.hide()
        self._show_work(
            words=f"Getting the studio's data… {state.progress_percent} %", percent=state.progress_percent
        )

    def _show_asking(self) -> None:
        self.begin.setEnabled(False)
        self.trouble.hide()
        self._show_work(words="Signing in…", percent=0)

    def _show_work(self, *, words: str, percent: int | None = None) -> None:
        self.state.setText(words)
        self.state.setVisible(bool(words))
        self.progress.setVisible(percent is not None)
        self.progress.setRange(0, 100 if percent else 0)
        self.progress.setValue(percent or 0)

    def _lay_out(self, theme: Theme, heading: str, words: str, fields: Sequence[QWidget]) -> None:
        card = Surface(theme)
        card.setFixedWidth(_WIDTH_PX)
        inner = QVBoxLayout()
        inner.setContentsMargins(31, 28, 31, 28)
        inner.setSpacing(14)
        inner.addWidget(Drawing(theme), 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addSpacing(8)
        inner.addWidget(Label(heading, Type.TITLE), 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(Label(words, Type.BODY, "secondary", wraps=True))
        for widget in (*fields, self.trouble, self.state, self.progress, self.begin, self.other):
            inner.addWidget(widget)
        card.column.addLayout(inner)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.show_trouble("")
