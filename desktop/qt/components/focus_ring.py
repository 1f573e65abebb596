"""The ring around a focused button: 2 px of accent, 2 px outside it, painted by a sibling."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.qt.painting.strokes import frame
from desktop.qt.theme import Theme

_OUTSIDE_PX = 4


class FocusRing(QObject):
    """Follows the keyboard focus of the whole program; one per program, owned by bootstrap."""

    def __init__(self, theme: Theme, app: QApplication) -> None:
        super().__init__(app)
        self._theme = theme
        self._ring: _Ring | None = None
        self._around: QWidget | None = None
        app.focusChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay around the button when it moves, hides or is replaced."""
        if watched is self._around and event.type() in (
            QEvent.Type.Move,
            QEvent.Type.Resize,
            QEvent.Type.Show,
        ):
            self._place()
        elif watched is self._around and event.type() in (QEvent.Type.Hide, QEvent.Type.Destroy):
            self._drop()
        return False

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._drop()
        parent = new.parentWidget() if isinstance(new, QPushButton) else None
        if new is None or parent is None:
            return
        self._around = new
        new.installEventFilter(self)
        self._ring = _Ring(self._theme, parent)
        self._ring.destroyed.connect(self._forget)
        self._place()

    def _place(self) -> None:
        if self._ring is None or self._around is None:
            return
        out = _OUTSIDE_PX
        self._ring.setGeometry(self._around.geometry().adjusted(-out, -out, out, out))
        self._ring.setVisible(self._around.isVisible())
        self._ring.raise_()

    def _drop(self) -> None:
        if self._around is not None:
            self._around.removeEventFilter(self)
        ring, self._ring, self._around = self._ring, None, None
        if ring is not None:
            ring.destroyed.disconnect(self._forget)
            ring.hide()
            ring.deleteLater()

    def _forget(self) -> None:
        self._ring = None
        self._around = None


class _Ring(QWidget):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ring."""
        painter = QPainter(self)
        frame(painter, QRectF(self.rect()), radius=8, outline=self._theme.color("accent"), width=2)
