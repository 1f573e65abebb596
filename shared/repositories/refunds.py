"""Refund requests and refunds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.models.refund import Refund, RefundRequest, RefundRequestLine
from shared.models.states import OPEN_REQUEST
from shared.repositories.tenant_repository import TenantRepository
from shared.tables import money as tables


class RefundRequests(TenantRepository[RefundRequest]):
    """Wishes for money back."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, RefundRequest)

    def by_key(self, tenant_id: UUID, request_key: UUID) -> RefundRequest | None:
        """The request that was sent under this key."""
        found = self._list(tenant_id, tables.refund_request.c.request_key == request_key)
        return found[0] if found else None

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[RefundRequest]:
        """A booking's requests, oldest first."""
        table = tables.refund_request
        return self._list(tenant_id, table.c.booking_id == booking_id, order_by=(table.c.asked_at,))

    def open_like(self, tenant_id: UUID, fingerprint: str) -> RefundRequest | None:
        """An open request with the same booking, stages, amounts and reason."""
        table = tables.refund_request
        found = self._list(tenant_id, table.c.fingerprint == fingerprint, table.c.status.in_(OPEN_REQUEST))
        return found[0] if found else None

    def asked_since(
        self, tenant_id: UUID, booking_id: UUID, *, asked_by: UUID, since: datetime
    ) -> list[RefundRequest]:
        """One person's own requests for a booking since an instant."""
        table = tables.refund_request
        return self._list(
            tenant_id,
            table.c.booking_id == booking_id,
            table.c.asked_by == asked_by,
            table.c.asked_at >= since,
        )


class RefundRequestLines(TenantRepository[RefundRequestLine]):
    """How much of which stage is asked back."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, RefundRequestLine)

    def of_request(self, tenant_id: UUID, request_id: UUID) -> list[RefundRequestLine]:
        """A request's lines."""
        return self._list(tenant_id, tables.refund_request_line.c.request_id == request_id)


class Refunds(TenantRepository[Refund]):
    """Acts of giving money back."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Refund)

    def of_request(self, tenant_id: UUID, request_id: UUID) -> list[Refund]:
        """A request's refunds."""
        table = tables.refund
        return self._list(
            tenant_id, table.c.request_id == request_id, order_by=(table.c.stage_id, table.c.nth)
        )

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[Refund]:
        """A booking's refunds."""
        return self._list(tenant_id, tables.refund.c.booking_id == booking_id)

    def of_stage(self, tenant_id: UUID, stage_id: UUID) -> list[Refund]:
        """A stage's refunds."""
        return self._list(tenant_id, tables.refund.c.stage_id == stage_id)
