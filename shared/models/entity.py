"""What every kept thing has."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(eq=False, kw_only=True)
class Entity:
    """One row of one studio. The stamps are set by the unit of work and are for display only."""

    tenant_id: UUID
    id: UUID
    created_at: datetime | None = None
    created_by: UUID | None = None
    updated_at: datetime | None = None
    updated_by: UUID | None = None
    deleted_at: datetime | None = None
