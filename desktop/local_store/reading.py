"""Opens the repositories on a reading connection, for those who compose from rows and keep nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.unit_of_work import UnitOfWork


@contextmanager
def open_unit(connection: sa.Connection) -> Iterator[UnitOfWork]:
    """A unit that is never committed."""
    with Session(connection, autoflush=False) as session:
        yield UnitOfWork(session)
        assert not session.dirty, "a reader changes nothing"
        assert not session.new, "a reader adds nothing"
