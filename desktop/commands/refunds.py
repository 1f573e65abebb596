"""What staff do about money back; the server alone sends it."""

from datetime import date
from uuid import UUID

from desktop.commands.desk import Desk, one
from desktop.data_changes import DataChanges
from shared.models.states import ManualMethod
from shared.sync_protocol.operations import RefundAnswer, RefundAsk, RefundPaidBack


def request_refund(desk: Desk, draft: RefundAsk, *, initiator: str | None = None) -> DataChanges:
    """Ask for money back and reserve it. Raises ExceedsRefundable, NothingPaid, StageDisputed."""
    return one(desk, "refund.request", draft, initiator=initiator)


def approve_refund(
    desk: Desk, request_id: UUID, *, note: str = "", initiator: str | None = None
) -> DataChanges:
    """Agree. Raises ApprovalAboveLimit, SecondPersonNeeded."""
    return one(desk, "refund.approve", RefundAnswer(id=request_id, note=note), initiator=initiator)


def decline_refund(
    desk: Desk, request_id: UUID, *, note: str = "", initiator: str | None = None
) -> DataChanges:
    """Disagree; what was reserved is free again."""
    return one(desk, "refund.decline", RefundAnswer(id=request_id, note=note), initiator=initiator)


def withdraw_refund(
    desk: Desk, request_id: UUID, *, note: str = "", initiator: str | None = None
) -> DataChanges:
    """Take the wish back. Raises RefundOnItsWay."""
    return one(desk, "refund.withdraw", RefundAnswer(id=request_id, note=note), initiator=initiator)


def try_refund_again(desk: Desk, request_id: UUID, *, initiator: str | None = None) -> DataChanges:
    """Let the server send a failed refund once more."""
    return one(desk, "refund.try_again", RefundAnswer(id=request_id), initiator=initiator)


def mark_paid_back(
    desk: Desk, request_id: UUID, *, method: ManualMethod, on: date, initiator: str | None = None
) -> DataChanges:
    """Say that the money was handed back here."""
    return one(
        desk,
        "refund.mark_paid_back",
        RefundPaidBack(id=request_id, method=method, on=on),
        initiator=initiator,
    )
