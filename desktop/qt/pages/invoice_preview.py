"""The document beside the invoices list: which one it is, what can be done with it, and its real PDF."""

from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from desktop.presenting.dates import day_month
from desktop.presenting.status_words import DOCUMENT_KIND, say
from desktop.qt.components.buttons import Button, Kind, StepButton
from desktop.qt.components.card import Surface
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.label import Label
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.pages.invoice_head import InvoiceHead
from desktop.qt.pdf_paper import PaperView
from desktop.qt.theme import Theme
from desktop.queries.rows import InvoiceRow

_PLAIN = ("invoice", "credit")  # their numbers say which they are


class InvoicePreview(Surface):
    """A draft offers Issue; an issued document offers what never changes it."""

    issue_clicked = Signal()
    print_clicked = Signal()
    export_clicked = Signal()
    credit_clicked = Signal()
    booking_clicked = Signal()

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._today = today
        self._row: InvoiceRow | None = None
        self._idle = ""
        self.booking_button = Button(theme, "Open booking", small=True)
        self.credit_button = Button(theme, "Credit note…", small=True)
        self.print_button = Button(theme, "Print", glyph=Icon.PRINTER, small=True)
        self.export_button = Button(theme, "Export", glyph=Icon.DOWNLOAD, small=True)
        self.issue_button = Button(theme, "Issue…", Kind.PRIMARY, small=True)
        self.paper = PaperView(theme, self)
        self._trouble = Label("", Type.BODY, "secondary", wraps=True)
        self._trouble.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._trouble.setContentsMargins(24, 24, 24, 24)
        self._pages = PagesBox(theme, self.paper)
        self._buttons = (
            (self.booking_button, self.booking_clicked, "booking"),
            (self.credit_button, self.credit_clicked, "credit"),
            (self.print_button, self.print_clicked, "print"),
            (self.export_button, self.export_clicked, "export"),
            (self.issue_button, self.issue_clicked, "issue"),
        )
        self._rule = Hairline(theme)
        self.head = InvoiceHead([button for button, _, _ in self._buttons])
        self._lay_out()
        self.show_row(None)

    def show_row(self, row: InvoiceRow | None) -> None:
        """Say which document it is and what can be done; its PDF comes by :meth:`show_pdf`."""
        same = row is not None and self._row is not None and paper_key(row) == paper_key(self._row)
        self._row = row
        for button, _, _ in self._buttons:
            button.setVisible(row is not None)
        for part in (self.head, self._rule):
            part.setVisible(row is not None)
        if row is None:
            self.head.say("", "")
            self._clear(self._idle)
            return
        draft = row.status == "draft"
        self.issue_button.setVisible(draft)
        self.credit_button.setVisible(not draft and row.kind != "credit")
        self.export_button.setVisible(not draft)
        credited = "It is wholly credited" if row.money_state == "credited" else ""
        self.credit_button.set_enabled_because(credited)
        self.head.say("Draft" if draft else str(row.printed_number), self._more_words(row))
        if not same:
            self._clear("The PDF is being prepared…")

    def say_idle(self, words: str) -> None:
        """What to do while no document is chosen."""
        self._idle = words
        if self._row is None:
            self._clear(words)

    def show_pdf(self, data: bytes) -> None:
        """Show the bytes."""
        self.paper.show_pdf(data)
        self._stack.setCurrentIndex(0)
        self._pages.say()
        self._pages.show()
        self._place_pages()

    def show_trouble(self, words: str) -> None:
        """Say why there is nothing to see; a draft cannot be issued then."""
        self._clear(words)
        self.issue_button.set_enabled_because(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the page box in its corner."""
        super().resizeEvent(event)
        self._place_pages()

    def _clear(self, words: str) -> None:
        self.paper.clear()
        self._pages.hide()
        self._trouble.setText(words)
        self._stack.setCurrentIndex(1)
        self.issue_button.set_enabled_because("")

    def _more_words(self, row: InvoiceRow) -> str:
        if row.status == "draft":
            number = f"Next number {row.next_number}," if row.next_number else "The next number is"
            return f"{number} taken when you issue it"
        day = f"{day_month(row.issued_on)} {row.issued_on.year}" if row.issued_on is not None else ""
        kind = say(DOCUMENT_KIND, row.kind)
        issued = f"Issued {day}" if row.kind in _PLAIN else f"{kind}, issued {day}"
        return f"{issued}. {'It cannot change' if row.kind == 'credit' else 'Only a credit note changes it'}"

    def _place_pages(self) -> None:
        self._pages.adjustSize()
        right, bottom = self.width() - 16, self.height() - 12
        self._pages.move(right - self._pages.width(), bottom - self._pages.height())
        self._pages.raise_()

    def _lay_out(self) -> None:
        for button, signal, name in self._buttons:
            button.setObjectName(f"invoice_{name}")
            button.clicked.connect(lambda _=False, signal=signal: signal.emit())
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.paper)
        self._stack.addWidget(self._trouble)
        self.column.addWidget(self.head)
        self.column.addWidget(self._rule)
        self.column.addWidget(body, 1)
        self._pages.setParent(self)
        self._pages.hide()


def paper_key(row: InvoiceRow) -> tuple[UUID, str]:
    """What a PDF is of: a draft becomes another paper when it is issued."""
    return row.document_id, row.status


class PagesBox(Surface):
    """How many pages, and how close they are."""

    def __init__(self, theme: Theme, paper: PaperView, parent: QWidget | None = None) -> None:
        super().__init__(theme, outline="border2", parent=parent)
        self._paper = paper
        self._words = Label("", Type.LABEL, "secondary")
        farther = StepButton(theme, Icon.MINUS, "Farther", kind=Kind.QUIET, small=True)
        fit = Button(theme, "Fit width", Kind.QUIET, small=True)
        closer = StepButton(theme, Icon.PLUS, "Closer", kind=Kind.QUIET, small=True)
        farther.clicked.connect(lambda: paper.zoom(closer=False))
        fit.clicked.connect(paper.fit)
        closer.clicked.connect(lambda: paper.zoom(closer=True))
        row = QHBoxLayout()
        row.setContentsMargins(11, 0, 3, 0)
        row.setSpacing(4)
        row.addWidget(self._words)
        row.addSpacing(4)
        line = Hairline(theme, down=True)
        line.setFixedHeight(16)
        row.addWidget(line, 0, Qt.AlignmentFlag.AlignVCenter)
        for button in (farther, fit, closer):
            row.addWidget(button)
        self.column.addLayout(row)

    def say(self) -> None:
        """Count the pages of what is shown."""
        loaded = self._paper.loaded
        count = loaded.page_count if loaded is not None else 0
        self._words.setText(f"{count} page{'' if count == 1 else 's'}")
