"""What staff do with money that came to the desk; cards are the server's business."""

from uuid import UUID

from desktop.commands.desk import Desk, one
from desktop.data_changes import DataChanges
from shared.sync_protocol.operations import PaymentRecordManual, PaymentVoidManual


def record_manual(desk: Desk, draft: PaymentRecordManual, *, initiator: str | None = None) -> DataChanges:
    """Write down cash, a bank transfer and the like. Raises ManualAmountDiffers, StageNotPayable."""
    return one(desk, "payment.record_manual", draft, initiator=initiator)


def void_manual(desk: Desk, payment_id: UUID, *, reason: str, initiator: str | None = None) -> DataChanges:
    """Say that a payment written down was a mistake; it stays visible."""
    return one(
        desk, "payment.void_manual", PaymentVoidManual(id=payment_id, reason=reason), initiator=initiator
    )
