"""Bytes on the wire: canonical JSON, pages as lines of JSON, zstd.

Everything unreadable ends as a named refusal (BadRequest, BodyTooLarge), never as another exception.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final, NoReturn
from uuid import UUID

import zstandard
from pydantic import BaseModel, ValidationError

from shared.errors import BodyTooLarge
from shared.sync_protocol.changes import (
    ARGS_MAX_BYTES,
    PULL_MAX_BYTES,
    PUSH_MAX_BYTES,
    PUSH_MAX_OPERATIONS,
    Change,
    Page,
    PageHeader,
    PushRequest,
)
from shared.sync_protocol.refusals import BadRequest
from shared.sync_protocol.results import OperationResult, ResultStatus

ZSTD: Final = "zstd"
_LEVEL: Final = 3
_MAX_DEPTH: Final = 64
_MAX_WINDOW_BYTES: Final = 8 * 1024 * 1024
_PAGE_SLACK_BYTES: Final = 4 * 1024 * 1024  # one row may stand above the limit of a page


def canonical_json(value: object) -> bytes:
    """Sorted keys, no spaces, UTF-8: equal values, equal bytes; lone surrogates pass, to be hashed too."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def args_hash(name: str, version: int, args: object) -> bytes:
    """What tells two operations of one id apart: SHA-256 of name, version and arguments."""
    return hashlib.sha256(canonical_json({"args": args, "name": name, "v": version})).digest()


def read_json(data: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Parse strictly: UTF-8, no NaN, no endless nesting; raises BadRequest."""
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as cause:
        raise BadRequest(detail="not JSON") from cause
    if not _is_flatter_than(value, _MAX_DEPTH):
        raise BadRequest(detail="nested too deeply")
    return value


def _is_flatter_than(value: object, depth: int) -> bool:
    if isinstance(value, dict):
        return depth > 0 and all(_is_flatter_than(item, depth - 1) for item in value.values())
    if isinstance(value, list):
        return depth > 0 and all(_is_flatter_than(item, depth - 1) for item in value)
    return True


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


# --- push ---------------------------------------------------------------------------------------------------


def decode_body(data: bytes, encoding: str | None, *, limit: int) -> bytes:
    """The plain bytes of a request; raises BodyTooLarge, BadRequest."""
    if encoding not in (None, "", "identity", ZSTD):
        raise BadRequest(detail="unknown content encoding")
    if encoding == ZSTD:
        try:
            reader = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW_BYTES).stream_reader(
                BytesIO(data), read_across_frames=True
            )
            data = reader.read(limit + 1)
        except zstandard.ZstdError as cause:
            raise BadRequest(detail="broken zstd") from cause
    if len(data) > limit:
        raise BodyTooLarge(limit=f"{limit} bytes")
    return data


def read_push(data: bytes, encoding: str | None = None) -> PushRequest:
    """Read the body of push; raises BadRequest, BodyTooLarge."""
    value = read_json(decode_body(data, encoding, limit=PUSH_MAX_BYTES))
    try:
        request = PushRequest.model_validate(value)
    except ValidationError as failure:
        raise BadRequest(detail=first_fault(failure)) from failure
    if len(request.operations) > PUSH_MAX_OPERATIONS:
        raise BodyTooLarge(limit=f"{PUSH_MAX_OPERATIONS} operations")
    for operation in request.operations:
        if len(canonical_json(operation.args)) > ARGS_MAX_BYTES:
            raise BodyTooLarge(limit=f"{ARGS_MAX_BYTES} bytes for one change")
    return request


def first_fault(failure: ValidationError) -> str:
    """Where the first unreadable field stands and why, without its value."""
    fault = failure.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg']}"


def write_push(*, epoch: str, operations: Sequence[str], protocol: int) -> bytes:
    """The body of push from operations already worded as JSON, so that stored arguments travel unchanged."""
    head = json.dumps({"protocol": protocol, "epoch": epoch}, separators=(",", ":"))
    return f'{head[:-1]},"operations":[{",".join(operations)}]}}'.encode()


def operation_text(
    *, no: int, operation_id: str, name: str, v: int, args_text: str, user_id: str, created_at: str
) -> str:
    """One operation as JSON, its stored argument text put in as it is."""
    rest = {"no": no, "id": operation_id, "name": name, "v": v, "user_id": user_id, "created_at": created_at}
    return f'{json.dumps(rest, separators=(",", ":"))[:-1]},"args":{args_text}}}'


def result_to_wire(result: OperationResult) -> dict[str, Any]:
    """One result of push; what is empty is left out."""
    wire: dict[str, Any] = {"id": str(result.id), "status": result.status.value, "seq": result.seq}
    if result.code is not None:
        wire["code"] = result.code
    if result.result:
        wire["result"] = result.result
    return wire


class _WireResult(BaseModel):
    id: str
    status: str
    seq: int
    code: str | None = None
    result: dict[str, Any] | None = None


def result_from_wire(value: object) -> OperationResult:
    """Read :func:`result_to_wire` back; raises BadRequest."""
    try:
        wire = _WireResult.model_validate(value)
        return OperationResult(
            id=UUID(wire.id),
            status=ResultStatus(wire.status),
            seq=wire.seq,
            code=wire.code,
            result=wire.result,
        )
    except ValueError as cause:  # ValidationError is one
        raise BadRequest(detail="result of push") from cause


# --- pull ---------------------------------------------------------------------------------------------------


def row_line(entity: str, row_id: str, seq: int, row_json: str) -> str:
    """A row whose columns are already worded as one JSON object."""
    return f'{{"e":"{entity}","id":"{row_id}","s":{seq},"r":{row_json}}}'


def deleted_line(entity: str, row_id: str, seq: int) -> str:
    """A row that was deleted for good."""
    return f'{{"e":"{entity}","id":"{row_id}","s":{seq},"del":1}}'


def write_page(header: PageHeader, lines: Iterable[str], *, compress: bool) -> bytes:
    """The header, then the lines."""
    data = "\n".join([header.model_dump_json(by_alias=True), *lines, ""]).encode()
    return zstandard.ZstdCompressor(level=_LEVEL).compress(data) if compress else data


def read_page(data: bytes, encoding: str | None = None) -> Page:
    """Read a whole page; a page cut anywhere raises BadRequest."""
    plain = decode_body(data, encoding, limit=PULL_MAX_BYTES + _PAGE_SLACK_BYTES)
    header_line, _, rest = plain.partition(b"\n")
    try:
        header = PageHeader.model_validate(read_json(header_line))
        lines = rest.decode("utf-8").split("\n")[:-1]
        # one array is read much faster than as many lines
        changes = tuple(_change(value) for value in json.loads(f"[{','.join(lines)}]"))
    except (ValueError, RecursionError, KeyError, TypeError) as cause:
        raise BadRequest(detail="page of changes") from cause
    if len(changes) != header.rows:
        raise BadRequest(detail="page of changes is cut off")
    return Page(header, changes)


def _change(value: dict[str, Any]) -> Change:
    row = None if value.get("del") else value["r"]
    return Change(value["e"], value["id"], value["s"], row)
