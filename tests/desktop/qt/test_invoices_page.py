"""The invoices page: the list, the draft on top, the real PDF, and what may be done with which."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop.qt.components.label import Label
from desktop.qt.pages.invoices import InvoicesPage, invoice_lines
from desktop.qt.pdf_paper import PdfUnreadable, print_pdf
from desktop.qt.theme import Theme
from desktop.queries.rows import InvoiceRow
from shared.invoice_pdf.fonts import bundled_fonts
from shared.invoice_pdf.render import render
from tests.desktop.qt import record_samples as samples
from tests.desktop.qt.sample_rows import STUDIO, TODAY, an_id
from tests.shared.invoice_pdf import papers

LAST_YEARS = replace(
    samples.INVOICES[0],
    document_id=an_id("last year's"),
    printed_number="BELLAWEDS_2026_112",
    issued_on=date(2026, 12, 30),
    money_state="credited",
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(papers.a_draft(), papers.logo(), bundled_fonts())


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> InvoicesPage:
    made = InvoicesPage(theme, STUDIO, TODAY)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show_rows(samples.INVOICES)
    made.show()
    return made


def test_the_model_keeps_qts_rules(page: InvoicesPage, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(page.model)  # type: ignore[no-untyped-call] # pytest-qt has no types


def test_chips_count_and_filter(page: InvoicesPage) -> None:
    page.choose_filter("open")
    assert [row.customer_name for row in page.proxy.shown_rows()] == ["Studio Nord"]
    page.choose_filter("credit")
    assert [row.total_minor for row in page.proxy.shown_rows()] == [-31200]
    page.choose_filter("year")
    page.filter_field.setText("2027_039")
    assert [row.customer_name for row in page.proxy.shown_rows()] == ["Chloé Martin & Luca Rossi"]


def test_the_year_shows_and_counts_documents_of_its_year_alone(qtbot: QtBot, page: InvoicesPage) -> None:
    with qtbot.waitSignal(page.hint_changed) as heard:
        page.show_rows((*samples.INVOICES, LAST_YEARS))
    assert page.proxy.shown_rows() == samples.INVOICES
    assert page.chips["year"].accessibleName() == f"2027, {len(samples.INVOICES)}"
    assert heard.args == [f"BELLAWEDS_2027: {len(samples.INVOICES) - 1} numbers used"]


def test_documents_of_other_years_stand_behind_a_chip_of_their_own(page: InvoicesPage) -> None:
    assert not page.chips["all"].isVisible(), "nothing is of another year"
    page.show_rows((*samples.INVOICES, LAST_YEARS))
    assert page.chips["all"].isVisible()
    QTest.mouseClick(page.chips["all"], Qt.MouseButton.LeftButton)
    assert page.proxy.shown_rows() == (*samples.INVOICES, LAST_YEARS)
    assert page.chips["all"].accessibleName() == f"All years, {len(samples.INVOICES) + 1}"


def test_another_page_leads_to_a_document_of_another_year(page: InvoicesPage) -> None:
    page.show_rows((*samples.INVOICES, LAST_YEARS))
    page.choose_document(LAST_YEARS.document_id)
    assert page.table.current_row() == LAST_YEARS
    assert page.chips["all"].isChecked()


def test_a_draft_is_of_the_year_that_it_would_be_issued_in(page: InvoicesPage) -> None:
    page.show_draft(samples.DRAFT)
    assert page.proxy.shown_rows() == (samples.DRAFT, *samples.INVOICES)
    assert page.chips["year"].isChecked()


def test_a_new_year_begins_with_an_empty_list(qtbot: QtBot, page: InvoicesPage) -> None:
    with qtbot.waitSignal(page.hint_changed) as heard:
        page.show_today(date(2028, 1, 1))
    assert page.proxy.shown_rows() == ()
    assert page.chips["year"].accessibleName() == "2028, 0"
    assert heard.args == ["BELLAWEDS_2028: 0 numbers used"]
    assert page.chips["all"].isVisible()


def test_a_chosen_row_asks_for_its_bytes_and_shows_them(qtbot: QtBot, page: InvoicesPage, pdf: bytes) -> None:
    with qtbot.waitSignal(page.pdf_wanted) as heard:
        page.choose_document(samples.INVOICES[2].document_id)
    assert heard.args == [samples.INVOICES[2]]
    page.show_pdf(samples.INVOICES[1], pdf)
    assert page.preview.paper.loaded is None, "a late answer for another row is dropped"
    page.show_pdf(samples.INVOICES[2], pdf)
    assert page.preview.paper.loaded is not None
    assert page.preview.paper.loaded.page_count == 1


def test_a_document_that_another_page_leads_to_is_chosen_whatever_hid_it(page: InvoicesPage) -> None:
    wanted = samples.INVOICES[2]
    page.choose_filter("credit" if wanted.kind != "credit" else "open")
    page.filter_field.setText("no such words")
    page.choose_document(wanted.document_id)
    assert page.table.current_row() == wanted
    assert page.chips["year"].isChecked()


def test_a_draft_stands_on_top_and_alone_offers_issue(page: InvoicesPage) -> None:
    page.show_draft(samples.DRAFT)
    row: InvoiceRow = page.table.current_row()
    assert row == samples.DRAFT
    assert page.preview.issue_button.isVisible()
    assert not page.preview.export_button.isVisible()
    page.choose_document(samples.INVOICES[0].document_id)
    assert not page.preview.issue_button.isVisible()
    assert page.preview.export_button.isVisible()
    assert page.preview.credit_button.isVisible()


def test_an_issued_draft_becomes_its_document(qtbot: QtBot, page: InvoicesPage, pdf: bytes) -> None:
    page.show_draft(samples.DRAFT)
    issued = InvoiceRow(
        samples.DRAFT.document_id,
        "invoice",
        "issued",
        "BELLAWEDS_2027_044",
        samples.DRAFT.customer_name,
        176400,
        "EUR",
        "paid",
        issued_on=TODAY,
        booking_id=samples.DRAFT.booking_id,
    )
    with qtbot.waitSignal(page.pdf_wanted) as heard:
        page.show_rows((issued, *samples.INVOICES))
    assert heard.args == [issued], "the issued paper is another one than the draft's"
    page.show_pdf(samples.DRAFT, pdf)
    assert page.preview.paper.loaded is None, "a late draft never stands under a number"
    assert [row.printed_number for row in page.model.rows][:2] == ["BELLAWEDS_2027_044", "BELLAWEDS_2027_043"]
    assert page.table.current_row() == issued
    assert not page.preview.issue_button.isVisible()


def test_what_cannot_be_rendered_says_why_and_is_not_issued(page: InvoicesPage) -> None:
    page.show_draft(samples.DRAFT)
    page.show_trouble(samples.DRAFT, "Please complete: VAT id.")
    assert page.preview.issue_button.toolTip() == "Please complete: VAT id."


def test_the_selection_survives_a_change_of_rows(page: InvoicesPage) -> None:
    page.choose_document(samples.INVOICES[4].document_id)
    page.show_rows(samples.INVOICES[2:])
    assert page.table.current_row() == samples.INVOICES[4]


def test_buttons_pass_on_the_row(qtbot: QtBot, page: InvoicesPage) -> None:
    page.choose_document(samples.INVOICES[0].document_id)
    for button, signal in (
        (page.preview.print_button, page.print_wanted),
        (page.preview.export_button, page.export_wanted),
        (page.preview.credit_button, page.credit_wanted),
    ):
        with qtbot.waitSignal(signal) as heard:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert heard.args == [samples.INVOICES[0]]


def test_bytes_that_are_no_pdf_are_told(page: InvoicesPage) -> None:
    with pytest.raises(PdfUnreadable):
        page.preview.paper.show_pdf(b"not a document")


def test_a_document_is_printed_page_by_page(qtbot: QtBot, pdf: bytes, tmp_path: object) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(f"{tmp_path}/printed.pdf")
    steps: list[tuple[int, int]] = []
    print_pdf(pdf, printer, step=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 1)]


@pytest.mark.parametrize("width", [616, 740, 920, 1180, 1500])
def test_the_page_fits_every_window_and_cuts_no_button(page: InvoicesPage, width: int) -> None:
    page.fold_side(folded=width < 1180)
    page.resize(width, 640)
    page.choose_document(samples.INVOICES[0].document_id)
    assert page.minimumSizeHint().width() <= 616, "a window is at least 720 wide, 104 of it frame and margins"
    head = page.preview.head
    for button in (page.preview.booking_button, page.preview.credit_button, page.preview.export_button):
        assert button.isVisible()
        assert button.width() >= button.sizeHint().width()
        assert head.rect().contains(QRect(button.mapTo(head, QPoint(0, 0)), button.size()))


def test_a_foreign_sum_names_its_currency(page: InvoicesPage) -> None:
    own, foreign = samples.INVOICES[0], replace(samples.INVOICES[0], currency="JPY", total_minor=48000)
    assert invoice_lines(own, TODAY, "EUR").right == "170.00"
    assert invoice_lines(foreign, TODAY, "EUR").right == "48,000 JPY"


def test_an_empty_list_asks_nobody_to_choose(qtbot: QtBot, theme: Theme) -> None:
    made = InvoicesPage(theme, STUDIO, TODAY)
    qtbot.addWidget(made)
    made.show()
    made.show_rows(())
    said = [label.words for label in made.preview.findChildren(Label) if label.isVisible()]
    assert "Choose one in the list." not in said
    assert not made.preview.head.isVisible()


def test_a_page_that_nearly_fits_its_view_comes_to_rest(page: InvoicesPage, pdf: bytes) -> None:
    page.choose_document(samples.INVOICES[2].document_id)
    page.show_pdf(samples.INVOICES[2], pdf)
    assert page.preview.paper.verticalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOn
