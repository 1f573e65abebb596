"""Keeps the studio's rows equal to "what the server confirmed, with own pending operations on top".

Each function is one step inside the caller's transaction: rows, cursor, undo log and outbox move together.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from desktop.local_store import file_queue, outbox, rebuild, undo_log
from desktop.local_store.replay import replay
from desktop.local_store.row_writer import write_changes
from desktop.local_store.sync_state import SyncRow, read_state, write_state
from shared.sync_protocol.changes import Page

Connection = sa.Connection
"""One transaction of the store, for those who write no SQL themselves."""
NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Applied:
    """What a page did. ``receipts_lost``: the server no longer knows operations that it acknowledged."""

    entities: frozenset[str]
    more: bool
    receipts_lost: bool = False


def apply_page(connection: sa.Connection, page: Page, *, now: datetime) -> Applied | None:
    """Take one page over; None when it does not continue what is here, and then it was not read."""
    state = read_state(connection)
    header = page.header
    if state.rebuild is not None:
        return _apply_to_side_tables(connection, state, page, now)
    if header.from_seq != state.cursor_seq or state.epoch not in (None, str(header.epoch)):
        return None
    if header.device_last_no < state.acked_no:
        return Applied(NOTHING, more=False, receipts_lost=True)
    entities = NOTHING
    done = not header.more and _has_reached(connection, header.next_seq)
    if page.changes or done:
        tenant_id = str(state.tenant_id)
        entities = undo_log.take_back(connection, tenant_id)
        entities |= write_changes(connection, page.changes, tenant_id)
        _after_rows(connection, page)
    state = _with_header(state, page, now)
    state = replace(
        state,
        epoch=str(header.epoch),
        cursor_token=header.cursor,
        cursor_seq=header.next_seq,
        head=header.head,
        consistent=not header.more,
    )
    write_state(connection, state)
    if page.changes or done:
        _finish(connection, state, page)
    return Applied(entities, more=header.more)


def start_over(connection: sa.Connection, *, device_id: UUID, mark: str | None = None) -> None:
    """Speak under a new device id: what is kept or waits is sent again, from number 1, with its old ids."""
    state = read_state(connection)
    assert state.rebuild is not None, "a device starts over into a rebuild"
    undo_log.take_back(connection, str(state.tenant_id))
    last = outbox.renumber(connection)
    replay(connection, state.tenant_id, outbox.overlaid(connection), partly=not state.consistent)
    write_state(
        connection,
        replace(
            state,
            device_id=device_id,
            machine_mark=mark or state.machine_mark,
            next_no=last + 1,
            acked_no=0,
            rebuild=replace(state.rebuild, renew_id=None, resend_to=last),
        ),
    )


def _apply_to_side_tables(
    connection: sa.Connection, state: SyncRow, page: Page, now: datetime
) -> Applied | None:
    header, being_built = page.header, state.rebuild
    assert being_built is not None, "only a rebuild has side tables"
    if being_built.renew_id is not None or header.from_seq != being_built.cursor_seq:
        return None
    if being_built.epoch not in (None, str(header.epoch)):
        return None
    write_changes(connection, page.changes, str(state.tenant_id), prefix=rebuild.SIDE_PREFIX)
    _after_rows(connection, page)
    being_built = replace(
        being_built,
        epoch=str(header.epoch),
        cursor_token=header.cursor,
        cursor_seq=header.next_seq,
        head=header.head,
    )
    state = replace(_with_header(state, page, now), rebuild=being_built)
    write_state(connection, state)
    if header.more or not rebuild.is_ready(connection, being_built):
        return Applied(NOTHING, more=header.more)
    undo_log.take_back(connection, str(state.tenant_id))
    entities = rebuild.swap(connection)
    state = replace(
        state,
        epoch=being_built.epoch,
        cursor_token=being_built.cursor_token,
        cursor_seq=being_built.cursor_seq,
        head=being_built.head,
        consistent=True,
        rebuild=None,
    )
    write_state(connection, state)
    _finish(connection, state, page)
    return Applied(entities, more=False)


def _has_reached(connection: sa.Connection, cursor_seq: int) -> bool:
    reached = connection.exec_driver_sql(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE status = 'done' AND done_seq <= ?)", (cursor_seq,)
    )
    return bool(reached.scalar_one())


def _after_rows(connection: sa.Connection, page: Page) -> None:
    erased = [change.row_id for change in page.changes if change.row is None]
    if erased:
        outbox.drop_kept_of_erased(connection, erased)
    for change in page.changes:
        if change.entity == "document" and change.row is not None:
            file_queue.want_document(connection, str(change.row["pdf_sha256"]))
        elif change.entity == "studio" and change.row is not None and change.row.get("logo_sha256"):
            file_queue.want_blob(connection, str(change.row["logo_sha256"]))


def _with_header(state: SyncRow, page: Page, now: datetime) -> SyncRow:
    header = page.header
    return replace(
        state,
        protocol=header.protocol,
        schema=header.schema_number,
        keep_days=header.keep_days,
        clock_offset_s=round((now - header.server_time).total_seconds()),
        clock_shift_s=header.clock_shift_s,
        last_sync_at=state.last_sync_at if header.more else now,
    )


def _finish(connection: sa.Connection, state: SyncRow, page: Page) -> None:
    """Steps (c) and (d): what is complete leaves the outbox, the rest lies on top again."""
    if not page.header.more:
        outbox.complete(connection, state.cursor_seq, kept_at=page.header.server_time)
        outbox.purge_kept(connection, server_time=page.header.server_time, keep_days=state.keep_days)
    replay(connection, state.tenant_id, outbox.overlaid(connection), partly=not state.consistent)
