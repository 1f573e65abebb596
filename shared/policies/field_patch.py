"""Decides what an edit does to a field or a text that may have changed meanwhile; nothing is lost in silence.

Rules: sync, "Domain rules and merging".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

import merge3

_Value = TypeVar("_Value")


class FieldOutcome(StrEnum):
    """What one field of a patch does."""

    APPLIED = "applied"
    NOTHING = "nothing"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class FieldChange(Generic[_Value]):
    """One field of a patch: the value that its author saw, and the one they want."""

    from_: _Value
    to: _Value


@dataclass(frozen=True, slots=True)
class PatchOutcome(Generic[_Value]):
    """What to store, and which values this replaces although the author never saw them (for an issue)."""

    values: dict[str, _Value]
    replaced: dict[str, _Value]


def decide_field(current: object, from_: object, to: object) -> FieldOutcome:
    """Nothing if it is so already, applied if it is as the author saw it, else it replaces another edit."""
    if current == to:
        return FieldOutcome.NOTHING
    return FieldOutcome.APPLIED if current == from_ else FieldOutcome.REPLACED


def decide_patch(
    current: Mapping[str, _Value], patch: Mapping[str, FieldChange[_Value]]
) -> PatchOutcome[_Value]:
    """Decide each field of a patch on its own; ``current`` has every field that the patch names."""
    outcome: PatchOutcome[_Value] = PatchOutcome({}, {})
    for name, change in patch.items():
        decided = decide_field(current[name], change.from_, change.to)
        if decided is not FieldOutcome.NOTHING:
            outcome.values[name] = change.to
        if decided is FieldOutcome.REPLACED:
            outcome.replaced[name] = current[name]
    return outcome


def merge_text(base: str, mine: str, theirs: str) -> str | None:
    """Both edits of a long text, line by line; None when they touch the same lines."""
    if theirs in {mine, base}:
        return mine
    if mine == base:
        return theirs
    # split, not splitlines: a last line without its newline must not run into the other side's next one
    merge = merge3.Merge3(base.split("\n"), mine.split("\n"), theirs.split("\n"))
    lines: list[str] = []
    for group in merge.merge_groups():
        if group[0] == "conflict":
            return None
        lines.extend(group[1])
    return "\n".join(lines)
