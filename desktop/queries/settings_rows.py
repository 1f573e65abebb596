"""The frozen rows of the settings page; units and rules as in rows.py."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One reminder rule with the days of its next mails."""

    rule_id: UUID
    kind: str
    is_on: bool
    anchor: str
    offset_days: int
    local_time: time
    package_names: tuple[str, ...] = ()
    next_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One series of numbers: the next one here and how many are ready, and the first of next year.

    `is_passed` says that a higher number is in use: with a network the server gives a newer one instead.
    """

    series: str
    next_number: str
    ready: int
    next_year: str
    is_passed: bool = False


@dataclass(frozen=True, slots=True)
class SettingsRows:
    """The studio's settings as they stand; `fields` are those that this page edits, by their names."""

    studio_id: UUID
    code: str
    time_zone: str
    currency: str
    language: str
    tax_percent: str
    price_mode: str
    deposit_percent: int
    remainder_days_before: int
    policy: dict[str, object]
    numbering: str
    fields: dict[str, object]
    series: tuple[SeriesRow, ...] = ()
    rules: tuple[RuleRow, ...] = ()
    code_fixed_on: date | None = None
    package_count: int = 0
    key_file: bool = False
    practice: bool = False
    device_id: UUID | None = None
    last_sync_at_utc: datetime | None = None
