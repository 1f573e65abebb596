"""What the settings page shows: the studio's own row, its rules, and the numbers of this computer."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from desktop.local_store.numbers import Numbers
from desktop.local_store.sync_state import read_state
from desktop.queries.next_numbers import next_of_series
from desktop.queries.reminders import next_days_of_rules
from desktop.queries.settings_rows import RuleRow, SettingsRows
from shared.clock import local_date
from shared.models.states import Series
from shared.tables import document, package, reminder_rule, studio

EDITED: Final = (
    "name",
    "phone",
    "email",
    "street",
    "postal_city",
    "country",
    "brand_color",
    "hold_days",
)


def settings_rows(
    connection: sa.Connection, tenant_id: UUID, *, numbers: Numbers, now: datetime, key_file: bool
) -> SettingsRows | None:
    """The settings as they stand; None while there is no studio here."""
    row = connection.execute(sa.select(studio).where(studio.c.tenant_id == tenant_id)).one_or_none()
    if row is None:
        return None
    state = read_state(connection)
    year = local_date(now, row.zone).year
    return SettingsRows(
        studio_id=row.id,
        code=row.code,
        time_zone=row.zone,
        currency=row.currency,
        language=row.language,
        tax_percent=row.tax_percent,
        price_mode=row.price_mode,
        deposit_percent=row.deposit_percent,
        remainder_days_before=row.remainder_days_before,
        policy=row.policy or {"currency": row.currency},
        numbering=row.numbering.value,
        fields={name: getattr(row, name) for name in EDITED},
        series=tuple(
            next_of_series(connection, tenant_id, code=row.code, series=series, year=year, numbers=numbers)
            for series in Series
        ),
        rules=_rules(connection, tenant_id, now=now),
        code_fixed_on=_first_issue_date(connection, tenant_id),
        package_count=_count_packages(connection, tenant_id),
        key_file=key_file,
        practice=row.practice,
        device_id=state.device_id,
        last_sync_at_utc=state.last_sync_at,
    )


def _rules(connection: sa.Connection, tenant_id: UUID, *, now: datetime) -> tuple[RuleRow, ...]:
    days = next_days_of_rules(connection, tenant_id, now=now)
    names = dict(
        connection.execute(
            sa.select(package.c.id, package.c.name).where(package.c.tenant_id == tenant_id)
        ).all()
    )
    rows = connection.execute(
        sa.select(reminder_rule)
        .where(reminder_rule.c.tenant_id == tenant_id, reminder_rule.c.deleted_at.is_(None))
        .order_by(reminder_rule.c.is_on.desc(), reminder_rule.c.created_at, reminder_rule.c.id)
    )
    return tuple(
        RuleRow(
            rule_id=row.id,
            kind=row.kind.value,
            is_on=row.is_on,
            anchor=row.anchor,
            offset_days=row.offset_days,
            local_time=row.local_time,
            package_names=_named(row, names),
            next_days=days.get(row.id, ()),
        )
        for row in rows
    )


def _named(row: Any, names: dict[UUID, str]) -> tuple[str, ...]:  # noqa: ANN401 - a row of the query
    return tuple(sorted(names.get(UUID(each), "") for each in row.services or ()))


def _first_issue_date(connection: sa.Connection, tenant_id: UUID) -> date | None:
    found = connection.execute(
        sa.select(sa.func.min(document.c.issue_date, type_=document.c.issue_date.type)).where(
            document.c.tenant_id == tenant_id
        )
    )
    first: date | None = found.scalar_one()
    return first


def _count_packages(connection: sa.Connection, tenant_id: UUID) -> int:
    count = connection.execute(
        sa.select(sa.func.count()).where(
            package.c.tenant_id == tenant_id, package.c.deleted_at.is_(None), package.c.archived_at.is_(None)
        )
    )
    return int(count.scalar_one())
