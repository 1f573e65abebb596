"""Signing in again while the studio is open: asked, tried, and asked once more with the reason."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.qt.dialogs.sign_in_dialog import Credentials, SignInDialog
from desktop.qt.failure_box import failure_words
from desktop.qt.workbench import Workbench


class SignInFlow:
    """``signed_in(user_id)`` is called when the server has agreed."""

    def __init__(self, bench: Workbench, window: QWidget, signed_in: Callable[[UUID], None]) -> None:
        self._bench = bench
        self._window = window
        self._signed_in = signed_in

    def ask(self) -> None:
        """Show the dialog."""
        self._ask(Credentials())

    def _ask(self, last: Credentials) -> None:
        dialog = SignInDialog(self._bench.theme, self._window, self._bench.studio.name, last=last)
        dialog.answered.connect(self._try)
        dialog.open()

    def _try(self, given: Credentials | None) -> None:
        if given is not None:
            self._bench.runner.run(
                partial(self._bench.sign_in, given),
                self._signed_in,
                on_failed=partial(self._refused, given),
                words="Signing in",
            )

    def _refused(self, given: Credentials, failure: BaseException) -> None:
        self._ask(Credentials(given.email, trouble=failure_words(failure).sentence))
