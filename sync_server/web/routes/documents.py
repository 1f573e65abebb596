"""Issued PDFs and studio images, by the SHA-256 of their bytes."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from sync_server.services.document_files import DocumentFiles, FileKind
from sync_server.services.staff_sessions import StaffSession
from sync_server.web.dependencies import raw_body


def documents_router(staff: Callable[..., StaffSession], files: DocumentFiles) -> APIRouter:
    """``/v1/documents`` and ``/v1/blobs``."""
    router = APIRouter(prefix="/v1", tags=["documents"])
    Staff = Annotated[StaffSession, Depends(staff)]  # noqa: N806 - a type
    Body = Annotated[bytes, Depends(raw_body)]  # noqa: N806 - a type
    Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]  # noqa: N806 - a type

    @router.put("/documents/{sha256}", status_code=204)
    def put_document(sha256: Sha256, session: Staff, body: Body) -> None:
        """Keep an issued PDF; a repeat changes nothing."""
        files.put(session.tenant_id, sha256, data=body, kind=FileKind.DOCUMENT)

    @router.get("/documents/{sha256}", response_class=Response)
    def get_document(sha256: Sha256, session: Staff) -> Response:
        """The stored bytes."""
        content = files.get(session.tenant_id, sha256, kind=FileKind.DOCUMENT)
        return Response(content.data, media_type=content.media_type)

    @router.put("/blobs/{sha256}", status_code=204)
    def put_blob(sha256: Sha256, session: Staff, body: Body) -> None:
        """Keep a PNG or JPEG of the studio."""
        files.put(session.tenant_id, sha256, data=body, kind=FileKind.BLOB)

    @router.get("/blobs/{sha256}", response_class=Response)
    def get_blob(sha256: Sha256, session: Staff) -> Response:
        """The stored bytes."""
        content = files.get(session.tenant_id, sha256, kind=FileKind.BLOB)
        return Response(content.data, media_type=content.media_type)

    return router
