"""Decides the payment stages of a price: what each one is, how much, and until when; it never asks who pays.

Rules (payments, "Plan and stages"): percent stages are floored to what a card can be charged, the last stage
is the rest, a stage of zero vanishes, and one that is left alone is ``full``. A stage below the least that a
card can be charged is refused with the price, before anybody is asked to pay it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Self

from shared.clock import end_of_local_day, local_date
from shared.errors import AmountInvalid, AmountTooSmall, FieldInvalid, PlanSumDiffers
from shared.models.states import DueRuleKind, StageKind
from shared.money import (
    MAX_AMOUNT_DIGITS,
    Money,
    card_unit,
    least_charge_minor,
    percent_floor,
    plain_amount,
)

MAX_STAGES: Final = 12
REMAINDER_DAYS_BEFORE: Final = 3
"""The last stage is due this many days before the event, unless the studio says otherwise."""

MAX_DAYS_BEFORE: Final = 365
WHOLE_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class DueRule:
    """When a stage is due: on booking, on a ``day``, or ``days`` before the event."""

    kind: DueRuleKind
    days: int | None = None
    day: date | None = None

    def to_json(self) -> dict[str, object]:
        """The rule as plain values, without what it does not use."""
        plain: dict[str, object] = {"kind": self.kind.value}
        if self.days is not None:
            plain["days"] = self.days
        if self.day is not None:
            plain["date"] = self.day.isoformat()
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> Self:
        """The rule that :meth:`to_json` wrote; raises FieldInvalid."""
        days, day = plain.get("days"), plain.get("date")
        if days is not None and type(days) is not int:
            raise FieldInvalid(field="days", detail="must be a whole number")
        try:
            kind = DueRuleKind(str(plain.get("kind")))
            rule = cls(kind, days, date.fromisoformat(str(day)) if day is not None else None)
        except ValueError as cause:
            raise FieldInvalid(field="due", detail=str(cause)) from cause
        check_due_rule(rule)
        return rule


ON_BOOKING: Final = DueRule(DueRuleKind.ON_BOOKING)


def days_before_event(days: int) -> DueRule:
    """The rule "``days`` before the event"."""
    return DueRule(DueRuleKind.DAYS_BEFORE_EVENT, days=days)


@dataclass(frozen=True, slots=True)
class StageTemplate:
    """One stage of a plan before the price is known: a percentage, a fixed sum, or the rest."""

    kind: StageKind
    due: DueRule
    percent: int | None = None
    fixed_minor: int | None = None
    rest: bool = False

    def to_json(self) -> dict[str, object]:
        """The template as plain values, as a package keeps it."""
        plain: dict[str, object] = {"kind": self.kind.value, "due": self.due.to_json()}
        if self.percent is not None:
            plain["percent"] = self.percent
        if self.fixed_minor is not None:
            plain["fixed_minor"] = self.fixed_minor
        if self.rest:
            plain["rest"] = True
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> Self:
        """The template that :meth:`to_json` wrote; raises FieldInvalid."""
        due, percent, fixed_minor = plain.get("due"), plain.get("percent"), plain.get("fixed_minor")
        if not isinstance(due, Mapping):
            raise FieldInvalid(field="due", detail="is missing")
        for name, number in (("percent", percent), ("fixed_minor", fixed_minor)):
            if number is not None and type(number) is not int:
                raise FieldInvalid(field=name, detail="must be a whole number")
        try:
            kind = StageKind(str(plain.get("kind")))
        except ValueError as cause:
            raise FieldInvalid(field="kind", detail=str(cause)) from cause
        return cls(
            kind=kind,
            due=DueRule.from_json(due),
            percent=percent if isinstance(percent, int) else None,
            fixed_minor=fixed_minor if isinstance(fixed_minor, int) else None,
            rest=plain.get("rest") is True,
        )


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """One payment stage of a booking; ``due_at`` (UTC) ends ``due_local_date`` in the booking's zone."""

    position: int
    kind: StageKind
    amount_minor: int
    due_rule: DueRule
    due_local_date: date
    due_at: datetime


def template_for_deposit(
    deposit_percent: int, remainder_days_before: int = REMAINDER_DAYS_BEFORE
) -> tuple[StageTemplate, ...]:
    """Deposit on booking and the rest before the event.

    0 % leaves one full stage due before the event, 100 % one full stage due on booking.
    """
    return (
        StageTemplate(StageKind.DEPOSIT, ON_BOOKING, percent=deposit_percent),
        StageTemplate(StageKind.REMAINDER, days_before_event(remainder_days_before), rest=True),
    )


def check_due_rule(rule: DueRule) -> None:
    """Raise FieldInvalid unless the rule has exactly what its kind needs."""
    if (rule.kind is DueRuleKind.DAYS_BEFORE_EVENT) != (rule.days is not None):
        raise FieldInvalid(field="days", detail="belongs to “days before the event” and to nothing else")
    if (rule.kind is DueRuleKind.FIXED_DATE) != (rule.day is not None):
        raise FieldInvalid(field="date", detail="belongs to “on a fixed date” and to nothing else")
    if rule.days is not None and not 0 <= rule.days <= MAX_DAYS_BEFORE:
        raise FieldInvalid(field="days", detail=f"must be from 0 to {MAX_DAYS_BEFORE}")


def stored_due_rule(kind: DueRuleKind, *, days: int, day: date) -> DueRule:
    """The rule of a stored stage, which keeps its kind, its days (0 when unused) and its due day."""
    match kind:
        case DueRuleKind.ON_BOOKING:
            return ON_BOOKING
        case DueRuleKind.FIXED_DATE:
            return DueRule(kind, day=day)
        case DueRuleKind.DAYS_BEFORE_EVENT:
            return DueRule(kind, days=days)


def check_templates(templates: Sequence[StageTemplate]) -> None:
    """Raise FieldInvalid unless this list can be the plan of a package."""
    if not 1 <= len(templates) <= MAX_STAGES:
        raise FieldInvalid(field="stages", detail=f"a plan has 1 to {MAX_STAGES} stages")
    for template in templates[:-1]:
        _check_sized(template)
    if not templates[-1].rest:
        raise FieldInvalid(field="stages", detail="the last stage must be the rest")
    for template in templates:
        if template.kind is StageKind.SURPLUS:
            raise FieldInvalid(field="kind", detail="surplus is never planned")
        check_due_rule(template.due)


def _check_sized(template: StageTemplate) -> None:
    if template.rest or (template.percent is None) == (template.fixed_minor is None):
        raise FieldInvalid(
            field="stages", detail="a stage before the last one has a percentage or a fixed sum"
        )
    if template.percent is not None and not 0 <= template.percent <= WHOLE_PERCENT:
        raise FieldInvalid(field="percent", detail="must be from 0 to 100")
    if template.fixed_minor is not None and template.fixed_minor < 0:
        raise FieldInvalid(field="fixed_minor", detail="must not be below 0")


def check_chargeable(amount: Money) -> None:
    """Raise AmountInvalid or AmountTooSmall unless a card can be charged exactly this."""
    currency = amount.currency
    unit, least_minor = card_unit(currency), least_charge_minor(currency)
    if (
        amount.amount_minor <= 0
        or len(str(amount.amount_minor)) > MAX_AMOUNT_DIGITS
        or amount.amount_minor % unit
    ):
        smallest = _shown(Money(unit, currency))
        raise AmountInvalid(
            detail=f"a card cannot be charged {_shown(amount)}, only whole steps of {smallest}"
        )
    if amount.amount_minor < least_minor:
        raise AmountTooSmall(amount=_shown(amount), least=_shown(Money(least_minor, currency)))


def _shown(amount: Money) -> str:
    return f"{plain_amount(amount)} {amount.currency}"


def plan_stages(
    total: Money,
    templates: Sequence[StageTemplate],
    *,
    event_date: date,
    zone: str,
    booked_at: datetime,
) -> tuple[PlannedStage, ...]:
    """The stages of a booking over ``total``, numbered from 1, in the order of the templates.

    ``event_date`` is the local date of the event in ``zone``; ``booked_at`` is the aware moment of booking.
    Their sum is the total to the last minor unit; a total of 0 has no stages. Raises FieldInvalid (template),
    AmountInvalid and AmountTooSmall (a stage that a card cannot take), PlanSumDiffers (fixed sums above the
    price).
    """
    check_templates(templates)
    if total.amount_minor < 0:
        raise AmountInvalid(detail="a price is never below 0")
    amounts = _amounts(total, templates)
    wanted = [(template, amount) for template, amount in zip(templates, amounts, strict=True) if amount]
    stages: list[PlannedStage] = []
    for position, (template, amount_minor) in enumerate(wanted, start=1):
        check_chargeable(Money(amount_minor, total.currency))
        day = due_date(template.due, event_date=event_date, not_before=local_date(booked_at, zone))
        kind = StageKind.FULL if len(wanted) == 1 else template.kind
        stages.append(
            PlannedStage(position, kind, amount_minor, template.due, day, end_of_local_day(day, zone))
        )
    return tuple(stages)


def _amounts(total: Money, templates: Sequence[StageTemplate]) -> list[int]:
    amounts = [
        template.fixed_minor
        if template.fixed_minor is not None
        else percent_floor(total.amount_minor, template.percent or 0, total.currency)
        for template in templates[:-1]
    ]
    rest_minor = total.amount_minor - sum(amounts)
    if rest_minor < 0:
        raise PlanSumDiffers(total_minor=total.amount_minor, planned_minor=sum(amounts))
    return [*amounts, rest_minor]


def due_date(rule: DueRule, *, event_date: date, not_before: date) -> date:
    """The local day at whose end a stage is due, never before the day on which it is planned.

    A wedding booked for tomorrow has a remainder "3 days before" that is due today, not two days ago.
    """
    match rule.kind:
        case DueRuleKind.ON_BOOKING:
            return not_before
        case DueRuleKind.FIXED_DATE:
            assert rule.day is not None, "checked with the template"
            return max(rule.day, not_before)
        case DueRuleKind.DAYS_BEFORE_EVENT:
            assert rule.days is not None, "checked with the template"
            return max(event_date - timedelta(days=rule.days), not_before)
