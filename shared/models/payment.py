"""Payment stages, payments written down at the desk, and the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.models.entity import Entity
from shared.models.states import (
    PAID_STAGE,
    PAYABLE_STAGE,
    STAGE_STEPS,
    Channel,
    DueRuleKind,
    LedgerKind,
    ManualMethod,
    StageKind,
    StageStatus,
    check_step,
)
from shared.money import Money


@dataclass(eq=False, kw_only=True)
class PaymentStage(Entity):
    """One part of a booking's price; never is more promised back than was received."""

    booking_id: UUID
    position: int
    kind: StageKind
    rev: int = 1
    amount_minor: int
    currency: str
    percent: int = 0
    """What the plan asked for; 0 means the rest."""
    due_rule: DueRuleKind
    due_days: int = 0
    due_local_date: date
    zone: str
    due_at: datetime
    status: StageStatus = StageStatus.PLANNED
    channel: Channel = Channel.CARD
    scope: str | None = None
    pi_id: str | None = None
    pi_attempt: int = 0
    pi_cancel_wanted: bool = False
    received_minor: int = 0
    refund_reserved_minor: int = 0
    refunded_minor: int = 0
    paid_at: datetime | None = None
    paid_words: str = ""
    """How it was paid, without secrets: "Visa ending 4242", "Bank transfer"."""
    dispute_state: str | None = None
    attention: str | None = None
    last_error: str | None = None

    @property
    def amount(self) -> Money:
        """What this stage asks for."""
        return Money(self.amount_minor, self.currency)

    @property
    def is_paid(self) -> bool:
        """Whether its money came, refunded since or not."""
        return self.status in PAID_STAGE

    @property
    def is_payable(self) -> bool:
        """Whether its money may still come."""
        return self.status in PAYABLE_STAGE

    @property
    def refundable_minor(self) -> int:
        """What was received and is not yet promised back; 0 while a dispute blocks it."""
        return 0 if self.dispute_state == "open" else self.received_minor - self.refund_reserved_minor

    def step_to(self, status: StageStatus) -> None:
        """Change the status by a listed transition; the same status is no step."""
        if status != self.status:
            check_step(STAGE_STEPS, self.status, status)
            self.status = status

    def receive(self, amount_minor: int, *, channel: Channel, words: str, at: datetime) -> None:
        """The whole amount has come."""
        assert amount_minor > 0, "money that came is more than nothing"
        self.step_to(StageStatus.PAID)
        self.received_minor, self.channel = amount_minor, channel
        self.paid_words, self.paid_at, self.last_error = words, at, None

    def reserve(self, amount_minor: int) -> None:
        """Promise a part back; it can be promised only once."""
        assert 0 < amount_minor <= self.received_minor - self.refund_reserved_minor, (
            "law 4: never above what came"
        )
        self.refund_reserved_minor += amount_minor

    def release(self, amount_minor: int) -> None:
        """Take a promise back."""
        assert 0 < amount_minor <= self.refund_reserved_minor, "only what was reserved is released"
        self.refund_reserved_minor -= amount_minor

    def give_back(self, amount_minor: int) -> None:
        """A reserved part has gone back."""
        self.refunded_minor += amount_minor
        assert self.refunded_minor <= self.refund_reserved_minor, "only what was reserved goes back"
        self._derive_refund_state()

    def take_back(self, amount_minor: int) -> None:
        """A refund that had gone out came home: it failed after all."""
        self.refunded_minor -= amount_minor
        assert self.refunded_minor >= 0, "only what went out comes home"
        self._derive_refund_state()

    def _derive_refund_state(self) -> None:
        if self.refunded_minor == 0:
            self.step_to(StageStatus.PAID)
        elif self.refunded_minor < self.received_minor:
            self.step_to(StageStatus.PARTIALLY_REFUNDED)
        else:
            self.step_to(StageStatus.REFUNDED)


@dataclass(eq=False, kw_only=True)
class ManualPayment(Entity):
    """Money taken at the desk; never deleted, only voided with a reason."""

    booking_id: UUID
    stage_id: UUID
    amount_minor: int
    currency: str
    method: ManualMethod
    paid_on: date
    note: str = ""
    recorded_by: UUID
    voided_at: datetime | None = None
    void_reason: str | None = None


@dataclass(eq=False, kw_only=True)
class LedgerEntry(Entity):
    """One movement of money, append-only. ``amount_minor`` is signed: what came is positive."""

    booking_id: UUID
    stage_id: UUID
    kind: LedgerKind
    amount_minor: int
    currency: str
    ref: str
    """The provider's id or our row's; with the kind it is unique per studio."""
    at: datetime
    words: str = ""
