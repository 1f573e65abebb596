"""Gives a device what changed after its cursor, in the order of the commits (sync, "Pull")."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from shared.ids import new_id
from shared.sync_protocol.changes import PROTOCOL, PULL_MAX_BYTES, PULL_MAX_ROWS, SCHEMA, PageHeader
from shared.sync_protocol.codec import deleted_line, row_line
from shared.sync_protocol.refusals import EpochChanged, Resync
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.changed_rows import ChangedRows, FeedSpan
from sync_server.repositories.devices import Devices
from sync_server.repositories.receipts import DeviceStanding, Receipts
from sync_server.services.cursor import Cursor, read_cursor, write_cursor
from sync_server.services.key_ring import KeyRing
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

EPOCHS_AT_MOST_EVERY: Final = timedelta(hours=1)
NOTED_AT_MOST_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class FeedPage:
    """One answer: the header and its lines, ready for the codec."""

    header: PageHeader
    lines: tuple[str, ...]


class ChangeFeed:
    """Reads pages of changes and remembers how far each device's cursor was given out."""

    def __init__(self, units: StudioUnits, *, cursor_key: KeyRing, keep_days: int) -> None:
        self._units = units
        self._keys = cursor_key
        self._keep_days = keep_days

    def pull(
        self, tenant_id: UUID, device_id: UUID, *, cursor: str | None, limit: int = PULL_MAX_ROWS
    ) -> FeedPage:
        """The next page; raises EpochChanged, Resync."""
        with self._units.reading(tenant_id) as (unit, _):
            device = Receipts(unit.session).standing(tenant_id, device_id)
            start = self._start(tenant_id, device, cursor)
            is_ahead = start.seq > min(device.issued_cursor, device.head)
            if not is_ahead:
                page = self._page(unit, device, start, limit=max(1, min(limit, PULL_MAX_ROWS)))
        if is_ahead:
            self._server_lost_history(tenant_id)
        if _is_news(page.header, device):
            with self._units.sessions.unlocked(tenant_id) as session:
                Devices(session).raise_issued_cursor(
                    tenant_id, device_id, seq=page.header.next_seq, at=page.header.server_time
                )
        return page

    def head(self, tenant_id: UUID) -> int:
        """The studio's last number: what a poke says."""
        with self._units.reading(tenant_id) as (unit, _):
            return tenant_lock.head(unit.session, tenant_id)

    def _start(self, tenant_id: UUID, sync: DeviceStanding, text: str | None) -> Cursor:
        if text is None:
            return Cursor(tenant_id, sync.epoch, 0, sync.head)
        cursor = read_cursor(text, self._keys)
        if cursor is None or cursor.tenant_id != tenant_id:
            raise Resync
        if cursor.epoch != sync.epoch:
            raise EpochChanged(epoch=str(sync.epoch))
        if 0 < cursor.seq < sync.gc_floor:
            raise Resync
        return cursor

    def _page(self, unit: UnitOfWork, sync: DeviceStanding, start: Cursor, *, limit: int) -> FeedPage:
        changed = ChangedRows(unit.session)
        span = changed.span(start.tenant_id, start.seq, limit=limit, no_tombstone_until=start.h0)
        lines = _lines(changed, start, span)
        next_seq = lines[-1][0] if lines else sync.head
        if span.count < limit and len(lines) == span.count:
            next_seq = sync.head
        now = tenant_lock.machine_now(unit.session)
        cursor = Cursor(start.tenant_id, sync.epoch, next_seq, start.h0)
        header = PageHeader(
            epoch=sync.epoch,
            from_seq=start.seq,
            next_seq=next_seq,
            head=sync.head,
            more=next_seq < sync.head,
            cursor=write_cursor(cursor, self._keys),
            protocol=PROTOCOL,
            schema_number=SCHEMA,
            server_time=now,
            keep_days=self._keep_days,
            device_last_no=sync.last_no,
            rows=len(lines),
            clock_shift_s=tenant_lock.clock_shift_s(unit.session),
        )
        return FeedPage(header, tuple(line for _, line in lines))

    def _server_lost_history(self, tenant_id: UUID) -> None:
        """A cursor that we signed lies above what we know: the database is older than what we answered."""
        with self._units.transaction(tenant_id) as (unit, _):
            now = tenant_lock.machine_now(unit.session)
            if ChangedRows(unit.session).epoch_at(tenant_id) > now - EPOCHS_AT_MOST_EVERY:
                raise Resync
            epoch = new_id()
            Devices(unit.session).begin_epoch(tenant_id, epoch, at=now)
        log.error("epoch_begun", tenant_id=str(tenant_id), reason="cursor_ahead")
        raise EpochChanged(epoch=str(epoch))


def _is_news(header: PageHeader, device: DeviceStanding) -> bool:
    """Whether a cursor has been given out that was not before; who only polls is noted once a minute."""
    if header.next_seq > device.issued_cursor or device.last_seen_at is None:
        return True
    return header.server_time - device.last_seen_at > NOTED_AT_MOST_EVERY


def _lines(changed: ChangedRows, start: Cursor, span: FeedSpan) -> list[tuple[int, str]]:
    """The rows in feed order with their numbers, until the page is full; at least one."""
    lines: list[tuple[int, str]] = []
    for entity in span.entities:
        rows = changed.worded(start.tenant_id, entity, after=start.seq, until=span.last_seq)
        lines += [(seq, row_line(entity, row_id, seq, text)) for seq, row_id, text in rows]
    if len(lines) < span.count:
        gone = changed.tombstones(start.tenant_id, after=max(start.seq, start.h0), until=span.last_seq)
        lines += [(each.seq, deleted_line(each.entity, str(each.row_id), each.seq)) for each in gone]
    assert len(lines) == span.count, "feed and rows agree in one view"
    lines.sort()
    size = 0
    for index, (_, line) in enumerate(lines):
        size += len(line) if line.isascii() else len(line.encode())
        if index and size > PULL_MAX_BYTES:
            return lines[:index]
    return lines
