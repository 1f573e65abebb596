"""What the card provider says now, written down under the studio's lock: the only way card money changes.

A webhook, the return page, the backfill and the refund worker all end here, with an object that was fetched a
moment ago. Every application is repeatable: ids follow from our own row, so a repeat finds its work done.
"""

from datetime import datetime
from uuid import UUID

import structlog

from shared.ids import TenantId, derived_id
from shared.models.act import Act, Actor, ActorKind
from shared.models.payment import PaymentStage
from shared.models.refund import Refund
from shared.models.states import BookingStatus, Channel, ReasonCode, RefundStatus, StageStatus
from shared.ports import DisputeState, PaymentAccount, PaymentGateway, PaymentIntentState, RefundState
from shared.services import payment_plan, refund_outcomes, refund_requests
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.payment_accounts import PaymentAccounts
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

_STAGE_OF_INTENT = {
    "requires_payment_method": StageStatus.OPEN,
    "requires_confirmation": StageStatus.OPEN,
    "requires_action": StageStatus.ACTION_NEEDED,
    "processing": StageStatus.PROCESSING,
}
_WAITING_REFUND = frozenset({"pending", "requires_action"})
_NEEDS_REVIEW = "needs_review"


def system_act(tenant_id: UUID, now: datetime, *cause: str | UUID) -> Act:
    """An act of the machine; the same cause gives the same ids."""
    first, *rest = cause
    operation_id = derived_id(first, *rest) if isinstance(first, UUID) else derived_id(tenant_id, *cause)
    return Act(TenantId(tenant_id), Actor(ActorKind.SYSTEM, operation_id), now, operation_id)


class ProviderTruth:
    """Fetches an object of the provider and applies it to the studio's rows."""

    def __init__(self, units: StudioUnits, gateway: PaymentGateway) -> None:
        self._units = units
        self._gateway = gateway

    def look_at_payment(self, account: PaymentAccount, pi_id: str) -> PaymentIntentState:
        """Fetch a payment intent and apply what it says."""
        state = self._gateway.fetch_payment_intent(account, pi_id)
        self.apply_payment(account, state)
        return state

    def look_at_refund(self, account: PaymentAccount, re_id: str) -> None:
        """Fetch a refund and apply what it says."""
        self.apply_refund(account, self._gateway.fetch_refund(account, re_id))

    def look_at_refunds_of(self, account: PaymentAccount, pi_id: str) -> None:
        """Fetch every refund of a payment and apply what they say."""
        for state in self._gateway.list_refunds(account, pi_id):
            self.apply_refund(account, state)

    def look_at_dispute(self, account: PaymentAccount, dispute_id: str) -> None:
        """Fetch a dispute and apply what it says."""
        self._apply_dispute(account, self._gateway.fetch_dispute(account, dispute_id))

    def apply_payment(self, account: PaymentAccount, state: PaymentIntentState) -> None:
        """Write down what a payment intent says now; what does not fit waits for a person."""
        with self._units.transaction(account.tenant_id) as (unit, now):
            accounts = PaymentAccounts(unit.session)
            stage = self._stage_of(unit, accounts, account, state)
            if stage is None:
                log.warning("payment_without_stage", tenant_id=str(account.tenant_id), pi_id=state.pi_id)
                return
            act = system_act(account.tenant_id, now, stage.id, "payment", state.pi_id)
            unit.begin_act(act)
            accounts.remember(
                account.tenant_id, account.scope, state.pi_id, kind="payment_intent", local_id=stage.id
            )
            if stage.pi_id is None and stage.is_payable and state.status != "canceled":
                stage.pi_id = state.pi_id
            _apply_to_stage(unit, act, stage, state, livemode=accounts.livemode(account.tenant_id))

    def apply_refund(self, account: PaymentAccount, state: RefundState) -> None:
        """Write down what a refund says now; one that we did not ask for is taken in as external."""
        with self._units.transaction(account.tenant_id) as (unit, now):
            accounts = PaymentAccounts(unit.session)
            refund = self._refund_of(unit, accounts, account, state)
            if refund is None:
                _take_in_external(unit, accounts, account, state, now)
                return
            act = system_act(account.tenant_id, now, refund.id, "refund", state.re_id)
            unit.begin_act(act)
            accounts.remember(
                account.tenant_id, account.scope, state.re_id, kind="refund", local_id=refund.id
            )
            apply_to_refund(unit, act, refund, state)

    def _stage_of(
        self,
        unit: UnitOfWork,
        accounts: PaymentAccounts,
        account: PaymentAccount,
        state: PaymentIntentState,
    ) -> PaymentStage | None:
        known = accounts.owner_of(account.tenant_id, account.scope, state.pi_id)
        named = _uuid(state.metadata.get("stage_id"))
        stage_id = known or named
        return unit.stages.find(account.tenant_id, stage_id) if stage_id is not None else None

    def _refund_of(
        self,
        unit: UnitOfWork,
        accounts: PaymentAccounts,
        account: PaymentAccount,
        state: RefundState,
    ) -> Refund | None:
        named = _uuid(state.metadata.get("refund_id"))
        refund_id = named or accounts.owner_of(account.tenant_id, account.scope, state.re_id)
        return unit.refunds.find(account.tenant_id, refund_id) if refund_id is not None else None

    def _apply_dispute(self, account: PaymentAccount, state: DisputeState) -> None:
        if state.pi_id is None:
            return
        with self._units.transaction(account.tenant_id) as (unit, now):
            stage_id = PaymentAccounts(unit.session).owner_of(account.tenant_id, account.scope, state.pi_id)
            stage = unit.stages.find(account.tenant_id, stage_id) if stage_id is not None else None
            if stage is None:
                return
            unit.begin_act(system_act(account.tenant_id, now, stage.id, "dispute", state.dispute_id))
            stage.dispute_state = "open" if state.blocks_refunds else state.status
            stage.attention = "dispute" if state.blocks_refunds else None
            for refund in unit.refunds.of_stage(account.tenant_id, stage.id):
                if refund.status is RefundStatus.APPROVED:
                    refund.attention = "dispute" if state.blocks_refunds else None
                    refund_outcomes.derive_request(unit, refund)


def _apply_to_stage(
    unit: UnitOfWork, act: Act, stage: PaymentStage, state: PaymentIntentState, *, livemode: bool
) -> None:
    if not _fits(stage, state, livemode=livemode):
        stage.attention = _NEEDS_REVIEW
        log.warning("payment_does_not_fit", tenant_id=str(act.tenant_id), stage_id=str(stage.id))
    elif state.status == "succeeded":
        _paid(unit, act, stage, state)
    elif state.status == "canceled":
        if stage.pi_id in (None, state.pi_id):
            payment_plan.card_payment_ended(unit, act, stage.id)
    elif state.status in _STAGE_OF_INTENT:
        if stage.pi_id == state.pi_id:
            status = _STAGE_OF_INTENT[state.status]
            payment_plan.card_state_seen(unit, act, stage.id, status=status, last_error=_decline(state))
    else:
        stage.attention = _NEEDS_REVIEW
        log.warning("payment_status_unknown", tenant_id=str(act.tenant_id), stage_id=str(stage.id))


def _fits(stage: PaymentStage, state: PaymentIntentState, *, livemode: bool) -> bool:
    return (
        state.livemode == livemode
        and state.currency == stage.currency
        and state.amount_minor == stage.amount_minor
        and state.metadata.get("tenant") == str(stage.tenant_id)
        and state.metadata.get("stage_id") == str(stage.id)
        and state.metadata.get("stage_rev") == str(stage.rev)
        and (state.status != "succeeded" or state.amount_received_minor == stage.amount_minor)
    )


def _paid(unit: UnitOfWork, act: Act, stage: PaymentStage, state: PaymentIntentState) -> None:
    if stage.is_paid and stage.pi_id != state.pi_id:
        stage.attention = _NEEDS_REVIEW  # a second payment of one stage: visible money, never an error
        return
    stage.pi_id = state.pi_id
    came_now = payment_plan.card_paid(
        unit,
        act,
        stage.id,
        amount_minor=state.amount_received_minor,
        ref=state.pi_id,
        words=state.card_words or "Card",
    )
    booking = unit.bookings.get(act.tenant_id, stage.booking_id)
    if came_now and booking.status is BookingStatus.CANCELLED:
        refund_requests.give_back_by_itself(
            unit,
            act,
            stage,
            amount_minor=state.amount_received_minor,
            reason=ReasonCode.PAID_AFTER_CANCEL,
        )


def _decline(state: PaymentIntentState) -> str | None:
    if state.decline_code is None:
        return None
    return f"{state.decline_code}|{state.decline_card_words or ''}"


def apply_to_refund(unit: UnitOfWork, act: Act, refund: Refund, state: RefundState) -> None:
    """Write down on our refund what the provider's says now; an unknown status waits for a person."""
    refund.re_id = state.re_id
    refund.lease_owner = refund.lease_until = None
    if state.amount_minor != refund.amount_minor or state.currency != refund.currency:
        refund.attention = _NEEDS_REVIEW
        refund_outcomes.derive_request(unit, refund)
    elif state.status == "succeeded":
        refund_outcomes.settle(unit, act, refund.id, ref=state.re_id)
    elif state.status in _WAITING_REFUND:
        if refund.status in (RefundStatus.SUBMITTING, RefundStatus.UNKNOWN):
            refund.step_to(RefundStatus.SUBMITTED)
        refund.pending_reason, refund.next_try = state.pending_reason, None
    elif state.status == "failed":
        refund_outcomes.fail(unit, act, refund.id, ref=state.re_id, reason=state.failure_reason or "failed")
    elif state.status == "canceled":
        if refund.status is RefundStatus.SUBMITTED:
            refund_outcomes.give_up(unit, act, refund.id, status=RefundStatus.CANCELED, reason="canceled")
    else:
        refund.attention = _NEEDS_REVIEW
        refund_outcomes.derive_request(unit, refund)


def _take_in_external(
    unit: UnitOfWork,
    accounts: PaymentAccounts,
    account: PaymentAccount,
    state: RefundState,
    now: datetime,
) -> None:
    """A refund made in the provider's dashboard: it has happened, so it counts, and a person decides."""
    stage_id = accounts.owner_of(account.tenant_id, account.scope, state.pi_id) if state.pi_id else None
    stage = unit.stages.find(account.tenant_id, stage_id) if stage_id is not None else None
    if stage is None or state.status in ("failed", "canceled"):
        log.warning("refund_without_stage", tenant_id=str(account.tenant_id), re_id=state.re_id)
        return
    act = system_act(account.tenant_id, now, stage.id, "external", state.re_id)
    unit.begin_act(act)
    _make_room(unit, act, stage, state.amount_minor)
    refund = unit.refunds.add(
        account.tenant_id,
        Refund(
            tenant_id=account.tenant_id,
            id=act.new_id("refund"),
            booking_id=stage.booking_id,
            request_id=None,
            stage_id=stage.id,
            channel=Channel.CARD,
            origin="stripe",
            amount_minor=state.amount_minor,
            currency=state.currency,
            status=RefundStatus.SUBMITTED,
            approved_at=now,
            scope=account.scope,
            re_id=state.re_id,
        ),
    )
    stage.reserve(state.amount_minor)
    accounts.remember(account.tenant_id, account.scope, state.re_id, kind="refund", local_id=refund.id)
    unit.session.flush()
    apply_to_refund(unit, act, refund, state)
    refund.attention = "external"


def _make_room(unit: UnitOfWork, act: Act, stage: PaymentStage, amount_minor: int) -> None:
    """Rows that the provider does not know lose their reservation first, newest first."""
    waiting = [
        refund
        for refund in unit.refunds.of_stage(act.tenant_id, stage.id)
        if refund.status is RefundStatus.APPROVED
    ]
    for refund in sorted(waiting, key=lambda one: one.approved_at, reverse=True):
        if stage.received_minor - stage.refund_reserved_minor >= amount_minor:
            return
        refund.step_to(RefundStatus.WITHDRAWN)
        refund.attention = "overtaken"
        stage.release(refund.amount_minor)
        refund_outcomes.derive_request(unit, refund)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
