"""Who does something, when it counts, and under which operation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.ids import TenantId, derived_id


class ActorKind(StrEnum):
    """The three kinds of people, and the machine."""

    STAFF = "staff"
    CUSTOMER = "customer"
    SYSTEM = "system"
    OPERATOR = "operator"


class Role(StrEnum):
    """What a staff member may do; the table is policies/rights_policy.py."""

    STAFF = "staff"
    MANAGER = "manager"
    OWNER = "owner"


@dataclass(frozen=True)
class Actor:
    """The one who acts: ``id`` is a member, an action token, an event or a job row; staff have a role."""

    kind: ActorKind
    id: UUID
    role: Role | None = None


@dataclass(frozen=True)
class Act:
    """One act of one actor in one studio.

    ``at`` is the moment of decision, aware UTC: on the server the database's business time, on the device the
    clock when the person acted, the same in every replay. It decides cut-offs, tiers and expiry.
    """

    tenant_id: TenantId
    actor: Actor
    at: datetime
    operation_id: UUID

    def new_id(self, *role: str | int | UUID) -> UUID:
        """The id of a further row of this act: the same on device, server and in every replay."""
        return derived_id(self.operation_id, *role)
