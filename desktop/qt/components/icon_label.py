"""A drawing in a line of text."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.marks import MARK_PX, PERSON_PX, paint_mark, paint_person
from desktop.qt.painting.status import paint_glyph
from desktop.qt.theme import Theme


class IconLabel(ThemedWidget):
    """An icon in the colour of a token."""

    def __init__(
        self,
        theme: Theme,
        glyph: Icon,
        ink: str = "secondary",
        *,
        size: int = 14,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._glyph = glyph
        self._ink = ink
        self.setFixedSize(size, size)

    def show_icon(self, glyph: Icon, ink: str) -> None:
        """Become another drawing or colour."""
        self._glyph, self._ink = glyph, ink
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The drawing."""
        paint_icon(QPainter(self), self._glyph, getattr(self.theme.tokens, self._ink), QRectF(self.rect()))


class StatusGlyph(ThemedWidget):
    """The glyph of a booking's status."""

    def __init__(self, theme: Theme, status: str = "", parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._status = status
        self.setFixedSize(14, 14)

    def show_status(self, status: str) -> None:
        """Become another status."""
        self._status = status
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The glyph."""
        paint_glyph(QPainter(self), self.theme, QRectF(self.rect()), self._status)


class RowMarkLabel(ThemedWidget):
    """A row mark beside words."""

    def __init__(self, theme: Theme, mark: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._mark = mark
        self.setFixedSize(MARK_PX, MARK_PX)

    def show_mark(self, mark: str) -> None:
        """Become another mark."""
        self._mark = mark
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The mark."""
        paint_mark(QPainter(self), self.theme, QRectF(self.rect()), self._mark)


class PersonCircle(ThemedWidget):
    """A person as a circle with the initial; the name is in the tooltip and for screen readers."""

    def __init__(
        self, theme: Theme, name: str, *, size: int = PERSON_PX, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._name = name
        self.setFixedSize(size, size)
        self.setToolTip(name)
        self.setAccessibleName(name)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The circle."""
        paint_person(QPainter(self), self.theme, QRectF(self.rect()), self._name)
