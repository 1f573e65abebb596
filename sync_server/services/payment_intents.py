"""Opens a stage for a card payment, closes one that is not wanted; the outcome is asked of the provider."""

from typing import Final
from uuid import UUID

import structlog

from shared.errors import StageNotPayable
from shared.models.act import Act
from shared.models.payment import PaymentStage
from shared.ports import PaymentAccount, PaymentGateway, PaymentIntentState
from shared.services import payment_plan
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.payment_accounts import PaymentAccounts
from sync_server.services.provider_events import ProviderTruth
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

BATCH: Final = 20


class PaymentIntents:
    """One open payment intent per stage; two tabs share it."""

    def __init__(
        self,
        units: StudioUnits,
        across: AcrossStudios,
        truth: ProviderTruth,
        *,
        gateway: PaymentGateway,
        install: str,
    ) -> None:
        self._units = units
        self._across = across
        self._gateway = gateway
        self._truth = truth
        self._install = install

    def start(self, act: Act, stage_id: UUID) -> PaymentIntentState:
        """Open the stage and its payment intent.

        Raises StageNotPayable, PaymentsNotReady, PaymentsUnavailable. Committed first, then created with the
        stage's own key, then its id is stored: a lost answer or a crash finds the same payment again.
        """
        with self._units.transaction(act.tenant_id) as (unit, _now):
            unit.begin_act(act)
            account = PaymentAccounts(unit.session).ready(act.tenant_id)
            stage = unit.stages.get(act.tenant_id, stage_id)
            if not stage.is_payable or stage.pi_cancel_wanted:
                raise StageNotPayable
            stage = payment_plan.open_for_card(unit, act, stage_id, scope=account.scope)
            known, key = stage.pi_id, f"pi:{self._install}:{stage.id}:{stage.pi_attempt}"
            metadata = self._metadata(stage)
            amount_minor, currency = stage.amount_minor, stage.currency
        if known is not None:
            return self._truth.look_at_payment(account, known)
        state = self._gateway.create_payment_intent(
            account, amount_minor=amount_minor, currency=currency, metadata=metadata, idempotency_key=key
        )
        self._truth.apply_payment(account, state)
        return state

    def confirm(
        self, act: Act, stage_id: UUID, *, payment_method: str, run: str, return_url: str | None = None
    ) -> PaymentIntentState:
        """Pay with a card from our own page (practice); ``run`` names one press of the button.

        ``return_url``: where the bank sends the customer after a question of its own.
        """
        opened = self.start(act, stage_id)
        account = self._account(act.tenant_id)
        state = self._gateway.confirm_payment_intent(
            account,
            opened.pi_id,
            payment_method=payment_method,
            idempotency_key=f"pic:{self._install}:{stage_id}:{run}",
            return_url=return_url,
        )
        # what the answer says is not yet the truth: it is fetched, as after any return from the card network
        return self._truth.look_at_payment(account, state.pi_id)

    def look(self, tenant_id: UUID, stage_id: UUID) -> PaymentIntentState | None:
        """Ask the provider what became of a stage's payment (the return page); nothing to ask is no error."""
        with self._units.reading(tenant_id) as (unit, _now):
            stage = unit.stages.find(tenant_id, stage_id)
        if stage is None or stage.pi_id is None or not stage.is_payable:
            return None
        return self._truth.look_at_payment(self._account(tenant_id), stage.pi_id)

    def cancel_due(self) -> int:
        """Close a batch of payments that are not wanted any more; how many were worked on."""
        due = self._across.due_pi_cancels(BATCH)
        for tenant_id, stage_id in due:
            self._cancel(tenant_id, stage_id)
        return len(due)

    def _cancel(self, tenant_id: UUID, stage_id: UUID) -> None:
        account = self._account(tenant_id)
        with self._units.reading(tenant_id) as (unit, _now):
            stage = unit.stages.get(tenant_id, stage_id)
        if stage.pi_id is None:
            # opened, but no payment was ever stored: create answers with the one that may exist
            state = self._gateway.create_payment_intent(
                account,
                amount_minor=stage.amount_minor,
                currency=stage.currency,
                metadata=self._metadata(stage),
                idempotency_key=f"pi:{self._install}:{stage.id}:{stage.pi_attempt}",
            )
            pi_id = state.pi_id
        else:
            pi_id = stage.pi_id
        state = self._gateway.cancel_payment_intent(
            account, pi_id, idempotency_key=f"pix:{self._install}:{pi_id}"
        )
        log.info("payment_cancelled", tenant_id=str(tenant_id), stage_id=str(stage_id), status=state.status)
        self._truth.look_at_payment(account, pi_id)

    def _account(self, tenant_id: UUID) -> PaymentAccount:
        with self._units.sessions.reading(tenant_id) as session:
            return PaymentAccounts(session).ready(tenant_id)

    def _metadata(self, stage: PaymentStage) -> dict[str, str]:
        return {
            "tenant": str(stage.tenant_id),
            "stage_id": str(stage.id),
            "stage_rev": str(stage.rev),
            "install": self._install,
        }
