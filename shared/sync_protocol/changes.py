"""What comes back from the server: a page of changed rows under one header, and what is sent to it.

A row travels as ``{"e": entity, "id": …, "s": seq, "r": {column: value}}``, a deleted one as
``{"e", "id", "s", "del": 1}``. Values are those of SQLite (``shared.tables.column_types``): text, integers
and null; JSON columns are JSON values.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

PROTOCOL: Final = 1
SCHEMA: Final = 1
"""Rises with every change of a synced table."""

PUSH_MAX_OPERATIONS: Final = 50
PUSH_MAX_BYTES: Final = 1024 * 1024
ARGS_MAX_BYTES: Final = 256 * 1024
PULL_MAX_ROWS: Final = 5000
PULL_MAX_BYTES: Final = 8 * 1024 * 1024
DOCUMENT_MAX_BYTES: Final = 10 * 1024 * 1024
BLOB_MAX_BYTES: Final = 5 * 1024 * 1024

_MAX_BIGINT: Final = 2**63 - 1


class PageHeader(BaseModel):
    """The first line of a page. ``rows`` lines follow it."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    epoch: UUID
    from_seq: int = Field(alias="from")
    next_seq: int = Field(alias="next")
    head: int
    more: bool
    cursor: str
    protocol: int
    schema_number: int = Field(alias="schema")
    server_time: datetime
    keep_days: int
    device_last_no: int
    rows: int
    clock_shift_s: int = 0
    """How far business time is ahead of ``server_time``: not 0 in a practice studio only."""


@dataclass(frozen=True)
class Change:
    """One row as the server has it; ``row`` is None when it was deleted for good."""

    entity: str
    row_id: str
    seq: int
    row: dict[str, Any] | None


@dataclass(frozen=True)
class Page:
    """One answer of pull."""

    header: PageHeader
    changes: tuple[Change, ...]


class PushedOperation(BaseModel):
    """One thing a person did, as the device sends it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    no: Annotated[int, Field(ge=1, le=_MAX_BIGINT, strict=True)]
    id: UUID
    name: Annotated[str, Field(min_length=1, max_length=80)]
    v: Annotated[int, Field(ge=1, le=32767, strict=True)]
    args: dict[str, Any]
    user_id: UUID
    created_at: datetime | None = None
    """The device's clock, for display only."""


class PushRequest(BaseModel):
    """The body of push, lowest ``no`` first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    protocol: Annotated[int, Field(ge=1, le=32767)]
    epoch: UUID
    operations: list[PushedOperation]
