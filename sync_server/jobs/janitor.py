"""Ends what time has ended: holds without a deposit, events that are over, links past their day."""

from collections.abc import Callable, Sequence
from typing import Final

import structlog

from shared.models.act import Act
from shared.models.booking import Booking
from shared.services import booking_desk
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.across_studios import AcrossStudios, RowKey
from sync_server.services.provider_events import system_act
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

BATCH: Final = 100


def run(units: StudioUnits, across: AcrossStudios) -> int:
    """Take one batch of each; how many things have ended."""
    lapsed = _end(units, across.due_holds(BATCH), booking_desk.lapse_hold)
    over = _end(units, across.ended_bookings(BATCH), booking_desk.complete)
    return lapsed + over + len(across.expire_links(BATCH))


def _end(units: StudioUnits, due: Sequence[RowKey], step: Callable[[UnitOfWork, Act, Booking], bool]) -> int:
    """Each booking in a transaction of its own, looked at again under the studio's lock."""
    ended = 0
    for tenant_id, booking_id in due:
        with units.transaction(tenant_id) as (unit, now):
            act = system_act(tenant_id, now, booking_id, step.__name__, now.isoformat())
            unit.begin_act(act)
            if step(unit, act, unit.bookings.get(tenant_id, booking_id)):
                ended += 1
                log.info("booking_ended", tenant_id=str(tenant_id), booking_id=str(booking_id))
    return ended
