"""An issue: something that needs a person."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.models.entity import Entity


@dataclass(eq=False, kw_only=True)
class SyncIssue(Entity):
    """One item of "Needs attention". ``id`` is the operation's id where one caused it."""

    kind: str
    state: str = "open"
    entity: str | None = None
    row_id: UUID | None = None
    user_id: UUID | None = None
    device_name: str | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    resolved_by: UUID | None = None
    resolution: str | None = None
