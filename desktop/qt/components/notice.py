"""A notice inside a page or dialog: icon, first words semibold, soft ground of its kind."""

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.label import Label
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.painting.strokes import CONTROL_RADIUS, frame
from desktop.qt.theme import Theme


class NoticeKind(StrEnum):
    """How a notice is meant; also the stem of its tokens."""

    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"
    ACCENT = "accent"


_ICONS: Final = {
    NoticeKind.INFO: Icon.ALERT,
    NoticeKind.WARNING: Icon.ALERT,
    NoticeKind.DANGER: Icon.ALERT,
    NoticeKind.ACCENT: Icon.CHECK,
}


class Notice(ThemedWidget):
    """`first` is said in semibold, `more` below it in secondary."""

    def __init__(
        self,
        theme: Theme,
        kind: NoticeKind,
        first: str,
        *,
        more: str = "",
        glyph: Icon | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._kind = kind
        self._first = Label(first, Type.BODY_SEMIBOLD, wraps=True)
        self._more = Label(more, Type.BODY, "secondary", wraps=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._first)
        words.addWidget(self._more)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 12, 9)
        row.setSpacing(10)
        sign = IconLabel(theme, glyph or _ICONS[kind], kind.value, size=16)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self.say(first, more)

    def say(self, first: str, more: str = "") -> None:
        """Say something else."""
        self._first.setText(first)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleName(f"{first} {more}".strip())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Soft ground and line."""
        fill = self.theme.color(f"{self._kind.value}_soft")
        outline = self.theme.color(f"{self._kind.value}_line")
        frame(QPainter(self), QRectF(self.rect()), radius=CONTROL_RADIUS, fill=fill, outline=outline, width=1)
