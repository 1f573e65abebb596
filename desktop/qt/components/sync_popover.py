"""The details of sync above the status bar: what waits, in sending order, and what the last try said."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting.dates import clock_in, past_moment
from desktop.presenting.sync_words import SyncPhase, SyncState, status_words
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.facts_list import FactsList
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.icon_label import IconLabel, RowMarkLabel
from desktop.qt.components.key_hint import KeyHint
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.popover import Popover
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme
from desktop.queries.rows import WaitingChange

_SHOWN = 6
_SIGNS = {SyncPhase.OFFLINE: Icon.CLOUD_OFF, SyncPhase.SIGN_IN: Icon.LOCK}
_NEEDS_NETWORK = "card charges, refunds leaving for Stripe"


class SyncPopover(Popover):
    """360 px wide; opens above the words of the status bar."""

    try_now = Signal()
    sign_in = Signal()

    def __init__(self, theme: Theme, window: QWidget, zone_name: str) -> None:
        super().__init__(theme, window)
        self._zone = zone_name
        self.setAccessibleName("Sync details")
        self._sign = IconLabel(theme, Icon.CHECK, "accent", size=16)
        self._title = Label("", Type.BODY_SEMIBOLD)
        self._words = Label("", Type.BODY, "secondary", wraps=True)
        self._try = Button(theme, "Try now", glyph=Icon.REFRESH, small=True)
        self._try.clicked.connect(self.try_now)
        self.sign_in_button = Button(theme, "Sign in", Kind.PRIMARY, small=True)
        self.sign_in_button.setObjectName("sync_signIn")
        self.sign_in_button.clicked.connect(self._ask_to_sign_in)
        self._key = KeyHint(theme, "F5")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._facts = FactsList(label_px=92, spacing_px=2, role=Type.CAPTION)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._sign)
        head.addWidget(self._title, 1)
        for widget in (self._try, self._key, self.sign_in_button):
            head.addWidget(widget)
        top = QVBoxLayout()
        top.setContentsMargins(15, 11, 15, 11)
        top.addLayout(head)
        top.addWidget(self._words)
        self.column.addLayout(top)
        self.column.addWidget(Hairline(theme))
        self.column.addLayout(self._rows)
        self.column.addWidget(self._facts)

    def show_changes(self, state: SyncState, waiting: Sequence[WaitingChange], today: date) -> None:
        """Say how sync stands and what waits, the first to be sent on top."""
        offline = state.phase is SyncPhase.OFFLINE
        signed_out = state.phase is SyncPhase.SIGN_IN
        self._try.setVisible(not signed_out)
        self._key.setVisible(not signed_out)
        self.sign_in_button.setVisible(signed_out)
        self._sign.show_icon(
            _SIGNS.get(state.phase, Icon.CHECK), "warning" if offline or signed_out else "accent"
        )
        self._title.setText(self._heading(state, today))
        self._words.setText(_explanation(state.phase, waiting=len(waiting)))
        self._fill(waiting)
        last = past_moment(state.last_sync_at_utc, self._zone, today) if state.last_sync_at_utc else "never"
        grouped = f"{state.cursor_seq:,}".replace(",", " ")
        self._facts.show_facts(
            [
                ("Last sync", f"{last}, cursor {grouped}"),
                ("Last error", state.last_error or "none"),
                ("Needs network", _NEEDS_NETWORK),
            ]
        )
        self.adjustSize()

    def _ask_to_sign_in(self) -> None:
        self.hide()
        self.sign_in.emit()

    def _heading(self, state: SyncState, today: date) -> str:
        if state.phase is SyncPhase.OFFLINE and state.since_utc is not None:
            return f"Offline since {clock_in(state.since_utc, self._zone)}"
        return status_words(state, zone_name=self._zone, today=today).split(" · ")[0]

    def _fill(self, waiting: Sequence[WaitingChange]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for change in waiting[:_SHOWN]:
            self._rows.addWidget(self._row(change))
            self._rows.addWidget(Hairline(self.theme))
        if len(waiting) > _SHOWN:
            more = Label(f"and {len(waiting) - _SHOWN} more", Type.CAPTION, "secondary")
            more.setContentsMargins(15, 0, 15, 0)
            self._rows.addWidget(more)

    def _row(self, change: WaitingChange) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(15, 8, 15, 8)
        line.setSpacing(10)
        line.addWidget(RowMarkLabel(self.theme, "waiting"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ElidedLabel(change.words, Type.BODY_MEDIUM))
        words.addWidget(ElidedLabel(change.about, Type.CAPTION, "secondary"))
        line.addLayout(words, 1)
        when = Label(clock_in(change.at_utc, self._zone), Type.CAPTION, "secondary")
        line.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
        return row


def _explanation(phase: SyncPhase, *, waiting: int) -> str:
    if phase is SyncPhase.SIGN_IN:
        return "The session on this computer has ended. Everything is saved here until you sign in again."
    if phase is SyncPhase.OFFLINE:
        return "Everything is saved on this computer. Changes go out in this order when the network is back."
    return "These changes go out next, in this order." if waiting else "Everything has been sent."
