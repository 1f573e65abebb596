"""A studio whose database is a local store in memory: synced tables, outbox, marks and search index."""

import sqlalchemy as sa
import sqlcipher3.dbapi2

from desktop.local_store.upgrades import upgrade
from shared.ids import new_id
from shared.models.mail import ReminderRule
from shared.policies.reminder_policy import DEFAULT_RULES
from shared.tables import map_models
from tests.builders.studio_world import StudioWorld


def store_world(*, with_rules: bool = True) -> StudioWorld:
    """A studio with its owner and, unless told otherwise, the rules a new studio starts with."""
    map_models()
    engine = sa.create_engine("sqlite+pysqlite://", module=sqlcipher3.dbapi2, poolclass=sa.pool.StaticPool)
    with engine.begin() as connection:
        upgrade(connection)
    world = StudioWorld(engine)
    world.set_up()
    if with_rules:
        with world.unit() as unit:
            unit.begin_act(world.act())
            for rule in DEFAULT_RULES:
                unit.reminder_rules.add(
                    world.tenant_id,
                    ReminderRule(
                        tenant_id=world.tenant_id,
                        id=new_id(),
                        kind=rule.kind,
                        anchor=rule.anchor.value,
                        offset_days=rule.offset_days,
                        local_time=rule.local_time,
                    ),
                )
    return world


def pay_by_hand(world: StudioWorld, booking_id: object, *, position: int, method: str = "bank") -> None:
    """Write one stage of a booking down as paid at the desk."""
    with world.unit() as unit:
        stage = next(
            row
            for row in unit.stages.all(world.tenant_id)
            if row.booking_id == booking_id and row.position == position
        )
    world.do(
        "payment.record_manual",
        {
            "id": str(new_id()),
            "stage_id": str(stage.id),
            "amount_minor": stage.amount_minor,
            "currency": stage.currency,
            "method": method,
            "paid_on": world.now.date().isoformat(),
        },
    )
