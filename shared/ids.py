"""Typed ids: who may make one, and how the same one is made again elsewhere.

An author makes a time-ordered UUIDv7 (RFC 9562) with :func:`new_id`. Everything that follows from an
operation gets a UUIDv5 of the operation's id and the row's role, so that device, server and replay agree.
"""

import secrets
import time
from typing import Final, NewType
from uuid import UUID, uuid5

TenantId = NewType("TenantId", UUID)
MemberId = NewType("MemberId", UUID)
CustomerId = NewType("CustomerId", UUID)
PackageId = NewType("PackageId", UUID)
ResourceId = NewType("ResourceId", UUID)
BookingId = NewType("BookingId", UUID)
StageId = NewType("StageId", UUID)
RefundRequestId = NewType("RefundRequestId", UUID)
RefundId = NewType("RefundId", UUID)
DocumentId = NewType("DocumentId", UUID)
RuleId = NewType("RuleId", UUID)
OperationId = NewType("OperationId", UUID)
DeviceId = NewType("DeviceId", UUID)

_ROLE_SEPARATOR: Final = "\x1f"


def new_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then 74 random bits. Never called inside a service."""
    return time_ordered(time.time_ns() // 1_000_000, secrets.randbits(74))


def time_ordered(milliseconds: int, random_bits: int) -> UUID:
    """The UUIDv7 of a moment, in Unix milliseconds, and 74 random bits."""
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= (random_bits >> 62) << 64
    value |= 0b10 << 62
    value |= random_bits & ((1 << 62) - 1)
    return UUID(int=value)


def derived_id(operation_id: UUID, *role: str | int | UUID) -> UUID:
    """The id of the row that plays ``role`` in an operation: equal on every computer and in every replay."""
    return uuid5(operation_id, _ROLE_SEPARATOR.join(str(part) for part in role))
