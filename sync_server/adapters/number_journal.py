"""The journal of document numbers: one file per studio, outside the database and never in its backup."""

import json
import os
import threading
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import IO
from uuid import UUID

from sync_server.services.number_leases import JournalEntry


class FolderNumberJournal:
    """Implements NumberJournal with a line of JSON per number."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()

    def append(self, tenant_id: UUID, entries: Iterable[JournalEntry]) -> None:
        """Write the lines and wait for the disk."""
        text = "".join(json.dumps(asdict(entry), default=str) + "\n" for entry in entries)
        with self._lock, self._path(tenant_id).open("ab+") as file:
            if file.tell() and _last_byte(file) != b"\n":
                text = "\n" + text  # a line was cut off by a crash
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())

    def entries(self, tenant_id: UUID, series: str, year: int) -> list[JournalEntry]:
        """The lines of one series and year; a line cut off by a crash was never committed."""
        path = self._path(tenant_id)
        if not path.exists():
            return []
        found = []
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = _read(line)
            if entry is not None and (entry.series, entry.year) == (series, year):
                found.append(entry)
        return found

    def _path(self, tenant_id: UUID) -> Path:
        return self._folder / f"{tenant_id}.jsonl"


def _last_byte(file: IO[bytes]) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def _read(line: str) -> JournalEntry | None:
    try:
        values = json.loads(line)
    except ValueError:
        return None
    return JournalEntry(
        series=values["series"],
        year=values["year"],
        number=values["number"],
        lease_id=_uuid(values["lease_id"]),
        device_id=_uuid(values["device_id"]),
        document_id=_uuid(values["document_id"]),
    )


def _uuid(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
