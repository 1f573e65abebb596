"""What people do about refund requests: approve, decline, withdraw, mark paid back, try again."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from desktop.commands.refunds import (
    approve_refund,
    decline_refund,
    mark_paid_back,
    request_refund,
    try_refund_again,
    withdraw_refund,
)
from desktop.presenting.refund_words import RefundAct
from desktop.qt.background.acting import Command
from desktop.qt.dialogs.answer_dialog import AnswerDialog, RefundAnswerDraft
from desktop.qt.dialogs.refund_ask_dialog import RefundAskDialog, RefundDraft
from desktop.qt.flows.frame import Flow, Then
from desktop.queries.record_rows import BookingRecord
from desktop.queries.refunds import refunds_list
from desktop.queries.rows import RefundRow
from shared.ids import new_id
from shared.models.states import ReasonCode
from shared.sync_protocol.operations import RefundAsk, RefundLine

_DONE = {
    RefundAct.APPROVE: "Approved. Card money leaves when the server has agreed too.",
    RefundAct.DECLINE: "Declined.",
    RefundAct.WITHDRAW: "Withdrawn.",
    RefundAct.PAID_BACK: "Marked as paid back.",
    RefundAct.TRY_AGAIN: "It is tried again.",
}


class RefundFlow(Flow):
    """Used by the refunds page and by Needs attention."""

    def act(self, rows: Sequence[RefundRow], act: RefundAct, then: Then | None = None) -> None:
        """Do something about one request; all but trying again is asked about first."""
        request_id = rows[0].request_id
        done = then or (lambda: self.frame.toast(_DONE[act]))
        if act is RefundAct.TRY_AGAIN:
            self.bench.acting.do(lambda desk: try_refund_again(desk, request_id), then=done)
            return
        dialog = AnswerDialog(self.bench.theme, self.frame.window, rows, act=act, today=self.bench.today())
        self.ask(dialog, partial(_command, request_id), then=lambda _: done())

    def ask_for(self, record: BookingRecord, then: Then | None = None) -> None:
        """Ask for money back while the booking stands."""
        done = then or (lambda: self.frame.toast("The refund has been asked for."))
        dialog = RefundAskDialog(self.bench.theme, self.frame.window, record)
        self.ask(dialog, _asking, then=lambda _: done())

    def act_on_request(self, request_id: UUID, act: RefundAct) -> None:
        """The same for a request known by its id."""
        bench = self.bench

        def answered(rows: tuple[RefundRow, ...]) -> None:
            mine = [row for row in rows if row.request_id == request_id]
            if mine:
                self.act(mine, act)

        self.asker.ask(
            lambda connection: refunds_list(connection, bench.tenant_id, user_id=bench.user_id), answered
        )


def _asking(draft: RefundDraft) -> Command:
    wish = RefundAsk(
        id=new_id(),
        request_key=new_id(),
        booking_id=draft.booking_id,
        lines=[RefundLine(stage_id=stage, amount_minor=minor) for stage, minor in draft.lines],
        currency=draft.currency,
        reason_code=ReasonCode(draft.reason),
        note=draft.note,
    )
    return lambda desk: request_refund(desk, wish)


def _command(request_id: UUID, draft: RefundAnswerDraft) -> Command:
    note = draft.note
    if draft.act is RefundAct.APPROVE:
        return lambda desk: approve_refund(desk, request_id, note=note)
    if draft.act is RefundAct.DECLINE:
        return lambda desk: decline_refund(desk, request_id, note=note)
    if draft.act is RefundAct.WITHDRAW:
        return lambda desk: withdraw_refund(desk, request_id, note=note)
    method, on = draft.method, draft.on
    assert method is not None, "money that was handed back went some way"
    assert on is not None, "money that was handed back went on some day"
    return lambda desk: mark_paid_back(desk, request_id, method=method, on=on)
