"""Who and what a booking holds, as one more column of a query that selects from bookings."""

import json
from functools import lru_cache
from typing import Final

import sqlalchemy as sa

from shared.tables import booking, booking_resource, resource

# the outer join makes SQLite begin with what the booking holds, not with all that each resource ever did
_HELD: Final = booking_resource.outerjoin(
    resource,
    sa.and_(
        resource.c.tenant_id == booking_resource.c.tenant_id, resource.c.id == booking_resource.c.resource_id
    ),
)


def people_held() -> sa.ColumnElement[str]:
    """The names by resource; :func:`names_in` reads them."""
    named = sa.func.json_group_object(booking_resource.c.resource_id, resource.c.name)
    held = (
        sa.select(sa.type_coerce(named.filter(resource.c.name.is_not(None)), sa.Text))
        .select_from(_HELD)
        .where(
            booking_resource.c.tenant_id == booking.c.tenant_id,
            booking_resource.c.booking_id == booking.c.id,
            booking_resource.c.deleted_at.is_(None),
        )
    )
    return held.correlate(booking).scalar_subquery().label("people")


@lru_cache(maxsize=1024)
def names_in(people: str) -> tuple[str, ...]:
    """In the order of the names; the same few people hold most bookings, so they are read once."""
    return tuple(sorted(json.loads(people).values()))
