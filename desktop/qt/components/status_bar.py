"""The status bar: sync at the left, work in progress beside it, hint and zone at the right."""

from datetime import date
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QProgressBar, QWidget

from desktop.presenting.sync_words import SyncPhase, SyncState, SyncTone, status_tone, status_words
from desktop.qt.background.task_runner import Busy
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import CONTROL_RADIUS, frame, horizontal, text, width_of
from desktop.qt.theme import Theme

HEIGHT_PX: Final = 28

_TONE_LOOK: Final = {
    SyncTone.FINE: (Icon.CHECK, "accent"),
    SyncTone.WAITING: (Icon.ARROW_UP, "info"),
    SyncTone.WARNING: (Icon.ALERT, "warning"),
    SyncTone.DANGER: (Icon.ALERT, "danger"),
}


class SyncSign(QAbstractButton):
    """The words of sync.md §15 with their icon; a click asks for the details."""

    def __init__(self, theme: Theme, zone_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._zone = zone_name
        self._glyph, self._ink = Icon.REFRESH, "secondary"
        self._strong = False
        self.setFixedHeight(HEIGHT_PX - 4)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip("Sync now (F5)")
        theme.changed.connect(self.update)

    def show_state(self, state: SyncState, today: date) -> None:
        """Say another state."""
        tone = status_tone(state)
        self._glyph, self._ink = _TONE_LOOK[tone]
        if state.phase is SyncPhase.OFFLINE:
            self._glyph = Icon.CLOUD_OFF
        elif state.phase is SyncPhase.SYNCING:
            self._glyph, self._ink = Icon.REFRESH, "secondary"
        self._strong = tone in (SyncTone.WARNING, SyncTone.DANGER)
        words = status_words(state, zone_name=self._zone, today=today)
        self.setText(words)
        self.setAccessibleName(f"Sync: {words}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Icon and words."""
        return QSize(width_of(self.text(), self._font()) + 14 + 8 + 16, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Icon and words, the ring inside on focus."""
        painter = QPainter(self)
        icon_area = QRectF(4, (self.height() - 14) / 2, 14, 14)
        paint_icon(painter, self._glyph, getattr(self._theme.tokens, self._ink), icon_area)
        words = QRectF(26, 0, self.width() - 28, self.height())
        text(painter, words, self.text(), font=self._font(), color=self._theme.color("text"))
        if self.hasFocus():
            accent = self._theme.color("accent")
            frame(painter, QRectF(self.rect()), radius=CONTROL_RADIUS, outline=accent, width=2)

    def _font(self) -> QFont:
        return font(Type.LABEL_MEDIUM if self._strong else Type.LABEL, tabular=True)


class StatusBar(ThemedWidget):
    """28 px over the full width."""

    sync_clicked = Signal()
    cancel_clicked = Signal()

    def __init__(self, theme: Theme, zone_name: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT_PX)
        self._today = today
        self.sync = SyncSign(theme, zone_name)
        self._work = Label("", Type.LABEL, "secondary")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(120)
        self._cancel = Button(theme, "Cancel", Kind.LINK)
        self._hint = ElidedLabel("", Type.LABEL, "secondary")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._zone = Label(zone_name, Type.LABEL, "secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 1, 12, 0)
        row.setSpacing(12)
        row.addWidget(self.sync)
        for widget in (self._work, self._progress, self._cancel):
            row.addWidget(widget)
        row.addWidget(self._hint, 1)
        row.addSpacing(8)
        row.addWidget(self._zone)
        self.sync.clicked.connect(self.sync_clicked)
        self._cancel.clicked.connect(self.cancel_clicked)
        self.show_idle()
        self.show_state(SyncState())

    def show_state(self, state: SyncState) -> None:
        """Say how sync stands."""
        self.sync.show_state(state, self._today)

    def show_today(self, today: date) -> None:
        """The day has changed."""
        self._today = today

    def show_hint(self, words: str) -> None:
        """What is selected, or what the page has to say."""
        self._hint.setText(words)

    def show_zone(self, words: str) -> None:
        """The zone in which the page shows times."""
        self._zone.setText(words)

    def show_busy(self, busy: Busy) -> None:
        """Work that takes longer than 300 ms; over 2 s it can be cancelled."""
        self._work.setText(busy.words)
        self._progress.setRange(0, busy.total)
        self._progress.setValue(busy.done)
        self._work.show()
        self._progress.show()
        self._cancel.setVisible(busy.cancellable)

    def show_idle(self) -> None:
        """No work is on its way."""
        for widget in (self._work, self._progress, self._cancel):
            widget.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line towards the pages."""
        super().paintEvent(event)
        horizontal(QPainter(self), self.theme.color("border"), 0, self.width(), 0)
