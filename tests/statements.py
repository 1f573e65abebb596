"""What a database is asked, word by word."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def statements_of(asked: sa.Engine | sa.Connection) -> Iterator[list[str]]:
    """The statements that go there, growing until the end of the block."""
    heard: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        heard.append(statement)

    sa.event.listen(asked, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        sa.event.remove(asked, "before_cursor_execute", hear)
