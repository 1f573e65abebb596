"""What the sync cycle and the transport say to each other: one request, one answer, as plain values."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final, Protocol
from uuid import UUID

from shared.sync_protocol.codec import read_json
from shared.sync_protocol.refusals import BadRequest


class Call(StrEnum):
    """The calls of one sync round."""

    PUSH = "push"
    PULL = "pull"
    LEASE = "lease"
    GIVE_BACK = "give_back"
    RENEW = "renew"


TIMEOUT_S: Final = {
    Call.PUSH: 30.0,
    Call.PULL: 60.0,
    Call.LEASE: 2.0,
    Call.GIVE_BACK: 5.0,
    Call.RENEW: 30.0,
}


@dataclass(frozen=True, slots=True)
class Request:
    """One call to the server. ``serial`` ties the answer to it; ``user_id`` names whose session to use."""

    serial: int
    call: Call
    method: str
    path: str
    body: bytes | None = None
    user_id: UUID | None = None

    @property
    def timeout_s(self) -> float:
        """How long to wait for the whole answer."""
        return TIMEOUT_S[self.call]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``status`` None means that nothing did. ``encoding`` is what the body still wears."""

    serial: int
    status: int | None
    body: bytes = b""
    encoding: str | None = None
    retry_after_s: float | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the server decided."""
        return self.status == HTTPStatus.OK

    def json(self) -> dict[str, Any]:
        """The body; an empty one where it is not a JSON object."""
        try:
            value = read_json(self.body)
        except BadRequest:
            return {}
        return value if isinstance(value, dict) else {}


class Transport(Protocol):
    """A way to reach the server. It never raises for what the network does."""

    def send(self, request: Request) -> Answer:
        """Send one request and wait for its answer."""
        ...
