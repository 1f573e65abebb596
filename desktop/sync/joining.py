"""Ties a store to the studio and device that a sign-in named; an older store never loses what it holds."""

from dataclasses import replace

import structlog

from desktop.local_store import rebuild, replica
from desktop.local_store.engine import LocalStore
from desktop.local_store.sync_state import SyncRow, find_state, write_state
from desktop.sync.tokens import SignedIn
from shared.errors import Refused
from shared.ids import new_id

log = structlog.get_logger()


class OtherStudio(Refused):
    """The data on this computer belongs to another studio. Sign in to that one, or use another folder."""

    code = "other_studio"


def join(store: LocalStore, who: SignedIn, *, mark: str) -> None:
    """Take the sign-in over. Raises OtherStudio.

    A new store begins here. An old one whose device the server no longer knew starts over under the new
    device id: its base is built anew beside the old one and what waits is sent again.
    """
    with store.writing() as connection:
        state = find_state(connection)
        if state is None:
            write_state(connection, SyncRow(who.tenant_id, who.device_id, mark))
        elif state.tenant_id != who.tenant_id:
            raise OtherStudio
        elif state.device_id != who.device_id:
            rebuild.begin(connection, reason="mark", epoch=None, renew_id=None)
            replica.start_over(connection, device_id=who.device_id, mark=mark)
            log.warning("device_replaced", device_id=str(who.device_id))


def find_copy(store: LocalStore, *, mark: str) -> bool:
    """At start: a store that finds itself on another machine or place will ask for a device id of its own."""
    with store.writing() as connection:
        state = find_state(connection)
        if state is None or state.machine_mark == mark or state.rebuild is not None:
            return False
        write_state(connection, replace(state, machine_mark=mark))
        rebuild.begin(connection, reason="mark", epoch=None, renew_id=new_id())
    log.warning("store_was_copied")
    return True
