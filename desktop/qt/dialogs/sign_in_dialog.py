"""A session has ended: the person signs in again, and what waits goes out."""

from dataclasses import dataclass, field
from typing import Final

from PySide6.QtWidgets import QWidget

from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import TextInput
from desktop.qt.components.label import Label
from desktop.qt.theme import Theme

_WORDS: Final = (
    "The session on this computer has ended. What you did is saved here and goes out after you sign in."
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a person signs in with."""

    email: str
    password: str = field(repr=False)


class SignInDialog(DialogFrame):
    """Answers Credentials, or None."""

    def __init__(self, theme: Theme, window: QWidget, studio: str) -> None:
        super().__init__(theme, window, "Sign in to sync", subtitle=studio)
        self.setObjectName("signInDialog")
        self.email = Field(theme, "Your mail address", TextInput())
        self.password = Field(theme, "Your password", TextInput())
        self.password.input.setEchoMode(TextInput.EchoMode.Password)
        self.body.addWidget(Label(_WORDS, wraps=True))
        self.body.addWidget(self.email)
        self.body.addWidget(self.password)
        self.cancel, self.sign_in = Button(theme, "Not now"), Button(theme, "Sign in", Kind.PRIMARY)
        self.sign_in.setObjectName("signIn_confirm")
        self.foot.addStretch(1)
        self.end_with(self.cancel, self.sign_in, self._sign_in)

    def open(self) -> None:
        """Show it, ready to write."""
        self.open_on(self.email.input)

    def _sign_in(self) -> None:
        email, password = self.email.input.text().strip(), self.password.input.text()
        self.email.show_error("" if email else "This is needed.")
        self.password.show_error("" if password else "This is needed.")
        if email and password:
            self.answer(Credentials(email, password))
