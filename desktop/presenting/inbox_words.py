"""What an item of Needs attention is called, which group it belongs to and what can be done (sync.md §16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class InboxGroup(StrEnum):
    """The filter chips of Needs attention."""

    TIMES = "times"
    CHANGES = "changes"
    MONEY = "money"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class InboxAction:
    """One button of an item: its stable code, its words, and whether it destroys something."""

    code: str
    words: str
    destructive: bool = False


@dataclass(frozen=True, slots=True)
class InboxKind:
    """The words of one kind; `title` is filled from the details of the item."""

    group: InboxGroup
    title: str
    actions: tuple[InboxAction, ...]


_LEAVE = InboxAction("leave", "Leave it")
_DISCARD = InboxAction("discard", "Discard", destructive=True)
_OPEN = InboxAction("open", "Open")
_FINE = InboxAction("fine", "It is fine")
_ANOTHER_TIME = InboxAction("another_time", "Pick another time…")
_CANCEL = InboxAction("cancel_booking", "Cancel booking…", destructive=True)
_MY_TIME = InboxAction("my_time", "Use my time")
_TRY_AGAIN = InboxAction("try_again", "Try again")
_REPORT = InboxAction("report", "Send report")
_APPROVE = InboxAction("approve", "Approve refund…")
_DECLINE = InboxAction("decline", "Decline…", destructive=True)
_LOWER = (InboxAction("lower_amount", "Lower the amount…"), _DISCARD)
_NUMBER = (
    InboxAction("new_number", "Issue with a new number"),
    InboxAction("credit_note", "Make a credit note"),
    _LEAVE,
)
_UNKNOWN = InboxKind(
    InboxGroup.CHANGES, "The server could not carry this out", (_TRY_AGAIN, _REPORT, _DISCARD)
)
_MOVED = (_MY_TIME, _LEAVE)
_LOOK = (_OPEN, _FINE)

_KINDS: Final[Mapping[str, InboxKind]] = {
    "slot_taken": InboxKind(InboxGroup.TIMES, "The time for {customer} is taken", (_ANOTHER_TIME, _CANCEL)),
    "blocked": InboxKind(InboxGroup.TIMES, "The time for {customer} is closed", (_ANOTHER_TIME, _CANCEL)),
    "moved_meanwhile": InboxKind(
        InboxGroup.TIMES, "{user} moved this booking before your change arrived", _MOVED
    ),
    "cancelled": InboxKind(
        InboxGroup.TIMES, "{user} cancelled this booking before your change arrived", _MOVED
    ),
    "block_over_booking": InboxKind(InboxGroup.TIMES, "{count} bookings lie inside the closed time", _LOOK),
    "surplus_recorded": InboxKind(InboxGroup.MONEY, "{customer} has paid more than was due", _LOOK),
    "identical_open_request": InboxKind(
        InboxGroup.MONEY, "The same refund had already been asked for", _LOOK
    ),
    "reminder_already_sent": InboxKind(InboxGroup.MAIL, "The mail had already been sent", _LOOK),
    "replaced": InboxKind(
        InboxGroup.CHANGES,
        "{user}’s change replaced yours: {field}",
        (InboxAction("mine_back", "Put mine back"), _LEAVE),
    ),
    "text_kept": InboxKind(
        InboxGroup.CHANGES,
        "There are two versions of this text",
        (InboxAction("use_mine", "Use mine"), _LEAVE, InboxAction("edit_both", "Edit both…")),
    ),
    "gone": InboxKind(
        InboxGroup.CHANGES,
        "It was deleted before your change arrived",
        (InboxAction("restore", "Restore with my change"), _DISCARD),
    ),
    "has_bookings": InboxKind(
        InboxGroup.CHANGES, "It still has bookings", (InboxAction("open_bookings", "Open bookings"),)
    ),
    "exceeds_refundable": InboxKind(InboxGroup.MONEY, "Only {rest} can still be refunded", _LOWER),
    "nothing_paid": InboxKind(InboxGroup.MONEY, "This stage has not been paid", _LOWER),
    "stage_disputed": InboxKind(InboxGroup.MONEY, "The payment is disputed", _LOWER),
    "number_conflict": InboxKind(InboxGroup.MONEY, "Number already used", _NUMBER),
    "duplicate_invoice": InboxKind(InboxGroup.MONEY, "Two invoices for one payment", _NUMBER),
    "needs_right": InboxKind(
        InboxGroup.CHANGES,
        "Needs a person with the right to do this",
        (InboxAction("do_now", "Do it now"), _DISCARD),
    ),
    "user_disabled": InboxKind(
        InboxGroup.CHANGES,
        "Needs a person with the right to do this",
        (InboxAction("do_now", "Do it now"), _DISCARD),
    ),
    "refund_waits": InboxKind(
        InboxGroup.MONEY, "A refund of {amount} waits for approval", (_APPROVE, _DECLINE)
    ),
    "refund_failed": InboxKind(InboxGroup.MONEY, "A refund of {amount} did not arrive", (_TRY_AGAIN, _OPEN)),
    "mail_failed": InboxKind(InboxGroup.MAIL, "The mail to {customer} did not arrive", (_OPEN, _FINE)),
    "restored": InboxKind(
        InboxGroup.CHANGES,
        "The server was restored to {at}",
        (InboxAction("differences", "Show differences"), InboxAction("done", "Done")),
    ),
}
_NEEDS_RIGHT_ACTION: Final = "do_now"


class _Words(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return {"customer": "this booking", "user": "Somebody", "field": "a field"}.get(key, "…")


def title(kind: str, *, sentence: str = "", details: Mapping[str, str] | None = None) -> str:
    """The sentence of an item; an unknown kind says `sentence`, the words of its code, if there are any."""
    known = _KINDS.get(kind)
    if known is None:
        return sentence or _UNKNOWN.title
    filled = _Words({key: value for key, value in (details or {}).items() if value})
    return known.title.format_map(filled)


def group(kind: str) -> InboxGroup:
    """The chip under which an item is found."""
    return _KINDS.get(kind, _UNKNOWN).group


def actions(kind: str, *, may_act: bool = True) -> tuple[InboxAction, ...]:
    """The sensible ways on, the safest first; without the right to it "Do it now" is left out."""
    offered = _KINDS.get(kind, _UNKNOWN).actions
    return tuple(action for action in offered if may_act or action.code != _NEEDS_RIGHT_ACTION)


def known_kinds() -> tuple[str, ...]:
    """Every kind with words of its own."""
    return tuple(_KINDS)
