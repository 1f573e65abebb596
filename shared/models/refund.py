"""The wish for money back, and the refunds that carry it out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.models.act import ActorKind
from shared.models.entity import Entity
from shared.models.states import (
    REFUND_STEPS,
    REQUEST_STEPS,
    Channel,
    ReasonCode,
    RefundStatus,
    RequestStatus,
    check_step,
)


@dataclass(eq=False, kw_only=True)
class RefundRequest(Entity):
    """One wish, for one booking; its lines say how much of which stage."""

    booking_id: UUID
    currency: str
    request_key: UUID
    body_hash: str
    fingerprint: str
    another: bool = False
    reason_code: ReasonCode
    note: str = ""
    asked_by_kind: ActorKind
    asked_by: UUID
    asked_at: datetime
    approved_by: UUID | None = None
    approved_at: datetime | None = None
    status: RequestStatus = RequestStatus.REQUESTED
    policy_tier: str = ""
    answer_note: str | None = None

    def step_to(self, status: RequestStatus) -> None:
        """Change the status by a listed transition; the same status is no step."""
        if status != self.status:
            check_step(REQUEST_STEPS, self.status, status)
            self.status = status


@dataclass(eq=False, kw_only=True)
class RefundRequestLine(Entity):
    """How much of one stage is asked back."""

    request_id: UUID
    stage_id: UUID
    amount_minor: int


@dataclass(eq=False, kw_only=True)
class Refund(Entity):
    """One act: one stage, one payment, one amount. Owned by the server."""

    booking_id: UUID
    request_id: UUID | None
    stage_id: UUID
    nth: int = 1
    channel: Channel
    origin: str = "daybook"
    amount_minor: int
    currency: str
    status: RefundStatus = RefundStatus.APPROVED
    attention: str | None = None
    tries: int = 0
    attempt: int = 1
    idem_key: str | None = None
    params: dict[str, Any] | None = None
    approved_at: datetime
    first_sent_at: datetime | None = None
    next_try: datetime | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = None
    scope: str | None = None
    re_id: str | None = None
    failure_reason: str | None = None
    pending_reason: str | None = None
    settled_at: datetime | None = None

    def step_to(self, status: RefundStatus) -> None:
        """Change the status by a listed transition; the same status is no step."""
        if status != self.status:
            check_step(REFUND_STEPS, self.status, status)
            self.status = status
