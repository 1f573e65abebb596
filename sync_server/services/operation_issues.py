"""Words what became of an operation for "Needs attention": the whole operation stays in the issue."""

import json
import re
from typing import Any, Final
from uuid import UUID

from shared.errors import BadArgs, DomainError
from shared.ids import TenantId, derived_id
from shared.models.inbox import SyncIssue
from shared.sync_protocol.changes import PushedOperation
from shared.sync_protocol.results import IssueDraft

_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")


def check_text(args: object) -> None:
    """Raise BadArgs for a text that no database keeps: with NUL, or with half of a surrogate pair."""
    if not _is_keepable(args):
        raise BadArgs(detail="a character that cannot be kept")


def row_id(pushed: PushedOperation) -> UUID | None:
    """The row the operation is about, if it says so."""
    try:
        return UUID(str(pushed.args.get("id") or pushed.args.get("booking_id")))
    except ValueError:
        return None


def field_names(pushed: PushedOperation) -> list[str]:
    """The fields it touches, by name only: the audit log holds no personal data."""
    patch = pushed.args.get("patch")
    names = patch if isinstance(patch, dict) else pushed.args
    return sorted(name for name in names if name.isidentifier())[:50]


def of_refusal(pushed: PushedOperation, refusal: DomainError) -> IssueDraft:
    """Why the rules of the studio said no."""
    details = {name: str(value) for name, value in refusal.details.items()}
    payload = {"details": details, "sentence": refusal.sentence}
    return IssueDraft(refusal.code, entity(pushed), row_id(pushed) or pushed.id, payload)


def of_breakdown(pushed: PushedOperation, error_class: str) -> IssueDraft:
    """It broke down three times."""
    return IssueDraft("parked", entity(pushed), row_id(pushed) or pushed.id, {"error_class": error_class})


def issue_row(pushed: PushedOperation, draft: IssueDraft, *, number: int, tenant_id: TenantId) -> SyncIssue:
    """The row of "Needs attention"; the first of an operation has the operation's own id."""
    return SyncIssue(
        tenant_id=tenant_id,
        id=pushed.id if number == 0 else derived_id(pushed.id, "issue", number),
        kind=draft.kind,
        entity=draft.entity,
        row_id=draft.row_id,
        user_id=pushed.user_id,
        payload={**_keepable(draft.payload), "operation": _whole(pushed)},
    )


def entity(pushed: PushedOperation) -> str:
    """The kind of thing the operation is about."""
    return pushed.name.partition(".")[0]


def _whole(pushed: PushedOperation) -> dict[str, Any]:
    whole: dict[str, Any] = {"name": pushed.name, "v": pushed.v}
    if pushed.created_at is not None:
        whole["created_at"] = pushed.created_at.isoformat()
    if _is_keepable(pushed.args):
        whole["args"] = pushed.args
    else:
        whole["args_text"] = json.dumps(pushed.args)  # escapes what no database keeps
    return whole


def _keepable(payload: dict[str, Any]) -> dict[str, Any]:
    return payload if _is_keepable(payload) else {"text": json.dumps(payload)}


def _is_keepable(value: object) -> bool:
    if isinstance(value, str):
        return _UNKEEPABLE.search(value) is None
    if isinstance(value, float):
        return value == value and value not in (float("inf"), float("-inf"))  # noqa: PLR0124 - NaN
    if isinstance(value, dict):
        return all(_is_keepable(key) and _is_keepable(item) for key, item in value.items())
    if isinstance(value, list):
        return all(_is_keepable(item) for item in value)
    return True
