"""What stands in the way of the slot that is being typed."""

from PySide6.QtCore import Signal

from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.dialogs.slot_fields import SlotFields
from desktop.qt.theme import Theme
from shared.models.slot import Slot


class ClashNotice(Notice):
    """Hidden while nothing is known; `told` says that an answer for the slot has come."""

    told = Signal()

    def __init__(self, theme: Theme, fields: SlotFields) -> None:
        super().__init__(theme, NoticeKind.DANGER, "Clash.")
        self._fields = fields
        self.words = ""
        self.hide()

    def tell(self, slot: Slot, words: str) -> None:
        """Say what stands in the way of a slot; an answer for another than the typed one is dropped."""
        if slot != self._fields.slot():
            return
        self.words = words
        self.say("Clash.", words)
        self.setVisible(bool(words))
        self.told.emit()

    def forget(self) -> None:
        """Another slot is typed, and nothing is known of it."""
        self.words = ""
        self.hide()
