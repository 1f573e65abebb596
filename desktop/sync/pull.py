"""Words the calls that bring things here: changed rows, document numbers, a new device id."""

import json
from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from desktop.local_store.numbers import Shortage
from desktop.local_store.sync_state import SyncRow
from shared.sync_protocol.changes import PULL_MAX_ROWS
from shared.sync_protocol.numbers import STANDING_LEASE_SIZE, LeaseRequest, ReturnRequest

LEASE_PATH = "/v1/numbers/lease"
GIVE_BACK_PATH = "/v1/numbers/return"
RENEW_PATH = "/v1/devices/renew"


def pull_path(state: SyncRow) -> str:
    """Where the next page is; without a cursor it starts from 0."""
    cursor = state.cursor_token if state.rebuild is None else state.rebuild.cursor_token
    query = {"limit": str(PULL_MAX_ROWS)}
    if cursor is not None:
        query["cursor"] = cursor
    return f"/v1/sync/pull?{urlencode(query)}"


def lease_body(shortage: Shortage, request_id: UUID) -> bytes:
    """Ask that a standing lease be topped up."""
    wish = LeaseRequest(
        request_id=request_id, series=shortage.series, year=shortage.year, count=STANDING_LEASE_SIZE
    )
    return wish.model_dump_json().encode()


def give_back_body(lease_ids: Sequence[UUID]) -> bytes:
    """Return leases that this store may not use any more."""
    return ReturnRequest(lease_ids=list(lease_ids)).model_dump_json().encode()


def renew_body(state: SyncRow) -> bytes:
    """Ask for a new device id; the same request gets the same id."""
    rebuild = state.rebuild
    assert rebuild is not None, "a device is renewed for a rebuild"
    wish = {
        "request_id": rebuild.renew_id,
        "reason": rebuild.reason,
        "replaces": str(state.device_id),
        "cursor": state.cursor_token,
        "machine_mark": state.machine_mark,
    }
    return json.dumps(wish).encode()
