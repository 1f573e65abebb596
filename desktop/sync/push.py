"""Words a push request from the outbox and reads what the server decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from desktop.local_store.outbox import Entry
from desktop.sync.exchange import Answer
from shared.sync_protocol.changes import PROTOCOL, PUSH_MAX_BYTES
from shared.sync_protocol.codec import operation_text, result_from_wire, write_push
from shared.sync_protocol.refusals import BadRequest
from shared.sync_protocol.results import OperationResult
from shared.tables.column_types import instant_text

PUSH_PATH = "/v1/sync/push"
_ENVELOPE_BYTES = 1024


@dataclass(frozen=True, slots=True)
class PushBatch:
    """The operations of one request, all by one author."""

    body: bytes
    user_id: UUID
    operation_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """The results of an answer, whatever its status."""

    epoch: str | None
    results: tuple[OperationResult, ...]


def batch(entries: Sequence[Entry], epoch: str) -> PushBatch:
    """The first entries of one author, in order, as many as one request may hold; at least one."""
    author, size = entries[0].user_id, _ENVELOPE_BYTES
    texts: list[str] = []
    taken: list[UUID] = []
    for entry in entries:
        text = _operation(entry)
        size += len(text.encode()) + 1
        if entry.user_id != author or (taken and size > PUSH_MAX_BYTES):
            break
        texts.append(text)
        taken.append(entry.id)
    return PushBatch(write_push(epoch=epoch, operations=texts, protocol=PROTOCOL), author, tuple(taken))


def read(answer: Answer) -> Decided:
    """What was decided. Raises BadRequest when the answer cannot be read."""
    value: dict[str, Any] = answer.json()
    results = value.get("results", [])
    if not isinstance(results, list):
        raise BadRequest(detail="results of push")
    epoch = value.get("epoch")
    return Decided(
        epoch if isinstance(epoch, str) else None, tuple(result_from_wire(item) for item in results)
    )


def _operation(entry: Entry) -> str:
    return operation_text(
        no=entry.no,
        operation_id=str(entry.id),
        name=entry.name,
        v=entry.v,
        args_text=entry.args,
        user_id=str(entry.user_id),
        created_at=instant_text(entry.created_at),
    )
