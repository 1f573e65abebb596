"""Who is meant by an id: a member of the studio by name, else the customer or the system."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from shared.models.act import ActorKind
from shared.tables import member

_CUSTOMER = "The customer"


def member_names(connection: sa.Connection, tenant_id: UUID) -> Mapping[UUID, str]:
    """The names of the studio's members, disabled ones too."""
    rows = connection.execute(sa.select(member.c.id, member.c.name).where(member.c.tenant_id == tenant_id))
    return {row.id: row.name for row in rows}


def actor_name(names: Mapping[UUID, str], actor_id: UUID | None, kind: ActorKind | None = None) -> str:
    """How a sentence begins: "Anna", "The customer", "Daybook"."""
    if actor_id is not None and actor_id in names:
        return names[actor_id]
    return _CUSTOMER if kind is ActorKind.CUSTOMER else "Daybook"


def within_sentence(name: str) -> str:
    """The same after a preposition: "by Anna", "by the customer"."""
    return name[0].lower() + name[1:] if name == _CUSTOMER else name
