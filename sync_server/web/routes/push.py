"""Push: the one road that a device waits on for each of its changes, so it is kept short.

It reads its few headers itself, and the question of the push also tells who is signed in.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from shared.errors import DomainError
from shared.sync_protocol.codec import read_push, result_to_wire
from sync_server.services.admission import AccessClaims
from sync_server.services.operation_intake import OperationIntake, Pusher
from sync_server.services.rate_limits import RateLimits
from sync_server.services.staff_sessions import StaffSession
from sync_server.web.dependencies import read_bearer
from sync_server.web.error_mapping import answer_to


def push_router(
    staff: Callable[[HTTPAuthorizationCredentials | None], StaffSession],
    claims_of: Callable[[HTTPAuthorizationCredentials | None], AccessClaims],
    check_app: Callable[[str | None], Awaitable[str | None]],
    *,
    intake: OperationIntake,
    limits: RateLimits,
) -> APIRouter:
    """``/v1/sync/push``."""
    router = APIRouter(prefix="/v1/sync", tags=["sync"])

    def decide(bearer: HTTPAuthorizationCredentials | None, body: bytes, encoding: str | None) -> Response:
        claims = claims_of(bearer)
        try:
            limits.hit_often("sync_device", str(claims.device_id))
            request = read_push(body, encoding)
        except DomainError:
            staff(bearer)  # who is not signed in hears of that first; else the push itself asks
            raise
        answer = intake.push(Pusher.of(claims), request)
        results = [result_to_wire(result) for result in answer.results]
        if answer.stop is not None:
            return answer_to(answer.stop, results=results)
        return JSONResponse({"epoch": str(answer.epoch), "results": results})

    @router.post("/push")
    async def push(request: Request) -> Response:
        """Decide operations, lowest ``no`` first; 409 beside results when it stopped early."""
        headers = request.headers
        await check_app(headers.get("X-Sync"))
        bearer, body = await read_bearer(request), await request.body()
        return await run_in_threadpool(partial(decide, bearer, body, headers.get("Content-Encoding")))

    return router
