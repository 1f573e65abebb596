"""The sidebar: the studio on top, the pages, what needs attention, and who sits at the desk."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting.dates import city
from desktop.presenting.status_words import ROLE, say
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.icon_label import PersonCircle
from desktop.qt.components.label import ElidedLabel
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.page_keys import PAGE_LOOKS, PageKey
from desktop.qt.painting.strokes import CENTER, CONTROL_RADIUS, frame, text, vertical, width_of
from desktop.qt.theme import Theme
from desktop.queries.rows import StudioFacts

WIDTH_PX: Final = 208
FOLDED_PX: Final = 56
ITEM_PX: Final = 32
_BADGE_PX: Final = 18
_PERSON_FITS_PX: Final = 480


class SidebarItem(QAbstractButton):
    """One page of the program; the chosen one has an accent bar, ground and semibold words."""

    def __init__(self, theme: Theme, words: str, glyph: Icon, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._glyph = glyph
        self._count = 0
        self._folded = False
        self._hovered = False
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setFixedHeight(ITEM_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)

    def show_count(self, count: int) -> None:
        """How many things wait behind this item; nothing is shown for none."""
        self._count = count
        self.setAccessibleName(f"{self.text()}, {count}" if count else self.text())
        self.update()

    def fold(self, *, folded: bool) -> None:
        """Show the icon alone; the words go into the tooltip."""
        self._folded = folded
        self.setToolTip(self.text() if folded else "")
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the sidebar lets it be."""
        return QSize(120, ITEM_PX)

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is over it."""
        self._hovered = True
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has left."""
        self._hovered = False
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground, bar, icon, words, count, focus."""
        painter, theme, area = QPainter(self), self._theme, QRectF(self.rect())
        chosen = self.isChecked()
        if chosen or self._hovered:
            ground = theme.color("accent_soft" if chosen else "hover")
            frame(painter, area, radius=CONTROL_RADIUS, fill=ground)
        if chosen:
            bar = QRectF(0, (self.height() - 18) / 2, 3, 18)
            frame(painter, bar, radius=1.5, fill=theme.color("accent"))
        left = (self.width() - 16) / 2 if self._folded else 12
        ink = theme.tokens.accent if chosen else theme.tokens.secondary
        paint_icon(painter, self._glyph, ink, QRectF(left, (self.height() - 16) / 2, 16, 16))
        if not self._folded:
            words = area.adjusted(12 + 16 + 10, 0, -8, 0)
            role = Type.BODY_SEMIBOLD if chosen else Type.BODY
            text(painter, words, self.text(), font=font(role), color=theme.color("text"))
        if self._count:
            self._paint_count(painter)
        if self.hasFocus():
            frame(painter, area, radius=CONTROL_RADIUS, outline=theme.color("accent"), width=2)

    def _paint_count(self, painter: QPainter) -> None:
        words, made = str(self._count), font(Type.CAPTION_MEDIUM)
        width = max(width_of(words, made) + 12, _BADGE_PX + 2)
        right = self.width() - (2 if self._folded else 10)
        top = 0 if self._folded else (self.height() - _BADGE_PX) / 2
        pill = QRectF(right - width, top, width, _BADGE_PX)
        danger = self._theme.color("danger")
        fill = self._theme.color("side") if self._folded else None
        frame(painter, pill, radius=_BADGE_PX / 2, outline=danger, width=1, fill=fill)
        text(painter, pill, words, font=made, color=danger, align=CENTER)


class _StudioSign(ThemedWidget):
    """The studio's initials on its colour."""

    def __init__(self, theme: Theme, initials: str) -> None:
        super().__init__(theme)
        self._initials = initials
        self.setFixedSize(32, 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The sign."""
        painter, area = QPainter(self), QRectF(self.rect())
        frame(painter, area, radius=CONTROL_RADIUS, fill=self.theme.color("accent"))
        color = self.theme.color("on_accent")
        text(painter, area, self._initials, font=font(Type.BODY_SEMIBOLD), color=color, align=CENTER)


class Sidebar(ThemedWidget):
    """208 px of pages; below 1000 px of window it folds to icons."""

    chosen = Signal(object)

    def __init__(self, theme: Theme, studio: StudioFacts, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH_PX)
        self.setAccessibleName("Pages")
        self._texts: list[QWidget] = []
        self._items: dict[PageKey, SidebarItem] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 8, 0)
        column.setSpacing(2)
        column.addLayout(self._studio_block(studio))
        column.addSpacing(14)
        self._add_items(column)
        column.addStretch(1)
        self._person = QWidget()
        person = QVBoxLayout(self._person)
        person.setContentsMargins(0, 0, 0, 0)
        person.setSpacing(0)
        person.addWidget(Hairline(theme))
        person.addLayout(self._person_block(studio))
        column.addWidget(self._person)

    @property
    def items(self) -> Mapping[PageKey, SidebarItem]:
        """The items by page."""
        return self._items

    def choose(self, key: PageKey) -> None:
        """Mark a page as the one shown."""
        self._items[key].setChecked(True)

    def show_attention(self, count: int) -> None:
        """How many items wait in Needs attention."""
        self._items[PageKey.ATTENTION].show_count(count)

    def fold(self, *, folded: bool) -> None:
        """Icons only, or icons and words."""
        self.setFixedWidth(FOLDED_PX if folded else WIDTH_PX)
        for item in self._items.values():
            item.fold(folded=folded)
        for widget in self._texts:
            widget.setVisible(not folded)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Who sits at the desk gives way where the window is low."""
        super().resizeEvent(event)
        self._person.setVisible(self.height() >= _PERSON_FITS_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line towards the page."""
        super().paintEvent(event)
        vertical(QPainter(self), self.theme.color("border"), self.width() - 1, 0, self.height())

    def _add_items(self, column: QVBoxLayout) -> None:
        for key in PageKey:
            if key is PageKey.ATTENTION:
                column.addSpacing(6)
                line = QHBoxLayout()
                line.setContentsMargins(8, 0, 8, 0)
                line.addWidget(Hairline(self.theme))
                column.addLayout(line)
                column.addSpacing(6)
            look = PAGE_LOOKS[key]
            item = SidebarItem(self.theme, look.words, look.glyph)
            item.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._group.addButton(item)
            self._items[key] = item
            column.addWidget(item)

    def _studio_block(self, studio: StudioFacts) -> QHBoxLayout:
        initials = "".join(word[0] for word in studio.name.split()[:2]).upper()
        caption = f"{studio.code} · {city(studio.time_zone)}"
        return self._block(_StudioSign(self.theme, initials), studio.name, caption, Type.BODY_SEMIBOLD)

    def _person_block(self, studio: StudioFacts) -> QHBoxLayout:
        circle = PersonCircle(self.theme, studio.user_name, size=24)
        block = self._block(circle, studio.user_name, say(ROLE, studio.user_role), Type.BODY_MEDIUM)
        block.setContentsMargins(8, 10, 8, 10)
        return block

    def _block(self, sign: QWidget, name: str, caption: str, role: Type) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(sign)
        words = QVBoxLayout()
        words.setSpacing(0)
        top, below = ElidedLabel(name, role), ElidedLabel(caption, Type.CAPTION, "secondary")
        top.setFixedHeight(18)
        below.setFixedHeight(14)
        words.addWidget(top)
        words.addWidget(below)
        self._texts += [top, below]
        row.addLayout(words, 1)
        return row
