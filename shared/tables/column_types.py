"""Column types that are native on Postgres and TEXT, INTEGER or NULL on SQLite.

SQLite's text forms are fixed, so that they sort as the values do and travel on the wire unchanged: ids with
dashes, instants as ``2027-06-12T12:00:00.000000Z``, dates as ``2027-06-12``, wall times as ``14:00``.
"""

import json
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


def instant_text(instant: datetime) -> str:
    """An instant as SQLite and the wire keep it."""
    assert instant.tzinfo is not None, "an instant carries its zone"
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant_from_text(text: str) -> datetime:
    """Read :func:`instant_text` back."""
    return datetime.fromisoformat(text)


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Id(TypeDecorator[UUID]):
    """A UUID."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Native on Postgres."""
        return dialect.type_descriptor(postgresql.UUID() if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:  # noqa: ANN401 - a driver's value
        """To the driver."""
        return value if value is None or dialect.name == "postgresql" else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:  # noqa: ANN401 - a driver's value
        """From the driver."""
        return value if value is None or dialect.name == "postgresql" else UUID(value)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Native on Postgres."""
        return dialect.type_descriptor(
            sa.DateTime(timezone=True) if dialect.name == "postgresql" else sa.Text()
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - a driver's value
        """To the driver."""
        if value is None:
            return None
        assert value.tzinfo is not None, "an instant carries its zone"
        return value if dialect.name == "postgresql" else instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - a driver's value
        """From the driver."""
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else instant_from_text(value)


class Day(TypeDecorator[date]):
    """A calendar date."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Native on Postgres."""
        return dialect.type_descriptor(sa.Date() if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:  # noqa: ANN401 - a driver's value
        """To the driver."""
        return value if value is None or dialect.name == "postgresql" else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:  # noqa: ANN401 - a driver's value
        """From the driver."""
        return value if value is None or dialect.name == "postgresql" else date.fromisoformat(value)


class WallTime(TypeDecorator[time]):
    """What a wall clock shows, in minutes; text everywhere."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - text everywhere
        """To the driver."""
        return None if value is None else value.strftime("%H:%M")

    def process_result_value(self, value: str | None, dialect: Dialect) -> time | None:  # noqa: ARG002 - text everywhere
        """From the driver."""
        return None if value is None else time.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A JSON value; canonical text on SQLite."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Native on Postgres."""
        return dialect.type_descriptor(
            postgresql.JSONB(none_as_null=True) if dialect.name == "postgresql" else sa.Text()
        )

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON value
        """To the driver."""
        return value if value is None or dialect.name == "postgresql" else canonical_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON value
        """From the driver."""
        return value if value is None or dialect.name == "postgresql" else json.loads(value)


class Word(TypeDecorator[StrEnum]):
    """One of the words of an enumeration; text everywhere."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - text everywhere
        """To the driver; a plain string must be one of the words."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 - text everywhere
        """From the driver."""
        return None if value is None else self.words(value)
