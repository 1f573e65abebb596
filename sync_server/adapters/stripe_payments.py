"""The only door to Stripe: each call carries its account, each answer is plain values, each error is ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import stripe
from stripe import StripeClient

from shared.errors import BadSignature, PaymentRefused, PaymentsBusy, PaymentsUnavailable
from shared.ports import DisputeState, PaymentAccount, PaymentIntentState, ProviderEvent, RefundState
from sync_server.adapters.stripe_amounts import from_stripe, to_stripe

TIMEOUT_S: Final = 25
RETRIES: Final = 2
"""The SDK's own retries of one call; its default is none."""
SIGNATURE_TOLERANCE_S: Final = 300
_BUSY_STATUS: Final = frozenset({409, 429})
_SERVER_ERROR: Final = 500
_EVENTS_A_PAGE: Final = 100

# A card decline or a payment that has changed meanwhile is an answer about the payment, not a failed call.
_STATE_ERRORS: Final = frozenset({"payment_intent_unexpected_state", "payment_intent_authentication_failure"})


class StripePayments:
    """Card payments and refunds through stripe-python; holds the port PaymentGateway."""

    def __init__(self, api_key: str, *, webhook_secrets: tuple[str, ...], api_base: str = "") -> None:
        if not api_key or not webhook_secrets or not all(webhook_secrets):
            raise ValueError("card payments need an API key and a webhook secret")
        base: Any = {"api": api_base} if api_base else {}
        self._transport = stripe.RequestsClient(timeout=TIMEOUT_S)
        self._client = StripeClient(
            api_key,
            max_network_retries=RETRIES,
            http_client=self._transport,
            **({"base_addresses": base} if base else {}),
        )
        self._webhook_secrets = webhook_secrets

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()  # type: ignore[no-untyped-call] # stripe's own

    def create_payment_intent(
        self,
        account: PaymentAccount,
        *,
        amount_minor: int,
        currency: str,
        metadata: dict[str, str],
        idempotency_key: str,
    ) -> PaymentIntentState:
        """Open a payment for one stage."""
        with _our_errors():
            intent = self._client.v1.payment_intents.create(
                {
                    "amount": to_stripe(amount_minor, currency),
                    "currency": currency.lower(),
                    "metadata": metadata,
                    "allowed_payment_method_types": ["card"],
                },
                _options(account, idempotency_key),
            )
            return self._payment_state(account, intent.to_dict())

    def fetch_payment_intent(self, account: PaymentAccount, pi_id: str) -> PaymentIntentState:
        """The payment's present state."""
        with _our_errors():
            intent = self._client.v1.payment_intents.retrieve(pi_id, {}, _options(account))
            return self._payment_state(account, intent.to_dict())

    def confirm_payment_intent(
        self,
        account: PaymentAccount,
        pi_id: str,
        *,
        payment_method: str,
        idempotency_key: str,
        return_url: str | None = None,
    ) -> PaymentIntentState:
        """Pay with a card; a decline comes back as the payment's state."""
        with _our_errors():
            try:
                intent = self._client.v1.payment_intents.confirm(
                    pi_id,
                    {"payment_method": payment_method, "return_url": return_url}
                    if return_url
                    else {"payment_method": payment_method},
                    _options(account, idempotency_key),
                )
            except stripe.CardError:
                return self.fetch_payment_intent(account, pi_id)
            except stripe.InvalidRequestError as refused:
                if refused.code in _STATE_ERRORS:
                    return self.fetch_payment_intent(account, pi_id)
                raise
            return self._payment_state(account, intent.to_dict())

    def cancel_payment_intent(
        self, account: PaymentAccount, pi_id: str, *, idempotency_key: str
    ) -> PaymentIntentState:
        """Close a payment; one that cannot be closed any more comes back as it is."""
        with _our_errors():
            try:
                intent = self._client.v1.payment_intents.cancel(pi_id, {}, _options(account, idempotency_key))
            except stripe.InvalidRequestError as refused:
                if refused.code in _STATE_ERRORS:
                    return self.fetch_payment_intent(account, pi_id)
                raise
            return self._payment_state(account, intent.to_dict())

    def create_refund(
        self,
        account: PaymentAccount,
        *,
        pi_id: str,
        amount_minor: int,
        currency: str,
        metadata: dict[str, str],
        idempotency_key: str,
    ) -> RefundState:
        """Send money back."""
        with _our_errors():
            refund = self._client.v1.refunds.create(
                {
                    "payment_intent": pi_id,
                    "amount": to_stripe(amount_minor, currency),
                    "metadata": metadata,
                },
                _options(account, idempotency_key),
            )
            return _refund_state(refund.to_dict())

    def fetch_refund(self, account: PaymentAccount, re_id: str) -> RefundState:
        """The refund's present state."""
        with _our_errors():
            return _refund_state(self._client.v1.refunds.retrieve(re_id, {}, _options(account)).to_dict())

    def list_refunds(self, account: PaymentAccount, pi_id: str) -> list[RefundState]:
        """Every refund of one payment."""
        with _our_errors():
            page = self._client.v1.refunds.list({"payment_intent": pi_id, "limit": 100}, _options(account))
            return [_refund_state(refund.to_dict()) for refund in page.auto_paging_iter()]

    def fetch_dispute(self, account: PaymentAccount, dispute_id: str) -> DisputeState:
        """The dispute's present state."""
        with _our_errors():
            found = self._client.v1.disputes.retrieve(dispute_id, {}, _options(account)).to_dict()
        pi_id = found.get("payment_intent")
        return DisputeState(
            dispute_id=found["id"],
            status=found["status"],
            pi_id=pi_id if isinstance(pi_id, str) else None,
            blocks_refunds=not found.get("is_charge_refundable", False)
            and found["status"] in ("needs_response", "under_review"),
        )

    def list_events(self, account: PaymentAccount, *, since: datetime) -> list[ProviderEvent]:
        """What happened since an instant, oldest first."""
        with _our_errors():
            page = self._client.v1.events.list(
                {"created": {"gte": int(since.timestamp())}, "limit": _EVENTS_A_PAGE}, _options(account)
            )
            events = [_event(event.to_dict()) for event in page.auto_paging_iter()]
        return events[::-1]

    def read_webhook(self, body: bytes, signature: str, now: datetime) -> ProviderEvent:
        """The event in a signed webhook; raises BadSignature. ``now`` is machine time."""
        for secret in self._webhook_secrets:
            try:
                event = stripe.Webhook.construct_event(
                    body, signature, secret, tolerance=SIGNATURE_TOLERANCE_S
                )
            except (stripe.SignatureVerificationError, ValueError):
                continue
            plain = _event(event.to_dict())
            if _signed_at(signature) > now.timestamp() + SIGNATURE_TOLERANCE_S:
                break
            return plain
        raise BadSignature

    def _payment_state(self, account: PaymentAccount, intent: dict[str, Any]) -> PaymentIntentState:
        currency = intent["currency"].upper()
        charge_id = intent.get("latest_charge")
        error = intent.get("last_payment_error") or {}
        asks = (intent.get("next_action") or {}).get("redirect_to_url") or {}
        return PaymentIntentState(
            pi_id=intent["id"],
            status=intent["status"],
            amount_minor=from_stripe(intent["amount"], currency),
            amount_received_minor=from_stripe(intent.get("amount_received") or 0, currency),
            currency=currency,
            metadata=dict(intent.get("metadata") or {}),
            livemode=intent["livemode"],
            latest_charge=charge_id if isinstance(charge_id, str) else None,
            card_words=self._card_words(account, charge_id) if intent["status"] == "succeeded" else None,
            decline_code=error.get("decline_code") or error.get("code"),
            decline_card_words=_words_of_card((error.get("payment_method") or {}).get("card")),
            client_secret=intent.get("client_secret"),
            bank_page=asks.get("url"),
        )

    def _card_words(self, account: PaymentAccount, charge_id: object) -> str | None:
        if not isinstance(charge_id, str):
            return None
        charge = self._client.v1.charges.retrieve(charge_id, {}, _options(account)).to_dict()
        return _words_of_card((charge.get("payment_method_details") or {}).get("card"))


def _options(account: PaymentAccount, idempotency_key: str | None = None) -> Any:  # noqa: ANN401 - the SDK's own dict
    options = {"stripe_account": account.account}
    return options | {"idempotency_key": idempotency_key} if idempotency_key else options


def _words_of_card(card: dict[str, Any] | None) -> str | None:
    if not card or not card.get("last4"):
        return None
    return f"{str(card.get('brand') or 'card').capitalize()} ending {card['last4']}"


def _refund_state(refund: dict[str, Any]) -> RefundState:
    pi_id, currency = refund.get("payment_intent"), refund["currency"].upper()
    return RefundState(
        re_id=refund["id"],
        status=refund["status"],
        amount_minor=from_stripe(refund["amount"], currency),
        currency=currency,
        pi_id=pi_id if isinstance(pi_id, str) else None,
        metadata=dict(refund.get("metadata") or {}),
        failure_reason=refund.get("failure_reason"),
        pending_reason=refund.get("pending_reason"),
    )


def _event(event: dict[str, Any]) -> ProviderEvent:
    about = event["data"]["object"]
    return ProviderEvent(
        event_id=event["id"],
        type=event["type"],
        object_id=about.get("id"),
        account=event.get("account"),
        livemode=event["livemode"],
        created_at=datetime.fromtimestamp(event["created"], UTC),
        payload={"payment_intent": about.get("payment_intent"), "object": about.get("object")},
    )


def _signed_at(signature: str) -> float:
    parts = dict(part.split("=", 1) for part in signature.split(",") if "=" in part)
    return float(parts.get("t", "inf"))


def _code_of(refused: stripe.StripeError) -> str:
    """Stripe's code; some errors of the SDK carry it only inside, an over-refund names only its parameter."""
    error = refused.error
    return refused.code or getattr(error, "code", None) or getattr(error, "param", None) or "refused"


@contextmanager
def _our_errors() -> Iterator[None]:
    """Turn the SDK's exceptions into ours: unknown outcome, come back later, or a definite no."""
    try:
        yield
    except stripe.RateLimitError as cause:
        raise PaymentsBusy from cause
    except stripe.APIConnectionError as cause:
        raise PaymentsUnavailable from cause
    except stripe.StripeError as cause:
        status = cause.http_status or _SERVER_ERROR
        if status in _BUSY_STATUS:
            raise PaymentsBusy from cause
        if status >= _SERVER_ERROR:
            replayed = (cause.headers or {}).get("Idempotent-Replayed") == "true"
            raise PaymentsUnavailable(replayed=replayed) from cause
        raise PaymentRefused(provider_code=_code_of(cause)) from cause
