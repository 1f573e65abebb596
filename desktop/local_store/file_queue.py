"""Which stored files are still to be sent to the server or fetched from it."""

from dataclasses import dataclass

import sqlalchemy as sa


@dataclass(frozen=True, slots=True)
class WantedFile:
    """One file on its way; ``kind`` is document or blob, ``direction`` up or down."""

    sha256: str
    kind: str
    direction: str


def send_document(connection: sa.Connection, sha256: str) -> None:
    """Queue an issued document for the server; it goes before its operation."""
    _queue(connection, sha256, "document", "up")


def want_document(connection: sa.Connection, sha256: str) -> None:
    """Queue a document of the server for fetching, unless it was made here."""
    _queue(connection, sha256, "document", "down")


def want_blob(connection: sa.Connection, sha256: str) -> None:
    """Queue an image for fetching."""
    _queue(connection, sha256, "blob", "down")


def next_file(connection: sa.Connection, direction: str) -> WantedFile | None:
    """The file that was tried least often."""
    row = connection.exec_driver_sql(
        "SELECT sha256, kind, direction FROM file_queue WHERE direction = ? ORDER BY tries, rowid LIMIT 1",
        (direction,),
    ).one_or_none()
    return None if row is None else WantedFile(row.sha256, row.kind, row.direction)


def done(connection: sa.Connection, sha256: str) -> None:
    """The file is where it should be."""
    connection.exec_driver_sql("DELETE FROM file_queue WHERE sha256 = ?", (sha256,))


def failed(connection: sa.Connection, sha256: str) -> None:
    """Try other files first."""
    connection.exec_driver_sql("UPDATE file_queue SET tries = tries + 1 WHERE sha256 = ?", (sha256,))


def is_waiting(connection: sa.Connection, sha256: str, direction: str) -> bool:
    """Whether this file is still on its way."""
    found = connection.exec_driver_sql(
        "SELECT EXISTS (SELECT 1 FROM file_queue WHERE sha256 = ? AND direction = ?)", (sha256, direction)
    )
    return bool(found.scalar_one())


def _queue(connection: sa.Connection, sha256: str, kind: str, direction: str) -> None:
    connection.exec_driver_sql(
        "INSERT INTO file_queue (sha256, kind, direction) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (sha256, kind, direction),
    )
