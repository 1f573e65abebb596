"""Signing in again while the studio is open: the dialog stays until the server has agreed."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

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
        dialog = SignInDialog(self._bench.theme, self._window, self._bench.studio.name)
        dialog.stay()
        dialog.answered.connect(partial(self._try, dialog))
        dialog.open()

    def _try(self, dialog: SignInDialog, given: Credentials | None) -> None:
        if given is not None:
            self._bench.runner.run(
                partial(self._bench.sign_in, given),
                partial(self._agreed, dialog),
                on_failed=partial(self._refused, dialog),
                words="Signing in",
            )

    def _agreed(self, dialog: SignInDialog, user_id: UUID) -> None:
        if isValid(dialog):
            dialog.leave()
        self._signed_in(user_id)

    def _refused(self, dialog: SignInDialog, failure: BaseException) -> None:
        if isValid(dialog):
            words = failure_words(failure)
            dialog.refuse(words.title, words.sentence)
        else:
            self._bench.failed(failure)
