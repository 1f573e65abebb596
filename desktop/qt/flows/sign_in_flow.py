"""Signing in again while the studio is open: the dialog stays until the server has agreed."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from desktop.qt.dialogs.sign_in_dialog import Credentials, SignInDialog
from desktop.qt.flows.frame import Flow, Frame, Outcome
from desktop.qt.workbench import Workbench


class SignInFlow(Flow):
    """``signed_in(user_id)`` is called when the server has agreed."""

    def __init__(self, bench: Workbench, frame: Frame, signed_in: Callable[[UUID], None]) -> None:
        super().__init__(bench, frame)
        self._signed_in = signed_in

    def begin(self) -> None:
        """Show the dialog."""
        self.ask_in_steps(
            SignInDialog(self.bench.theme, self.frame.window, self.bench.studio.name), self._try
        )

    def _try(self, given: Credentials, outcome: Outcome) -> None:
        def agreed(user_id: UUID) -> None:
            outcome.done()
            self._signed_in(user_id)

        sign_in = partial(self.bench.sign_in, given)
        self.bench.runner.run(sign_in, agreed, on_failed=outcome.failed, words="Signing in")
