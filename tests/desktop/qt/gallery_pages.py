"""Renders the record, the other pages and the dialogs with sample rows, beside the design's pictures.

Run: python -m tests.desktop.qt.gallery_pages FOLDER
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.presenting.refund_words import RefundAct
from desktop.qt.components.focus_ring import FocusRing
from desktop.qt.dialogs.answer_dialog import AnswerDialog
from desktop.qt.dialogs.booking_dialog import BookingDialog, BookingOffer
from desktop.qt.dialogs.move_dialog import MoveDialog
from desktop.qt.dialogs.record_payment_dialog import RecordPaymentDialog
from desktop.qt.dialogs.refund_dialog import RefundDialog
from desktop.qt.dialogs.slot_fields import a_day
from desktop.qt.main_window import MainWindow
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.pages.invoices import InvoicesPage
from desktop.qt.theme import Theme
from desktop.queries.rows import PackageRow, ResourceRow
from shared.invoice_pdf.fonts import bundled_fonts
from shared.invoice_pdf.render import render
from tests.desktop.qt import desk_samples as desk
from tests.desktop.qt import record_samples as samples
from tests.desktop.qt import sample_rows as rows
from tests.desktop.qt.gallery import HEIGHT, WIDTH, save, settle
from tests.shared.invoice_pdf import papers

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
    page = BookingRecordPage(theme, rows.TODAY, booking_id=samples.INES.booking_id)
    page.hint_changed.connect(window.status_bar.show_hint)
    page.zone_changed.connect(window.status_bar.show_zone)
    window.open_record(page)
    page.show_record(samples.INES)
    return window


def refund_dialog(theme: Theme) -> MainWindow:
    """The refund dialog over the record."""
    window = booking_record(theme)
    dialog = RefundDialog(theme, window, samples.CHLOE)
    dialog.note.setText("Moving abroad, asked by phone on 11 May")
    window.show()
    settle()
    dialog.open()
    return window


def booking_dialog(theme: Theme) -> MainWindow:
    """A new booking that clashes."""
    window = booking_record(theme)
    offer = BookingOffer(
        packages=(
            PackageRow(
                rows.an_id("p"),
                "Full-day wedding",
                348000,
                "EUR",
                600,
                plan_words="50 % on booking, the rest 3 days before",
            ),
        ),
        resources=tuple(ResourceRow(rows.an_id("res", name), name, "person") for name in rows.SIDE.resources),
        slot=a_day(rows.TODAY, rows.ZONE),
        today=rows.TODAY,
    )
    dialog = BookingDialog(theme, window, offer)
    window.show()
    settle()
    dialog.open()
    dialog.email.setText("zoe@example.com")
    dialog.name.setText("Zoë Brûlé")
    slot = dialog.slot.slot()
    assert slot is not None
    dialog.clash.tell(slot, "Ben has a hold 12 May 13:00–16:00 for Hana Sato & Leo Brandt")
    return window


def move_dialog(theme: Theme) -> MainWindow:
    """Another time."""
    window = booking_record(theme)
    window.show()
    settle()
    MoveDialog(theme, window, samples.INES, today=rows.TODAY).open()
    return window


def payment_dialog(theme: Theme) -> MainWindow:
    """Money at the desk."""
    window = booking_record(theme)
    window.show()
    settle()
    RecordPaymentDialog(theme, window, samples.INES, today=rows.TODAY).open()
    return window


def approve_dialog(theme: Theme) -> MainWindow:
    """A second person answers."""
    window = booking_record(theme)
    wish = replace(desk.a_refund("Chloé Martin & Luca Rossi", amount=724, days_ago=1), may_approve=True)
    window.show()
    settle()
    AnswerDialog(theme, window, (wish,), act=RefundAct.APPROVE, today=rows.TODAY).open()
    return window


def invoices(theme: Theme) -> MainWindow:
    """The list with a draft beside it."""
    page = InvoicesPage(theme, rows.STUDIO, rows.TODAY)
    window = a_window(theme, {PageKey.INVOICES: page})
    page.hint_changed.connect(window.status_bar.show_hint)
    page.pdf_wanted.connect(
        lambda row: page.show_pdf(row, render(papers.a_draft(), papers.logo(), bundled_fonts()))
    )
    window.show_page(PageKey.INVOICES)
    page.show_rows(samples.INVOICES)
    page.show_draft(samples.DRAFT)
    window.show()
    for _ in range(20):
        settle()
        QTest.qWait(20)
    return window


SCENES: dict[str, Scene] = {
    "invoices": invoices,
    "booking_record": booking_record,
    "refund_dialog": refund_dialog,
    "booking_dialog": booking_dialog,
    "move_dialog": move_dialog,
    "payment_dialog": payment_dialog,
    "approve_dialog": approve_dialog,
}


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
