"""What each answer of the server means for the cycle: the one table of statuses and codes (sync.md §15)."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from desktop.sync.exchange import Answer


class Answered(StrEnum):
    """The kinds of answers."""

    DECIDED = "decided"
    OFFLINE = "offline"
    BUSY = "busy"
    SIGN_IN = "sign_in"
    REVOKED = "revoked"
    EPOCH = "epoch"
    GAP = "gap"
    FORKED = "forked"
    RESYNC = "resync"
    UPGRADE_SERVER = "upgrade_server"
    TOO_LARGE = "too_large"
    UPDATE_APP = "update_app"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind, the server's code for the diagnostics, and what comes with it."""

    kind: Answered
    code: str = ""
    epoch: str | None = None
    retry_after_s: float | None = None


_BY_CODE: Final = {
    "revoked": Answered.REVOKED,
    "epoch": Answered.EPOCH,
    "gap": Answered.GAP,
    "forked": Answered.FORKED,
    "resync": Answered.RESYNC,
    "upgrade_server": Answered.UPGRADE_SERVER,
}
_BY_STATUS: Final = {
    HTTPStatus.UNAUTHORIZED: Answered.SIGN_IN,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Answered.TOO_LARGE,
    HTTPStatus.UPGRADE_REQUIRED: Answered.UPDATE_APP,
    HTTPStatus.TOO_MANY_REQUESTS: Answered.BUSY,
}
_CODES_COUNT_AT: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.CONFLICT})


def judge(answer: Answer) -> Verdict:
    """Decide what an answer means; the same for every call."""
    if answer.status is None:
        return Verdict(Answered.OFFLINE)
    if answer.status in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}:
        return Verdict(Answered.DECIDED)
    body = answer.json()
    code = str(body.get("code", answer.status))
    kind = _BY_STATUS.get(HTTPStatus(answer.status)) if answer.status in set(HTTPStatus) else None
    if answer.status in _CODES_COUNT_AT:
        kind = _BY_CODE.get(code, kind)
    if kind is None:
        kind = Answered.BUSY if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else Answered.PROBLEM
    epoch = body.get("epoch")
    return Verdict(kind, code, epoch if isinstance(epoch, str) else None, answer.retry_after_s)
