"""A credit note by hand: how much of an invoice is taken back, and why it says so."""

from PySide6.QtWidgets import QWidget

from desktop.commands.invoices import CreditDraft
from desktop.presenting.money_text import money
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import SMALL_PX, DialogFrame
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import AmountInput, TextInput
from desktop.qt.components.label import Label
from desktop.qt.theme import Theme
from desktop.queries.rows import InvoiceRow
from shared.errors import AmountInvalid


class CreditDialog(DialogFrame):
    """Answers a CreditDraft; what can still be credited is checked when it is issued."""

    def __init__(self, theme: Theme, window: QWidget, row: InvoiceRow) -> None:
        assert row.booking_id is not None, "an invoice is of a booking"
        super().__init__(
            theme,
            window,
            "Credit note",
            subtitle=f"{row.customer_name} · {row.printed_number} · {money(row.total_minor, row.currency)}",
            width_px=SMALL_PX,
        )
        self.setObjectName("credit_dialog")
        self.booking_id = row.booking_id
        self._row = row
        self.amount = AmountInput(row.currency, row.total_minor)
        self.words = TextInput("Correction")
        self.keep, self.issue = Button(theme, "Not now"), Button(theme, "Issue credit note", Kind.PRIMARY)
        for name in ("amount", "words", "keep", "issue"):
            getattr(self, name).setObjectName(f"credit_{name}")
        self._amount_field = Field(theme, f"Amount, {row.currency}", self.amount)
        self._words_field = Field(theme, "Reason, printed on it", self.words)
        self.body.addWidget(self._amount_field)
        self.body.addWidget(self._words_field)
        self.body.addWidget(
            Label("It takes the next number of credit notes and never changes after that.", wraps=True)
        )
        self.foot.addStretch(1)
        self.end_with(self.keep, self.issue, self.submit)

    def open(self) -> None:
        """Show it with the focus on the safe button."""
        self.open_on(self.keep)

    def submit(self) -> None:
        """Answer with the draft, or say what is wrong."""
        words = self.words.text().strip()
        self._words_field.show_error("" if words else "The law wants a reason.")
        try:
            minor = self.amount.money().amount_minor
        except AmountInvalid as invalid:
            self._amount_field.show_error(invalid.sentence)
            return
        at_most = money(self._row.total_minor, self._row.currency)
        fits = 0 < minor <= self._row.total_minor
        self._amount_field.show_error("" if fits else f"Above 0, and at most {at_most}.")
        if words and fits:
            self.answer(CreditDraft(self._row.document_id, self.booking_id, minor, words))
