"""Decides which money may go back, and who may say so; it sends nothing and knows no card network.

Rules: payments, "Refund requests". What is shown to staff before they ask is cancellation.py.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from shared.errors import (
    AmountInvalid,
    ApprovalAboveLimit,
    CurrencyDiffers,
    ExceedsRefundable,
    FieldInvalid,
    NothingPaid,
    SecondPersonNeeded,
    StageDisputed,
    ThingNotFound,
)
from shared.models.act import Role
from shared.models.states import Channel, ReasonCode, RequestStatus
from shared.money import MAX_AMOUNT_DIGITS, Money, card_unit, exponent, plain_amount

MAX_LINES: Final = 12
LIMIT_WINDOW: Final = timedelta(hours=24)
"""Own requests of this long count together, so that a limit cannot be passed in small steps."""

_NEVER_MOVED: Final = frozenset({RequestStatus.DECLINED, RequestStatus.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class PaidStage:
    """What a payment stage has received and what is already reserved for refunds, in minor units.

    ``dispute_blocks`` says that an open dispute forbids refunds (payments: fetched ``is_charge_refundable``).
    """

    stage_id: UUID
    currency: str
    received_minor: int
    reserved_minor: int
    dispute_blocks: bool = False
    channel: Channel = Channel.CARD


@dataclass(frozen=True, slots=True)
class RequestedLine:
    """So much back from this stage."""

    stage_id: UUID
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RefundLimits:
    """How much each role may approve alone, in major units of the studio's currency; None is unlimited."""

    staff: int | None = 0
    manager: int | None = 1000
    owner: int | None = None

    def to_json(self) -> dict[str, object]:
        """The limits as plain values, as the studio keeps them."""
        return {"staff": self.staff, "manager": self.manager, "owner": self.owner}

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> Self:
        """The limits that :meth:`to_json` wrote; a missing one is the default. Raises FieldInvalid."""
        default = cls()
        return cls(
            staff=_limit(plain, "staff", default.staff),
            manager=_limit(plain, "manager", default.manager),
            owner=_limit(plain, "owner", default.owner),
        )

    def of(self, role: Role) -> int | None:
        """The limit of this role."""
        match role:
            case Role.STAFF:
                return self.staff
            case Role.MANAGER:
                return self.manager
            case Role.OWNER:
                return self.owner

    def allow(self, role: Role, amount: Money, *, studio_currency: str) -> bool:
        """Whether this role alone may approve it; another currency is above every limit but the owner's."""
        limit_major = self.of(role)
        if limit_major is None:
            return True
        if amount.currency != studio_currency:
            return role is Role.OWNER
        limit_minor = int(limit_major * 10 ** exponent(studio_currency))
        return amount.amount_minor <= limit_minor


def _limit(plain: Mapping[str, object], name: str, default: int | None) -> int | None:
    limit = plain.get(name, default)
    if limit is None:
        return None
    if isinstance(limit, int) and not isinstance(limit, bool) and limit >= 0:
        return limit
    raise FieldInvalid(field=name, detail="must be a whole number or nothing")


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """An earlier request of the same asker for the same booking."""

    asked_at: datetime
    amount_minor: int
    status: RequestStatus


def refundable_amount(stage: PaidStage) -> Money:
    """What can still go back from this stage: received less reserved, nothing while a dispute blocks it."""
    assert 0 <= stage.reserved_minor <= stage.received_minor, "never more reserved than received"
    free_minor = 0 if stage.dispute_blocks else stage.received_minor - stage.reserved_minor
    return Money(free_minor, stage.currency)


def check_lines(lines: Sequence[RequestedLine], stages: Sequence[PaidStage], *, currency: str) -> None:
    """Raise unless every line can be reserved now; ``stages`` are the booking's, ``currency`` the request's.

    Input first: FieldInvalid, AmountInvalid, CurrencyDiffers (422) and ThingNotFound (404); then the money:
    NothingPaid, StageDisputed, ExceedsRefundable (402).
    """
    if not 1 <= len(lines) <= MAX_LINES:
        raise FieldInvalid(field="lines", detail=f"a request has 1 to {MAX_LINES} lines")
    if len({line.stage_id for line in lines}) != len(lines):
        raise FieldInvalid(field="lines", detail="each stage at most once")
    by_id = {stage.stage_id: stage for stage in stages}
    for line in lines:
        if line.stage_id not in by_id:
            raise ThingNotFound(stage_id=line.stage_id)
        _check_amount(line, by_id[line.stage_id], currency)
    for line in lines:
        _check_money(line, by_id[line.stage_id])


def _check_amount(line: RequestedLine, stage: PaidStage, currency: str) -> None:
    if stage.currency != currency:
        raise CurrencyDiffers(expected=stage.currency, found=currency)
    if line.amount_minor <= 0:
        raise AmountInvalid(field="amount_minor", detail="it must be above 0")
    if len(str(line.amount_minor)) > MAX_AMOUNT_DIGITS:
        raise AmountInvalid(field="amount_minor", detail=f"at most {MAX_AMOUNT_DIGITS} digits")
    if stage.channel is Channel.CARD and line.amount_minor % card_unit(currency):
        smallest = plain_amount(Money(card_unit(currency), currency))
        raise AmountInvalid(
            field="amount_minor", detail=f"a card takes back only steps of {smallest} {currency}"
        )


def _check_money(line: RequestedLine, stage: PaidStage) -> None:
    if stage.received_minor == 0:
        raise NothingPaid(stage_id=stage.stage_id)
    if stage.dispute_blocks:
        raise StageDisputed(stage_id=stage.stage_id)
    rest = refundable_amount(stage)
    if line.amount_minor > rest.amount_minor:
        raise ExceedsRefundable(
            stage_id=stage.stage_id,
            rest=f"{plain_amount(rest)} {rest.currency}",
            rest_minor=rest.amount_minor,
        )


def approved_at_once(
    role: Role | None,
    amount: Money,
    *,
    earlier: Sequence[OwnRequest],
    at: datetime,
    limits: RefundLimits,
    studio_currency: str,
) -> bool:
    """Whether a staff member's request needs no second person.

    ``earlier`` are the asker's other requests for this booking; those of the last 24 hours count together
    with this one, except declined and withdrawn ones, which moved nothing.
    """
    if role is None:
        return False
    recent_minor = sum(
        request.amount_minor
        for request in earlier
        if request.status not in _NEVER_MOVED and at - request.asked_at < LIMIT_WINDOW
    )
    together = Money(amount.amount_minor + recent_minor, amount.currency)
    return limits.allow(role, together, studio_currency=studio_currency)


def customer_approved_at_once(
    amount: Money, *, policy_refund: Money, auto_limit_minor: int, studio_currency: str
) -> bool:
    """Whether a customer's request is approved by policy: its very sum, within the studio's setting."""
    return (
        amount == policy_refund
        and amount.currency == studio_currency
        and 0 < amount.amount_minor <= auto_limit_minor
    )


def check_approver(
    role: Role | None,
    approver_id: UUID,
    *,
    asker_id: UUID,
    amount: Money,
    limits: RefundLimits,
    studio_currency: str,
) -> None:
    """Raise SecondPersonNeeded if asker and approver are one, ApprovalAboveLimit if the limit is too low."""
    if approver_id == asker_id:
        raise SecondPersonNeeded
    if role is None or not limits.allow(role, amount, studio_currency=studio_currency):
        raise ApprovalAboveLimit


def may_approve(
    role: Role | None,
    approver_id: UUID,
    *,
    asker_id: UUID,
    amount: Money,
    limits: RefundLimits,
    studio_currency: str,
) -> bool:
    """Whether this person may approve another's request: what the desktop offers and the server allows."""
    return (
        approver_id != asker_id
        and role is not None
        and limits.allow(role, amount, studio_currency=studio_currency)
    )


def request_fingerprint(booking_id: UUID, lines: Sequence[RequestedLine], reason: ReasonCode) -> str:
    """The same for two requests with the same booking, stages, amounts and reason, in any order of lines."""
    return _digest([str(booking_id), _plain_lines(lines), reason.value])


def request_body_hash(
    booking_id: UUID,
    lines: Sequence[RequestedLine],
    reason: ReasonCode,
    *,
    currency: str,
    note: str,
    another: bool,
) -> str:
    """The same only for the very same request: tells a repeat from a request key used twice."""
    return _digest([str(booking_id), _plain_lines(lines), reason.value, currency, note, another])


def _plain_lines(lines: Sequence[RequestedLine]) -> list[list[object]]:
    ordered = sorted(lines, key=lambda line: (str(line.stage_id), line.amount_minor))
    return [[str(line.stage_id), line.amount_minor] for line in ordered]


def _digest(said: list[object]) -> str:
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
