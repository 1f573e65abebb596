"""What became of money on its way back, as the provider or a person says it; a request follows its refunds.

A repeat changes nothing: :func:`settle` and :func:`fail` answer whether it was news.
"""

from uuid import UUID

from shared.errors import NotPossibleNow
from shared.events import RefundFailed, RefundSettled
from shared.models.act import Act
from shared.models.refund import Refund, RefundRequest
from shared.models.states import Channel, LedgerKind, RefundStatus, RequestStatus
from shared.services.payment_plan import enter_ledger
from shared.sync_protocol.operations import RefundPaidBack
from shared.sync_protocol.results import Outcome
from shared.unit_of_work import UnitOfWork


def mark_paid_back(unit: UnitOfWork, act: Act, args: RefundPaidBack) -> Outcome:
    """Staff have handed the money of a manual refund back."""
    refund = unit.refunds.get(act.tenant_id, args.id)
    if refund.status is RefundStatus.SUCCEEDED:
        return Outcome()
    if refund.channel is not Channel.MANUAL or refund.status is not RefundStatus.APPROVED:
        raise NotPossibleNow(state=refund.status)
    settle(unit, act, refund.id, ref=str(refund.id))
    return Outcome()


def settle(unit: UnitOfWork, act: Act, refund_id: UUID, *, ref: str) -> bool:
    """The money has gone back; False if that was known already. ``ref`` is the provider's id or ours."""
    refund = unit.refunds.get(act.tenant_id, refund_id)
    if refund.status is RefundStatus.SUCCEEDED:
        return False
    stage = unit.stages.get(act.tenant_id, refund.stage_id)
    refund.step_to(RefundStatus.SUCCEEDED)
    refund.attention, refund.settled_at, refund.next_try = None, act.at, None
    stage.give_back(refund.amount_minor)
    enter_ledger(unit, act, stage, kind=LedgerKind.REFUND, amount_minor=-refund.amount_minor, ref=ref)
    derive_request(unit, refund)
    unit.record(RefundSettled(act.tenant_id, act.operation_id, refund.booking_id, refund.id, stage.id))
    return True


def fail(unit: UnitOfWork, act: Act, refund_id: UUID, *, ref: str, reason: str) -> bool:
    """The money did not arrive, maybe days after it seemed to; False if that was known already."""
    refund = unit.refunds.get(act.tenant_id, refund_id)
    if refund.status is RefundStatus.FAILED:
        return False
    stage = unit.stages.get(act.tenant_id, refund.stage_id)
    had_settled = refund.status is RefundStatus.SUCCEEDED
    refund.step_to(RefundStatus.FAILED)
    refund.attention, refund.failure_reason, refund.next_try = "failed", reason, None
    if had_settled:
        stage.take_back(refund.amount_minor)
        enter_ledger(
            unit, act, stage, kind=LedgerKind.REFUND_FAILED, amount_minor=refund.amount_minor, ref=ref
        )
    stage.release(refund.amount_minor)
    derive_request(unit, refund)
    unit.record(RefundFailed(act.tenant_id, act.operation_id, refund.booking_id, refund.id, stage.id))
    return True


def give_up(unit: UnitOfWork, act: Act, refund_id: UUID, *, status: RefundStatus, reason: str) -> None:
    """The provider refused for good (``rejected``) or a waiting refund was cancelled there (``canceled``)."""
    assert status in (RefundStatus.REJECTED, RefundStatus.CANCELED), "the two ways out without money"
    refund = unit.refunds.get(act.tenant_id, refund_id)
    refund.step_to(status)
    refund.attention, refund.failure_reason, refund.next_try = reason, reason, None
    unit.stages.get(act.tenant_id, refund.stage_id).release(refund.amount_minor)
    derive_request(unit, refund)
    unit.record(RefundFailed(act.tenant_id, act.operation_id, refund.booking_id, refund.id, refund.stage_id))


def derive_request(unit: UnitOfWork, refund: Refund) -> None:
    """Let a request's status follow from its refunds."""
    if refund.request_id is None:
        return
    request = unit.refund_requests.get(refund.tenant_id, refund.request_id)
    refunds = latest_per_stage(unit, request)
    if request.status is RequestStatus.CLOSED:
        return
    if any(one.attention for one in refunds):
        request.step_to(RequestStatus.NEEDS_PERSON)
    elif all(one.status is RefundStatus.SUCCEEDED for one in refunds):
        request.step_to(RequestStatus.SETTLED)


def latest_per_stage(unit: UnitOfWork, request: RefundRequest) -> list[Refund]:
    """The refund of each stage that counts: what was tried before it has ended."""
    latest: dict[UUID, Refund] = {}
    for refund in unit.refunds.of_request(request.tenant_id, request.id):
        latest[refund.stage_id] = refund  # ordered by stage and nth
    return list(latest.values())
