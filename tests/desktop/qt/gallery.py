"""Renders every page with sample rows to PNG files, to be held beside the design's pictures.

Run: python -m tests.desktop.qt.gallery FOLDER
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.qt.components.focus_ring import FocusRing
from desktop.qt.main_window import MainWindow
from desktop.qt.page_keys import PAGE_LOOKS, PageKey
from desktop.qt.pages.bookings import BookingsPage
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.pages.today import TodayPage
from desktop.qt.theme import Theme
from tests.desktop.qt import sample_rows as rows
from tests.desktop.qt.kit_sheet import KitSheet
from tests.desktop.qt.sample_record import a_record

WIDTH, HEIGHT = 1440, 868


def a_window(theme: Theme) -> MainWindow:
    """The window with real pages where they exist, and plain ones elsewhere."""
    today = TodayPage(theme, rows.STUDIO, rows.NOW)
    calendar = CalendarPage(theme, rows.TODAY)
    bookings = BookingsPage(theme, rows.STUDIO, rows.TODAY)
    pages: dict[PageKey, QWidget] = {key: _blank() for key in PAGE_LOOKS}
    pages |= {PageKey.TODAY: today, PageKey.CALENDAR: calendar, PageKey.BOOKINGS: bookings}
    window = MainWindow(theme, rows.STUDIO, pages, today=rows.TODAY)
    today.show_rows(rows.TODAY_ROWS, rows.NOW)
    calendar.hint_changed.connect(window.status_bar.show_hint)
    bookings.hint_changed.connect(window.status_bar.show_hint)
    calendar.show_rows(rows.MONTH)
    calendar.show_side(rows.SIDE)
    bookings.preview_wanted.connect(
        lambda wanted: bookings.show_preview(
            next(a_record(row) for row in rows.BOOKINGS.rows if row.booking_id == wanted)
        )
    )
    bookings.show_rows(rows.BOOKINGS)
    bookings.show_figures(rows.FIGURES)
    window.show_sync(rows.SYNCED)
    window.sidebar.show_attention(len(rows.ATTENTION))
    window.resize(WIDTH, HEIGHT)
    return window


def _blank() -> QWidget:
    page = QWidget()
    page.setObjectName("page")
    return page


def _today(window: MainWindow) -> None:
    window.show_page(PageKey.TODAY)
    window.status_bar.show_hint("2 computers, both up to date")


def _calendar(window: MainWindow) -> None:
    window.show_page(PageKey.CALENDAR)
    page = window.page
    assert isinstance(page, CalendarPage)
    page.go_to(rows.TODAY.replace(day=15))
    page.show_rows(rows.MONTH)


def _several_days(window: MainWindow) -> None:
    _calendar(window)
    page = window.page
    assert isinstance(page, CalendarPage)
    page.show_rows(rows.SEVERAL_DAYS)


def _day_list(window: MainWindow) -> None:
    _calendar(window)
    page = window.page
    assert isinstance(page, CalendarPage)
    page.go_to(rows.TODAY.replace(day=22))
    QTest.keyClick(page.month_view, Qt.Key.Key_Space)


def _bookings(window: MainWindow) -> None:
    window.show_page(PageKey.BOOKINGS)
    page = window.page
    assert isinstance(page, BookingsPage)
    page.table.selectRow(3)


def _offline(window: MainWindow) -> None:
    window.show_page(PageKey.BOOKINGS)
    page = window.page
    assert isinstance(page, BookingsPage)
    marked = tuple(
        replace(row, mark=rows.OFFLINE_MARKS.get(place, row.mark))
        for place, row in enumerate(rows.BOOKINGS.rows)
    )
    page.show_rows(rows.listed(marked, unread=8))
    page.show_figures(replace(rows.FIGURES, counts=replace(rows.FIGURES.counts, waiting=3)))
    page.table.clearSelection()
    page.table.setCurrentIndex(page.proxy.index(-1, -1))
    window.show_sync(rows.OFFLINE, rows.WAITING)
    window.offer_undo("Moved Ferri & Conti to Sat 22 May 11:00.")
    window.status_bar.sync_clicked.emit()


SCENES: dict[str, Callable[[MainWindow], None]] = {
    "today": _today,
    "calendar_month": _calendar,
    "calendar_several_days": _several_days,
    "calendar_day_list": _day_list,
    "bookings": _bookings,
    "offline": _offline,
}


def settle() -> None:
    """Let layouts and repaints happen."""
    for _ in range(3):
        QApplication.processEvents()


def save(widget: QWidget, path: Path) -> None:
    """Write what a widget shows."""
    settle()
    assert widget.grab().save(str(path)), f"cannot write {path}"


def main(folder: Path) -> None:
    """All scenes in both modes, and the kit."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme = Theme(dark=False)
    theme.apply_to(app)
    FocusRing(theme, app)
    scale = os.environ.get("QT_SCALE_FACTOR", "1")
    suffix = "" if scale == "1" else f"_{float(scale) * 100:.0f}"
    for dark in (False, True):
        theme.set_dark(dark=dark)
        mode = "_dark" if dark else ""
        for name, act in SCENES.items():
            window = a_window(theme)
            window.show()
            settle()
            act(window)
            save(window, folder / f"{name}{mode}{suffix}.png")
            window.close()
            window.deleteLater()
        sheet = KitSheet(theme)
        sheet.show()
        save(sheet, folder / f"kit{mode}{suffix}.png")
        sheet.close()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery"))
