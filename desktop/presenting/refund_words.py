"""How one refund stands, in words, and what staff may do about it; the server has the last word."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desktop.presenting.status_words import REFUND_REQUEST_STATUS, REFUND_STATUS, say

CARD: Final = "card"


class RefundGroup(StrEnum):
    """The filter chips of the refunds page."""

    APPROVAL = "approval"
    ON_ITS_WAY = "on_its_way"
    PERSON = "person"
    DONE = "done"


class RefundAct(StrEnum):
    """What a person may do about a request."""

    APPROVE = "approve"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    PAID_BACK = "mark_paid_back"
    TRY_AGAIN = "try_again"


ACT_WORDS: Final[Mapping[RefundAct, str]] = {
    RefundAct.APPROVE: "Approve…",
    RefundAct.DECLINE: "Decline…",
    RefundAct.WITHDRAW: "Withdraw…",
    RefundAct.PAID_BACK: "Mark paid back…",
    RefundAct.TRY_AGAIN: "Try again",
}


@dataclass(frozen=True, slots=True)
class RefundState:
    """Group, words, and the token of their colour."""

    group: RefundGroup
    words: str
    ink: str = "text"


_REFUND: Final[Mapping[str, RefundState]] = {
    "submitting": RefundState(RefundGroup.ON_ITS_WAY, "Being sent", "info"),
    "submitted": RefundState(RefundGroup.ON_ITS_WAY, "On its way", "info"),
    "unknown": RefundState(RefundGroup.ON_ITS_WAY, "Being checked", "info"),
    "succeeded": RefundState(RefundGroup.DONE, "Refunded", "accent"),
    "failed": RefundState(RefundGroup.PERSON, "Failed", "danger"),
    "rejected": RefundState(RefundGroup.PERSON, "Rejected", "danger"),
    "canceled": RefundState(RefundGroup.PERSON, "Stopped", "danger"),
    "withdrawn": RefundState(RefundGroup.DONE, "Withdrawn", "secondary"),
}
_ENDED: Final = frozenset({"declined", "withdrawn", "closed"})


def refund_state(
    *, request_status: str, refund_status: str, channel: str, attention: str = ""
) -> RefundState:
    """How the refund of one stage stands."""
    if request_status == "requested":
        return RefundState(RefundGroup.APPROVAL, "Waits for approval", "warning")
    if request_status in _ENDED:
        return RefundState(RefundGroup.DONE, say(REFUND_REQUEST_STATUS, request_status), "secondary")
    if attention and refund_status != "succeeded":
        return RefundState(RefundGroup.PERSON, "Needs a person", "danger")
    if refund_status in ("", "approved"):
        by_hand = channel != CARD
        words = "To be handed back" if by_hand else say(REFUND_STATUS, "approved")
        return RefundState(RefundGroup.ON_ITS_WAY, words, "warning" if by_hand else "info")
    return _REFUND.get(refund_status, RefundState(RefundGroup.PERSON, say(REFUND_STATUS, refund_status)))


def refund_acts(
    *, request_status: str, refund_statuses: tuple[str, ...], channels: tuple[str, ...], may_approve: bool
) -> tuple[RefundAct, ...]:
    """What can be done about a request, by the states of all its refunds, the likeliest first."""
    acts: list[RefundAct] = []
    untouched = all(status in ("", "approved") for status in refund_statuses)
    if request_status == "requested" and may_approve:
        acts += [RefundAct.APPROVE, RefundAct.DECLINE]
    by_hand = any(
        channel != CARD and status == "approved"
        for channel, status in zip(channels, refund_statuses, strict=True)
    )
    if request_status == "approved" and by_hand:
        acts.append(RefundAct.PAID_BACK)
    if request_status == "needs_person":
        acts.append(RefundAct.TRY_AGAIN)
    if request_status in ("requested", "approved") and untouched:
        acts.append(RefundAct.WITHDRAW)
    return tuple(acts)
