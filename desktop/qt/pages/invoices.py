"""The invoices: a list of two-line rows, and beside it the real PDF with what can be done with it."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from desktop.presenting.dates import day_month
from desktop.presenting.money_text import amount, money, spoken_amount
from desktop.presenting.status_words import DOCUMENT_KIND, DOCUMENT_MONEY, say
from desktop.qt.components.card import Surface
from desktop.qt.components.chip import Chip
from desktop.qt.components.chips_row import ChipsRow
from desktop.qt.components.empty_state import EmptyState
from desktop.qt.components.label import Label
from desktop.qt.components.rows_table import RowsTable
from desktop.qt.components.search_field import SearchField
from desktop.qt.delegates.two_lines import TwoLineDelegate, TwoLines
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.pages.invoice_preview import InvoicePreview, paper_key
from desktop.qt.table_models.column import Column
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.table_models.rows_proxy import RowsProxy
from desktop.qt.theme import Theme
from desktop.queries.rows import InvoiceRow, StudioFacts

_LIST_PX: Final = 400
_NARROW_LIST_PX: Final = 300
_ROW_PX: Final = 49
_YEAR: Final = "year"
_ALL: Final = "all"
_STATES: Final = {
    "paid": (Icon.CHECK, "secondary"),
    "open": (Icon.CLOCK, "warning"),
    "part_paid": (Icon.CLOCK, "warning"),
    "refunded": (Icon.REFUND, "secondary"),
    "credited": (Icon.REFUND, "secondary"),
    "partly_credited": (Icon.REFUND, "secondary"),
}


class InvoicesPage(QWidget):
    """`pdf_wanted(row)` asks for bytes, `show_pdf` answers; the buttons pass on the row that is shown."""

    pdf_wanted = Signal(object)
    issue_wanted = Signal(object)
    print_wanted = Signal(object)
    export_wanted = Signal(object)
    credit_wanted = Signal(object)
    booking_opened = Signal(object)
    hint_changed = Signal(str)

    def __init__(self, theme: Theme, studio: StudioFacts, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._theme, self._studio, self._today = theme, studio, today
        self._code = _YEAR
        self._issued: tuple[InvoiceRow, ...] = ()
        self._draft: InvoiceRow | None = None
        self._wanted: UUID | None = None
        self._asked: tuple[UUID, str] | None = None
        self.model: RowsModel[InvoiceRow] = RowsModel([_column()], lambda row: row.document_id, self)
        self.proxy: RowsProxy[InvoiceRow] = RowsProxy(self.model, self)
        self.table = self._build_table()
        self.preview = InvoicePreview(theme, today)
        self.filter_field = SearchField(theme, "Filter this list", "Ctrl+F", glyph=Icon.FILTER)
        self.chips = {
            _YEAR: Chip(theme, str(today.year), count=0),
            _ALL: Chip(theme, "All years", count=0),
            "draft": Chip(theme, "Drafts", glyph=Icon.RING_DASHED, count=0),
            "open": Chip(theme, "Open", glyph=Icon.CLOCK, count=0),
            "paid": Chip(theme, "Paid", glyph=Icon.CHECK, count=0),
            "credit": Chip(theme, "Credit notes", glyph=Icon.REFUND, count=0),
        }
        self._empty = EmptyState(
            theme,
            "No document here",
            "An invoice begins at its booking: open the booking and choose New invoice.",
            draw=False,
        )
        self._lay_out()
        self._connect()
        self.chips[_ALL].hide()
        self.choose_filter(_YEAR)

    # --- told ---------------------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[InvoiceRow]) -> None:
        """Show issued documents; a draft that is being looked at stays on top."""
        self._issued = tuple(rows)
        if self._draft is not None and self._is_issued(self._draft):
            self._draft = None
        self._show_list()

    def show_draft(self, row: InvoiceRow) -> None:
        """Put a draft on top and choose it; its PDF is asked for like any other."""
        self._draft = row
        self._show_list()
        self.choose_document(row.document_id)

    def drop_draft(self) -> None:
        """The draft was issued or is not wanted."""
        self._draft = None
        self._show_list()

    def choose_document(self, document_id: UUID) -> None:
        """Choose a row: what hides it gives way; one that is not listed yet is chosen when it comes."""
        self._wanted = document_id
        listed = {row.document_id for row in self.model.rows}
        shown = {row.document_id for row in self.proxy.shown_rows()}
        if document_id in listed - shown:
            self.filter_field.clear()
            self.choose_filter(self._of_year(document_id))
        for place, row in enumerate(self.proxy.shown_rows()):
            if row.document_id == document_id:
                self._wanted = None
                self.table.selectRow(place)
                if self._asked != paper_key(row):
                    self._picked(row)
                return

    def follow(self, before: UUID, document_id: UUID) -> None:
        """Choose what became of a row, unless another one is looked at by now."""
        current = self.table.current_row()
        if current is None or current.document_id == before:
            self.choose_document(document_id)

    def show_pdf(self, asked: InvoiceRow, data: bytes) -> None:
        """Show the bytes of the row that asked; a late answer for another paper is dropped."""
        if self._is_shown(asked):
            self.preview.show_pdf(data)

    def show_trouble(self, asked: InvoiceRow, words: str) -> None:
        """Say why there is no PDF."""
        if self._is_shown(asked):
            self.preview.show_trouble(words)

    def _is_shown(self, asked: InvoiceRow) -> bool:
        row = self.table.current_row()
        return row is not None and paper_key(row) == paper_key(asked)

    def show_today(self, today: date) -> None:
        """The day has changed, and perhaps the year."""
        self._today = today
        self.chips[_YEAR].setText(str(today.year))
        self.choose_filter(self._code)
        self._show_list()

    def choose_filter(self, code: str) -> None:
        """Choose a chip."""
        self._code = code
        for known, chip in self.chips.items():
            chip.setChecked(known == code)
        self.proxy.filter_rows(lambda row: self._is_in(row, code))
        self._say_empty()

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.filter_field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def fold_side(self, *, folded: bool) -> None:
        """Below 1200 px the list gives way to the paper."""
        self._box.setFixedWidth(_NARROW_LIST_PX if folded else _LIST_PX)

    # --- what follows -------------------------------------------------------------------------------------

    def _is_issued(self, draft: InvoiceRow) -> bool:
        return any(row.document_id == draft.document_id for row in self._issued)

    def _is_in(self, row: InvoiceRow, code: str) -> bool:
        if code == _YEAR:
            return _is_of(row, self._today.year)
        return _has_state(row, code)

    def _of_year(self, document_id: UUID) -> str:
        """The narrowest chip without a state that shows it."""
        shown = {row.document_id for row in self.model.rows if self._is_in(row, _YEAR)}
        return _YEAR if document_id in shown else _ALL

    def _show_list(self) -> None:
        rows = ((self._draft,) if self._draft is not None else ()) + self._issued
        self.model.show_rows(rows)
        for code, chip in self.chips.items():
            chip.show_count(sum(self._is_in(row, code) for row in rows))
        of_others = not all(self._is_in(row, _YEAR) for row in rows)
        self.chips[_ALL].setVisible(of_others or self._code == _ALL)
        current = self.table.current_row()
        if current is not None and self._asked != paper_key(current):
            self._picked(current)
        elif current is not None:
            self.preview.show_row(current)
        if self._wanted is not None:
            self.choose_document(self._wanted)
        elif current is None and rows:
            self.table.selectRow(0)
        self._say_empty()
        year = self._today.year
        numbers = sum(row.kind != "credit" and _is_of(row, year) for row in self._issued)
        used = f"{self._studio.code}_{year}: {numbers} number{'' if numbers == 1 else 's'} used"
        self.hint_changed.emit(used if self._issued else "")

    def _picked(self, row: InvoiceRow | None) -> None:
        self._asked = paper_key(row) if row is not None else None
        self.preview.show_row(row)
        if row is not None:
            self.pdf_wanted.emit(row)

    def _say_empty(self) -> None:
        listed = self.proxy.rowCount() > 0
        self._stack.setCurrentIndex(0 if listed else 1)
        self.preview.say_idle("Choose one in the list." if listed else "")

    def _filter_words(self, words: str) -> None:
        self.proxy.filter_text(words)
        self._say_empty()

    def _pass_on(self, signal: SignalInstance) -> None:
        row = self.table.current_row()
        if row is not None:
            signal.emit(row)

    # --- building -----------------------------------------------------------------------------------------

    def _build_table(self) -> RowsTable:
        table = RowsTable(self._theme, "Invoices")
        table.setObjectName("invoices_table")
        table.setModel(self.proxy)
        table.horizontalHeader().hide()
        table.set_widths((0,))
        table.set_row_height(_ROW_PX)
        lines = TwoLineDelegate(
            self._theme,
            table,
            lambda row: invoice_lines(row, self._today, self._studio.currency),
            row_px=_ROW_PX,
        )
        table.setItemDelegate(lines)
        return table

    def _lay_out(self) -> None:
        self._box = box = Surface(self._theme)
        box.setFixedWidth(_LIST_PX)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        box.column.addWidget(holder, 1)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(box)
        below.addWidget(self.preview, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        title = Label("Invoices", Type.TITLE)
        title.setFixedHeight(30)
        column.addWidget(title)
        column.addLayout(ChipsRow(self.filter_field, self.chips.values()))
        column.addSpacing(2)
        column.addLayout(below, 1)

    def _connect(self) -> None:
        self.table.picked.connect(self._picked)
        self.table.opened.connect(self._open)
        self.filter_field.textChanged.connect(self._filter_words)
        for code, chip in self.chips.items():
            chip.setObjectName(f"invoices_chip_{code}")
            chip.clicked.connect(lambda _=False, code=code: self.choose_filter(code))
        for source, signal in (
            (self.preview.issue_clicked, self.issue_wanted),
            (self.preview.print_clicked, self.print_wanted),
            (self.preview.export_clicked, self.export_wanted),
            (self.preview.credit_clicked, self.credit_wanted),
        ):
            source.connect(lambda signal=signal: self._pass_on(signal))
        self.preview.booking_clicked.connect(lambda: self._open(self.table.current_row()))

    def _open(self, row: InvoiceRow | None) -> None:
        if row is not None and row.booking_id is not None:
            self.booking_opened.emit(row.booking_id)


def _is_of(row: InvoiceRow, year: int) -> bool:
    """Issued in that year; a draft would be issued in the one that is shown."""
    return row.issued_on is None or row.issued_on.year == year


def _has_state(row: InvoiceRow, code: str) -> bool:
    if code == _ALL:
        return True
    if code == "draft":
        return row.status == "draft"
    if code == "credit":
        return row.kind == "credit"
    if code == "open":
        return row.money_state in ("open", "part_paid")
    return row.money_state == code


def _sum(row: InvoiceRow, studio_currency: str) -> str:
    """There is no head to name the currency: one that is not the studio's stands with its sum."""
    own = row.currency == studio_currency
    return (amount if own else money)(row.total_minor, row.currency)


def invoice_lines(row: InvoiceRow, today: date, studio_currency: str) -> TwoLines:
    """One row in two lines: customer and sum, number and state."""
    if row.status == "draft":
        caption = f"{say(DOCUMENT_KIND, row.kind)}, no number yet"
        glyph, ink, words = Icon.RING_DASHED, "text", "Draft"
    else:
        day = day_month(row.issued_on) if row.issued_on is not None else ""
        year = (
            f" {row.issued_on.year}" if row.issued_on is not None and row.issued_on.year != today.year else ""
        )
        caption = f"{row.printed_number} · {day}{year}"
        glyph, ink = _STATES.get(row.money_state, (Icon.DOCUMENT, "secondary"))
        words = say(DOCUMENT_MONEY, row.money_state)
        if row.money_state == "open" and row.due_on is not None:
            words += f", due {day_month(row.due_on)}"
    return TwoLines(
        title=row.customer_name,
        caption=caption,
        right=_sum(row, studio_currency),
        right_caption=words,
        state_glyph=glyph,
        state_ink=ink,
    )


def _column() -> Column[InvoiceRow]:
    def words(row: InvoiceRow) -> str:
        return f"{row.customer_name} {row.printed_number or 'Draft'} {amount(row.total_minor, row.currency)}"

    def spoken(row: InvoiceRow) -> str:
        state = "Draft" if row.status == "draft" else say(DOCUMENT_MONEY, row.money_state)
        number = row.printed_number or say(DOCUMENT_KIND, row.kind)
        return f"{row.customer_name}, {number}, {spoken_amount(row.total_minor, row.currency)}, {state}"

    return Column("Document", lambda row: row.printed_number or "", words, speak=spoken)
