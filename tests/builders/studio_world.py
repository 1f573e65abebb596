"""A studio in a database of either kind, and the acts of its people."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.ids import TenantId, new_id
from shared.models.act import Act, Actor, ActorKind, Role
from shared.models.slot import Slot
from shared.models.studio import Member, Studio
from shared.policies.cancellation import CancellationPolicy, CancellationTier
from shared.services.operations import carry_out, find_operation
from shared.sync_protocol.operations import SlotArgs
from shared.sync_protocol.results import Outcome
from shared.tables import map_models, metadata
from shared.unit_of_work import UnitOfWork

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ZONE = "Europe/Paris"


def a_slot(
    day: date = date(2027, 6, 12), start: time = time(14), end: time = time(23), zone: str = ZONE
) -> Slot:
    """A slot on one day."""
    return Slot(day, start, day, end, zone)


@dataclass
class StudioWorld:
    """One studio, its owner and a movable moment; ``do`` carries an operation out as the owner."""

    engine: sa.Engine
    tenant_id: TenantId = field(default_factory=lambda: TenantId(new_id()))
    owner_id: UUID = field(default_factory=new_id)
    now: datetime = NOON

    @contextmanager
    def unit(self) -> Iterator[UnitOfWork]:
        """An open unit, committed at the end."""
        with Session(self.engine, expire_on_commit=False) as session:
            unit = UnitOfWork(session)
            yield unit
            session.commit()

    def act(
        self, *, role: Role = Role.OWNER, by: UUID | None = None, operation_id: UUID | None = None
    ) -> Act:
        """An act of a staff member now."""
        actor = Actor(ActorKind.STAFF, by or self.owner_id, role)
        return Act(self.tenant_id, actor, self.now, operation_id or new_id())

    def do(self, name: str, args: Mapping[str, Any], *, act: Act | None = None) -> Outcome:
        """Carry an operation out and commit it."""
        operation = find_operation(name, 1)
        assert operation is not None, name
        with self.unit() as unit:
            return carry_out(unit, act or self.act(), operation, args=args)

    def set_up(self) -> None:
        """Make the studio and its owner: nothing is kept until 31 days before, then 20 percent."""
        policy = CancellationPolicy(
            currency="EUR", tiers=(CancellationTier(31, 0), CancellationTier(0, 20)), move_until_days_before=1
        )
        studio = Studio(
            tenant_id=self.tenant_id,
            id=self.tenant_id,
            code="BELLAWEDS",
            name="Bella Weddings",
            zone=ZONE,
            currency="EUR",
            policy=policy.to_json(),
        )
        owner = Member(tenant_id=self.tenant_id, id=self.owner_id, name="Clara", role=Role.OWNER)
        with self.unit() as unit:
            unit.begin_act(self.act())
            unit.studios.add(self.tenant_id, studio)
            unit.members.add(self.tenant_id, owner)

    def a_customer(self, name: str = "Zoë Brûlé", email: str = "zoe@example.com") -> UUID:
        """A customer's id."""
        row_id = new_id()
        self.do("customer.create", {"id": str(row_id), "name": name, "email": email})
        return row_id

    def a_package(self, **fields: object) -> UUID:
        """A package's id."""
        row_id = new_id()
        defaults = {"name": "Full day", "price_minor": 245000, "currency": "EUR", "deposit_percent": 50}
        self.do("package.create", {"id": str(row_id), **(defaults | fields)})
        return row_id

    def a_resource(self, name: str = "Anna") -> UUID:
        """A resource's id."""
        row_id = new_id()
        self.do("resource.create", {"id": str(row_id), "name": name})
        return row_id

    def a_booking(
        self,
        *,
        slot: Slot | None = None,
        resources: list[UUID] | None = None,
        package_id: UUID | None = None,
        customer_id: UUID | None = None,
    ) -> UUID:
        """A booking's id."""
        row_id = new_id()
        self.do(
            "booking.create",
            {
                "id": str(row_id),
                "customer_id": str(customer_id or self.a_customer()),
                "package_id": str(package_id or self.a_package()),
                "slot": SlotArgs.of(slot or a_slot()).model_dump(mode="json"),
                "resource_ids": [
                    str(one) for one in (resources if resources is not None else [self.a_resource()])
                ],
                "place": "Château d'Écouen",
            },
        )
        return row_id

    def pass_days(self, days: int) -> None:
        """Let time go by."""
        self.now += timedelta(days=days)


@contextmanager
def sqlite_world() -> Iterator[StudioWorld]:
    """A studio in SQLite in memory."""
    map_models()
    engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
    metadata.create_all(engine)
    world = StudioWorld(engine)
    world.set_up()
    yield world
    engine.dispose()
