"""Whether the holder of an access token is let in now: what the token says, held against its session.

Who reads the session's row is not decided here: most routes ask for it alone, a push under the studio's lock.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shared.errors import DeviceRevoked, SessionReused, SignIn
from shared.sync_protocol.refusals import CounterForked
from sync_server.repositories.sessions import SessionState

REUSED: Final = "reused"
"""Why a session ended whose refresh token somebody else had."""


@dataclass(frozen=True)
class AccessClaims:
    """What an access token says."""

    tenant_id: UUID
    session_id: UUID
    device_id: UUID
    user_id: UUID
    sv: int
    expires_at: datetime | None = None


def check_admission(claims: AccessClaims, state: SessionState | None, *, superseded: bool = False) -> None:
    """Raise SignIn, SessionReused, DeviceRevoked or CounterForked unless the session carries the token."""
    if state is None or (state.device_id, state.user_id) != (claims.device_id, claims.user_id):
        raise SignIn
    check_alive(state, superseded=superseded)
    if claims.sv != state.member_sv:
        raise SignIn


def check_alive(state: SessionState, *, superseded: bool = False) -> None:
    """The device first: a removed computer locks itself, an ended session only asks for a sign-in."""
    if state.device_status == "revoked":
        raise DeviceRevoked
    if state.device_status == "superseded" and not superseded:
        raise CounterForked
    if state.revoked_at is not None:
        raise SessionReused if state.revoke_reason == REUSED else SignIn
    if state.member_disabled_at is not None:
        raise SignIn
