"""Merges an edit field by field: what the author saw against what stands."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from shared.errors import BadArgs
from shared.models.entity import Entity
from shared.policies.field_patch import FieldOutcome, decide_field
from shared.sync_protocol.operations import Patch
from shared.sync_protocol.results import IssueDraft, Outcome

Reader = Callable[[Any], Any] | None
"""Reads a JSON value into the field's type; None reads a UUID."""


def apply_patch(row: Entity, patch: Patch, *, entity: str, fields: Mapping[str, Reader]) -> Outcome:
    """Apply each field of a patch that may be edited; raises BadArgs for any other field.

    Per field: what the author saw still stands, so it is changed; what they want stands already, so nothing
    is done; else the later arrival wins and the replaced value goes whole into an issue ``replaced``.
    """
    replaced: dict[str, dict[str, Any]] = {}
    for name, change in patch.items():
        if name not in fields:
            raise BadArgs(detail=f"{name} cannot be edited")
        seen, wanted = _read(fields[name], change.seen, name), _read(fields[name], change.to, name)
        current = getattr(row, name)
        decided = decide_field(current, seen, wanted)
        if decided is FieldOutcome.NOTHING:
            continue
        if decided is FieldOutcome.REPLACED:
            replaced[name] = {"before": _plain(seen), "yours": _plain(wanted), "theirs": _plain(current)}
        setattr(row, name, wanted)
    if not replaced:
        return Outcome()
    issue = IssueDraft("replaced", entity, row.id, {"fields": replaced, "author": _plain(row.updated_by)})
    return Outcome(code="replaced", issues=(issue,))


def _read(reader: Reader, value: Any, name: str) -> Any:  # noqa: ANN401 - any JSON value
    if value is None:
        return None
    try:
        return UUID(value) if reader is None else reader(value)
    except (ValueError, TypeError) as cause:
        raise BadArgs(detail=f"{name}: {cause}") from cause


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of a model
    return value if value is None or isinstance(value, bool | int | str | dict | list) else str(value)
