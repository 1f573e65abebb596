"""The stored files of this computer by the SHA-256 of their bytes: issued documents and images.

Written once, never changed: what a write call returned from survives a power cut.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

import structlog

from desktop.local_store.store_errors import DiskFull, FileDamaged

log = structlog.get_logger()

DOCUMENT: Final = "document"
BLOB: Final = "blob"
_FOLDERS: Final = {DOCUMENT: ("documents", ".pdf"), BLOB: ("blobs", "")}


class Blobs:
    """The folders ``documents/`` and ``blobs/`` beside the store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, kind: str, sha256: str) -> Path:
        """Where the file stands, or would stand."""
        folder, suffix = _FOLDERS[kind]
        return self._folder / folder / sha256[:2] / sha256[2:4] / f"{sha256}{suffix}"

    def has(self, kind: str, sha256: str) -> bool:
        """Whether the file is here."""
        return self.path(kind, sha256).exists()

    def put(self, kind: str, data: bytes) -> str:
        """Keep the bytes; their SHA-256. Raises DiskFull, FileDamaged (read back differently)."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(kind, sha256)
        if target.exists() and _read_checked(target, sha256) is not None:
            return sha256
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write_through(target, data)
        except OSError as failure:
            raise DiskFull from failure
        if _read_checked(target, sha256) is None:
            raise FileDamaged(sha256=sha256)
        return sha256

    def get(self, kind: str, sha256: str) -> bytes | None:
        """The bytes, checked against their name; None when they are not here. Raises FileDamaged."""
        target = self.path(kind, sha256)
        if not target.exists():
            return None
        data = _read_checked(target, sha256)
        if data is None:
            log.error("stored_file_damaged", sha256=sha256)
            raise FileDamaged(sha256=sha256)
        return data


def _write_through(target: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(target)
    if os.name != "nt":  # the name itself must survive too
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read_checked(target: Path, sha256: str) -> bytes | None:
    data = target.read_bytes()
    return data if hashlib.sha256(data).hexdigest() == sha256 else None
