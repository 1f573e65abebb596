"""The ways on from an item of Needs attention: each does something, then says that it is dealt with."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtGui import QGuiApplication

from desktop.commands.desk import Intent
from desktop.commands.inbox import Item, do_and_resolve, keep_text, put_back, same_again
from desktop.presenting.refund_words import RefundAct
from desktop.qt.background.acting import Command
from desktop.qt.dialogs.text_dialog import TextDialog
from desktop.qt.flows.booking_flow import BookingFlow
from desktop.qt.flows.frame import Flow, Frame
from desktop.qt.flows.invoice_flow import InvoiceFlow
from desktop.qt.flows.refund_flow import RefundFlow
from desktop.qt.page_keys import PageKey
from desktop.qt.workbench import Workbench
from desktop.queries.issue_ways import IssueWays, issue_ways
from desktop.queries.record_rows import BookingRecord
from desktop.queries.rows import AttentionRow
from shared.errors import BadArgs
from shared.sync_protocol.operations import BookingMove, SlotArgs

_RESOLUTIONS: Final[Mapping[str, str]] = {
    "leave": "left it",
    "fine": "said it is fine",
    "discard": "discarded the change",
    "done": "looked at it",
    "another_time": "picked another time",
    "cancel_booking": "cancelled the booking",
    "my_time": "used the own time",
    "mine_back": "put the own value back",
    "use_mine": "used the own text",
    "edit_both": "kept both",
    "lower_amount": "lowered the amount",
    "restore": "restored it",
    "try_again": "tried again",
    "do_now": "did it",
    "new_number": "issued with a new number",
    "credit_note": "made a credit note",
}
_ONLY_SAID: Final = frozenset({"leave", "fine", "discard", "done"})
_REQUEST_KINDS: Final = frozenset({"refund_waits", "refund_failed"})


class AttentionFlow(Flow):
    """One method per way on; whatever is not an issue of its own (a refund) goes to its flow."""

    def __init__(
        self,
        bench: Workbench,
        frame: Frame,
        *,
        bookings: BookingFlow,
        refunds: RefundFlow,
        invoices: InvoiceFlow,
        open_booking: Callable[[UUID | None], None],
    ) -> None:
        super().__init__(bench, frame)
        self._bookings = bookings
        self._refunds = refunds
        self._invoices = invoices
        self._open_booking = open_booking

    def act(self, item: AttentionRow, code: str) -> None:
        """Go the way that was chosen."""
        if item.kind in _REQUEST_KINDS:
            self._act_on_request(item, code)
        elif code in _ONLY_SAID:
            self._resolve(item, code)
        elif code == "open":
            self._open_booking(item.booking_id)
        elif code == "open_bookings":
            self.frame.show_page(PageKey.BOOKINGS)
        elif code == "report":
            self._copy_report(item)
        elif code in ("another_time", "lower_amount", "new_number", "credit_note"):
            self._with_booking(item, code)
        elif code == "cancel_booking":
            assert item.booking_id is not None, "only a booking can be cancelled"
            self._bookings.cancel(item.booking_id, partial(self._resolve, item, code))
        else:
            query = partial(issue_ways, tenant_id=self.bench.tenant_id, issue_id=item.item_id)
            go_on = partial(self._again, item, code)
            if code == "edit_both":
                self.asker.ask(query, go_on)
            else:  # each of them is done at once, also when other items follow
                self.bench.reading.ask(query, go_on, asker=self.frame.window)

    def _act_on_request(self, item: AttentionRow, code: str) -> None:
        acts = {
            "approve": RefundAct.APPROVE,
            "decline": RefundAct.DECLINE,
            "try_again": RefundAct.TRY_AGAIN,
        }
        act = acts.get(code)
        if act is None:
            self._open_booking(item.booking_id)
        else:
            self._refunds.act_on_request(item.item_id, act)

    def _with_booking(self, item: AttentionRow, code: str) -> None:
        assert item.booking_id is not None, "this item is about a booking"
        then = partial(self._resolve, item, code)

        def go_on(record: BookingRecord) -> None:
            if code == "another_time":
                self._bookings.move(record, then)
            elif code == "lower_amount":
                self._refunds.ask_for(record, then)
            elif code == "new_number":
                self._invoices.begin(record.booking_id)
            else:
                self.frame.show_page(PageKey.INVOICES)

        self.with_record(item.booking_id, go_on)

    def _again(self, item: AttentionRow, code: str, ways: IssueWays) -> None:
        if code == "edit_both":
            self._edit_both(item, ways)
        elif code == "my_time":
            self._use_my_time(item, ways)
        elif code in ("mine_back", "use_mine"):
            self._do(item, code, *_own_values(ways))
        elif code == "restore" and ways.entity == "customer" and ways.operation is not None:
            name, v, args = ways.operation
            back = same_again("customer.restore", 1, {"id": str(ways.row_id)})
            self._do(item, code, back, same_again(name, v, args))
        elif ways.operation is not None:
            self._do(item, code, same_again(*ways.operation))
        else:
            self.refused(BadArgs(detail=item.kind))

    def _use_my_time(self, item: AttentionRow, ways: IssueWays) -> None:
        assert item.booking_id is not None, "only a booking has a time"

        def go_on(record: BookingRecord) -> None:
            wanted = (ways.operation[2] if ways.operation is not None else {}).get("slot")
            if wanted is None or record.slot.wall is None:
                self._bookings.move(record, partial(self._resolve, item, "another_time"))
                return
            args = BookingMove(
                id=record.booking_id,
                seen=SlotArgs.of(record.slot.wall),
                slot=SlotArgs.model_validate(wanted),
            )
            self._do(item, "my_time", Intent("booking.move", args))

        self.with_record(item.booking_id, go_on)

    def _edit_both(self, item: AttentionRow, ways: IssueWays) -> None:
        dialog = TextDialog(
            self.bench.theme,
            self.frame.window,
            "Two versions of a note",
            subtitle=item.customer_name,
            text=f"{ways.text_now}\n\n{ways.text_mine}",
        )

        def keeping(body: str) -> Command:
            assert ways.row_id is not None, "a text has a row"
            return _solving(item, "edit_both", keep_text(ways.row_id, seen=ways.text_now, body=body))

        self.ask(dialog, keeping)

    def _resolve(self, item: AttentionRow, code: str) -> None:
        self._do(item, code)

    def _do(self, item: AttentionRow, code: str, *intents: Intent) -> None:
        self.bench.acting.do(_solving(item, code, *intents))

    def _copy_report(self, item: AttentionRow) -> None:
        report = f"Daybook item {item.item_id}\nkind {item.kind}\nat {item.at_utc.isoformat()}"
        QGuiApplication.clipboard().setText(report)
        self.frame.toast("The report is on the clipboard: codes and ids, no names.")


def _solving(item: AttentionRow, code: str, *intents: Intent) -> Command:
    solved = Item(item.item_id, _RESOLUTIONS[code], only_here=item.only_here)
    return lambda desk: do_and_resolve(desk, solved, *intents)


def _own_values(ways: IssueWays) -> tuple[Intent, ...]:
    assert ways.row_id is not None, "a change was about a row"
    if ways.entity == "note":
        return (keep_text(ways.row_id, seen=ways.text_now, body=ways.text_mine),)
    return (put_back(ways.entity, ways.row_id, ways.fields),)
