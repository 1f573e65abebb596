"""What the studio sells and who or what can be booked."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from desktop.queries.marks import marks_of
from desktop.queries.rows import PackageRow, ResourceRow, RowMark
from shared.tables import package, resource
from shared.tables.column_types import Id

_RESOURCES: Final = (
    sa.select(resource.c.id, resource.c.name, resource.c.kind)
    .where(
        resource.c.tenant_id == sa.bindparam("tenant", type_=Id()),
        resource.c.deleted_at.is_(None),
        resource.c.archived_at.is_(None),
    )
    .order_by(resource.c.name, resource.c.id)
)


def packages_list(
    connection: sa.Connection, tenant_id: UUID, *, archived: bool = False
) -> tuple[PackageRow, ...]:
    """Packages by name; with ``archived`` also those that are no longer offered."""
    conditions = [] if archived else [package.c.archived_at.is_(None)]
    rows = connection.execute(
        sa.select(package)
        .where(package.c.tenant_id == tenant_id, package.c.deleted_at.is_(None), *conditions)
        .order_by(package.c.name, package.c.id)
    )
    marks = marks_of(connection, "package")
    return tuple(
        PackageRow(
            package_id=row.id,
            name=row.name,
            price_minor=row.price_minor,
            currency=row.currency,
            duration_min=row.duration_minutes,
            plan_words=plan_words(row),
            archived=row.archived_at is not None,
            mark=marks.get(row.id, RowMark.NONE),
            deposit_percent=row.deposit_percent,
        )
        for row in rows
    )


def plan_words(row: Any) -> str:  # noqa: ANN401 - a row of the package table or its model
    """The deposit plan in words: "50 % on booking, the rest 3 days before"."""
    days = f"{row.remainder_days_before} day{'' if row.remainder_days_before == 1 else 's'} before"
    if row.deposit_percent == 0:
        return f"All {days}"
    if row.deposit_percent == 100:  # noqa: PLR2004 - per cent
        return "All on booking"
    return f"{row.deposit_percent} % on booking, the rest {days}"


def resources_list(connection: sa.Connection, tenant_id: UUID) -> tuple[ResourceRow, ...]:
    """Those in use, by name."""
    rows = connection.execute(_RESOURCES, {"tenant": tenant_id})
    return tuple(ResourceRow(row.id, row.name, row.kind.value) for row in rows)
