"""Asks for a yes or no with a note: a second person about a refund, or whoever takes a wish back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.presenting.money_text import amount, money
from desktop.presenting.refund_words import RefundAct
from desktop.presenting.status_words import PAYMENT_METHOD, REFUND_REASON, STAGE_KIND, say
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import DialogFrame
from desktop.qt.components.facts_list import FactsList
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import ChoiceInput, DateInput, ParagraphInput
from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.theme import Theme
from desktop.queries.rows import RefundRow
from shared.models.states import ManualMethod

_MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class RefundAnswerDraft:
    """What a person answered to a request; way and day where money was handed back here."""

    act: RefundAct
    note: str = ""
    method: ManualMethod | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """What the dialog of one act says."""

    title: str
    button: str
    more: str
    kind: Kind = Kind.PRIMARY
    notice: NoticeKind = NoticeKind.INFO


_WORDS = {
    RefundAct.APPROVE: _Words(
        "Approve a refund",
        "Approve {sum}",
        "Card money leaves by itself after this. It cannot be called back.",
    ),
    RefundAct.DECLINE: _Words(
        "Decline a refund",
        "Decline",
        "What was reserved is free again; the note is kept with the request.",
        Kind.DANGER_FILL,
        NoticeKind.WARNING,
    ),
    RefundAct.WITHDRAW: _Words(
        "Withdraw a refund",
        "Withdraw",
        "Nothing has left yet. What was reserved is free again.",
        Kind.DANGER_FILL,
        NoticeKind.WARNING,
    ),
    RefundAct.PAID_BACK: _Words(
        "Money was handed back", "Mark {sum} paid back", "Say this when the customer has the money."
    ),
}


class AnswerDialog(DialogFrame):
    """Small; answers a RefundAnswerDraft."""

    def __init__(
        self, theme: Theme, window: QWidget, rows: Sequence[RefundRow], *, act: RefundAct, today: date
    ) -> None:
        """``rows`` are all stages of one request; trying again needs no dialog."""
        first = rows[0]
        self._act, self._words = act, _WORDS[act]
        super().__init__(theme, window, self._words.title, subtitle=first.customer_name)
        self.setObjectName("answerDialog")
        total = sum(row.amount_minor for row in rows)
        facts = FactsList(label_px=104, spacing_px=4)
        facts.setContentsMargins(-15, -12, -15, -12)
        lines = [(say(STAGE_KIND, row.stage_kind), amount(row.amount_minor, row.currency)) for row in rows]
        facts.show_facts(
            [
                ("Asked by", first.asked_by),
                ("Reason", say(REFUND_REASON, first.reason_code)),
                *lines,
                ("Refund", money(total, first.currency)),
            ]
        )
        self.note = Field(theme, "Note", ParagraphInput(lines=2), hint="Kept with the request, not mailed")
        self.body.addWidget(facts)
        self.body.addWidget(Notice(theme, self._words.notice, self._words.more))
        self.method: Field[ChoiceInput] | None = None
        self.on: Field[DateInput] | None = None
        if act is RefundAct.PAID_BACK:
            self._add_way(theme, today)
        else:
            self.body.addWidget(self.note)
        self.cancel = Button(theme, "Back")
        self.act_button = Button(
            theme, self._words.button.format(sum=money(total, first.currency)), self._words.kind
        )
        self.act_button.setObjectName(f"answer_{act.value}")
        self.foot.addStretch(1)
        self.end_with(self.cancel, self.act_button, self._say)

    def open(self) -> None:
        """Show it; the focus starts on the safe button."""
        self.open_on(self.cancel)

    def _add_way(self, theme: Theme, today: date) -> None:
        ways = [(way.value, say(PAYMENT_METHOD, way.value)) for way in ManualMethod]
        self.method = Field(theme, "How", ChoiceInput(theme, ways))
        self.on = Field(theme, "On", DateInput(today, today))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.method, 1)
        row.addWidget(self.on, 1)
        self.body.addLayout(row)

    def _say(self) -> None:
        self.answer(
            RefundAnswerDraft(
                self._act,
                self.note.input.toPlainText().strip()[:_MAX_NOTE],
                ManualMethod(str(self.method.input.code())) if self.method is not None else None,
                self.on.input.day() if self.on is not None else None,
            )
        )
