"""What leaves the process, as Protocols: card payments, mail, stored files.

Every implementation is held to the same suite in ``tests/gateways``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class PaymentAccount:
    """Whose Stripe account a call is for. ``scope`` names it in our own tables."""

    tenant_id: UUID
    account: str
    scope: str


@dataclass(frozen=True)
class PaymentIntentState:
    """A payment intent as fetched just now. Amounts in minor units; ``currency`` in capitals."""

    pi_id: str
    status: str
    amount_minor: int
    amount_received_minor: int
    currency: str
    metadata: dict[str, str]
    livemode: bool
    latest_charge: str | None
    card_words: str | None
    """Brand and last four digits of the card that paid, e.g. "Visa ending 4242"."""
    decline_code: str | None
    decline_card_words: str | None
    client_secret: str | None
    bank_page: str | None = None
    """Where the customer answers the bank's question, as long as it waits."""


@dataclass(frozen=True)
class RefundState:
    """A refund as fetched just now. Amount in minor units."""

    re_id: str
    status: str
    amount_minor: int
    currency: str
    pi_id: str | None
    metadata: dict[str, str]
    failure_reason: str | None
    pending_reason: str | None


@dataclass(frozen=True)
class DisputeState:
    """A dispute as fetched just now."""

    dispute_id: str
    status: str
    pi_id: str | None
    blocks_refunds: bool


@dataclass(frozen=True)
class ProviderEvent:
    """An event as listed by the provider: only a trigger to fetch the truth."""

    event_id: str
    type: str
    object_id: str | None
    account: str | None
    livemode: bool
    created_at: datetime
    payload: dict[str, object]


class PaymentGateway(Protocol):
    """Card payments and refunds.

    Raises PaymentsUnavailable when the outcome is unknown or nothing was reached, PaymentsBusy when the
    provider asked to come back later, PaymentRefused when it definitely said no.
    """

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
        ...

    def fetch_payment_intent(self, account: PaymentAccount, pi_id: str) -> PaymentIntentState:
        """The payment's present state."""
        ...

    def confirm_payment_intent(
        self,
        account: PaymentAccount,
        pi_id: str,
        *,
        payment_method: str,
        idempotency_key: str,
        return_url: str | None = None,
    ) -> PaymentIntentState:
        """Pay with a card (practice page, saved card). A declined card is a state, not an error.

        ``return_url``: where the bank sends the customer after a question of its own.
        """
        ...

    def cancel_payment_intent(
        self, account: PaymentAccount, pi_id: str, *, idempotency_key: str
    ) -> PaymentIntentState:
        """Close a payment that is not wanted; one that has succeeded meanwhile comes back as it is."""
        ...

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
        """Send money back. The key and the parameters are those frozen in the refund's row."""
        ...

    def fetch_refund(self, account: PaymentAccount, re_id: str) -> RefundState:
        """The refund's present state."""
        ...

    def list_refunds(self, account: PaymentAccount, pi_id: str) -> list[RefundState]:
        """Every refund of one payment."""
        ...

    def fetch_dispute(self, account: PaymentAccount, dispute_id: str) -> DisputeState:
        """The dispute's present state."""
        ...

    def list_events(self, account: PaymentAccount, *, since: datetime) -> list[ProviderEvent]:
        """What happened since an instant, oldest first: the repair of lost webhooks."""
        ...


@dataclass(frozen=True)
class OutgoingMail:
    """One mail to one person, finished: nothing in it is rebuilt by the transport."""

    message_id: str
    row_id: UUID
    tenant_id: UUID
    sender_name: str
    sender_address: str
    reply_to: str | None
    recipient: str
    subject: str
    text: str
    html: str
    written_at: datetime
    inline_images: tuple[tuple[str, str, bytes], ...] = ()
    """(content id, media type, bytes)."""


class MailSession(Protocol):
    """One conversation with a mail server, in the order of time_and_mail: address, then hand over."""

    def address(self, mail: OutgoingMail) -> None:
        """Name sender and recipient. Raises MailRefusedForNow or MailRefused; nothing was handed over."""
        ...

    def send_body(self, mail: OutgoingMail) -> str:
        """Hand the mail over; the provider's id. Raises MailUncertain when the answer was lost."""
        ...

    def close(self) -> None:
        """End the conversation."""
        ...


class Mailer(Protocol):
    """A way to send mail."""

    @property
    def at_once(self) -> int:
        """How many mails are handed over together; more than one only where each can be looked up."""
        ...

    def connect(self) -> MailSession:
        """Open a conversation. Raises MailRefusedForNow."""
        ...

    def look_up(self, mail: OutgoingMail) -> bool | None:
        """Whether this mail was sent: yes, surely not, or None where the transport cannot say."""
        ...


class BlobStore(Protocol):
    """Files by the SHA-256 of their bytes: written once, never changed."""

    def put(self, tenant_id: UUID, data: bytes) -> str:
        """Store the bytes; their SHA-256 in hex."""
        ...

    def get(self, tenant_id: UUID, sha256: str) -> bytes | None:
        """The bytes, checked against the hash, or None."""
        ...

    def has(self, tenant_id: UUID, sha256: str) -> bool:
        """Whether the bytes are here."""
        ...
