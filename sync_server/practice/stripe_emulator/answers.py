"""What a call is answered with, and the refusals in the words and codes that Stripe uses."""

import json
from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """One finished answer: status, JSON text and headers beyond the usual ones."""

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


def said(body: Body, *, status: int = 200) -> Answer:
    """The answer that carries this object."""
    return Answer(status, json.dumps(body, ensure_ascii=False, indent=2) + "\n")


class RefusedError(Exception):
    """A call ends with an error body; `remembered` says whether its idempotency key keeps that answer."""

    def __init__(self, status: int, message: str, *, remembered: bool, **details: object) -> None:
        super().__init__(message)
        self.status = status
        self.remembered = remembered
        self.error: Body = {"message": message, "type": "invalid_request_error"}
        self.error |= {name: value for name, value in details.items() if value is not None}

    def answer(self) -> Answer:
        """The error body in Stripe's envelope."""
        code = self.error.get("code")
        doc = (
            {"doc_url": f"https://stripe.com/docs/error-codes/{str(code).replace('_', '-')}"} if code else {}
        )
        return said({"error": dict(sorted((self.error | doc).items()))}, status=self.status)


def invalid(message: str, param: str, code: str | None = None) -> RefusedError:
    """A parameter that cannot be taken; nothing has run yet, so the key stays free."""
    return RefusedError(400, message, remembered=False, param=param, code=code)


def refused(message: str, code: str | None = None, **details: object) -> RefusedError:
    """A call that is well formed but not allowed in the present state of things."""
    return RefusedError(400, message, remembered=True, code=code, **details)


def missing(kind: str, object_id: str, *, param: str = "id", status: int = 404) -> RefusedError:
    """Nothing of that kind and id exists in this account (404 in the path, 400 in a parameter)."""
    message = f"No such {kind}: '{object_id}'"
    return RefusedError(status, message, remembered=True, param=param, code="resource_missing")


def key_in_use() -> RefusedError:
    """The same idempotency key is being worked on right now."""
    message = "There is currently another in-progress request using this Idempotent Key."
    return RefusedError(
        409, message, remembered=False, type="idempotency_error", code="idempotency_key_in_use"
    )


def key_reused(key: str) -> RefusedError:
    """The key was first used with other parameters or for another path."""
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request."
    )
    return RefusedError(400, message, remembered=False, type="idempotency_error")
