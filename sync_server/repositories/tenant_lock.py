"""The studio's lock, its feed and business time, on Postgres and (for parity and the simulator) on SQLite.

On Postgres they are functions and triggers of the first migration. SQLite has one writer at a time, so
there the lock is the transaction itself, and guard, head and feed are triggers generated from the list of
synced tables.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.tables import SYNCED_TABLES
from shared.tables.column_types import Id
from sync_server.repositories.quick_questions import ask_driver
from sync_server.repositories.sync_tables import tenant_sync

_TIMES: Final = "times_of_transaction"
_GUARD_TABLE: Final = "app_locked"
_TENANT: Final = sa.bindparam("tenant", type_=Id())
_TIMES_NOW: Final = (sa.func.daybook_now(), sa.func.now())
_BEGIN: Final = sa.select(sa.func.sync_begin(_TENANT), *_TIMES_NOW)
_ENTER: Final = sa.select(sa.func.set_config("app.tenant", sa.cast(_TENANT, sa.Text), sa.true()), *_TIMES_NOW)
_LOOK: Final = sa.select(sa.literal(0), *_TIMES_NOW)
_CHECK_REFERENCES: Final = sa.text("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def is_postgres(session: Session) -> bool:
    """Whether this session speaks to the real database."""
    return session.get_bind().dialect.name == "postgresql"


def enter_studio(session: Session, tenant_id: UUID) -> None:
    """See this studio's rows and no other's until the transaction ends; takes no lock."""
    if is_postgres(session):
        _keep_times(session, _ENTER, tenant_id)


def sync_begin(session: Session, tenant_id: UUID) -> int:
    """Take the studio's lock, the first statement of every transaction that writes studio data; its head."""
    if is_postgres(session):
        return int(_keep_times(session, _BEGIN, tenant_id))
    session.execute(sa.text(f"DELETE FROM {_GUARD_TABLE}"))  # noqa: S608 - our own name
    session.execute(sa.text(f"INSERT INTO {_GUARD_TABLE} VALUES (:t)"), {"t": str(tenant_id)})  # noqa: S608 - as above
    return head(session, tenant_id)


def begin_by(session: Session, tenant_id: UUID, question: str, **asked: object) -> Any:  # noqa: ANN401 - a row by names
    """As :func:`sync_begin` on Postgres, by a function that takes the lock itself and tells more.

    The row has business and machine time as its columns ``business`` and ``machine``; None where it tells of
    something that is not there.
    """
    row = ask_driver(session, tenant_id, question, **asked)
    if row is not None:
        _note_times(session, row.business, row.machine)
    return row


def end_of_lock(session: Session) -> None:
    """On SQLite the guard is a row: it goes before the commit."""
    if not is_postgres(session):
        session.execute(sa.text(f"DELETE FROM {_GUARD_TABLE}"))  # noqa: S608 - our own name


def head(session: Session, tenant_id: UUID) -> int:
    """The studio's last feed number."""
    query = sa.select(tenant_sync.c.head).where(tenant_sync.c.tenant_id == tenant_id)
    return int(session.scalars(query).one())


def business_now(session: Session) -> datetime:
    """Business time: ``daybook_now()``, the same in the whole transaction."""
    if is_postgres(session):
        return _times(session)[0]
    clock: Callable[[], datetime] = session.get_bind().engine.get_execution_options()["business_clock"]
    return clock()


def machine_now(session: Session) -> datetime:
    """Machine time: leases, sessions and ages of sync; never moved by the practice clock."""
    return _times(session)[1] if is_postgres(session) else business_now(session)


def clock_shift_s(session: Session) -> int:
    """How far business time is ahead of machine time."""
    if not is_postgres(session):
        return 0
    return int((business_now(session) - machine_now(session)).total_seconds())


def _times(session: Session) -> tuple[datetime, datetime]:
    """Business and machine time of the transaction; asked once, together with its first statement."""
    if _TIMES not in session.info:
        _keep_times(session, _LOOK)
    times: tuple[datetime, datetime] = session.info[_TIMES]
    return times


def _keep_times(session: Session, query: sa.Select[Any], tenant_id: UUID | None = None) -> Any:  # noqa: ANN401 - whatever it asks for
    answer, business, machine = session.execute(query, {"tenant": tenant_id}).one()
    _note_times(session, business, machine)
    return answer


def _note_times(session: Session, business: datetime, machine: datetime) -> None:
    session.info[_TIMES] = (business.astimezone(UTC), machine.astimezone(UTC))


def check_references(session: Session) -> None:
    """Refuse now, not at the commit, if a row points to nothing."""
    session.flush()
    if is_postgres(session):
        session.execute(_CHECK_REFERENCES)


def sqlite_twin(tables: Sequence[sa.Table] = SYNCED_TABLES) -> list[str]:
    """What SQLite gets instead of the migration's lock and triggers; the tables must exist."""
    statements = [f"CREATE TABLE {_GUARD_TABLE} (tenant_id TEXT NOT NULL)"]
    for table in tables:
        for action, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")):
            same = (
                "SELECT RAISE(ABORT, 'id and tenant_id never change')"
                " WHERE new.id <> old.id OR new.tenant_id <> old.tenant_id;"
                if action == "UPDATE"
                else ""
            )
            statements.append(
                f"CREATE TRIGGER sync_touch_{table.name}_{action.lower()} AFTER {action} ON {table.name}"  # noqa: S608 - our own names
                f" BEGIN {same}"
                f" SELECT RAISE(ABORT, 'write outside sync_begin()')"
                f" WHERE NOT EXISTS (SELECT 1 FROM {_GUARD_TABLE} WHERE tenant_id = {row}.tenant_id);"
                f" UPDATE tenant_sync SET head = head + 1 WHERE tenant_id = {row}.tenant_id;"
                f" INSERT INTO sync_feed (tenant_id, entity, row_id, seq, deleted)"
                f" SELECT {row}.tenant_id, '{table.name}', {row}.id, head, {int(action == 'DELETE')}"
                f" FROM tenant_sync WHERE tenant_id = {row}.tenant_id"
                f" ON CONFLICT (tenant_id, entity, row_id)"
                f" DO UPDATE SET seq = excluded.seq, deleted = excluded.deleted; END"
            )
    return statements
