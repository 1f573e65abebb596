"""The studio, its people, what it sells and to whom."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.models.studio import Customer, Member, Package, Resource, Studio
from shared.repositories.tenant_repository import TenantRepository
from shared.tables import studios as tables


class Studios(TenantRepository[Studio]):
    """Studio settings: one row each."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Studio)

    def settings(self, tenant_id: UUID) -> Studio:
        """The studio's own row."""
        return self.get(tenant_id, tenant_id)


class Members(TenantRepository[Member]):
    """People who work in the studio."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Member)


class Resources(TenantRepository[Resource]):
    """What can be booked once at a time."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Resource)

    def by_name(self, tenant_id: UUID) -> list[Resource]:
        """Those in use, by name."""
        table = tables.resource
        return self._list(tenant_id, table.c.archived_at.is_(None), order_by=(table.c.name,))


class Packages(TenantRepository[Package]):
    """What is sold."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Package)

    def in_use(self, tenant_id: UUID) -> list[Package]:
        """Those that can be booked, by name."""
        table = tables.package
        return self._list(tenant_id, table.c.archived_at.is_(None), order_by=(table.c.name,))


class Customers(TenantRepository[Customer]):
    """Who books."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Customer)

    def by_email(self, tenant_id: UUID, email: str) -> list[Customer]:
        """Those with this mail address, case ignored."""
        return self._list(tenant_id, sa.func.lower(tables.customer.c.email) == email.lower())
