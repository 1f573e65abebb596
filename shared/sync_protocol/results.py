"""What became of an operation: what a service answers, and what the server tells the device."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID


class ResultStatus(StrEnum):
    """How the server decided."""

    APPLIED = "applied"
    AMENDED = "amended"
    REJECTED = "rejected"
    PARKED = "parked"


@dataclass(frozen=True)
class IssueDraft:
    """What a person should see; the server makes a sync_issue of it, the device a row mark."""

    kind: str
    entity: str
    row_id: UUID
    payload: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """A service's answer. With a ``code`` the operation was done, but not just as asked: ``amended``."""

    code: str | None = None
    issues: tuple[IssueDraft, ...] = ()
    result: dict[str, str] = field(default_factory=dict)
    """Ids and codes only; kept for ever in the receipt."""


@dataclass(frozen=True)
class OperationResult:
    """The stored decision on one operation, as the wire carries it."""

    id: UUID
    status: ResultStatus
    seq: int
    code: str | None = None
    result: dict[str, Any] | None = None
