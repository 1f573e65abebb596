"""A dialog inside the window: dim layer, head, scrolling body, sunken foot. It asks, and answers."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSpinBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.qt.components.buttons import Button, IconButton, Kind
from desktop.qt.components.card import Surface
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.components.scrolling import scrolled
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme

WIDE_PX: Final = 880
SMALL_PX: Final = 480
_FOOT_PX: Final = 60
_MARGIN_PX: Final = 16


class DialogFrame(ThemedWidget):
    """Covers its window with the dim layer; `answered` says the draft, or None for the safe way out.

    `left` says that it has closed: with its answer, or, when it was told to stay, only after what was
    answered has been done. A dialog knows no service: subclasses get rows and make a draft. Escape and the
    cross are the safe way.
    """

    answered = Signal(object)
    left = Signal()

    def __init__(
        self, theme: Theme, window: QWidget, title: str, *, subtitle: str = "", width_px: int = SMALL_PX
    ) -> None:
        super().__init__(theme, window)
        self._window = window
        self._came_from: QWidget | None = None
        self._safe_button: Button | None = None
        self._acting_button: Button | None = None
        self._stays = self._is_under_way = self._is_aside = False
        self._width_px = width_px
        self.setAccessibleName(title)
        self.box = Surface(theme, outline="border2", parent=self)
        self.body = QVBoxLayout()
        self.foot = QHBoxLayout()
        self.refusal = Notice(theme, NoticeKind.DANGER, "")
        self._build_head(title, subtitle)
        self._build_body()
        self._build_foot()
        window.installEventFilter(self)
        self.hide()

    def open_on(self, safe: QWidget) -> None:
        """Show the dialog with the focus on its safe button."""
        self._came_from = self._window.focusWidget()
        self._place()
        self.show()
        self.raise_()
        safe.setFocus(Qt.FocusReason.TabFocusReason)

    def end_with(self, safe: Button, act: Button, submit: Callable[[], None]) -> None:
        """End the foot with the safe way out and the button that acts, which Enter in a line presses too."""
        self._safe_button, self._acting_button = safe, act
        safe.clicked.connect(lambda: self.answer(None))
        act.clicked.connect(submit)
        self.foot.addWidget(safe)
        self.foot.addWidget(act)

    def stay(self) -> None:
        """From now on a draft keeps it open: `leave` follows when that was done, `refuse` when it was not."""
        self._stays = True

    def step_aside(self) -> None:
        """Give the window free while the network is waited for; `refuse` brings it back as it was."""
        self._is_aside = True
        self.hide()
        self._give_focus_back()

    def waits(self) -> bool:
        """Whether nobody has left it."""
        return self.isVisible() or (self._is_aside and self._window.isVisible())

    def answer(self, draft: object) -> None:
        """Say a draft, or None and close; a draft that is under way is not said again."""
        if not self.isVisible() or (self._is_under_way and draft is not None):
            return
        if self._stays and draft is not None:
            self._show_under_way(under_way=True)
        else:
            self.leave()
        self.answered.emit(draft)

    def leave(self) -> None:
        """Close; the focus goes back to where it came from, if that is still there."""
        self.hide()
        self._window.removeEventFilter(self)
        if not self._is_aside:
            self._give_focus_back()
        self.left.emit()
        self.deleteLater()

    def refuse(self, title: str, sentence: str) -> None:
        """Say why it was not done; what was typed still stands and can be answered again."""
        self._show_under_way(under_way=False)
        if self._is_aside and self._safe_button is not None:
            self._is_aside = False
            self.open_on(self._safe_button)
        self.refusal.say(title, sentence)
        self.refusal.show()
        self._area.verticalScrollBar().setValue(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep covering the window when it changes its size, and stay as high as the body needs."""
        if (watched is self._window and event.type() is QEvent.Type.Resize) or (
            watched is self._scrolled and event.type() is QEvent.Type.LayoutRequest and self.isVisible()
        ):
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape is the safe way, Enter in a line the other; no other key reaches the page below."""
        if event.key() == Qt.Key.Key_Escape:
            self.answer(None)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._in_a_line():
            self._press_act()
        event.accept()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's name
        """Tab stays inside the dialog."""
        stops = [
            child
            for child in self.findChildren(QWidget)
            if child.isVisible()
            and child.isEnabled()
            and child.focusPolicy() & Qt.FocusPolicy.TabFocus
            and child.focusProxy() is None  # the line inside a date field is the field itself
        ]
        if not stops:
            return False
        now = self._window.focusWidget()
        place = stops.index(now) if now in stops else -1
        step = 1 if next else -1
        stops[(place + step) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The dim layer."""
        QPainter(self).fillRect(QRectF(self.rect()), self.theme.color("scrim"))

    def _give_focus_back(self) -> None:
        if self._came_from is not None and isValid(self._came_from):  # rows below may have been read anew
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)

    def _in_a_line(self) -> bool:
        return isinstance(self._window.focusWidget(), QLineEdit | QAbstractSpinBox)

    def _press_act(self) -> None:
        button = self._acting_button
        if button is not None and button.kind is not Kind.DANGER_FILL:  # danger is pressed itself
            button.click()

    def _show_under_way(self, *, under_way: bool) -> None:
        self._is_under_way = under_way
        self.refusal.hide()
        if self._acting_button is not None:
            self._acting_button.show_busy(busy=under_way)

    def _place(self) -> None:
        self.setGeometry(self._window.rect())
        width = min(self._width_px, self.width() - 2 * _MARGIN_PX)
        self.box.setFixedWidth(width)
        wanted = self._wanted_height(width)
        height = min(wanted, self.height() - 2 * _MARGIN_PX)
        self.box.setGeometry((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def _wanted_height(self, width: int) -> int:
        inner = self._scrolled.layout()
        assert inner is not None, "the body has a layout"
        body = inner.heightForWidth(width - 2) if inner.hasHeightForWidth() else inner.sizeHint().height()
        return self._head.sizeHint().height() + body + _FOOT_PX + 4

    def _build_head(self, title: str, subtitle: str) -> None:
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(23, 16, 16, 12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(title, Type.DIALOG))
        if subtitle:
            words.addWidget(ElidedLabel(subtitle, Type.BODY, "secondary"))
        row.addLayout(words, 1)
        self.close_button = IconButton(self.theme, Icon.CROSS, "Close (Esc)", kind=Kind.QUIET)
        self.close_button.clicked.connect(lambda: self.answer(None))
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.box.column.addWidget(self._head)
        self.box.column.addWidget(Hairline(self.theme))

    def _build_body(self) -> None:
        self._scrolled = QWidget()
        self.body.setContentsMargins(23, 16, 23, 16)
        self.body.setSpacing(12)
        self._scrolled.setLayout(self.body)
        self._scrolled.installEventFilter(self)
        self.refusal.hide()
        self.body.addWidget(self.refusal)
        self._area = scrolled(self._scrolled)
        self.box.column.addWidget(self._area, 1)

    def _build_foot(self) -> None:
        self.box.column.addWidget(Hairline(self.theme))
        foot = QWidget()
        foot.setFixedHeight(_FOOT_PX - 2)
        self.foot.setContentsMargins(23, 0, 23, 0)
        self.foot.setSpacing(12)
        foot.setLayout(self.foot)
        self.box.column.addWidget(foot)
        self.box.sink_foot(_FOOT_PX - 1)
