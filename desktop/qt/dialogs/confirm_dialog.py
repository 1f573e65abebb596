"""A question before something is done: what happens, and the button that says what it does."""

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import SMALL_PX, DialogFrame
from desktop.qt.components.label import Label
from desktop.qt.theme import Theme


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: what will happen, and the names of both ways; ``loses``: nothing undoes the act."""

    title: str
    sentences: tuple[str, ...]
    act: str
    keep: str = "Keep it"
    subtitle: str = ""
    loses: bool = False


class ConfirmDialog(DialogFrame):
    """Answers True, or None for the safe way."""

    def __init__(self, theme: Theme, window: QWidget, question: Question) -> None:
        super().__init__(theme, window, question.title, subtitle=question.subtitle, width_px=SMALL_PX)
        self.setObjectName("confirm_dialog")
        for sentence in question.sentences:
            self.body.addWidget(Label(sentence, wraps=True))
        acts = Kind.DANGER if question.loses else Kind.PRIMARY
        self.keep, self.act = Button(theme, question.keep), Button(theme, question.act, acts)
        self.keep.setObjectName("confirm_keep")
        self.act.setObjectName("confirm_act")
        self.foot.addStretch(1)
        self.end_with(self.keep, self.act, lambda: self.answer(True))  # noqa: FBT003 - the answer

    def open(self) -> None:
        """Show it with the focus on the safe button."""
        self.open_on(self.keep)
