"""Asks for a text of several lines: a note, or one of two versions that both people wrote."""

from PySide6.QtWidgets import QWidget

from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import ParagraphInput
from desktop.qt.theme import Theme

MAX_CHARACTERS = 20_000


class TextDialog(DialogFrame):
    """Answers the text, or None; an empty text is no answer."""

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        title: str,
        *,
        subtitle: str = "",
        text: str = "",
        save: str = "Save note",
    ) -> None:
        super().__init__(theme, window, title, subtitle=subtitle)
        self.setObjectName("textDialog")
        self.text = Field(theme, "Text", ParagraphInput(text, lines=8))
        self.body.addWidget(self.text)
        self.cancel = Button(theme, "Cancel")
        self.save = Button(theme, save, Kind.PRIMARY)
        self.save.setObjectName("text_save")
        self.foot.addStretch(1)
        self.end_with(self.cancel, self.save, self._save)

    def open(self) -> None:
        """Show it, ready to write."""
        self.open_on(self.text.input)

    def _save(self) -> None:
        words = self.text.input.toPlainText().strip()
        if not words:
            self.text.show_error("Write something, or press Cancel.")
        elif len(words) > MAX_CHARACTERS:
            self.text.show_error("At most 20,000 characters.")
        else:
            self.answer(words)
