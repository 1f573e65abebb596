"""What a device and the server say to each other about document numbers."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.models.states import Series

STANDING_LEASE_SIZE = 5


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class LeaseRequest(_Message):
    """``POST /v1/numbers/lease``.

    With ``document_id`` it asks for one number for that document, and ``standing_next`` is the lowest free
    number of the device's standing lease; without, it tops the standing lease up to ``count``.
    """

    request_id: UUID
    series: Series
    year: Annotated[int, Field(ge=2000, le=9999)]
    count: Annotated[int, Field(ge=1, le=STANDING_LEASE_SIZE)] = 1
    document_id: UUID | None = None
    standing_next: Annotated[int, Field(ge=1, le=10**9)] | None = None


class LeasedNumber(_Message):
    """One number that belongs to this device and is not used yet."""

    series: Series
    year: int
    number: int
    lease_id: UUID


class LeaseAnswer(_Message):
    """``leased`` lists every number leased to this device, so that a lost answer repairs itself."""

    use_standing: bool = False
    """The device takes ``standing_next``: no other number above it is in use."""
    numbers: list[int] = []
    """What this request was given, by ``request_id``."""
    leased: list[LeasedNumber] = []


class ReturnRequest(_Message):
    """``POST /v1/numbers/return``: a restored store gives back what it may not use any more."""

    lease_ids: Annotated[list[UUID], Field(max_length=100)]
