"""Asks how a payment came to the desk: for which stage, by which way, on which day."""

from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.presenting.dates import day_words
from desktop.presenting.money_text import money
from desktop.presenting.status_words import PAYMENT_METHOD, STAGE_KIND, say
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import AmountInput, ChoiceInput, DateInput, TextInput
from desktop.qt.theme import Theme
from desktop.queries.record_rows import BookingRecord, StageRow
from shared.ids import new_id
from shared.models.states import PAYABLE_STAGE, ManualMethod, StageStatus
from shared.sync_protocol.operations import PaymentRecordManual


def payable_stages(record: BookingRecord) -> tuple[StageRow, ...]:
    """The stages that can still be paid, in order."""
    return tuple(stage for stage in record.stages if StageStatus(stage.status) in PAYABLE_STAGE)


class RecordPaymentDialog(DialogFrame):
    """Answers a PaymentRecordManual; a stage is paid whole, so its amount is only shown."""

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        record: BookingRecord,
        *,
        today: date,
        stage_id: UUID | None = None,
    ) -> None:
        """There is at least one stage to pay."""
        super().__init__(
            theme, window, "Record a payment", subtitle=f"{record.customer.name}, {record.package_name}"
        )
        self.setObjectName("recordPaymentDialog")
        self._record = record
        self._stages = {str(stage.stage_id): stage for stage in payable_stages(record)}
        assert self._stages, "a booking with nothing to pay has no such dialog"
        choices = [(code, _stage_words(stage, today)) for code, stage in self._stages.items()]
        ways = [(way.value, say(PAYMENT_METHOD, way.value)) for way in ManualMethod]
        self.stage = Field(theme, "For", ChoiceInput(theme, choices))
        self.amount = Field(theme, f"Amount, {record.currency}", AmountInput(record.currency))
        self.amount.lock("A stage is paid whole")
        self.method = Field(theme, "How", ChoiceInput(theme, ways))
        self.paid_on = Field(theme, "Paid on", DateInput(today, today))
        self.note = Field(theme, "Note", TextInput(), hint="For the studio alone")
        self._lay_out(theme)
        self.stage.input.currentIndexChanged.connect(lambda _: self._show_amount())
        if stage_id is not None:
            self.stage.input.choose(str(stage_id))
        self._show_amount()

    def open(self) -> None:
        """Show it; the focus starts on the safe button."""
        self.open_on(self.cancel)

    def _show_amount(self) -> None:
        stage = self._chosen()
        self.amount.input.set_minor(stage.amount_minor)
        self.record_button.setText(f"Record {money(stage.amount_minor, self._record.currency)}")

    def _chosen(self) -> StageRow:
        return self._stages[str(self.stage.input.code())]

    def _save(self) -> None:
        stage = self._chosen()
        draft = PaymentRecordManual(
            id=new_id(),
            stage_id=stage.stage_id,
            amount_minor=stage.amount_minor,
            currency=self._record.currency,
            method=ManualMethod(str(self.method.input.code())),
            paid_on=self.paid_on.input.day(),
            note=self.note.input.text().strip(),
        )
        self.answer(draft)

    def _lay_out(self, theme: Theme) -> None:
        self.body.addWidget(self.stage)
        for pair in ((self.amount, self.method), (self.paid_on, self.note)):
            row = QHBoxLayout()
            row.setSpacing(16)
            for field in pair:
                row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
            self.body.addLayout(row)
        self.cancel = Button(theme, "Cancel")
        self.record_button = Button(theme, "Record", Kind.PRIMARY)
        self.record_button.setObjectName("recordPayment_record")
        self.foot.addStretch(1)
        self.end_with(self.cancel, self.record_button, self._save)


def _stage_words(stage: StageRow, today: date) -> str:
    due = f", due {day_words(stage.due_on, today)}" if stage.due_on is not None else ""
    return f"{say(STAGE_KIND, stage.kind)}{due}"
