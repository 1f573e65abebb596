"""Writes down what the machine did by itself: one audit row per fact, in the commit of the fact.

What staff push is written down by the intake, what customers do behind a link by the links; both know more.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shared.events import DomainEvent
from shared.models.act import ActorKind
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.audit_log import AuditLog, AuditRow

_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")

# the fields that say what a fact is about, the nearest first
_ABOUT: Final = (
    ("refund_id", "refund"),
    ("request_id", "refund_request"),
    ("document_id", "document"),
    ("stage_id", "payment_stage"),
    ("rule_id", "reminder_rule"),
    ("booking_id", "booking"),
)


def write_audit(unit: UnitOfWork, now: datetime, events: Sequence[DomainEvent]) -> None:
    """A function of the end of a transaction."""
    del now
    act = unit.act
    if act is None or act.actor.kind is not ActorKind.SYSTEM or not events:
        return
    AuditLog(unit.session).add(events[0].tenant_id, [_row(event) for event in events])


def _row(event: DomainEvent) -> AuditRow:
    """``RefundSettled`` becomes ``refund.settled``, with every id that the fact names."""
    first, *rest = _WORD.sub(" ", event.name).lower().split()
    field, entity = next((name, entity) for name, entity in _ABOUT if hasattr(event, name))
    ids = {name: value for name, value in event.payload().items() if name not in ("tenant_id", field)}
    return AuditRow(
        actor=ActorKind.SYSTEM,
        action=f"{first}.{'_'.join(rest)}",
        entity=entity,
        entity_id=getattr(event, field),
        after=ids,
    )
