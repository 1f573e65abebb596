"""Renders the record, the other pages and the dialogs with sample rows, beside the design's pictures.

Run: python -m tests.desktop.qt.gallery_pages FOLDER
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from desktop.qt.components.focus_ring import FocusRing
from desktop.qt.main_window import MainWindow
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.theme import Theme
from tests.desktop.qt import record_samples as samples
from tests.desktop.qt import sample_rows as rows
from tests.desktop.qt.gallery import HEIGHT, WIDTH, save, settle

Scene = Callable[[Theme], MainWindow]


def a_window(theme: Theme, pages: dict[PageKey, object] | None = None) -> MainWindow:
    """The frame with these pages; blank ones elsewhere."""
    made: dict[PageKey, QWidget] = {}
    for key in PageKey:
        page = (pages or {}).get(key)
        if not isinstance(page, QWidget):
            page = QWidget()
            page.setObjectName("page")
        made[key] = page
    window = MainWindow(theme, rows.STUDIO, made, today=rows.TODAY)
    window.show_sync(rows.SYNCED)
    window.sidebar.show_attention(3)
    window.resize(WIDTH, HEIGHT)
    return window


def booking_record(theme: Theme) -> MainWindow:
    """The record page."""
    window = a_window(theme)
    window.show_page(PageKey.BOOKINGS)
    page = BookingRecordPage(theme, rows.TODAY)
    page.hint_changed.connect(window.status_bar.show_hint)
    page.zone_changed.connect(window.status_bar.show_zone)
    window.open_record(page)
    page.show_record(samples.INES)
    return window


SCENES: dict[str, Scene] = {"booking_record": booking_record}


def main(folder: Path, only: str = "") -> None:
    """All scenes in both modes."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme = Theme(dark=False)
    theme.apply_to(app)
    FocusRing(theme, app)
    for dark in (False, True):
        theme.set_dark(dark=dark)
        for name, scene in SCENES.items():
            if only and only not in name:
                continue
            window = scene(theme)
            window.show()
            settle()
            save(window, folder / f"{name}{'_dark' if dark else ''}.png")
            window.close()
            window.deleteLater()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery"), *sys.argv[2:3])
