"""A further computer of a studio, or one that was signed out: who signs in with a password."""

from dataclasses import dataclass, field

from PySide6.QtCore import Signal

from desktop.qt.components.field import Field
from desktop.qt.components.inputs import TextInput
from desktop.qt.pages.joining_page import JoiningPage
from desktop.qt.theme import Theme


@dataclass(frozen=True, slots=True)
class SignInDraft:
    """Who signs in, where."""

    server_url: str
    studio: str
    email: str
    password: str = field(repr=False)


class SignInPage(JoiningPage):
    """`sign_in_wanted(SignInDraft)` asks to sign in; a server that is known is not asked for."""

    sign_in_wanted = Signal(object)

    def __init__(self, theme: Theme, *, server_url: str = "") -> None:
        super().__init__(theme, begin="Sign in", other="I have a set-up link")
        self.server = Field(
            theme,
            "Server",
            TextInput(server_url, placeholder="https://"),
            hint="Every link that Daybook mails begins with it.",
        )
        self.studio = Field(theme, "Studio code", TextInput(), hint="Your invoice numbers begin with it.")
        self.email = Field(theme, "Your mail address", TextInput())
        self.password = Field(theme, "Your password", TextInput())
        self.password.input.setEchoMode(TextInput.EchoMode.Password)
        self._fields = (self.server, self.studio, self.email, self.password)
        for name in ("server", "studio", "email", "password", "begin", "other"):
            getattr(self, name).setObjectName(f"signIn_{name}")
        words = "After that Daybook works on this computer without a network too."
        self._lay_out(theme, "Sign in on this computer", words, self._fields)
        self.begin.clicked.connect(self._ask)
        for each in self._fields:
            each.input.returnPressed.connect(self._ask)

    def _ask(self) -> None:
        if not self.begin.isEnabled():  # Enter, while it is being tried
            return
        for each in self._fields:
            each.show_error("" if each.input.text().strip() else "This is needed.")
        if not all(each.input.text().strip() for each in self._fields):
            return
        self._show_asking()
        self.sign_in_wanted.emit(
            SignInDraft(
                server_url=self.server.input.text().strip().rstrip("/"),
                studio=self.studio.input.text().strip(),
                email=self.email.input.text().strip(),
                password=self.password.input.text(),
            )
        )
