"""Puts to Postgres what every push asks: past SQLAlchemy, whose way around a statement costs as much again.

It goes over the session's own connection, in its transaction. What fails is told in SQLAlchemy's exceptions
all the same, so that whoever sorts failures need not know which way a statement went.
"""

from typing import Any, cast
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


def ask_driver(session: Session, tenant_id: UUID, question: str, **asked: object) -> Any:  # noqa: ANN401 - a row by names
    """The first row, None without one. ``question`` names its values as ``%(tenant)s``; it is prepared."""
    session.flush()
    connection = session.connection()
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    try:
        cursor = driver.cursor(row_factory=namedtuple_row)
        return cursor.execute(question, {"tenant": tenant_id, **asked}).fetchone()
    except psycopg.Error as failure:
        if driver.closed:
            connection.exec_driver_sql("SELECT 1")  # fails too, and so the pool hears of it
        raise DBAPIError.instance(
            question, None, failure, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from failure
