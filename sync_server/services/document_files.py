"""Issued PDFs and studio images: bytes under their SHA-256, written once."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.errors import BodyTooLarge, FieldInvalid, LogoInvalid, PdfNotReady, ThingNotFound
from shared.ports import BlobStore
from shared.sync_protocol.changes import BLOB_MAX_BYTES, DOCUMENT_MAX_BYTES
from sync_server.repositories.stored_files import StoredFile, StoredFiles
from sync_server.services.studio_unit import StudioUnits


class FileKind(StrEnum):
    """What the bytes are."""

    DOCUMENT = "document"
    BLOB = "blob"


_MAX_BYTES: Final = {FileKind.DOCUMENT: DOCUMENT_MAX_BYTES, FileKind.BLOB: BLOB_MAX_BYTES}
_BEGINNINGS: Final = {
    FileKind.DOCUMENT: {b"%PDF-": "application/pdf"},
    FileKind.BLOB: {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"},
}


@dataclass(frozen=True)
class FileContent:
    """Bytes and what they are."""

    data: bytes
    media_type: str


class DocumentFiles:
    """Takes and gives files of one studio."""

    def __init__(self, units: StudioUnits, store: BlobStore) -> None:
        self._units = units
        self._store = store

    def put(self, tenant_id: UUID, sha256: str, *, data: bytes, kind: FileKind) -> None:
        """Keep the bytes; a repeat changes nothing. Raises BodyTooLarge, FieldInvalid, LogoInvalid."""
        limit = _MAX_BYTES[kind]
        if len(data) > limit:
            raise BodyTooLarge(limit=f"{limit // 2**20} MiB")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise FieldInvalid(field="sha256", detail="the bytes have another hash")
        media_type = _media_type(data, kind)
        self._store.put(tenant_id, data)
        with self._units.sessions.unlocked(tenant_id) as session:
            StoredFiles(session).add(
                tenant_id, StoredFile(sha256, kind.value, media_type=media_type, size=len(data))
            )

    def get(self, tenant_id: UUID, sha256: str, *, kind: FileKind) -> FileContent:
        """The bytes; raises ThingNotFound, PdfNotReady when the row is here but the bytes are not."""
        with self._units.sessions.unlocked(tenant_id) as session:
            row = StoredFiles(session).find(tenant_id, sha256)
        if row is None or row.kind != kind.value:
            raise ThingNotFound
        data = self._store.get(tenant_id, sha256)
        if data is None:
            raise PdfNotReady
        return FileContent(data, row.media_type)


def _media_type(data: bytes, kind: FileKind) -> str:
    for beginning, media_type in _BEGINNINGS[kind].items():
        if data.startswith(beginning):
            return media_type
    if kind is FileKind.BLOB:
        raise LogoInvalid(detail="only PNG and JPEG")
    raise FieldInvalid(field="body", detail="not a PDF")
