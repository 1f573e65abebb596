"""Files in a folder by the SHA-256 of their bytes: temporary file, fsync, rename; never overwritten."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Final
from uuid import UUID

_SHA256: Final = re.compile(r"^[0-9a-f]{64}$")


class FolderBlobs:
    """Implements BlobStore."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, tenant_id: UUID, data: bytes) -> str:
        """Store the bytes; their SHA-256 in hex."""
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(tenant_id, sha256)
        if path.exists():
            return sha256
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return sha256

    def get(self, tenant_id: UUID, sha256: str) -> bytes | None:
        """The bytes, checked against the hash, or None."""
        path = self._path(tenant_id, sha256)
        if not path.exists():
            return None
        data = path.read_bytes()
        return data if hashlib.sha256(data).hexdigest() == sha256 else None

    def has(self, tenant_id: UUID, sha256: str) -> bool:
        """Whether the bytes are here."""
        return self._path(tenant_id, sha256).exists()

    def _path(self, tenant_id: UUID, sha256: str) -> Path:
        assert _SHA256.match(sha256), "a file is named by its hash"
        return self._folder / str(tenant_id) / sha256[:2] / sha256[2:4] / sha256
