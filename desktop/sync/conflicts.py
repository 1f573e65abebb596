"""Decides what of the server's answer needs a person on this computer alone.

Everything else that needs one comes as a ``sync_issue`` row, on every device; the marks of rows are in
``local_store.marks``.
"""

import json
from typing import Any, Final

from desktop.local_store.outbox import Entry
from shared.errors import IdReused
from shared.sync_protocol.results import OperationResult, ResultStatus

_ONLY_HERE: Final = frozenset({IdReused.code})


def only_here(entry: Entry, result: OperationResult) -> dict[str, Any] | None:
    """The whole operation, where the server has another one under its id and so could not keep this one."""
    if result.status is not ResultStatus.REJECTED or result.code not in _ONLY_HERE:
        return None
    return {
        "name": entry.name,
        "v": entry.v,
        "args": json.loads(entry.args),
        "user_id": str(entry.user_id),
        "code": result.code,
    }
