"""The first run: the set-up link is pasted, then the studio's data comes, with progress."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from desktop.presenting.sync_words import SyncPhase, SyncState
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.card import Surface
from desktop.qt.components.empty_state import Drawing
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import TextInput
from desktop.qt.components.label import Label
from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.failure_box import failure_words
from desktop.qt.fonts import Type
from desktop.qt.theme import Theme

_WIDTH_PX: Final = 480
_SHORTEST_PASSWORD: Final = 12


class FirstRunPage(QWidget):
    """`set_up_wanted(link, password)` asks to sign in; in practice the password is made, not typed."""

    set_up_wanted = Signal(str, str)

    def __init__(self, theme: Theme, *, link: str = "", practice: bool = False) -> None:
        super().__init__()
        self.setObjectName("page")
        self._practice = practice
        self.link = Field(
            theme,
            "Set-up link",
            TextInput(link, placeholder="https://"),
            hint="It comes with the mail that invites you. It works once.",
        )
        self.password = Field(
            theme,
            "Your password",
            TextInput(),
            hint="At least 12 characters. You sign in with it from now on.",
        )
        self.password.input.setEchoMode(TextInput.EchoMode.Password)
        self.password.setVisible(not practice)
        self.begin = Button(theme, "Try again" if practice else "Begin", Kind.PRIMARY)
        self.trouble = Notice(theme, NoticeKind.WARNING, "")
        self.state = Label("", Type.BODY, "secondary")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        for name in ("link", "password", "begin", "trouble", "state", "progress"):
            getattr(self, name).setObjectName(f"firstRun_{name}")
        self._lay_out(theme)
        self.begin.clicked.connect(self._ask)
        self.link.input.returnPressed.connect(self._ask)
        self.password.input.returnPressed.connect(self._ask)
        self.show_trouble("")
        self._show_work(words="")

    def show_trouble(self, sentence: str) -> None:
        """Say why it does not go on; nothing clears it."""
        self.trouble.say(
            sentence, "Nothing is lost. Try again when the server can be reached." if sentence else ""
        )
        self.trouble.setVisible(bool(sentence))
        self.begin.setEnabled(True)
        self._show_work(words="Offline" if sentence else "")

    def show_failure(self, failure: BaseException) -> None:
        """Setting up was refused."""
        self.show_trouble(failure_words(failure).sentence)

    def show_progress(self, state: SyncState) -> None:
        """How much of the studio's data is here."""
        if state.phase is SyncPhase.OFFLINE:
            self.show_trouble("The server could not be reached.")
            return
        self.trouble.hide()
        self._show_work(
            words=f"Getting the studio's data… {state.progress_percent} %", percent=state.progress_percent
        )

    def _ask(self) -> None:
        if not self.begin.isEnabled():  # Enter, while the link is being spent
            return
        password = self.password.input.text()
        too_short = not self._practice and len(password) < _SHORTEST_PASSWORD
        self.password.show_error("At least 12 characters." if too_short else "")
        self.link.show_error("" if self.link.input.text().strip() else "Paste the link here.")
        if too_short or not self.link.input.text().strip():
            return
        self.begin.setEnabled(False)
        self.trouble.hide()
        self._show_work(words="Signing in…", percent=0)
        self.set_up_wanted.emit(self.link.input.text().strip(), password)

    def _show_work(self, *, words: str, percent: int | None = None) -> None:
        self.state.setText(words)
        self.state.setVisible(bool(words))
        self.progress.setVisible(percent is not None)
        self.progress.setRange(0, 100 if percent else 0)
        self.progress.setValue(percent or 0)

    def _lay_out(self, theme: Theme) -> None:
        card = Surface(theme)
        card.setFixedWidth(_WIDTH_PX)
        inner = QVBoxLayout()
        inner.setContentsMargins(31, 28, 31, 28)
        inner.setSpacing(14)
        inner.addWidget(Drawing(theme), 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addSpacing(8)
        heading = "The practice studio" if self._practice else "Set up this computer"
        inner.addWidget(Label(heading, Type.TITLE), 0, Qt.AlignmentFlag.AlignHCenter)
        words = (
            "It lives on this computer alone. Money and mail are played."
            if self._practice
            else "Paste the link from your invitation. After that Daybook works without a network too."
        )
        inner.addWidget(Label(words, Type.BODY, "secondary", wraps=True))
        for widget in (self.link, self.password, self.trouble, self.state, self.progress, self.begin):
            inner.addWidget(widget)
        card.column.addLayout(inner)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
