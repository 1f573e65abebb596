"""Payment stages, payments at the desk, and the ledger."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.models.payment import LedgerEntry, ManualPayment, PaymentStage
from shared.models.states import LedgerKind, StageStatus
from shared.repositories.tenant_repository import TenantRepository
from shared.tables import money as tables


class PaymentStages(TenantRepository[PaymentStage]):
    """Parts of prices."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, PaymentStage)

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[PaymentStage]:
        """A booking's stages that still count, by position."""
        table = tables.payment_stage
        return self._list(
            tenant_id,
            table.c.booking_id == booking_id,
            table.c.status != StageStatus.SUPERSEDED,
            order_by=(table.c.position, table.c.rev),
        )


class ManualPayments(TenantRepository[ManualPayment]):
    """Money taken at the desk."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, ManualPayment)

    def of_stage(self, tenant_id: UUID, stage_id: UUID) -> list[ManualPayment]:
        """A stage's payments, voided ones too."""
        return self._list(tenant_id, tables.manual_payment.c.stage_id == stage_id)


class Ledger(TenantRepository[LedgerEntry]):
    """Every movement of money, append-only."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, LedgerEntry)

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[LedgerEntry]:
        """A booking's movements, oldest first."""
        table = tables.ledger
        return self._list(tenant_id, table.c.booking_id == booking_id, order_by=(table.c.at,))

    def has(self, tenant_id: UUID, ref: str, kind: LedgerKind) -> bool:
        """Whether this movement is already written down."""
        table = tables.ledger
        return bool(self._list(tenant_id, table.c.ref == ref, table.c.kind == kind))
