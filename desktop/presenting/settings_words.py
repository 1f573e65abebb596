"""The studio's settings in words: when a mail goes out, what a cancellation keeps, how numbers are given."""

from collections.abc import Mapping
from datetime import time
from typing import Final

from desktop.presenting.money_text import money
from shared.policies.cancellation import CancellationPolicy, CancellationTier

WHOLE: Final = 100
_FOR: Final[Mapping[str, str]] = {
    "balance_due": "while unpaid",
    "overdue": "while unpaid",
    "follow_up": "not if cancelled",
}
NUMBERING: Final[Mapping[str, str]] = {
    "leased": "Kept ready on this computer",
    "online_only": "Given when the server answers",
}
NUMBERS_EXPLAINED: Final = "Every number is explained, a new series each year"
PASSED: Final = "A higher number is in use: with a network the server gives the one after that."
KEY_FILE_FIRST: Final = "In practice a key file stands in for the keyring of this computer."
KEY_FILE_MORE: Final = (
    "The key of the store, the session and the numbers kept ready lie in it. Numbering stays leased."
)


def rule_when(anchor: str, offset_days: int, at: time, *, kind: str = "") -> str:
    """When a rule's mail goes out: "3 days before, 10:00", "1 day after the due date, 10:00"."""
    days = f"{abs(offset_days)} day{'' if abs(offset_days) == 1 else 's'}"
    thing = {"stage_due": " the due date", "event_end": " the event", "event_start": " the event"}[anchor]
    if offset_days == 0:
        words = "On the due date" if anchor == "stage_due" else "On the day of the event"
    elif offset_days < 0:
        words = f"{days} before" + (thing if anchor == "stage_due" else "")
    else:
        words = f"{days} after{thing}"
    pay = ", with pay link" if kind == "balance_due" else ""
    return f"{words}, {at:%H:%M}{pay}"


def rule_for(kind: str, package_names: tuple[str, ...]) -> str:
    """For whom a rule's mail is meant."""
    if package_names:
        return ", ".join(package_names)
    return _FOR.get(kind, "all packages")


def numbers_ready(numbering: str, ready: int) -> str:
    """How many numbers this computer may print without a network, and what becomes of the others."""
    if numbering == "online_only":
        return "Without a network a number follows later"
    return f"{ready} per series ready, unused ones are void"


def next_number_words(series: str, number: str, *, is_passed: bool) -> tuple[str, str]:
    """(what for, number): the next number that this computer would print.

    Where a higher one ``is_passed`` out already, that is so only while the server cannot be reached.
    """
    name = "invoice" if series == "invoice" else "credit note"
    return f"Next {name}{' offline' if is_passed else ''}", number or "comes with the next sync"


def deposit_words(deposit_percent: int, remainder_days_before: int) -> str:
    """The deposit plan of new packages: "50 % on booking, the rest 3 days before"."""
    days = f"{remainder_days_before} day{'' if remainder_days_before == 1 else 's'} before"
    if deposit_percent == 0:
        return f"Everything {days}"
    return (
        "Everything on booking"
        if deposit_percent == WHOLE
        else f"{deposit_percent} % on booking, the rest {days}"
    )


def policy_lines(plain: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """A cancellation policy as (when, what is kept) lines, from long before to shortly before the event."""
    policy = CancellationPolicy.from_json(plain)
    tiers = sorted(policy.tiers, key=lambda tier: -tier.min_days_before)
    lines: list[tuple[str, str]] = []
    earlier: CancellationTier | None = None
    for tier in tiers:
        until = "" if earlier is None else f" to {earlier.min_days_before - 1}"
        last = tier is tiers[-1]
        if earlier is None:
            when = f"{tier.min_days_before} days before or earlier"
        elif last and tier.min_days_before == 0:
            when = f"Less than {earlier.min_days_before} days before"
        else:
            when = f"{tier.min_days_before}{until} days before"
        if earlier is None and tier.min_days_before == 0:
            when = "Whenever it is cancelled"
        lines.append((when, f"{tier.keep_percent} % is kept" if tier.keep_percent else "nothing is kept"))
        earlier = tier
    if not lines:
        lines.append(("Whenever it is cancelled", "nothing is kept"))
    if policy.deposit_kept:
        lines.append(("The deposit", "is always kept"))
    if policy.fixed_fee_minor:
        lines.append(("A fixed fee", money(policy.fixed_fee_minor, policy.currency)))
    lines.append(("Moving by link", _until(policy.move_until_days_before)))
    lines.append(("Cancelling by link", _until(policy.cancel_until_days_before)))
    return tuple(lines)


def _until(days: int) -> str:
    if days == 0:
        return "until the day of the event"
    return f"until {days} day{'' if days == 1 else 's'} before the event"
