"""Gives every request an id, limits its body, and writes one log line without tokens or addresses.

Pure ASGI: a BaseHTTPMiddleware would lose the context variables.
"""

import re
import time
from collections.abc import Sequence
from typing import Final

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.ids import new_id
from shared.sync_protocol.changes import BLOB_MAX_BYTES, DOCUMENT_MAX_BYTES, PUSH_MAX_BYTES

log = structlog.get_logger()

_LINK: Final = re.compile(r"^/l/[^/]+")
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_LIMITS: Final[Sequence[tuple[str, int]]] = (
    ("/v1/sync/push", PUSH_MAX_BYTES),
    ("/v1/documents/", DOCUMENT_MAX_BYTES),
    ("/v1/blobs/", BLOB_MAX_BYTES),
    ("/stripe/webhook", 256 * 1024),
)
_OTHER_LIMIT: Final = 64 * 1024


class RequestId:
    """Around the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began, status = time.monotonic(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self._app(scope, _limited(receive, body_limit(scope["path"])), send_with_id)
        finally:
            log.info(
                "request",
                method=scope["method"],
                path=loggable_path(scope["path"]),
                status=status,
                ms=round((time.monotonic() - began) * 1000),
            )
            structlog.contextvars.unbind_contextvars("request_id")


def loggable_path(path: str) -> str:
    """The path without what opens something."""
    return _HASH.sub("[sha256]", _LINK.sub("/l/[link]", path))


def body_limit(path: str) -> int:
    """How many bytes a request to this path may have."""
    return next((limit for prefix, limit in _LIMITS if path.startswith(prefix)), _OTHER_LIMIT)


def _limited(receive: Receive, limit: int) -> Receive:
    size = 0

    async def receive_some() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            if size > limit:
                raise HTTPException(413)
        return message

    return receive_some
