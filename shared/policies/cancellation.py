"""Decides what a cancellation keeps and gives back, and until when a link may act; it moves no money.

The policy is frozen into the booking when it is made. The same preview is shown on the desktop, by the API
and on the cancel page; its hash comes back with the click, so nobody agrees to sums that have changed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Self
from uuid import UUID

from shared.clock import end_of_local_day, local_date
from shared.errors import FieldInvalid, TooLateToChange
from shared.models.states import PAYABLE_STAGE, Channel, StageKind, StageStatus
from shared.money import Money, card_unit, exponent, percent_floor

MOVE_UNTIL_DAYS_BEFORE: Final = 60
CANCEL_UNTIL_DAYS_BEFORE: Final = 1
WHOLE_PERCENT: Final = 100
MAX_TIERS: Final = 12


@dataclass(frozen=True, slots=True)
class CancellationTier:
    """From this many local calendar days before the event on, this percentage of the total is kept."""

    min_days_before: int
    keep_percent: int


@dataclass(frozen=True, slots=True)
class CancellationPolicy:
    """The rules of one booking; below the lowest tier the lowest goes on, without tiers nothing is kept."""

    currency: str
    tiers: tuple[CancellationTier, ...] = ()
    deposit_kept: bool = False
    fixed_fee_minor: int = 0
    move_until_days_before: int = MOVE_UNTIL_DAYS_BEFORE
    cancel_until_days_before: int = CANCEL_UNTIL_DAYS_BEFORE

    def frozen_for(self, currency: str) -> Self:
        """The policy as a booking in ``currency`` keeps it: in another currency the fee is 0."""
        if currency == self.currency:
            return self
        return replace(self, currency=currency, fixed_fee_minor=0)

    def to_json(self) -> dict[str, object]:
        """The policy as plain values, as the booking and the studio keep it."""
        return {
            "currency": self.currency,
            "tiers": [
                {"min_days_before": tier.min_days_before, "keep_percent": tier.keep_percent}
                for tier in self.tiers
            ],
            "deposit_kept": self.deposit_kept,
            "fixed_fee_minor": self.fixed_fee_minor,
            "move_until_days_before": self.move_until_days_before,
            "cancel_until_days_before": self.cancel_until_days_before,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> Self:
        """The policy that :meth:`to_json` wrote; raises FieldInvalid and CurrencyUnknown."""
        tiers = plain.get("tiers", [])
        if not isinstance(tiers, Sequence) or not all(isinstance(tier, Mapping) for tier in tiers):
            raise FieldInvalid(field="tiers", detail="must be a list")
        policy = cls(
            currency=str(plain.get("currency", "")),
            tiers=tuple(
                CancellationTier(_whole(tier, "min_days_before"), _whole(tier, "keep_percent"))
                for tier in tiers
            ),
            deposit_kept=plain.get("deposit_kept") is True,
            fixed_fee_minor=_whole(plain, "fixed_fee_minor", 0),
            move_until_days_before=_whole(plain, "move_until_days_before", MOVE_UNTIL_DAYS_BEFORE),
            cancel_until_days_before=_whole(plain, "cancel_until_days_before", CANCEL_UNTIL_DAYS_BEFORE),
        )
        check_policy(policy)
        return policy


def _whole(plain: Mapping[str, object], name: str, default: int | None = None) -> int:
    number = plain.get(name, default)
    if type(number) is not int:
        raise FieldInvalid(field=name, detail="must be a whole number")
    return number


def check_policy(policy: CancellationPolicy) -> None:
    """Raise FieldInvalid unless this policy can be frozen into a booking."""
    exponent(policy.currency)
    days = [tier.min_days_before for tier in policy.tiers]
    if len(days) > MAX_TIERS or len(set(days)) != len(days) or any(day < 0 for day in days):
        raise FieldInvalid(field="tiers", detail=f"at most {MAX_TIERS}, each from another number of days on")
    if any(not 0 <= tier.keep_percent <= WHOLE_PERCENT for tier in policy.tiers):
        raise FieldInvalid(field="keep_percent", detail="must be from 0 to 100")
    for name in ("fixed_fee_minor", "move_until_days_before", "cancel_until_days_before"):
        if getattr(policy, name) < 0:
            raise FieldInvalid(field=name, detail="must not be below 0")


@dataclass(frozen=True, slots=True)
class StageMoney:
    """One payment stage and its money.

    ``refundable_minor`` is received less reserved, 0 while a dispute blocks it (refund_allocation.py).
    """

    stage_id: UUID
    position: int
    kind: StageKind
    status: StageStatus
    amount_minor: int
    received_minor: int
    refundable_minor: int
    channel: Channel = Channel.CARD


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """An issued invoice of the booking that covers these stages (all of them when it is the single one)."""

    document_id: UUID
    printed_number: str
    creditable_minor: int
    stage_ids: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class CreditNoteToCome:
    """A credit note that will be made once the money is back."""

    document_id: UUID
    printed_number: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """What one paid stage gives back. ``paid_minor`` is what is still with the studio."""

    stage_id: UUID
    position: int
    kind: StageKind
    channel: Channel
    paid_minor: int
    refund_minor: int

    @property
    def kept_minor(self) -> int:
        """What the studio keeps of this stage."""
        return self.paid_minor - self.refund_minor


@dataclass(frozen=True, slots=True)
class CancelledStage:
    """A stage that is no longer asked for."""

    stage_id: UUID
    position: int
    kind: StageKind
    amount_minor: int


@dataclass(frozen=True, slots=True)
class TierOutlook:
    """One column of the policy in dates: ``kept_minor`` is not capped by what is paid; None is open-ended."""

    min_days: int
    max_days: int | None
    first_date: date | None
    last_date: date | None
    keep_percent: int
    kept_minor: int
    applies: bool


@dataclass(frozen=True, slots=True)
class CancellationPreview:
    """Every number of a cancellation before anyone clicks; all sums in minor units of ``currency``."""

    currency: str
    days_before: int
    tier_keep_percent: int
    tier_until: date | None
    tiers: tuple[TierOutlook, ...]
    paid_minor: int
    kept_by_percent_minor: int
    kept_deposit_minor: int
    kept_fee_minor: int
    kept_minor: int
    refund_minor: int
    by_card_minor: int
    by_hand_minor: int
    lines: tuple[PreviewLine, ...]
    cancelled_stages: tuple[CancelledStage, ...]
    preview_hash: str = ""
    credit_notes: tuple[CreditNoteToCome, ...] = ()
    reminders_cancelled: int = 0

    def along_with(self, *, reminders_planned: int, documents: Sequence[IssuedDocument]) -> Self:
        """The preview with what else will happen; ``documents`` in the order in which they are credited.

        The hash stays: a device may know fewer reminders and documents than the server.
        """
        credit_notes = _credit_notes(self.lines, documents)
        return replace(self, credit_notes=credit_notes, reminders_cancelled=reminders_planned)

    @property
    def refund_lines(self) -> tuple[PreviewLine, ...]:
        """The lines that give something back, newest stage first."""
        return tuple(line for line in self.lines if line.refund_minor)

    @property
    def next_tier(self) -> TierOutlook | None:
        """The column that follows the one that applies, as long as it keeps another sum."""
        position = next((index for index, tier in enumerate(self.tiers) if tier.applies), len(self.tiers))
        return self.tiers[position + 1] if position + 1 < len(self.tiers) else None


def days_before(event_date: date, *, zone: str, at: datetime) -> int:
    """Local calendar days in the booking's zone from ``at`` to the event; below 0 after it."""
    return (event_date - local_date(at, zone)).days


def move_deadline(policy: CancellationPolicy, *, event_date: date, zone: str) -> datetime:
    """The first instant at which a link may no longer move the booking (UTC)."""
    return end_of_local_day(event_date - timedelta(days=policy.move_until_days_before), zone)


def cancel_deadline(policy: CancellationPolicy, *, event_date: date, zone: str) -> datetime:
    """The first instant at which a link may no longer cancel the booking (UTC)."""
    return end_of_local_day(event_date - timedelta(days=policy.cancel_until_days_before), zone)


def check_cancel_by_link(policy: CancellationPolicy, *, event_date: date, zone: str, at: datetime) -> None:
    """Raise TooLateToChange after the policy's last day for cancelling."""
    if at >= cancel_deadline(policy, event_date=event_date, zone=zone):
        raise TooLateToChange


def cancellation_preview(
    policy: CancellationPolicy,
    *,
    total: Money,
    stages: Sequence[StageMoney],
    event_date: date,
    zone: str,
    at: datetime,
) -> CancellationPreview:
    """What a cancellation at ``at`` would do; ``stages`` are all that stand, ``total`` is the price.

    Paid counts only money that is still with the studio and free: an earlier refund has already left, and a
    disputed payment is the bank's to decide. So the studio never gives back what it cannot decide about.
    """
    days = days_before(event_date, zone=zone, at=at)
    deposit_minor = _deposit(policy, stages)
    tiers = tier_outlook(policy, total=total, event_date=event_date, days=days, deposit_minor=deposit_minor)
    present = next((tier for tier in tiers if tier.applies), None)
    keep_percent = present.keep_percent if present else 0
    paid_minor = sum(stage.refundable_minor for stage in stages)
    fee_minor = _fee(policy, total.currency)
    wanted_minor = present.kept_minor if present else deposit_minor + fee_minor
    lines = _give_back(max(paid_minor - wanted_minor, 0), stages, total.currency)
    refund_minor = sum(line.refund_minor for line in lines)
    preview = CancellationPreview(
        currency=total.currency,
        days_before=days,
        tier_keep_percent=keep_percent,
        tier_until=present.last_date if present else None,
        tiers=tiers,
        paid_minor=paid_minor,
        kept_by_percent_minor=percent_floor(total.amount_minor, keep_percent, total.currency),
        kept_deposit_minor=deposit_minor,
        kept_fee_minor=fee_minor,
        kept_minor=paid_minor - refund_minor,
        refund_minor=refund_minor,
        by_card_minor=sum(line.refund_minor for line in lines if line.channel is Channel.CARD),
        by_hand_minor=sum(line.refund_minor for line in lines if line.channel is Channel.MANUAL),
        lines=lines,
        cancelled_stages=tuple(
            CancelledStage(stage.stage_id, stage.position, stage.kind, stage.amount_minor)
            for stage in sorted(stages, key=lambda stage: stage.position)
            if stage.status in PAYABLE_STAGE
        ),
    )
    return replace(preview, preview_hash=_hash(preview))


def tier_outlook(
    policy: CancellationPolicy, *, total: Money, event_date: date, days: int, deposit_minor: int = 0
) -> tuple[TierOutlook, ...]:
    """The tiers from the earliest to the latest, with dates, what each keeps, and which one applies now."""
    ordered = sorted(policy.tiers, key=lambda tier: -tier.min_days_before)
    columns: list[TierOutlook] = []
    for index, tier in enumerate(ordered):
        earlier = ordered[index - 1] if index else None
        is_last = index == len(ordered) - 1
        max_days = earlier.min_days_before - 1 if earlier else None
        by_percent_minor = percent_floor(total.amount_minor, tier.keep_percent, total.currency)
        columns.append(
            TierOutlook(
                min_days=tier.min_days_before,
                max_days=max_days,
                first_date=event_date - timedelta(days=max_days) if max_days is not None else None,
                last_date=None if is_last else event_date - timedelta(days=tier.min_days_before),
                keep_percent=tier.keep_percent,
                kept_minor=max(by_percent_minor, deposit_minor) + _fee(policy, total.currency),
                applies=(is_last or days >= tier.min_days_before) and (max_days is None or days <= max_days),
            )
        )
    return tuple(columns)


def _deposit(policy: CancellationPolicy, stages: Sequence[StageMoney]) -> int:
    if not policy.deposit_kept:
        return 0
    return sum(stage.received_minor for stage in stages if stage.kind is StageKind.DEPOSIT)


def _fee(policy: CancellationPolicy, currency: str) -> int:
    if policy.currency != currency:
        return 0
    unit = card_unit(currency)
    return policy.fixed_fee_minor // unit * unit


def _give_back(left_minor: int, stages: Sequence[StageMoney], currency: str) -> tuple[PreviewLine, ...]:
    """Newest stage first, never above its rest; what a card cannot give back exactly stays kept."""
    unit = card_unit(currency)
    lines: list[PreviewLine] = []
    for stage in sorted(stages, key=lambda stage: -stage.position):
        if stage.refundable_minor <= 0:
            continue
        give_minor = min(stage.refundable_minor, left_minor)
        if stage.channel is Channel.CARD:
            give_minor -= give_minor % unit
        left_minor -= give_minor
        lines.append(
            PreviewLine(
                stage.stage_id, stage.position, stage.kind, stage.channel, stage.refundable_minor, give_minor
            )
        )
    return tuple(lines)


def _credit_notes(
    lines: Sequence[PreviewLine], documents: Sequence[IssuedDocument]
) -> tuple[CreditNoteToCome, ...]:
    """Per document the part of the refund that it covers, in the order given (final, then newest first)."""
    open_minor = {line.stage_id: line.refund_minor for line in lines}
    notes: list[CreditNoteToCome] = []
    for document in documents:
        amount_minor = 0
        for stage_id, refund_minor in open_minor.items():
            if document.stage_ids is None or stage_id in document.stage_ids:
                taken_minor = min(refund_minor, document.creditable_minor - amount_minor)
                open_minor[stage_id] -= taken_minor
                amount_minor += taken_minor
        if amount_minor:
            notes.append(CreditNoteToCome(document.document_id, document.printed_number, amount_minor))
    return tuple(notes)


def _hash(preview: CancellationPreview) -> str:
    """Over what the click would do with money and stages, so that desktop and server agree on it."""
    said = {
        "currency": preview.currency,
        "keep_percent": preview.tier_keep_percent,
        "kept": preview.kept_minor,
        "refunds": [[str(line.stage_id), line.channel.value, line.refund_minor] for line in preview.lines],
        "cancelled": [[str(stage.stage_id), stage.amount_minor] for stage in preview.cancelled_stages],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
