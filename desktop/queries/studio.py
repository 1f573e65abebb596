"""What the frame of the window and the settings page say about the studio."""

from uuid import UUID

import sqlalchemy as sa

from desktop.queries.rows import StudioFacts
from shared.tables import member, studio


def studio_facts(
    connection: sa.Connection, tenant_id: UUID, *, user_id: UUID | None, device_name: str
) -> StudioFacts | None:
    """The studio and who sits here; None before the first sync has brought them."""
    found = connection.execute(sa.select(studio).where(studio.c.tenant_id == tenant_id)).one_or_none()
    person = connection.execute(
        sa.select(member.c.name, member.c.role).where(member.c.tenant_id == tenant_id, member.c.id == user_id)
    ).one_or_none()
    if found is None or person is None:
        return None
    return StudioFacts(
        name=found.name,
        code=found.code,
        time_zone=found.zone,
        currency=found.currency,
        brand_color=found.brand_color,
        user_name=person.name,
        user_role=person.role.value,
        device_name=device_name,
    )
