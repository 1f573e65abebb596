"""Renders the pages around the bookings to PNG files, to be held beside the design's pictures.

Run: python -m tests.desktop.qt.gallery_desk FOLDER
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from desktop.presenting.refund_words import RefundAct
from desktop.qt.components.focus_ring import FocusRing
from desktop.qt.dialogs.answer_dialog import AnswerDialog
from desktop.qt.dialogs.record_payment_dialog import RecordPaymentDialog
from desktop.qt.first_run_window import FirstRunWindow
from desktop.qt.main_window import MainWindow
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.attention import AttentionPage
from desktop.qt.pages.customers import CustomersPage
from desktop.qt.pages.first_steps import FirstStepsPage
from desktop.qt.pages.packages import PackagesPage
from desktop.qt.pages.refunds import RefundsPage
from desktop.qt.pages.reports import ReportsPage
from desktop.qt.pages.settings import SettingsPage
from desktop.qt.theme import Theme
from tests.desktop.qt import desk_samples as desk
from tests.desktop.qt import sample_rows as rows
from tests.desktop.qt.gallery import HEIGHT, WIDTH, save, settle
from tests.desktop.qt.sample_record import a_record

Shown = Callable[[Theme], tuple[PageKey, QWidget]]


def attention(theme: Theme) -> tuple[PageKey, QWidget]:
    page = AttentionPage(theme, rows.STUDIO, rows.TODAY)
    page.show_rows(desk.INBOX, rows.NOW)
    page.open_item(desk.INBOX[1].item_id)
    return PageKey.ATTENTION, page


def settings(theme: Theme) -> tuple[PageKey, QWidget]:
    page = SettingsPage(theme, rows.STUDIO)
    page.show_rows(desk.SETTINGS, rows.NOW)
    page.texts["phone"].input.setText("+43 1 555 0100")
    page.texts["phone"].input.textEdited.emit("")
    return PageKey.SETTINGS, page


def settings_below(theme: Theme) -> tuple[PageKey, QWidget]:
    key, page = settings(theme)
    return key, page


def refunds(theme: Theme) -> tuple[PageKey, QWidget]:
    page = RefundsPage(theme, rows.STUDIO, rows.TODAY)
    page.show_rows(desk.REFUNDS)
    page.choose_request(desk.REFUNDS[0].request_id)
    return PageKey.REFUNDS, page


def customers(theme: Theme) -> tuple[PageKey, QWidget]:
    page = CustomersPage(theme, rows.STUDIO, rows.TODAY)
    page.show_rows(desk.CUSTOMERS)
    return PageKey.CUSTOMERS, page


def packages(theme: Theme) -> tuple[PageKey, QWidget]:
    page = PackagesPage(theme, rows.STUDIO)
    page.show_rows(desk.PACKAGES)
    return PageKey.PACKAGES, page


def empty(theme: Theme) -> tuple[PageKey, QWidget]:
    page = FirstStepsPage(theme, rows.STUDIO)
    page.show_settings(desk.EMPTY_SETTINGS)
    return PageKey.TODAY, page


def reports(theme: Theme) -> tuple[PageKey, QWidget]:
    return PageKey.REPORTS, ReportsPage(theme)


PAGES: dict[str, Shown] = {
    "attention": attention,
    "settings": settings,
    "settings_below": settings_below,
    "refunds": refunds,
    "customers": customers,
    "packages": packages,
    "empty": empty,
    "reports": reports,
}


def a_window(theme: Theme, shown: Shown) -> MainWindow:
    """The frame around one page."""
    key, page = shown(theme)
    pages = {each: page if each is key else QWidget() for each in PageKey}
    window = MainWindow(theme, rows.STUDIO, pages, today=rows.TODAY)
    window.show_sync(rows.SYNCED)
    window.sidebar.show_attention(3)
    window.show_page(key)
    window.resize(WIDTH, HEIGHT)
    return window


def main(folder: Path) -> None:
    """All pages and dialogs in both modes."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme = Theme(dark=False)
    theme.apply_to(app)
    FocusRing(theme, app)
    for dark in (False, True):
        theme.set_dark(dark=dark)
        mode = "_dark" if dark else ""
        for name, shown in PAGES.items():
            window = a_window(theme, shown)
            window.show()
            settle()
            if name == "settings_below":
                page = window.page
                assert isinstance(page, SettingsPage)
                page.go_to("policy")
            save(window, folder / f"{name}{mode}.png")
            window.close()
            window.deleteLater()
        window = a_window(theme, refunds)
        window.show()
        AnswerDialog(theme, window, desk.REFUNDS[:2], act=RefundAct.APPROVE, today=rows.TODAY).open()
        save(window, folder / f"approve{mode}.png")
        window.close()
        window = a_window(theme, refunds)
        window.show()
        record = a_record(rows.WEEK[5])
        RecordPaymentDialog(theme, window, record, today=rows.TODAY).open()
        save(window, folder / f"record_payment{mode}.png")
        window.close()
        first = FirstRunWindow(theme)
        first.show()
        save(first, folder / f"first_run{mode}.png")
        first.close()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery"))
