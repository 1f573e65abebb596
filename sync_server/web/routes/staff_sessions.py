"""Signing in and out, staying signed in, and the computers of the studio."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from shared.sync_protocol.sessions import (
    DeviceList,
    RefreshRequest,
    RenewRequest,
    SessionAnswer,
    SetUpRequest,
    SignInRequest,
)
from sync_server.services.devices import StudioDevices
from sync_server.services.staff_sessions import StaffSession, StaffSessions, Visitor


def staff_sessions_router(
    staff: Callable[..., StaffSession],
    renewing_staff: Callable[..., StaffSession],
    visitor: Callable[..., Visitor],
    *,
    sessions: StaffSessions,
    devices: StudioDevices,
) -> APIRouter:
    """``/v1/session`` and ``/v1/devices``."""
    router = APIRouter(prefix="/v1", tags=["sessions"])
    Staff = Annotated[StaffSession, Depends(staff)]  # noqa: N806 - a type
    From = Annotated[Visitor, Depends(visitor)]  # noqa: N806 - a type

    @router.post("/session/sign-in")
    def sign_in(body: SignInRequest, visit: From) -> SessionAnswer:
        """By studio code, mail address and password."""
        return sessions.sign_in(body, visit)

    @router.post("/session/set-up")
    def set_up(body: SetUpRequest, visit: From) -> SessionAnswer:
        """By a set-up link, with the first password."""
        return sessions.set_up(body, visit)

    @router.post("/session/refresh")
    def refresh(body: RefreshRequest, visit: From) -> SessionAnswer:
        """The next pair of tokens."""
        return sessions.refresh(body.refresh_token, visit)

    @router.post("/session/sign-out", status_code=204)
    def sign_out(session: Staff, visit: From) -> None:
        """End this sign-in."""
        sessions.sign_out(session, visit)

    @router.get("/devices")
    def list_devices(session: Staff) -> DeviceList:
        """Every computer of the studio, for owners."""
        return devices.all(session)

    @router.post("/devices/renew")
    def renew(
        body: RenewRequest, session: Annotated[StaffSession, Depends(renewing_staff)], visit: From
    ) -> SessionAnswer:
        """A new device id for a store that starts over."""
        return devices.renew(session, body, visit)

    @router.post("/devices/{device_id}/revoke", status_code=204)
    def revoke(device_id: UUID, session: Staff, visit: From) -> None:
        """Remove a computer from the studio."""
        devices.revoke(session, device_id, visit)

    return router
