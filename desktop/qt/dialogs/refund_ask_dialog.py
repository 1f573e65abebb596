"""Money back while the booking stands: how much of each paid stage, and why."""

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.presenting.status_words import REFUND_REASON
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import WIDE_PX, DialogFrame
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import ChoiceInput, TextInput
from desktop.qt.components.label import ElidedLabel
from desktop.qt.dialogs.refund_lines import RefundLines
from desktop.qt.fonts import Type
from desktop.qt.theme import Theme
from desktop.queries.record_rows import BookingRecord, RefundLine

_REASONS = ("goodwill", "duplicate", "correction", "customer_cancelled", "studio_cancelled")


@dataclass(frozen=True, slots=True)
class RefundDraft:
    """So much of each stage goes back."""

    booking_id: UUID
    lines: tuple[tuple[UUID, int], ...]
    currency: str
    reason: str
    note: str


class RefundAskDialog(DialogFrame):
    """Asks how much of each paid stage goes back; nothing is filled in."""

    def __init__(self, theme: Theme, window: QWidget, record: BookingRecord) -> None:
        super().__init__(
            theme,
            window,
            "Refund",
            subtitle=f"{record.customer.name} · {record.package_name}",
            width_px=WIDE_PX,
        )
        self.setObjectName("refund_ask_dialog")
        self._record = record
        self._stages = [
            RefundLine(
                stage_id=stage.stage_id,
                stage_kind=stage.kind,
                paid_minor=stage.paid_minor - stage.refund_reserved_minor,
                refund_minor=0,
                kept_minor=stage.paid_minor - stage.refund_reserved_minor,
                channel=stage.channel,
                way_words=stage.method or "Hand back",
            )
            for stage in record.stages
            if stage.paid_minor > stage.refund_reserved_minor
        ]
        self.lines = RefundLines(theme, self._stages, record.currency)
        self.reason = ChoiceInput(theme, [(code, REFUND_REASON[code]) for code in _REASONS])
        self.note = TextInput()
        self.keep, self.ask = Button(theme, "No refund"), Button(theme, "Ask for refund", Kind.PRIMARY)
        for name in ("reason", "note", "keep", "ask"):
            getattr(self, name).setObjectName(f"refund_ask_{name}")
        self.body.addWidget(self.lines)
        reason = Field(theme, "Reason", self.reason)
        reason.setFixedWidth(220)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(reason)
        row.addWidget(Field(theme, "Note, stays inside the studio", self.note), 1)
        self.body.addLayout(row)
        checked = "The sums are checked again on the server before anything moves."
        self.foot.addWidget(ElidedLabel(checked, Type.CAPTION, "secondary"), 1)
        self.end_with(self.keep, self.ask, self.submit)
        self.lines.changed.connect(self._check)
        self._check()

    def open(self) -> None:
        """Show it with the focus on the safe button."""
        self.open_on(self.keep)

    def submit(self) -> None:
        """Answer with the draft."""
        amounts, reason = self.lines.amounts(), self.reason.code()
        if amounts is None or reason is None or sum(amounts) == 0:
            return
        pairs = zip(self._stages, amounts, strict=True)
        self.answer(
            RefundDraft(
                booking_id=self._record.booking_id,
                lines=tuple((line.stage_id, minor) for line, minor in pairs if minor),
                currency=self._record.currency,
                reason=reason,
                note=self.note.text().strip(),
            )
        )

    def _check(self) -> None:
        amounts = self.lines.amounts()
        nothing = "" if amounts is None or sum(amounts) > 0 else "Enter how much goes back"
        self.ask.set_enabled_because(self.lines.trouble() or nothing)
