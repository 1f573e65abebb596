"""What a device and the server say to each other about signing in, staying signed in, and starting over."""

from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.models.act import Role

LEAST_PASSWORD_CHARACTERS: Final = 10
"""Of a new password: the desktop and the page behind a link say so, the server holds to it."""

_NO_NUL = r"^[^\x00]+$"
_Name = Annotated[str, Field(min_length=1, max_length=100, pattern=_NO_NUL)]
_Token = Annotated[str, Field(min_length=20, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]
_Password = Annotated[str, Field(min_length=1, max_length=256, repr=False)]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SignInRequest(_Message):
    """``POST /v1/session/sign-in``. ``device_proof``: a refresh token this device had, to keep its id."""

    studio: _Name
    email: Annotated[str, Field(min_length=3, max_length=254, pattern=_NO_NUL)]
    password: _Password
    totp: Annotated[str, Field(max_length=20)] | None = None
    device_name: _Name
    device_proof: _Token | None = None


class SetUpRequest(_Message):
    """``POST /v1/session/set-up``: the token of a ``staff_setup`` link, and the first password."""

    token: _Token
    password: _Password
    device_name: _Name


class RefreshRequest(_Message):
    """``POST /v1/session/refresh``."""

    refresh_token: _Token


class SessionAnswer(_Message):
    """Signed in: the answer to sign-in, set-up, refresh and renew."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str
    tenant_id: UUID
    device_id: UUID
    user_id: UUID
    user_name: str
    role: Role


class RenewRequest(_Message):
    """``POST /v1/devices/renew``: this store starts over under a new device id."""

    request_id: UUID
    reason: Literal["gap", "forked", "epoch", "mark"]
    replaces: UUID
    cursor: Annotated[str, Field(max_length=1000)] | None = None
    machine_mark: Annotated[str, Field(max_length=200, pattern=_NO_NUL)] | None = None


class DeviceRow(_Message):
    """One computer of the studio, for the owner's list."""

    id: UUID
    name: str
    status: Literal["active", "superseded", "revoked"]
    last_seen_at: datetime | None
    app_version: str | None


class DeviceList(_Message):
    """``GET /v1/devices``."""

    devices: list[DeviceRow]
