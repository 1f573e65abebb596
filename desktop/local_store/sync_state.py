"""Where this device stands with the server: one row, read and written as a whole value."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from shared.tables.column_types import canonical_json, instant_from_text, instant_text


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A new base on its way into side tables; the old one stays in use until the swap.

    ``reason`` is "epoch", "gap", "forked", "mark" or "resync". ``renew_id`` is the request that asks for a
    new device id, None when that is done or not needed. Operations up to ``resend_to`` need a receipt before
    the swap.
    """

    reason: str
    epoch: str | None
    renew_id: str | None = None
    cursor_token: str | None = None
    cursor_seq: int = 0
    head: int = 0
    resend_to: int = 0

    @property
    def percent(self) -> int:
        """How much of the new base is here."""
        return 0 if self.head == 0 else min(100, 100 * self.cursor_seq // self.head)


@dataclass(frozen=True, slots=True)
class SyncRow:
    """The row of ``sync_state``."""

    tenant_id: UUID
    device_id: UUID
    machine_mark: str
    epoch: str | None = None
    cursor_token: str | None = None
    cursor_seq: int = 0
    head: int = 0
    consistent: bool = False
    next_no: int = 1
    acked_no: int = 0
    protocol: int | None = None
    schema: int | None = None
    keep_days: int = 35
    clock_offset_s: int | None = None
    clock_shift_s: int = 0
    last_sync_at: datetime | None = None
    rebuild: Rebuild | None = None

    @property
    def sending_epoch(self) -> str | None:
        """The epoch in which this device speaks: during a rebuild already the new one."""
        return self.rebuild.epoch if self.rebuild else self.epoch

    @property
    def percent(self) -> int:
        """How much of a first sync is here."""
        return 0 if self.head == 0 else min(100, 100 * self.cursor_seq // self.head)


_COLUMNS = tuple(field.name for field in fields(SyncRow))


def find_state(connection: sa.Connection) -> SyncRow | None:
    """The state, or None in a store that belongs to no studio yet."""
    listed = ", ".join(_COLUMNS)
    found = connection.exec_driver_sql(f"SELECT {listed} FROM sync_state").mappings().one_or_none()
    if found is None:
        return None
    values = dict(found)
    values["tenant_id"], values["device_id"] = UUID(values["tenant_id"]), UUID(values["device_id"])
    values["consistent"] = bool(values["consistent"])
    if values["last_sync_at"] is not None:
        values["last_sync_at"] = instant_from_text(values["last_sync_at"])
    if values["rebuild"] is not None:
        values["rebuild"] = Rebuild(**json.loads(values["rebuild"]))
    return SyncRow(**values)


def read_state(connection: sa.Connection) -> SyncRow:
    """The state of a store that belongs to a studio."""
    state = find_state(connection)
    assert state is not None, "the store belongs to a studio"
    return state


def write_state(connection: sa.Connection, state: SyncRow) -> None:
    """Keep the state."""
    values = {name: getattr(state, name) for name in _COLUMNS}
    values["tenant_id"], values["device_id"] = str(state.tenant_id), str(state.device_id)
    values["consistent"] = int(state.consistent)
    values["last_sync_at"] = None if state.last_sync_at is None else instant_text(state.last_sync_at)
    values["rebuild"] = None if state.rebuild is None else canonical_json(asdict(state.rebuild))
    listed, marks = ", ".join(_COLUMNS), ", ".join("?" for _ in _COLUMNS)
    connection.exec_driver_sql(
        f"INSERT OR REPLACE INTO sync_state (one, {listed}) VALUES (1, {marks})",
        tuple(values[name] for name in _COLUMNS),
    )
