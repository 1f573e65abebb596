"""Pull and events: what keeps a device equal to the server; what it sends itself is routes/push.py."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.security import HTTPAuthorizationCredentials
from starlette.responses import StreamingResponse

from shared.sync_protocol.changes import PULL_MAX_ROWS
from shared.sync_protocol.codec import ZSTD, write_page
from sync_server.services.change_feed import ChangeFeed
from sync_server.services.rate_limits import RateLimits
from sync_server.services.staff_sessions import StaffSession
from sync_server.web.dependencies import Bearer
from sync_server.web.event_streams import EventStreams

NDJSON: Final = "application/x-ndjson"


def sync_router(
    staff: Callable[[HTTPAuthorizationCredentials | None], StaffSession],
    check_app: Callable[..., Awaitable[str | None]],
    *,
    feed: ChangeFeed,
    streams: EventStreams,
    limits: RateLimits,
) -> APIRouter:
    """``/v1/sync/pull`` and ``/v1/sync/events``."""
    router = APIRouter(prefix="/v1/sync", tags=["sync"], dependencies=[Depends(check_app)])
    Staff = Annotated[StaffSession, Depends(staff)]  # noqa: N806 - a type

    @router.get("/pull")
    def pull(
        bearer: Bearer,
        cursor: Annotated[str | None, Query(max_length=1000)] = None,
        limit: Annotated[int, Query()] = PULL_MAX_ROWS,
        accept_encoding: Annotated[str | None, Header()] = None,
    ) -> Response:
        """The next page of changes after the cursor, as lines of JSON."""
        session = staff(bearer)
        limits.hit_often("sync_device", str(session.device_id))
        page = feed.pull(session.tenant_id, session.device_id, cursor=cursor, limit=limit)
        compress = ZSTD in (accept_encoding or "")
        headers = {"Content-Encoding": ZSTD} if compress else {}
        data = write_page(page.header, page.lines, compress=compress)
        return Response(data, media_type=NDJSON, headers={**headers, "Cache-Control": "no-store"})

    @router.get("/events")
    def events(session: Staff) -> StreamingResponse:
        """Pokes, as Server-Sent Events, until the access token ends."""
        limits.hit_often("sync_device", str(session.device_id))
        left_s = (session.expires_at - datetime.now(UTC)).total_seconds()
        stream = streams.events(
            session.tenant_id, session.device_id, head=feed.head(session.tenant_id), lifetime_s=left_s
        )
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    return router
