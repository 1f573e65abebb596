"""The frame: pages, keys, sync words, undo, folding."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.components.sidebar import FOLDED_PX, WIDTH_PX
from desktop.qt.failure_box import failure_words, show_failure
from desktop.qt.main_window import MainWindow
from desktop.qt.page_keys import PageKey
from desktop.qt.theme import Theme
from shared.errors import SlotTaken
from tests.desktop.qt import sample_rows as rows

CTRL = Qt.KeyboardModifier.ControlModifier


def _shown(window: MainWindow) -> PageKey | None:
    return window.page_key


@pytest.mark.parametrize(("number", "key"), list(enumerate(list(PageKey)[:9], start=1)))
def test_control_and_a_number_show_a_page(
    qtbot: QtBot, window: MainWindow, number: int, key: PageKey
) -> None:
    window.show_page(PageKey.SETTINGS)
    QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), CTRL)
    assert window.page_key is key
    assert window.sidebar.items[key].isChecked()


def test_control_k_goes_to_the_search(qtbot: QtBot, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    assert window.focusWidget() is window.top_strip.search


def test_control_f_goes_to_the_filter_of_the_list(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page(PageKey.BOOKINGS)
    QTest.keyClick(window, Qt.Key.Key_F, CTRL)
    assert window.focusWidget() is window.page.filter_field  # type: ignore[attr-defined] # the bookings page


def test_f5_asks_for_a_sync_and_control_shift_b_for_a_booking(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.sync_requested):
        QTest.keyClick(window, Qt.Key.Key_F5)
    with qtbot.waitSignal(window.new_booking_requested):
        QTest.keyClick(window, Qt.Key.Key_B, CTRL | Qt.KeyboardModifier.ShiftModifier)


def test_back_returns_through_what_was_shown(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page(PageKey.CALENDAR)
    record = QWidget()
    window.open_record(record)
    assert window.page is record
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert _shown(window) is PageKey.CALENDAR
    QTest.mouseClick(window.top_strip.back_button, Qt.MouseButton.LeftButton)
    assert _shown(window) is PageKey.TODAY
    assert not window.top_strip.back_button.isEnabled()


def test_a_record_that_back_no_longer_reaches_is_let_go(qtbot: QtBot, window: MainWindow) -> None:
    records = [QWidget() for _ in range(52)]
    for record in records:
        window.open_record(record)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [isValid(record) for record in records] == [False, False, *([True] * 50)]
    window.show_page(PageKey.CALENDAR)
    window.go_back()
    assert window.page is records[-1]


class _Edited(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.leave = False

    def may_leave(self) -> bool:
        return self.leave

    def save_edits(self) -> None:
        self.leave = True

    def drop_edits(self) -> None:
        self.leave = True


def test_unsaved_edits_keep_the_record_open_until_somebody_decides(window: MainWindow) -> None:
    record = _Edited()
    window.open_record(record)
    window.show_page(PageKey.CALENDAR)
    assert window.page is record
    record.drop_edits()
    window.show_page(PageKey.CALENDAR)
    assert _shown(window) is PageKey.CALENDAR


def test_the_status_bar_says_how_sync_stands(window: MainWindow) -> None:
    assert window.status_bar.sync.text() == "Synced 10:42"
    window.show_sync(rows.OFFLINE, rows.WAITING)
    assert window.status_bar.sync.text() == "Offline · 3 changes waiting · last sync 09:57"
    assert window.status_bar.sync.accessibleName().startswith("Sync: Offline")


def test_a_click_on_the_sync_words_syncs_and_opens_the_details(qtbot: QtBot, window: MainWindow) -> None:
    window.show_sync(rows.OFFLINE, rows.WAITING)
    with qtbot.waitSignal(window.sync_requested):
        QTest.mouseClick(window.status_bar.sync, Qt.MouseButton.LeftButton)
    assert window.sync_popover.isVisible()
    assert window.rect().contains(window.sync_popover.geometry())
    QTest.keyClick(window.sync_popover, Qt.Key.Key_Escape)
    assert not window.sync_popover.isVisible()


def test_undo_is_offered_in_words_and_taken_by_its_key(qtbot: QtBot, window: MainWindow) -> None:
    window.offer_undo("Moved Ferri & Conti.")
    assert window.undo_bar.words == "Moved Ferri & Conti. Nothing has left this computer."
    with qtbot.waitSignal(window.undo_requested):
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert not window.undo_bar.isVisible()


def test_a_toast_has_no_undo(qtbot: QtBot, window: MainWindow) -> None:
    window.toast("Saved.")
    assert window.undo_bar.isVisible()
    asked = QSignalSpy(window.undo_requested)
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert asked.count() == 0


@pytest.mark.parametrize(("width", "sidebar"), [(1440, WIDTH_PX), (1100, WIDTH_PX), (900, FOLDED_PX)])
def test_below_1000_px_the_sidebar_shows_icons_only(
    qtbot: QtBot, window: MainWindow, width: int, sidebar: int
) -> None:
    window.resize(width, 700)
    qtbot.waitUntil(lambda: window.sidebar.width() == sidebar)


def test_every_page_can_shrink_to_half_a_screen(qtbot: QtBot, window: MainWindow) -> None:
    for key in (PageKey.TODAY, PageKey.CALENDAR, PageKey.BOOKINGS):
        window.show_page(key)
        window.resize(720, 450)
        qtbot.waitUntil(lambda: (window.width(), window.height()) == (720, 450))


def test_no_key_reaches_the_pages_while_a_dialog_is_open(
    qtbot: QtBot, window: MainWindow, theme: Theme
) -> None:
    box = show_failure(theme, window, SlotTaken())
    QTest.keyClick(window, Qt.Key.Key_2, CTRL)
    assert _shown(window) is PageKey.TODAY
    with qtbot.waitSignal(box.answered):
        QTest.keyClick(box, Qt.Key.Key_Escape)
    QTest.keyClick(window, Qt.Key.Key_2, CTRL)
    assert _shown(window) is PageKey.CALENDAR


def test_tab_stays_inside_a_dialog(qtbot: QtBot, window: MainWindow, theme: Theme) -> None:
    box = show_failure(theme, window, RuntimeError("a name"))
    for _ in range(6):
        now = window.focusWidget()
        assert now is not None
        assert box.isAncestorOf(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)


def test_a_known_failure_is_said_in_its_sentence_and_a_bug_without_its_message() -> None:
    known = failure_words(SlotTaken())
    assert known.sentence == "The slot was taken while you were choosing."
    assert not known.report
    try:
        raise ValueError("Anna Kowalska")  # noqa: TRY301 - a bug needs a traceback
    except ValueError as error:
        bug = failure_words(error)
    assert "ValueError" in bug.report
    assert "test_main_window.py" in bug.report
    assert "Kowalska" not in bug.report


def test_a_dialog_never_grows_beyond_its_window(qtbot: QtBot, window: MainWindow, theme: Theme) -> None:
    window.resize(900, 500)
    dialog = DialogFrame(theme, window, "Cancel and refund", width_px=880)
    for _ in range(40):
        dialog.body.addWidget(QWidget(minimumHeight=40))
    dialog.open_on(dialog.close_button)
    assert dialog.rect().contains(dialog.box.geometry())
    dialog.answer(None)
