"""Filter chips: glyph, word and count; the chosen one has ground, outline and weight, not only colour."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import frame, text, width_of
from desktop.qt.theme import Theme

HEIGHT_PX: Final = 26
_PAD_PX: Final = 12
_GLYPH_PX: Final = 12


class Chip(QAbstractButton):
    """A checkable filter; `count` None leaves the number out."""

    def __init__(
        self,
        theme: Theme,
        words: str,
        *,
        glyph: Icon | None = None,
        count: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._glyph = glyph
        self._count = count
        self.setText(words)
        self.setCheckable(True)
        self.setFixedHeight(HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)
        self.toggled.connect(self.updateGeometry)
        self.show_count(count)

    def show_count(self, count: int | None) -> None:
        """How many rows stand behind it."""
        self._count = count
        self.setAccessibleName(self.text() if count is None else f"{self.text()}, {count}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for the semibold words, so that choosing moves nothing."""
        width = 2 * _PAD_PX + width_of(self.text(), font(Type.LABEL_SEMIBOLD))
        width += _GLYPH_PX + 6 if self._glyph is not None else 0
        width += 7 + width_of(self._number(), font(Type.LABEL, tabular=True)) if self._number() else 0
        return QSize(width, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, glyph, word, count, ring."""
        painter, theme, area = QPainter(self), self._theme, QRectF(self.rect())
        chosen = self.isChecked()
        fill = theme.color("accent_soft" if chosen else "surface")
        outline = theme.color("accent" if chosen else "border2")
        frame(painter, area, radius=HEIGHT_PX / 2, fill=fill, outline=outline, width=1)
        x = float(_PAD_PX)
        if self._glyph is not None:
            square = QRectF(x, (self.height() - _GLYPH_PX) / 2, _GLYPH_PX, _GLYPH_PX)
            paint_icon(painter, self._glyph, theme.tokens.text, square)
            x += _GLYPH_PX + 6
        made = font(Type.LABEL_SEMIBOLD if chosen else Type.LABEL_MEDIUM)
        words = QRectF(x, 0, self.width() - x, self.height())
        x += text(painter, words, self.text(), font=made, color=theme.color("text")) + 7
        number = QRectF(x, 0, self.width() - x, self.height())
        figures = font(Type.LABEL_SEMIBOLD if chosen else Type.LABEL, tabular=True)
        text(
            painter,
            number,
            self._number(),
            font=figures,
            color=theme.color("text" if chosen else "secondary"),
        )
        if self.hasFocus():
            frame(painter, area, radius=HEIGHT_PX / 2, outline=theme.color("accent"), width=2)

    def _number(self) -> str:
        return "" if self._count is None else str(self._count)
