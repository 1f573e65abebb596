"""The wish for money back, and who agreed to it; it calls no provider.

Money is reserved in the same transaction as the wish, so that it can never be promised twice. Refunds leave
through the server's ``refund_submission``; what becomes of them is written down in ``refund_outcomes``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.errors import MoneyInMotion, NeedsRight, NotPossibleNow, RefundOnItsWay, RequestKeyReused
from shared.events import RefundApproved, RefundRequested
from shared.models.act import Act, Actor, ActorKind
from shared.models.booking import Booking
from shared.models.payment import PaymentStage
from shared.models.refund import Refund, RefundRequest, RefundRequestLine
from shared.models.states import Channel, ReasonCode, RefundStatus, RequestStatus
from shared.models.studio import Studio
from shared.money import Money
from shared.policies.cancellation import CancellationPreview
from shared.policies.refund_allocation import (
    LIMIT_WINDOW,
    OwnRequest,
    PaidStage,
    RefundLimits,
    RequestedLine,
    approved_at_once,
    check_approver,
    check_lines,
    customer_approved_at_once,
    request_body_hash,
    request_fingerprint,
)
from shared.services.refund_outcomes import latest_per_stage
from shared.sync_protocol.operations import RefundAnswer, RefundAsk
from shared.sync_protocol.results import IssueDraft, Outcome
from shared.unit_of_work import UnitOfWork

_ON_ITS_WAY = frozenset({RefundStatus.SUBMITTING, RefundStatus.SUBMITTED, RefundStatus.UNKNOWN})
_SYSTEM_REASONS = frozenset({ReasonCode.PAID_AFTER_CANCEL, ReasonCode.SURPLUS})


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """What is asked back for one booking, and why."""

    booking_id: UUID
    currency: str
    lines: list[RequestedLine]
    reason: ReasonCode
    note: str = ""
    another: bool = False

    @property
    def body_hash(self) -> str:
        return request_body_hash(
            self.booking_id,
            self.lines,
            self.reason,
            currency=self.currency,
            note=self.note,
            another=self.another,
        )

    @property
    def fingerprint(self) -> str:
        return request_fingerprint(self.booking_id, self.lines, self.reason)


def ask(unit: UnitOfWork, act: Act, args: RefundAsk) -> Outcome:
    """Ask for money back, reserve it, and approve it at once where the rules let one person do so.

    Raises RequestKeyReused, and the input and money errors of ``check_lines``. An equal open request is
    answered with that one (``identical_open_request``) unless ``another`` is set.
    """
    if args.reason_code in _SYSTEM_REASONS and act.actor.kind is not ActorKind.SYSTEM:
        raise NeedsRight
    booking = unit.bookings.get(act.tenant_id, args.booking_id)
    wish = _Wish(
        booking_id=booking.id,
        currency=args.currency,
        lines=[RequestedLine(line.stage_id, line.amount_minor) for line in args.lines],
        reason=args.reason_code,
        note=args.note,
        another=args.another,
    )
    known = unit.refund_requests.by_key(act.tenant_id, args.request_key)
    if known is not None:
        if known.body_hash != wish.body_hash:
            raise RequestKeyReused
        return Outcome(result={"request_id": str(known.id)})
    twin = unit.refund_requests.open_like(act.tenant_id, wish.fingerprint)
    if twin is not None and not args.another:
        issue = IssueDraft("identical_open_request", "refund_request", twin.id)
        result = {"request_id": str(twin.id)}
        return Outcome(code="identical_open_request", issues=(issue,), result=result)
    request = _request(act, wish, request_id=args.id, request_key=args.request_key)
    _reserve(unit, act, request, wish.lines)
    if _staff_may_do_it_alone(unit, act, request, wish.lines):
        _approve(unit, act, request)
    return Outcome(result={"request_id": str(request.id)})


def ask_after_cancellation(
    unit: UnitOfWork,
    act: Act,
    booking: Booking,
    *,
    preview: CancellationPreview,
    reason: ReasonCode,
    note: str,
) -> None:
    """Ask for exactly what the frozen policy gives back. A customer's wish may be approved by policy."""
    wish = _Wish(
        booking_id=booking.id,
        currency=booking.currency,
        lines=[RequestedLine(line.stage_id, line.refund_minor) for line in preview.refund_lines],
        reason=reason,
        note=note,
    )
    request = _request(
        act,
        wish,
        request_id=act.new_id("refund_request"),
        request_key=act.new_id("request_key"),
        policy_tier=f"{preview.tier_keep_percent}",
    )
    if unit.refund_requests.find(act.tenant_id, request.id) is not None:
        return
    _reserve(unit, act, request, wish.lines)
    asked = Money(preview.refund_minor, booking.currency)
    studio = unit.studios.settings(act.tenant_id)
    by_policy = act.actor.kind is ActorKind.CUSTOMER and customer_approved_at_once(
        asked,
        policy_refund=asked,
        auto_limit_minor=studio.customer_auto_limit_minor,
        studio_currency=studio.currency,
    )
    if by_policy or _staff_may_do_it_alone(unit, act, request, wish.lines):
        _approve(unit, act, request)


def give_back_by_itself(
    unit: UnitOfWork, act: Act, stage: PaymentStage, *, amount_minor: int, reason: ReasonCode
) -> None:
    """The system's own request: it approves itself (money that came after the cancellation)."""
    assert reason in _SYSTEM_REASONS, "the system asks only for its own reasons"
    assert act.actor.kind is ActorKind.SYSTEM, "only the system asks by itself"
    wish = _Wish(
        booking_id=stage.booking_id,
        currency=stage.currency,
        lines=[RequestedLine(stage.id, amount_minor)],
        reason=reason,
        another=True,
    )
    request = _request(
        act,
        wish,
        request_id=act.new_id("refund_request", stage.id),
        request_key=act.new_id("request_key", stage.id),
    )
    if unit.refund_requests.find(act.tenant_id, request.id) is None:
        _reserve(unit, act, request, wish.lines)
        _approve(unit, act, request)


def _request(
    act: Act, wish: _Wish, *, request_id: UUID, request_key: UUID, policy_tier: str = ""
) -> RefundRequest:
    return RefundRequest(
        tenant_id=act.tenant_id,
        id=request_id,
        booking_id=wish.booking_id,
        currency=wish.currency,
        request_key=request_key,
        body_hash=wish.body_hash,
        fingerprint=wish.fingerprint,
        another=wish.another,
        reason_code=wish.reason,
        note=wish.note,
        asked_by_kind=act.actor.kind,
        asked_by=act.actor.id,
        asked_at=act.at,
        policy_tier=policy_tier,
    )


def _reserve(unit: UnitOfWork, act: Act, request: RefundRequest, lines: Sequence[RequestedLine]) -> None:
    stages = {stage.id: stage for stage in unit.stages.of_booking(act.tenant_id, request.booking_id)}
    paid = [
        PaidStage(
            stage.id,
            stage.currency,
            stage.received_minor,
            stage.refund_reserved_minor,
            stage.dispute_state == "open",
            stage.channel,
        )
        for stage in stages.values()
    ]
    check_lines(lines, paid, currency=request.currency)
    unit.refund_requests.add(act.tenant_id, request)
    for line in lines:
        stages[line.stage_id].reserve(line.amount_minor)
        unit.refund_request_lines.add(
            act.tenant_id,
            RefundRequestLine(
                tenant_id=act.tenant_id,
                id=act.new_id("refund_line", request.id, line.stage_id),
                request_id=request.id,
                stage_id=line.stage_id,
                amount_minor=line.amount_minor,
            ),
        )
    unit.record(RefundRequested(act.tenant_id, act.operation_id, request.booking_id, request.id))


def _staff_may_do_it_alone(
    unit: UnitOfWork, act: Act, request: RefundRequest, lines: Sequence[RequestedLine]
) -> bool:
    if act.actor.kind is not ActorKind.STAFF:
        return False
    studio = unit.studios.settings(act.tenant_id)
    earlier = [
        OwnRequest(other.asked_at, _total_minor(unit, other), other.status)
        for other in unit.refund_requests.asked_since(
            act.tenant_id, request.booking_id, asked_by=act.actor.id, since=act.at - LIMIT_WINDOW
        )
        if other.id != request.id
    ]
    return approved_at_once(
        act.actor.role,
        Money(sum(line.amount_minor for line in lines), request.currency),
        earlier=earlier,
        at=act.at,
        limits=RefundLimits.from_json(studio.refund_limits),
        studio_currency=studio.currency,
    )


def _total_minor(unit: UnitOfWork, request: RefundRequest) -> int:
    lines = unit.refund_request_lines.of_request(request.tenant_id, request.id)
    return sum(line.amount_minor for line in lines)


def _approve(unit: UnitOfWork, act: Act, request: RefundRequest) -> None:
    request.step_to(RequestStatus.APPROVED)
    request.approved_by, request.approved_at = act.actor.id, act.at
    for line in unit.refund_request_lines.of_request(act.tenant_id, request.id):
        stage = unit.stages.get(act.tenant_id, line.stage_id)
        _make_refund(unit, act, request, stage, amount_minor=line.amount_minor, nth=1)
    unit.record(RefundApproved(act.tenant_id, act.operation_id, request.booking_id, request.id))


def _make_refund(
    unit: UnitOfWork, act: Act, request: RefundRequest, stage: PaymentStage, *, amount_minor: int, nth: int
) -> None:
    unit.refunds.add(
        act.tenant_id,
        Refund(
            tenant_id=act.tenant_id,
            id=act.new_id("refund", request.id, stage.id, nth),
            booking_id=request.booking_id,
            request_id=request.id,
            stage_id=stage.id,
            nth=nth,
            channel=stage.channel,
            amount_minor=amount_minor,
            currency=stage.currency,
            approved_at=act.at,
            next_try=act.at if stage.channel is Channel.CARD else None,
            scope=stage.scope,
        ),
    )


def approve(unit: UnitOfWork, act: Act, args: RefundAnswer) -> Outcome:
    """A second person agrees. Raises SecondPersonNeeded, ApprovalAboveLimit, NotPossibleNow."""
    request = unit.refund_requests.get(act.tenant_id, args.id)
    if request.status in (RequestStatus.APPROVED, RequestStatus.SETTLED):
        return Outcome()
    if request.status is not RequestStatus.REQUESTED:
        raise NotPossibleNow(state=request.status)
    studio = unit.studios.settings(act.tenant_id)
    _check_may_approve(unit, act.actor, request, studio)
    request.answer_note = args.note or None
    _approve(unit, act, request)
    return Outcome()


def _check_may_approve(unit: UnitOfWork, actor: Actor, request: RefundRequest, studio: Studio) -> None:
    check_approver(
        actor.role,
        actor.id,
        asker_id=request.asked_by,
        amount=Money(_total_minor(unit, request), request.currency),
        limits=RefundLimits.from_json(studio.refund_limits),
        studio_currency=studio.currency,
    )


def decline(unit: UnitOfWork, act: Act, args: RefundAnswer) -> Outcome:
    """A second person says no; the reservation is released."""
    request = unit.refund_requests.get(act.tenant_id, args.id)
    if request.status is RequestStatus.DECLINED:
        return Outcome()
    if request.status is not RequestStatus.REQUESTED:
        raise NotPossibleNow(state=request.status)
    request.step_to(RequestStatus.DECLINED)
    request.answer_note = args.note or None
    _release_lines(unit, request)
    return Outcome()


def withdraw(unit: UnitOfWork, act: Act, args: RefundAnswer) -> Outcome:
    """Staff take the wish back before anything has left. Raises RefundOnItsWay."""
    request = unit.refund_requests.get(act.tenant_id, args.id)
    if request.status is RequestStatus.WITHDRAWN:
        return Outcome()
    refunds = unit.refunds.of_request(act.tenant_id, request.id)
    if any(refund.status is not RefundStatus.APPROVED or refund.tries for refund in refunds):
        raise RefundOnItsWay
    request.step_to(RequestStatus.WITHDRAWN)
    for refund in refunds:
        refund.step_to(RefundStatus.WITHDRAWN)
    _release_lines(unit, request)
    return Outcome()


def _release_lines(unit: UnitOfWork, request: RefundRequest) -> None:
    for line in unit.refund_request_lines.of_request(request.tenant_id, request.id):
        unit.stages.get(request.tenant_id, line.stage_id).release(line.amount_minor)


def try_again(unit: UnitOfWork, act: Act, args: RefundAnswer) -> Outcome:
    """A person presses again: undecided refunds keep row and key, refused ones become a new row."""
    request = unit.refund_requests.get(act.tenant_id, args.id)
    if request.status is RequestStatus.APPROVED:
        return Outcome()
    if request.status is not RequestStatus.NEEDS_PERSON:
        raise NotPossibleNow(state=request.status)
    studio = unit.studios.settings(act.tenant_id)
    if act.actor.id != request.approved_by:
        _check_may_approve(unit, act.actor, request, studio)
    for refund in latest_per_stage(unit, request):
        if refund.status in (RefundStatus.FAILED, RefundStatus.REJECTED, RefundStatus.CANCELED):
            stage = unit.stages.get(act.tenant_id, refund.stage_id)
            stage.reserve(refund.amount_minor)
            refund.attention = None
            _make_refund(unit, act, request, stage, amount_minor=refund.amount_minor, nth=refund.nth + 1)
        elif refund.status is not RefundStatus.SUCCEEDED:
            refund.attention, refund.tries, refund.next_try = None, 0, act.at
    request.step_to(RequestStatus.APPROVED)
    return Outcome()


def close(unit: UnitOfWork, act: Act, args: RefundAnswer) -> Outcome:
    """Give a stuck request up with a note; what never left is released. Raises MoneyInMotion."""
    request = unit.refund_requests.get(act.tenant_id, args.id)
    if request.status is RequestStatus.CLOSED:
        return Outcome()
    if request.status is not RequestStatus.NEEDS_PERSON:
        raise NotPossibleNow(state=request.status)
    refunds = latest_per_stage(unit, request)
    if any(refund.status in _ON_ITS_WAY for refund in refunds):
        raise MoneyInMotion
    for refund in refunds:
        refund.attention = None
        if refund.status is RefundStatus.APPROVED:
            refund.step_to(RefundStatus.WITHDRAWN)
            unit.stages.get(act.tenant_id, refund.stage_id).release(refund.amount_minor)
    request.step_to(RequestStatus.CLOSED)
    request.answer_note = args.note
    return Outcome()
