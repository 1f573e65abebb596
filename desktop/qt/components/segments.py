"""Segments: one of several views side by side, with hairlines between them."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type, font
from desktop.qt.painting.strokes import CENTER, CONTROL_RADIUS, frame, rounded, text, vertical, width_of
from desktop.qt.theme import Theme

HEIGHT_PX: Final = 30
_PAD_PX: Final = 12


class Segments(ThemedWidget):
    """Arrow keys and clicks choose; `chosen` says the code."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, choices: Sequence[tuple[str, str]], code: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._choices = tuple(choices)
        self._place = [code for code, _ in choices].index(code)
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._say()

    def code(self) -> str:
        """The code of the view chosen."""
        return self._choices[self._place][0]

    def choose(self, code: str) -> None:
        """Choose by code."""
        self._move_to([known for known, _ in self._choices].index(code))

    def sizeHint(self) -> QSize:
        """All words, semibold."""
        return QSize(sum(self._widths()) + 2, HEIGHT_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right choose the neighbour."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step == 0:
            super().keyPressEvent(event)
        elif 0 <= self._place + step < len(self._choices):
            self._move_to(self._place + step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        x = 1.0
        for place, width in enumerate(self._widths()):
            x += width
            if event.position().x() < x:
                self._move_to(place)
                return

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, the chosen part, lines, words, outline."""
        painter, area = QPainter(self), QRectF(self.rect())
        frame(painter, area, radius=CONTROL_RADIUS, fill=self.theme.color("surface"))
        x = 1
        for place, ((_, words), width) in enumerate(zip(self._choices, self._widths(), strict=True)):
            part = QRectF(x, 0, width, self.height())
            chosen = place == self._place
            if chosen:
                painter.save()
                painter.setClipPath(rounded(area, CONTROL_RADIUS))
                painter.fillRect(part, self.theme.color("accent_soft"))
                painter.restore()
            role = Type.BODY_SEMIBOLD if chosen else Type.BODY
            color = self.theme.color("text" if chosen else "secondary")
            text(painter, part, words, font=font(role), color=color, align=CENTER)
            x += width
            if place < len(self._choices) - 1:
                vertical(painter, self.theme.color("border2"), x, 1, self.height() - 1)
        focused = self.hasFocus()
        outline = self.theme.color("accent" if focused else "border2")
        frame(painter, area, radius=CONTROL_RADIUS, outline=outline, width=2 if focused else 1)

    def _widths(self) -> list[int]:
        return [width_of(words, font(Type.BODY_SEMIBOLD)) + 2 * _PAD_PX for _, words in self._choices]

    def _move_to(self, place: int) -> None:
        if place == self._place:
            return
        self._place = place
        self._say()
        self.update()
        self.chosen.emit(self.code())

    def _say(self) -> None:
        self.setAccessibleName(f"View: {self._choices[self._place][1]}")
