"""Turns what a dialog answered into arguments."""

from collections.abc import Mapping

from shared.sync_protocol.operations import FieldChange, Patch


def changed_fields(seen: Mapping[str, object], now: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """What an edit changed, as (seen, new) by field; equal fields are left out."""
    return {name: (seen[name], value) for name, value in now.items() if seen[name] != value}


def patch_of(changes: Mapping[str, tuple[object, object]]) -> Patch:
    """A field patch from (seen, new) by field."""
    return {name: FieldChange(seen=before, to=after) for name, (before, after) in changes.items()}
