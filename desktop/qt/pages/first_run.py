"""The first run: the set-up link is pasted, then the studio's data comes, with progress."""

from PySide6.QtCore import Signal

from desktop.qt.components.field import Field
from desktop.qt.components.inputs import TextInput
from desktop.qt.pages.joining_page import JoiningPage
from desktop.qt.theme import Theme
from shared.sync_protocol.sessions import LEAST_PASSWORD_CHARACTERS

_LEAST = f"At least {LEAST_PASSWORD_CHARACTERS} characters."


class FirstRunPage(JoiningPage):
    """`set_up_wanted(link, password)` asks to sign in; in practice the password is made, not typed."""

    set_up_wanted = Signal(str, str)

    def __init__(self, theme: Theme, *, link: str = "", practice: bool = False) -> None:
        begin, other = "Try again" if practice else "Begin", "I have a password already"
        super().__init__(theme, begin=begin, other=other)
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
            hint=f"{_LEAST} You sign in with it from now on.",
        )
        self.password.input.setEchoMode(TextInput.EchoMode.Password)
        for name in ("link", "password", "begin", "other", "trouble", "state", "progress"):
            getattr(self, name).setObjectName(f"firstRun_{name}")
        heading = "The practice studio" if practice else "Set up this computer"
        words = (
            "It lives on this computer alone. Money and mail are played."
            if practice
            else "Paste the link from your invitation. After that Daybook works without a network too."
        )
        self._lay_out(theme, heading, words, (self.link, self.password))
        self.password.setVisible(not practice)
        self.other.setVisible(not practice)
        self.begin.clicked.connect(self._ask)
        self.link.input.returnPressed.connect(self._ask)
        self.password.input.returnPressed.connect(self._ask)

    def _ask(self) -> None:
        if not self.begin.isEnabled():  # Enter, while the link is being spent
            return
        password = self.password.input.text()
        too_short = not self._practice and len(password) < LEAST_PASSWORD_CHARACTERS
        self.password.show_error(_LEAST if too_short else "")
        self.link.show_error("" if self.link.input.text().strip() else "Paste the link here.")
        if too_short or not self.link.input.text().strip():
            return
        self._show_asking()
        self.set_up_wanted.emit(self.link.input.text().strip(), password)
