"""Decides which of the next calls go wrong, and how."""

from dataclasses import dataclass

from sync_server.practice.stripe_emulator.answers import Answer, RefusedError, said
from sync_server.practice.stripe_emulator.records import Unit

# Answered at once, without touching anything and without being remembered.
AT_THE_DOOR = ("rate_limit", "lock_timeout", "unavailable")
# A saved 500 before any effect, or after the effect is committed.
SAVED_500 = ("server_error", "server_error_after_commit")
# No answer at all: the caller hears nothing, before or after the effect.
SILENT = ("timeout_before", "timeout_after_commit")
KINDS = (*AT_THE_DOOR, *SAVED_500, *SILENT)


@dataclass(frozen=True)
class Fault:
    """One call's bad luck; a silent one hangs for `hang_s` (0: the connection breaks at once)."""

    kind: str
    hang_s: int = 0


@dataclass(frozen=True)
class Silence:
    """No answer: hold the connection, then close it."""

    hang_s: int


def next_fault(unit: Unit, method: str, path: str) -> Fault | None:
    """Take the fault that waits for such a call, oldest order first."""
    row = unit.sql.execute(
        "SELECT seq, kind, hang_s FROM fault WHERE remaining > 0 AND (method IS NULL OR method = ?)"
        " AND substr(?, 1, length(path_start)) = path_start ORDER BY seq LIMIT 1",
        (method, path),
    ).fetchone()
    if row is None:
        return None
    unit.sql.execute("UPDATE fault SET remaining = remaining - 1 WHERE seq = ?", (row[0],))
    return Fault(row[1], row[2])


def door_error(kind: str) -> RefusedError:
    """The refusal of a fault that strikes before anything runs."""
    if kind == "rate_limit":
        message = "Request rate limit exceeded. Learn more about rate limits."
        return RefusedError(429, message, remembered=False, code="rate_limit")
    if kind == "lock_timeout":
        message = "This object cannot be accessed right now because another request is accessing it."
        return RefusedError(409, message, remembered=False, code="lock_timeout")
    return RefusedError(503, "Stripe is temporarily unavailable.", remembered=False, type="api_error")


def server_error() -> Answer:
    """The answer of a call that broke inside."""
    message = "An error occurred with our connection to the practice bank."
    return said({"error": {"message": message, "type": "api_error"}}, status=500)
