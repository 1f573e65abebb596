"""The frame: sidebar, top strip, the page shown, status bar. Pages are handed in; none of them knows it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final, Protocol, runtime_checkable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from desktop.presenting.sync_words import SyncState
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.components.sidebar import Sidebar
from desktop.qt.components.status_bar import StatusBar
from desktop.qt.components.sync_popover import SyncPopover
from desktop.qt.components.top_strip import TopStrip
from desktop.qt.components.undo_bar import UndoBar
from desktop.qt.page_edits import KeepsEdits
from desktop.qt.page_keys import PageKey
from desktop.qt.theme import Theme
from desktop.queries.rows import StudioFacts, WaitingChange

FOLD_SIDE_BELOW_PX: Final = 1200
FOLD_SIDEBAR_BELOW_PX: Final = 1000
_TRAIL: Final = 50
_UNDO_ABOVE_PX: Final = 64
_UNDO_RIGHT_PX: Final = 48


@runtime_checkable
class FoldsSide(Protocol):
    """A page with a side preview or a third column that gives way below 1200 px."""

    def fold_side(self, *, folded: bool) -> None:
        """Fold it away, or bring it back."""


@runtime_checkable
class Filters(Protocol):
    """A page whose list can be filtered."""

    def focus_filter(self) -> None:
        """Put the focus into the filter (Ctrl+F)."""


class MainWindow(QMainWindow):
    """Only bootstrap imports it. It shows pages and passes on what people ask for."""

    page_shown = Signal(object)
    sync_requested = Signal()
    sign_in_requested = Signal()
    new_booking_requested = Signal()
    search_changed = Signal(str)
    undo_requested = Signal()
    closing = Signal()

    def __init__(
        self, theme: Theme, studio: StudioFacts, pages: Mapping[PageKey, QWidget], *, today: date
    ) -> None:
        super().__init__()
        self._pages = dict(pages)
        self._today = today
        self._trail: list[QWidget] = []
        self.setWindowTitle(f"Daybook · {studio.name}")
        self.resize(1440, 868)
        self.setMinimumSize(720, 450)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # else Qt gives the first focus to the sidebar
        self.sidebar = Sidebar(theme, studio)
        self.top_strip = TopStrip(theme, today)
        self.status_bar = StatusBar(theme, studio.time_zone, today)
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._lay_out()
        self.undo_bar = UndoBar(theme, self._frame)
        self.sync_popover = SyncPopover(theme, self._frame, studio.time_zone)
        self._state = SyncState()
        self._waiting: tuple[WaitingChange, ...] = ()
        self._connect()
        self._add_keys()
        self.show_page(next(iter(self._pages)))

    # --- pages ----------------------------------------------------------------------------------------

    @property
    def page_key(self) -> PageKey | None:
        """The page shown, or None while a record is open over it."""
        shown = self._stack.currentWidget()
        return next((key for key, page in self._pages.items() if page is shown), None)

    @property
    def page(self) -> QWidget:
        """The page or record shown."""
        return self._trail[-1]

    def show_page(self, key: PageKey) -> None:
        """Show a page of the sidebar; unsaved edits of the present one are asked about first."""
        if self._show(self._pages[key]):
            self.sidebar.choose(key)

    def open_record(self, record: QWidget) -> None:
        """Show a record over the page it was opened from; Back returns there and lets the record go."""
        self._stack.addWidget(record)
        if not self._show(record):
            self._stack.removeWidget(record)
            record.deleteLater()
            return
        self.sidebar.choose(PageKey.BOOKINGS)

    def go_back(self) -> None:
        """Return to what was shown before."""
        if self._dialog_open() or len(self._trail) < 2 or not self._may_leave():  # noqa: PLR2004 - now and before
            return
        left = self._trail.pop()
        self._display(self._trail[-1])
        self._let_go(left)

    def _show(self, page: QWidget) -> bool:
        if page is self._stack.currentWidget() and self._trail:
            return True
        if self._trail and not self._may_leave():
            return False
        self._trail.append(page)
        self._display(page)
        for dropped in self._trail[:-_TRAIL]:
            self._let_go(dropped)
        del self._trail[:-_TRAIL]
        return True

    def _let_go(self, left: QWidget) -> None:
        if left not in self._pages.values():  # a record is in the trail once; pages stay
            self._stack.removeWidget(left)
            left.deleteLater()

    def _display(self, page: QWidget) -> None:
        self._stack.setCurrentWidget(page)
        key = self.page_key
        if key is not None:
            self.sidebar.choose(key)
        self.top_strip.back_button.setEnabled(len(self._trail) > 1)
        self.status_bar.show_hint("")
        self._fold()
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        self.page_shown.emit(page)

    def edited_page(self) -> KeepsEdits | None:
        """The page shown, if it holds edits that are not saved; it says so then."""
        page = self._stack.currentWidget()
        return page if isinstance(page, KeepsEdits) and not page.may_leave() else None

    def _may_leave(self) -> bool:
        return self.edited_page() is None

    # --- what is told ---------------------------------------------------------------------------------

    def show_sync(self, state: SyncState, waiting: Sequence[WaitingChange] = ()) -> None:
        """Say how sync stands, in the status bar, its details and the sidebar."""
        self._state, self._waiting = state, tuple(waiting)
        self.status_bar.show_state(state)
        self.sidebar.show_attention(state.attention)
        if self.sync_popover.isVisible():
            self.sync_popover.show_changes(state, self._waiting, self._today)

    def show_today(self, today: date) -> None:
        """The day has changed (the practice clock can jump)."""
        self._today = today
        self.top_strip.show_today(today)
        self.status_bar.show_today(today)
        self.status_bar.show_state(self._state)

    def offer_undo(self, words: str) -> None:
        """Say what happened, with Undo; `undo_requested` is emitted when it is taken."""
        self.undo_bar.offer_undo(words)
        self._place_undo()

    def toast(self, words: str) -> None:
        """Say something for six seconds."""
        self.undo_bar.toast(words)
        self._place_undo()

    # --- building -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._frame = QWidget()
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.top_strip)
        right.addWidget(self._stack, 1)
        above = QHBoxLayout()
        above.setSpacing(0)
        above.addWidget(self.sidebar)
        above.addLayout(right, 1)
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above, 1)
        column.addWidget(self.status_bar)
        self.setCentralWidget(self._frame)

    def _connect(self) -> None:
        self.sidebar.chosen.connect(self.show_page)
        self.top_strip.back.connect(self.go_back)
        self.top_strip.new_booking.connect(self.new_booking_requested)
        self.top_strip.searched.connect(self.search_changed)
        self.status_bar.sync_clicked.connect(self._open_sync)
        self.sync_popover.try_now.connect(self.sync_requested)
        self.sync_popover.sign_in.connect(self.sign_in_requested)
        self.undo_bar.undo.connect(self.undo_requested)

    def _add_keys(self) -> None:
        keys = list(self._pages)
        for number, key in enumerate(keys[:9], start=1):
            self._key(f"Ctrl+{number}", partial(self.show_page, key))
        self._key("Ctrl+K", self._focus_search)
        self._key("Ctrl+F", self._focus_filter)
        self._key("F5", self.sync_requested.emit)
        self._key("Ctrl+Shift+B", self.new_booking_requested.emit)
        self._key("Alt+Left", self.go_back)
        self._key("Ctrl+Z", self._undo)

    def _key(self, sequence: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(sequence), self)
        shortcut.activated.connect(lambda: None if self._dialog_open() else act())

    def _dialog_open(self) -> bool:
        return any(dialog.isVisible() for dialog in self.findChildren(DialogFrame))

    def _focus_search(self) -> None:
        self.top_strip.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.top_strip.search.selectAll()

    def _focus_filter(self) -> None:
        page = self._stack.currentWidget()
        if isinstance(page, Filters):
            page.focus_filter()

    def _undo(self) -> None:
        if self.undo_bar.isVisible() and self.undo_bar.undo_button.isVisible():
            self.undo_bar.undo_button.click()

    def _open_sync(self) -> None:
        self.sync_requested.emit()
        if self.sync_popover.isVisible():
            self.sync_popover.hide()
            return
        self.sync_popover.show_changes(self._state, self._waiting, self._today)
        self.sync_popover.open_above(self.status_bar)

    # --- size -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the preview below 1200 px and the sidebar below 1000 px."""
        super().resizeEvent(event)
        self._fold()
        self._place_undo()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Unsaved edits are asked about; then the program ends its work."""
        if not self._may_leave():
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    def _fold(self) -> None:
        width = self.width()
        self.sidebar.fold(folded=width < FOLD_SIDEBAR_BELOW_PX)
        self.top_strip.show_date(visible=width >= FOLD_SIDEBAR_BELOW_PX)
        page = self._stack.currentWidget()
        if isinstance(page, FoldsSide):
            page.fold_side(folded=width < FOLD_SIDE_BELOW_PX)

    def _place_undo(self) -> None:
        bar = self.undo_bar
        bar.adjustSize()
        bottom = self._frame.height() - self.status_bar.height() - _UNDO_ABOVE_PX
        bar.move(max(8, self._frame.width() - bar.width() - _UNDO_RIGHT_PX), bottom - bar.height())
