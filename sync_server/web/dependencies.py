"""Who asks, and from where: what routes are given beside their body."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Final

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.errors import SignIn
from shared.sync_protocol.changes import PROTOCOL
from shared.sync_protocol.refusals import BadRequest, MinApp, UpgradeServer
from sync_server.services.admission import AccessClaims
from sync_server.services.staff_sessions import StaffSession, StaffSessions, Visitor

_OLDEST_PROTOCOL: Final = 1
read_bearer: Final = HTTPBearer(auto_error=False, description="Access token of a signed-in device")

Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(read_bearer)]
"""What a request says of itself; nothing is checked yet."""


def visitor_finder(behind_proxies: Sequence[str]) -> Callable[[Request], Visitor]:
    """Makes the dependency that tells where a request came from.

    The socket's address counts; X-Forwarded-For only if the socket is a configured proxy.
    """
    proxies = frozenset(behind_proxies)

    def visitor(request: Request) -> Visitor:
        address = request.client.host if request.client is not None else "unknown"
        if address in proxies:
            hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
            address = next((hop for hop in reversed(hops) if hop and hop not in proxies), address)
        return Visitor(address[:64], str(getattr(request.state, "request_id", "")))

    return visitor


def staff_finder(
    sessions: StaffSessions, *, superseded: bool = False
) -> Callable[[HTTPAuthorizationCredentials | None], StaffSession]:
    """Makes the dependency that tells who is signed in: the only source of a request's studio.

    A route that is asked often takes ``Bearer`` and calls it itself: a dependency changes threads once more.
    """

    def staff(credentials: Bearer) -> StaffSession:
        if credentials is None:
            raise SignIn
        return sessions.authenticate(credentials.credentials, superseded=superseded)

    return staff


def claims_reader(
    sessions: StaffSessions,
) -> Callable[[HTTPAuthorizationCredentials | None], AccessClaims]:
    """Makes what tells who a token says it is, for a route that asks for the session by itself."""

    def claims(credentials: Bearer) -> AccessClaims:
        if credentials is None:
            raise SignIn
        return sessions.claims(credentials.credentials)

    return claims


def app_checker(min_app: str) -> Callable[[str | None], Awaitable[str | None]]:
    """Makes the dependency that turns away programs that are too old, or newer than the server.

    It waits for nothing and is async for that: any other would change threads for every request.
    """

    async def check(x_sync: Annotated[str | None, Header()] = None) -> str | None:
        words = dict(part.strip().partition("=")[::2] for part in (x_sync or "").split(";"))
        protocol = words.get("protocol", str(PROTOCOL))
        if not protocol.isascii() or not protocol.isdigit():
            raise BadRequest(detail="X-Sync: protocol")
        if int(protocol[:9]) > PROTOCOL:
            raise UpgradeServer(protocol=PROTOCOL)
        app_version = words.get("app")
        if int(protocol[:9]) < _OLDEST_PROTOCOL or _is_older(app_version, min_app):
            raise MinApp(min_app=min_app)
        return app_version

    return check


def _is_older(version: str | None, oldest: str) -> bool:
    if version is None:
        return False
    return _numbers(version) < _numbers(oldest)


def _numbers(version: str) -> list[int]:
    parts = [part for part in version.split(".")[:4] if part.isascii() and part.isdigit()]
    return [int(part[:9]) for part in parts]


async def raw_body(request: Request) -> bytes:
    """The bytes of the body; their number is limited for each path by request_id.py."""
    return await request.body()
