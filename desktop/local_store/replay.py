"""Runs an operation's service on this store, inside the caller's transaction, with the undo log listening."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from desktop.local_store import outbox, undo_log
from desktop.local_store.outbox import Entry
from shared.errors import BadArgs, DomainError
from shared.ids import TenantId
from shared.models.act import Act, Actor, ActorKind
from shared.policies.rights_policy import check_right
from shared.services.operations import carry_out, find_operation
from shared.sync_protocol.results import Outcome
from shared.unit_of_work import UnitOfWork

log = structlog.get_logger()


def perform(
    connection: sa.Connection,
    tenant_id: UUID,
    entry: Entry,
    *,
    asks_right: bool = False,
    partly: bool = False,
) -> Outcome:
    """Do what the entry says; raises DomainError, and then nothing was changed.

    A replay does not ask for the right: that is the server's decision by then. ``partly``: between two pages
    some of its rows may have come from the server already; those stay as they came.
    """
    operation = find_operation(entry.name, entry.v)
    if operation is None:
        raise BadArgs(detail=f"{entry.name} {entry.v}")
    args: dict[str, Any] = json.loads(entry.args)
    # the session's own savepoint: what a refusal began is rolled back, its undo images included
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        session.begin()
        if partly:
            sa.event.listen(session, "before_flush", _leave_out_what_came)
        undo_log.begin_capture(connection, entry.no)
        try:
            unit = UnitOfWork(session)
            member = unit.members.find(tenant_id, entry.user_id)
            actor = Actor(ActorKind.STAFF, entry.user_id, None if member is None else member.role)
            if asks_right:
                check_right(actor.role, operation.right)
            act = Act(TenantId(tenant_id), actor, entry.created_at, entry.id)
            outcome = carry_out(unit, act, operation, args=args)
            session.commit()
        except BaseException:  # also an interrupt leaves no half of an operation
            session.rollback()
            raise
        finally:
            undo_log.end_capture(connection)
    return outcome


def replay(
    connection: sa.Connection, tenant_id: UUID, entries: Iterable[Entry], *, partly: bool = False
) -> None:
    """Lay pending operations on top of the rows again; one that refuses now stays queued and is marked.

    ``partly``: the rows are between two pages, so that half of an operation's effect may lie among them.
    """
    for entry in entries:
        try:
            perform(connection, tenant_id, entry, partly=partly)
        except DomainError as refusal:
            log.info("operation_will_refuse", operation_id=str(entry.id), name=entry.name, code=refusal.code)
            outbox.mark_will_refuse(connection, entry.no, refusal.code)
        except AssertionError:
            if not partly:
                raise
            # a service may rely on what the next page brings
            log.info("operation_waits_for_page", operation_id=str(entry.id), name=entry.name)
        else:
            if entry.will_refuse is not None:
                outbox.mark_will_refuse(connection, entry.no, None)


def _leave_out_what_came(session: Session, context: object, instances: object) -> None:
    """A new row whose key is there already came with a page: it is the server's."""
    del context, instances
    for row in list(session.new):
        table, key = sa.inspect(row).mapper.local_table, (row.tenant_id, row.id)
        is_there = sa.select(sa.literal(1)).where(table.c.tenant_id == key[0], table.c.id == key[1])
        if session.connection().execute(is_there).first() is not None:
            session.expunge(row)
