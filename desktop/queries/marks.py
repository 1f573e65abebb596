"""The marks of rows as the screens know them."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from desktop.local_store import marks
from desktop.queries.rows import RowMark


def marks_of(connection: sa.Connection, entity: str) -> Mapping[UUID, RowMark]:
    """The marked rows of one synced table."""
    return {row_id: RowMark(mark.value) for row_id, mark in marks.pending_rows(connection, entity).items()}


def marks_of_bookings(connection: sa.Connection) -> Mapping[UUID, RowMark]:
    """The marked bookings; what waits at their stages, notes or refunds counts too."""
    return {row_id: RowMark(mark.value) for row_id, mark in marks.booking_marks(connection).items()}
