"""Text on a page: plain, in one of the type roles and tones, elided with the full text in the tooltip."""

from html import escape
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from desktop.qt.fonts import Type, font

TONES: Final = ("", "secondary", "accent", "danger", "warning", "info", "disabled", "on_bar")


class Label(QLabel):
    """A line of text, or with `wraps` a paragraph; figures are tabular."""

    def __init__(
        self,
        words: str = "",
        role: Type = Type.BODY,
        tone: str = "",
        *,
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role = role
        self._wraps = wraps
        self.setTextFormat(Qt.TextFormat.RichText if wraps else Qt.TextFormat.PlainText)
        self.setFont(font(role, tabular=True))
        self.setWordWrap(wraps)
        self.setProperty("tone", tone)
        if not wraps:
            self.setFixedHeight(role.line_px)
        self.say(words)

    @property
    def words(self) -> str:
        """What it says, without the marks of a paragraph."""
        return self._words

    def say(self, words: str) -> None:
        """Say something else; a paragraph keeps the line height of its role."""
        self._words = words
        if not self._wraps:
            super().setText(words)
            return
        lines = escape(words).replace("\n", "<br>")
        super().setText(f'<p style="margin:0; line-height:{self._role.line_px}px">{lines}</p>')
        self.setAccessibleName(words)

    def setText(self, words: str) -> None:
        """Qt's name for `say`."""
        self.say(words)

    def set_tone(self, tone: str) -> None:
        """Take another colour."""
        assert tone in TONES, tone
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def set_role(self, role: Type, *, struck: bool = False) -> None:
        """Take another size or weight."""
        self._role = role
        self.setFont(font(role, tabular=True, struck=struck))


class ElidedLabel(Label):
    """A line that gives way: cut at the right, the full text in the tooltip."""

    def minimumSizeHint(self) -> QSize:
        """As narrow as a few letters."""
        return QSize(24, super().minimumSizeHint().height())

    def say(self, words: str) -> None:
        """Say something else."""
        super().say(words)
        self._offer_whole()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the full text where it is cut."""
        super().resizeEvent(event)
        self._offer_whole()

    def _offer_whole(self) -> None:
        cut = QFontMetrics(self.font()).horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if cut else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The text, cut to the width there is."""
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        metrics = QFontMetrics(self.font())
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
