"""Who and what a booking holds, as one more column of a query that selects from bookings."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from shared.tables import booking, booking_resource, resource
from shared.tables.column_types import Json

# the outer join makes SQLite begin with what the booking holds, not with all that each resource ever did
_HELD: Final = booking_resource.outerjoin(
    resource,
    sa.and_(
        resource.c.tenant_id == booking_resource.c.tenant_id, resource.c.id == booking_resource.c.resource_id
    ),
)


def people_held() -> sa.ColumnElement[Any]:
    """The names by resource; :func:`names_in` reads them."""
    named = sa.func.json_group_object(booking_resource.c.resource_id, resource.c.name)
    held = (
        sa.select(sa.type_coerce(named.filter(resource.c.name.is_not(None)), Json))
        .select_from(_HELD)
        .where(
            booking_resource.c.tenant_id == booking.c.tenant_id,
            booking_resource.c.booking_id == booking.c.id,
            booking_resource.c.deleted_at.is_(None),
        )
    )
    return held.correlate(booking).scalar_subquery().label("people")


def names_in(people: Mapping[str, str]) -> tuple[str, ...]:
    """In the order of the names."""
    return tuple(sorted(people.values()))
