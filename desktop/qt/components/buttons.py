"""Buttons: primary, plain, quiet, danger, links and icons; keyboard focus shows as a ring outside."""

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, icon
from desktop.qt.theme import Theme

HEIGHT_PX: Final = 30
SMALL_PX: Final = 26
ICON_PX: Final = 14
ICON_GAP_PX: Final = 4


class Kind(StrEnum):
    """What a button is for; at most one primary per group, a danger fill only at the end of its dialog."""

    PRIMARY = "primary"
    PLAIN = "plain"
    QUIET = "quiet"
    DANGER = "danger"
    DANGER_FILL = "danger_fill"
    LINK = "link"
    BAR = "bar"


_ICON_INK: Final = {
    Kind.PRIMARY: "on_accent",
    Kind.DANGER: "danger",
    Kind.DANGER_FILL: "on_danger",
    Kind.LINK: "accent",
    Kind.BAR: "on_bar",
}


class Button(QPushButton):
    """A button with words, 30 high, or 26 in cards and rows."""

    def __init__(
        self,
        theme: Theme,
        words: str,
        kind: Kind = Kind.PLAIN,
        *,
        glyph: Icon | None = None,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self._theme = theme
        self.kind = kind
        self._glyph = glyph
        self._reason = ""
        self.setProperty("kind", kind.value)
        role = Type.LABEL_MEDIUM if small or kind is Kind.LINK else Type.BODY_MEDIUM
        self.setFont(font(role))
        self.setFixedHeight(SMALL_PX if small else HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self._gap_px = ICON_GAP_PX if words else 0
        self.setIconSize(QSize(ICON_PX + self._gap_px, ICON_PX))
        if kind is Kind.LINK:
            self.setFixedHeight(20)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._tint)
        self._tint()

    def set_enabled_because(self, reason: str) -> None:
        """Enable with an empty reason; else disable and say why in the tooltip."""
        self.setEnabled(not reason)
        self.setToolTip(reason)

    def show_busy(self, *, busy: bool) -> None:
        """Look as if it could not be pressed while what it does is under way; it keeps the focus."""
        self.setProperty("busy", busy)
        self.style().unpolish(self)
        self.style().polish(self)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double-click would do the same again: it is none."""
        event.accept()

    def sizeHint(self) -> QSize:
        """The words with 12 px at each side, the icon 8 px before them."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        if self.kind is Kind.LINK:
            return QSize(words + 2, self.height())
        glyph = (14 + (8 if self.text() else 0)) if self._glyph is not None else 0
        return QSize(words + glyph + 2 * 12 + 2, self.height())

    def minimumSizeHint(self) -> QSize:
        """Never narrower than its words."""
        return self.sizeHint()

    def _tint(self) -> None:
        if self._glyph is None:
            return
        tokens = self._theme.tokens
        color = getattr(tokens, _ICON_INK.get(self.kind, "text"))
        self.setIcon(icon(self._glyph, color, disabled=tokens.disabled, size=ICON_PX, gap=self._gap_px))


class IconButton(Button):
    """A button with a drawing only; its name is in the tooltip and for screen readers."""

    def __init__(
        self,
        theme: Theme,
        glyph: Icon,
        name: str,
        *,
        kind: Kind = Kind.PLAIN,
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, "", kind, glyph=glyph, small=small, parent=parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setProperty("square", True)  # noqa: FBT003 - Qt's own
        side = SMALL_PX if small else HEIGHT_PX
        self.setFixedSize(side, side)


class StepButton(IconButton):
    """Goes one step for each click, however quick: earlier and later, closer and farther."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second step."""
        self.mousePressEvent(event)


class MenuButton(Button):
    """A button that opens a menu below itself; the words carry a small arrow."""

    def __init__(
        self,
        theme: Theme,
        words: str,
        menu: QMenu,
        *,
        glyph: Icon | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme, f"{words}  \N{BLACK DOWN-POINTING SMALL TRIANGLE}", glyph=glyph, parent=parent
        )
        self.setAccessibleName(words)
        menu.setParent(self, menu.windowFlags())
        self.setMenu(menu)
