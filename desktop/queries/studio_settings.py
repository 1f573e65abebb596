"""The studio's settings and reminder rules as the settings page shows them."""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.catalogue import plan_words
from shared.models.states import Numbering
from shared.policies.cancellation import CancellationPolicy
from shared.tables import document, reminder_rule, studio


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One reminder rule of the studio."""

    rule_id: UUID
    kind: str
    is_on: bool
    anchor: str
    offset_days: int
    local_time: time


@dataclass(frozen=True, slots=True)
class StudioSettings:
    """What the settings page shows; ``code_is_fixed`` once a document bears it."""

    name: str
    code: str
    code_is_fixed: bool
    time_zone: str
    currency: str
    brand_color: str
    address: tuple[str, ...]
    email: str
    phone: str
    tax_percent: str
    price_mode: str
    vat_id: str
    iban: str
    hold_days: int
    plan_words: str
    policy_words: tuple[str, ...]
    numbering: str
    language: str
    practice: bool
    rules: tuple[RuleRow, ...]


def studio_settings(connection: sa.Connection, tenant_id: UUID) -> StudioSettings | None:
    """Every setting that is shown; None until the studio's row has arrived."""
    row = connection.execute(sa.select(studio).where(studio.c.tenant_id == tenant_id)).one_or_none()
    if row is None:
        return None
    issued = sa.select(sa.func.count()).where(document.c.tenant_id == tenant_id)
    return StudioSettings(
        name=row.name,
        code=row.code,
        code_is_fixed=connection.execute(issued).scalar_one() > 0,
        time_zone=row.zone,
        currency=row.currency,
        brand_color=row.brand_color,
        address=tuple(part for part in (row.street, row.postal_city, row.country) if part),
        email=row.email,
        phone=row.phone,
        tax_percent=row.tax_percent,
        price_mode=row.price_mode,
        vat_id=row.vat_id,
        iban=row.iban,
        hold_days=row.hold_days,
        plan_words=plan_words(row),
        policy_words=_policy_words(CancellationPolicy.from_json(row.policy or {"currency": row.currency})),
        numbering=Numbering(row.numbering).value,
        language=row.language,
        practice=row.practice,
        rules=_rules(connection, tenant_id),
    )


def _policy_words(policy: CancellationPolicy) -> tuple[str, ...]:
    tiers = sorted(policy.tiers, key=lambda tier: -tier.min_days_before)
    words = [f"From {tier.min_days_before} days before: keep {tier.keep_percent} %" for tier in tiers]
    if policy.deposit_kept:
        words.append("The deposit is always kept")
    words.append(f"By link until {policy.cancel_until_days_before} days before the event")
    return tuple(words)


def _rules(connection: sa.Connection, tenant_id: UUID) -> tuple[RuleRow, ...]:
    rows = connection.execute(
        sa.select(reminder_rule)
        .where(reminder_rule.c.tenant_id == tenant_id, reminder_rule.c.deleted_at.is_(None))
        .order_by(reminder_rule.c.offset_days, reminder_rule.c.kind)
    )
    return tuple(
        RuleRow(row.id, row.kind.value, row.is_on, row.anchor, row.offset_days, row.local_time)
        for row in rows
    )
