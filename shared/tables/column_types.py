"""Column types that are native on Postgres and TEXT, INTEGER or NULL on SQLite.

SQLite's text forms are fixed, so that they sort as the values do and travel on the wire unchanged: ids with
dashes, instants as ``2027-06-12T12:00:00.000000Z``, dates as ``2027-06-12``, wall times as ``14:00``.
"""

import json
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

Value = TypeVar("Value")
Read = Callable[[Any], Any] | None
"""From what the driver gives to the value; None where the driver gives the value itself."""


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


class _Kept(TypeDecorator[Value]):
    """Read by one call a value; what a TypeDecorator does by itself takes two, and rows are many."""

    impl = sa.Text

    def result_processor(self, dialect: Dialect, coltype: object) -> Read:
        """From the driver; NULL stays None."""
        del coltype
        read = self.reader(on_postgres=dialect.name == "postgresql")
        return read and (lambda value: None if value is None else read(value))

    def reader(self, *, on_postgres: bool) -> Read:
        """How a value that is not NULL is read."""
        raise NotImplementedError


class Id(_Kept[UUID]):
    """A UUID."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Native on Postgres."""
        return dialect.type_descriptor(postgresql.UUID() if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:  # noqa: ANN401 - a driver's value
        """To the driver."""
        return value if value is None or dialect.name == "postgresql" else str(value)

    def reader(self, *, on_postgres: bool) -> Read:
        """From the driver."""
        return None if on_postgres else UUID


class IdList(UserDefinedType[Collection[UUID]]):
    """Ids as one array that Postgres reads from text: the driver alone would turn each of them by itself."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: object) -> str:
        """What the text is cast to."""
        return "UUID[]"

    def bind_processor(self, dialect: Dialect) -> Callable[[Collection[UUID] | None], str | None]:  # noqa: ARG002 - Postgres alone has arrays
        """To the driver."""
        return lambda ids: None if ids is None else f"{{{','.join([one.hex for one in ids])}}}"


class Instant(_Kept[datetime]):
    """A moment in UTC, to the microsecond."""

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

    def reader(self, *, on_postgres: bool) -> Read:
        """From the driver; every connection to Postgres speaks UTC (sync_server/repositories/engine.py)."""
        return None if on_postgres else instant_from_text


class Day(_Kept[date]):
    """A calendar date."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Native on Postgres."""
        return dialect.type_descriptor(sa.Date() if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:  # noqa: ANN401 - a driver's value
        """To the driver."""
        return value if value is None or dialect.name == "postgresql" else value.isoformat()

    def reader(self, *, on_postgres: bool) -> Read:
        """From the driver."""
        return None if on_postgres else date.fromisoformat


class WallTime(_Kept[time]):
    """What a wall clock shows, in minutes; text everywhere."""

    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - text everywhere
        """To the driver."""
        return None if value is None else value.strftime("%H:%M")

    def reader(self, *, on_postgres: bool) -> Read:  # noqa: ARG002 - text everywhere
        """From the driver."""
        return time.fromisoformat


class Json(_Kept[Any]):
    """A JSON value; canonical text on SQLite."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Native on Postgres."""
        return dialect.type_descriptor(
            postgresql.JSONB(none_as_null=True) if dialect.name == "postgresql" else sa.Text()
        )

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON value
        """To the driver."""
        return value if value is None or dialect.name == "postgresql" else canonical_json(value)

    def reader(self, *, on_postgres: bool) -> Read:
        """From the driver."""
        return None if on_postgres else json.loads


class Word(_Kept[StrEnum]):
    """One of the words of an enumeration; text everywhere."""

    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - text everywhere
        """To the driver; a plain string must be one of the words."""
        return None if value is None else self.words(value).value

    def result_processor(self, dialect: Dialect, coltype: object) -> Read:  # noqa: ARG002 - text everywhere
        """From the driver, by one look into a table: every row has several words."""
        by_text: dict[str | None, StrEnum | None] = {None: None, **{word.value: word for word in self.words}}
        return by_text.__getitem__
