"""Signing in again while the studio is open: the dialog stays until the server has agreed.

Another person gets a window of their own. What was typed in this one is of the person before: it is saved
under that name or dropped, before the window is left.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from desktop.data_changes import DataChanges
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.dialogs.confirm_dialog import ConfirmDialog, Question
from desktop.qt.dialogs.sign_in_dialog import Credentials, SignInDialog
from desktop.qt.flows.frame import Flow, Frame, Outcome, Then
from desktop.qt.workbench import Workbench


class SignInFlow(Flow):
    """``signed_in(user_id)`` is called when the server has agreed, and nothing here waits to be saved."""

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
            go_on = partial(self._signed_in, user_id)
            if user_id == self.bench.user_id:
                go_on()
            else:
                self._after_what_is_under_way(partial(self._leave, go_on))

        sign_in = partial(self.bench.sign_in, given)
        self.bench.runner.run(sign_in, agreed, on_failed=outcome.failed, words="Signing in")

    # --- another person -----------------------------------------------------------------------------------

    def _after_what_is_under_way(self, then: Then) -> None:
        """Commands are done in their order: this one comes home after all that were given before."""
        self.bench.acting.do(lambda _: DataChanges(frozenset()), then=then)

    def _leave(self, go_on: Then, *, was_refused: bool = False) -> None:
        """Go on as soon as nothing is typed here that is not saved."""
        asking = next(
            (dialog for dialog in self.frame.window.findChildren(DialogFrame) if dialog.isVisible()), None
        )
        page = self.frame.edited_page()
        if asking is not None:
            asking.left.connect(partial(self._after_what_is_under_way, partial(self._leave, go_on)))
        elif page is not None:
            self._ask_about_edits(go_on, was_refused=was_refused)
        else:
            go_on()

    def _ask_about_edits(self, go_on: Then, *, was_refused: bool) -> None:
        name = self.bench.studio.user_name or "the person before"
        failed = ("It could not be saved.",) if was_refused else ()
        dialog = ConfirmDialog(
            self.bench.theme,
            self.frame.window,
            Question(
                "Another person has signed in",
                subtitle=f"This is the window of {name}",
                sentences=(
                    *failed,
                    f"What {name} typed on this page is not saved.",
                    "It can be saved under that name, or dropped; then the other window opens.",
                ),
                keep=f"Save as {name}",
                act="Drop it",
                loses=True,
            ),
        )

        def answered(drops: object) -> None:
            page = self.frame.edited_page()
            if page is not None:
                page.drop_edits() if drops else page.save_edits()
            self._after_what_is_under_way(partial(self._leave, go_on, was_refused=not drops))

        dialog.answered.connect(answered)
        dialog.open()
