"""How each row stands with the server: waiting, refused, or merged with somebody else's change.

The undo log names the rows that pending operations touched, open issues name the rows whose change was
refused or did not fit.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

import sqlalchemy as sa


class Mark(StrEnum):
    """↑ waiting, ! refused (or probably so), ⇄ merged."""

    WAITING = "waiting"
    REFUSED = "refused"
    MERGED = "merged"


MERGED_KINDS: Final = ("replaced", "text_kept")
_SAID_BY_BOOKING: Final = frozenset({"payment_stage", "note", "refund_request", "document"})
"""Tables whose waiting rows are told at their booking."""

_PENDING: Final = """
SELECT u.row_id, max(o.will_refuse IS NOT NULL) FROM sync_undo u JOIN outbox o ON o.no = u.no
WHERE u.tbl = ? GROUP BY u.row_id
"""
_REFUSED_HERE: Final = """
SELECT json_extract(args, '$.id') FROM outbox WHERE will_refuse IS NOT NULL AND name LIKE ? || '.%'
"""
_ISSUES: Final = (
    "SELECT row_id, kind FROM sync_issue WHERE entity = ? AND state = 'open' AND deleted_at IS NULL"
)


def pending_rows(connection: sa.Connection, entity: str) -> Mapping[UUID, Mark]:
    """The mark of every row of one synced table that has one; refused wins over waiting over merged."""
    marks: dict[UUID, Mark] = {}
    for row_id, kind in connection.exec_driver_sql(_ISSUES, (entity,)):
        if row_id is not None:
            marks[UUID(row_id)] = Mark.MERGED if kind in MERGED_KINDS else Mark.REFUSED
    for row_id, refuses in connection.exec_driver_sql(_PENDING, (entity,)):
        if refuses or marks.get(UUID(row_id)) is not Mark.REFUSED:
            marks[UUID(row_id)] = Mark.REFUSED if refuses else Mark.WAITING
    for (row_id,) in connection.exec_driver_sql(_REFUSED_HERE, (entity,)):
        if row_id is not None:
            marks[UUID(row_id)] = Mark.REFUSED
    return marks


def booking_marks(connection: sa.Connection) -> Mapping[UUID, Mark]:
    """As :func:`pending_rows` for bookings; what waits at its stages, notes or refunds counts too."""
    marks = dict(pending_rows(connection, "booking"))
    touched = connection.exec_driver_sql("SELECT DISTINCT tbl FROM sync_undo").scalars().all()
    for table in _SAID_BY_BOOKING & frozenset(touched):
        rows = connection.exec_driver_sql(
            # the few touched rows come first, each found by its key
            f'SELECT DISTINCT t.booking_id FROM sync_undo u CROSS JOIN "{table}" t'
            " ON t.tenant_id = (SELECT tenant_id FROM sync_state) AND t.id = u.row_id WHERE u.tbl = ?",
            (table,),
        )
        for (booking_id,) in rows:
            marks.setdefault(UUID(booking_id), Mark.WAITING)
    return marks
