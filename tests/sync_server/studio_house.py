"""A studio on the server with its owner, a device and what can be booked; made through the real services."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.ids import TenantId, new_id
from shared.models.act import Act, Actor, ActorKind, Role
from shared.models.studio import Customer, Member, Package, Resource, Studio
from sync_server.services.studio_unit import StudioUnits


@dataclass
class StudioHouse:
    """Ids of one studio; ``open`` makes it."""

    units: StudioUnits
    code: str = "BELLAWEDS"
    tenant_id: TenantId = field(default_factory=lambda: TenantId(new_id()))
    owner_id: UUID = field(default_factory=new_id)
    customer_id: UUID = field(default_factory=new_id)
    package_id: UUID = field(default_factory=new_id)
    resource_id: UUID = field(default_factory=new_id)

    def open(self) -> "StudioHouse":
        """Write the studio's first rows."""
        self.units.sessions.found(self.tenant_id, new_id())
        t = self.tenant_id
        with self.units.transaction(t) as (unit, now):
            unit.begin_act(Act(t, Actor(ActorKind.OPERATOR, self.owner_id), now, new_id()))
            unit.studios.add(
                t,
                Studio(tenant_id=t, id=t, code=self.code, name="Bella", zone="Europe/Paris", currency="EUR"),
            )
            unit.members.add(t, Member(tenant_id=t, id=self.owner_id, name="Clara", role=Role.OWNER))
            unit.customers.add(
                t, Customer(tenant_id=t, id=self.customer_id, name="Zoë", email="zoe@example.com")
            )
            unit.packages.add(
                t,
                Package(tenant_id=t, id=self.package_id, name="Full day", price_minor=245000, currency="EUR"),
            )
            unit.resources.add(t, Resource(tenant_id=t, id=self.resource_id, name="Anna"))
        return self

    def add_member(self, role: Role) -> UUID:
        """A further person's id."""
        member_id = new_id()
        with self.units.transaction(self.tenant_id) as (unit, now):
            unit.begin_act(Act(self.tenant_id, Actor(ActorKind.OPERATOR, self.owner_id), now, new_id()))
            unit.members.add(
                self.tenant_id, Member(tenant_id=self.tenant_id, id=member_id, name=role.value, role=role)
            )
        return member_id
