"""Sends approved refunds to the provider, each exactly once, through crash, timeout and lost answers.

Intent first: parameters and key are frozen and committed as ``submitting`` before the call. When the outcome
is unknown, the payment's refunds are listed and matched by metadata before anything is sent again, and it is
sent again only with the same key and parameters, and only while the provider still remembers the key.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog

from shared.errors import PaymentRefused, PaymentsBusy, PaymentsNotReady, PaymentsUnavailable
from shared.models.refund import Refund
from shared.models.states import RefundStatus
from shared.ports import PaymentAccount, PaymentGateway, RefundState
from shared.services import refund_outcomes
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.payment_accounts import PaymentAccounts
from sync_server.services.provider_events import apply_to_refund, system_act
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

BATCH: Final = 20
LEASE: Final = timedelta(seconds=120)
MAX_TRIES: Final = 5
KEY_LIVES: Final = timedelta(hours=23)
"""The provider forgets an idempotency key after 24 hours; an hour is kept as margin."""
LISTS_APART: Final = timedelta(minutes=10)
_WAITS_MIN: Final = (1, 4, 16, 64)
_JITTER: Final = 0.2


@dataclass(frozen=True)
class _Claim:
    account: PaymentAccount
    refund_id: UUID
    tries: int
    params: dict[str, Any]
    idem_key: str
    first_sent_at: datetime
    must_list: bool
    at: datetime


class RefundSubmission:
    """The refund worker's hand."""

    def __init__(
        self,
        units: StudioUnits,
        across: AcrossStudios,
        gateway: PaymentGateway,
        *,
        install: str,
        owner: str,
    ) -> None:
        self._units = units
        self._across = across
        self._gateway = gateway
        self._install = install
        self._owner = owner
        self._random = random.Random(owner)  # noqa: S311 - spreads retries, guards nothing

    def submit_due(self) -> int:
        """Take a batch of due refunds; how many were worked on."""
        due = self._across.due_refunds(BATCH)
        return sum(self.submit(tenant_id, refund_id) for tenant_id, refund_id in due)

    def submit(self, tenant_id: UUID, refund_id: UUID) -> bool:
        """Send one refund, or find out what became of it; False when it is not to be sent now."""
        claim = self._claim(tenant_id, refund_id)
        if claim is None:
            return False
        log.info("refund_submitting", tenant_id=str(tenant_id), refund_id=str(refund_id), tries=claim.tries)
        try:
            state = self._look_up(claim) if claim.must_list else None
            if state is None and claim.must_list and claim.at - claim.first_sent_at > KEY_LIVES:
                self._found_nothing(claim)
                return True
            if state is None:
                state = self._gateway.create_refund(
                    claim.account,
                    pi_id=claim.params["pi_id"],
                    amount_minor=claim.params["amount_minor"],
                    currency=claim.params["currency"],
                    metadata=claim.params["metadata"],
                    idempotency_key=claim.idem_key,
                )
        except PaymentsBusy:
            self._undecided(claim, RefundStatus.APPROVED)
        except PaymentsUnavailable as failure:
            if claim.must_list and failure.details.get("replayed"):
                self._found_nothing(claim)  # the key only repeats its old failure, and nothing was made by it
            else:
                self._undecided(claim, RefundStatus.UNKNOWN)
        except PaymentRefused as refused:
            self._rejected(claim, str(refused.details["provider_code"]))
        else:
            self._answered(claim, state)
        return True

    def _claim(self, tenant_id: UUID, refund_id: UUID) -> _Claim | None:
        """Freeze what will be sent and commit it as ``submitting``."""
        with self._units.transaction(tenant_id) as (unit, now):
            refund = unit.refunds.find(tenant_id, refund_id)
            machine = tenant_lock.machine_now(unit.session)
            if refund is None or not _is_due(refund, now=now, machine=machine):
                return None
            stage = unit.stages.get(tenant_id, refund.stage_id)
            unit.begin_act(system_act(tenant_id, now, refund.id, "submit"))
            if stage.dispute_state == "open":
                refund.attention = "dispute"
                refund_outcomes.derive_request(unit, refund)
                return None
            try:
                account = PaymentAccounts(unit.session).ready(tenant_id)
            except PaymentsNotReady:
                refund.next_try = now + timedelta(minutes=_WAITS_MIN[-1])
                return None
            if refund.status is RefundStatus.SUBMITTING:  # its worker died: nobody knows how far it came
                refund.step_to(RefundStatus.UNKNOWN)
            must_list = refund.tries > 0 or refund.first_sent_at is not None
            if refund.params is None:
                assert stage.pi_id is not None, "a card refund has a card payment"
                refund.params = self._frozen(refund, stage.pi_id)
                refund.idem_key = f"refund:{self._install}:{refund.id}:{refund.attempt}"
            refund.step_to(RefundStatus.SUBMITTING)
            refund.tries += 1
            refund.first_sent_at = refund.first_sent_at or now
            refund.lease_owner, refund.lease_until = self._owner, machine + LEASE
            assert refund.idem_key is not None, "frozen with the parameters"
            return _Claim(
                account=account,
                refund_id=refund.id,
                tries=refund.tries,
                params={"currency": refund.currency} | refund.params,  # older ones were frozen without it
                idem_key=refund.idem_key,
                first_sent_at=refund.first_sent_at,
                must_list=must_list,
                at=now,
            )

    def _frozen(self, refund: Refund, pi_id: str) -> dict[str, Any]:
        return {
            "pi_id": pi_id,
            "amount_minor": refund.amount_minor,
            "currency": refund.currency,
            "metadata": {
                "refund_id": str(refund.id),
                "stage_id": str(refund.stage_id),
                "tenant": str(refund.tenant_id),
                "install": self._install,
            },
        }

    def _look_up(self, claim: _Claim) -> RefundState | None:
        """The provider's refund that bears our id, if it has one."""
        states = self._gateway.list_refunds(claim.account, claim.params["pi_id"])
        own = [state for state in states if state.metadata.get("refund_id") == str(claim.refund_id)]
        standing = [state for state in own if state.status not in ("failed", "canceled")]
        return next(iter(standing or own), None)

    def _answered(self, claim: _Claim, state: RefundState) -> None:
        tenant_id = claim.account.tenant_id
        with self._units.transaction(tenant_id) as (unit, now):
            refund = unit.refunds.get(tenant_id, claim.refund_id)
            act = system_act(tenant_id, now, refund.id, "refund", state.re_id)
            unit.begin_act(act)
            PaymentAccounts(unit.session).remember(
                tenant_id, claim.account.scope, state.re_id, kind="refund", local_id=refund.id
            )
            apply_to_refund(unit, act, refund, state)
        log.info("refund_submitted", tenant_id=str(tenant_id), refund_id=str(claim.refund_id))

    def _undecided(self, claim: _Claim, status: RefundStatus) -> None:
        def wait(unit: UnitOfWork, refund: Refund, now: datetime) -> None:
            refund.step_to(status)
            if refund.tries >= MAX_TRIES:
                refund.attention = "tries_used_up"
                refund_outcomes.derive_request(unit, refund)
            else:
                pause = timedelta(minutes=_WAITS_MIN[refund.tries - 1])
                refund.next_try = now + pause * (1 + _JITTER * (2 * self._random.random() - 1))

        self._write(claim, wait)

    def _found_nothing(self, claim: _Claim) -> None:
        """The key is too old to repeat: only a second empty list, later, allows a new attempt."""

        def look_again_or_start_anew(_unit: UnitOfWork, refund: Refund, now: datetime) -> None:
            refund.step_to(RefundStatus.UNKNOWN)
            refund.tries -= 1  # looking is not trying
            before = claim.params.get("nothing_found_at")
            if before is None:
                refund.params = {**claim.params, "nothing_found_at": now.isoformat()}
                refund.next_try = now + LISTS_APART
            elif now - datetime.fromisoformat(before) < LISTS_APART:
                refund.next_try = datetime.fromisoformat(before) + LISTS_APART
            else:
                refund.step_to(RefundStatus.APPROVED)
                refund.attempt += 1
                refund.params = refund.idem_key = refund.first_sent_at = None
                refund.tries, refund.next_try = 0, now

        self._write(claim, look_again_or_start_anew)

    def _rejected(self, claim: _Claim, provider_code: str) -> None:
        def give_up(unit: UnitOfWork, refund: Refund, now: datetime) -> None:
            act = system_act(refund.tenant_id, now, refund.id, "rejected")
            refund_outcomes.give_up(unit, act, refund.id, status=RefundStatus.REJECTED, reason=provider_code)

        self._write(claim, give_up)

    def _write(self, claim: _Claim, change: Callable[[UnitOfWork, Refund, datetime], None]) -> None:
        """Write the outcome, unless a webhook or another worker has written one meanwhile."""
        tenant_id = claim.account.tenant_id
        with self._units.transaction(tenant_id) as (unit, now):
            refund = unit.refunds.get(tenant_id, claim.refund_id)
            if refund.status is not RefundStatus.SUBMITTING or refund.lease_owner != self._owner:
                return
            unit.begin_act(system_act(tenant_id, now, refund.id, "submit"))
            refund.lease_owner = refund.lease_until = None
            change(unit, refund, now)


def _is_due(refund: Refund, *, now: datetime, machine: datetime) -> bool:
    if refund.status in (RefundStatus.APPROVED, RefundStatus.UNKNOWN):
        return refund.attention is None and (refund.next_try is None or refund.next_try <= now)
    return (
        refund.status is RefundStatus.SUBMITTING
        and refund.lease_until is not None
        and refund.lease_until < machine
    )
