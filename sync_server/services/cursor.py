"""The signed place in a studio's feed that a device hands back; opaque to the client.

``h0`` is the head when the run from 0 began: deletions up to there are of rows that the device never had.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sync_server.services.key_ring import KeyRing

_MAC_BYTES: Final = 32


@dataclass(frozen=True)
class Cursor:
    """A place in one history of one studio."""

    tenant_id: UUID
    epoch: UUID
    seq: int
    h0: int


def write_cursor(cursor: Cursor, keys: KeyRing) -> str:
    """Sign with the newest key."""
    words = f"{keys.newest}.{cursor.tenant_id}.{cursor.epoch}.{cursor.seq}.{cursor.h0}".encode()
    mac = keys.sign(words)
    assert mac is not None, "the newest key is there"
    return base64.urlsafe_b64encode(words + mac).rstrip(b"=").decode()


def read_cursor(text: str, keys: KeyRing) -> Cursor | None:
    """The place, or None when it was not signed by us."""
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        return None
    words, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    try:
        version, tenant_id, epoch, seq, h0 = words.decode("ascii").split(".")
        expected = keys.sign(words, version=int(version))
        if expected is None or not hmac.compare_digest(expected, mac):
            return None
        return Cursor(UUID(tenant_id), UUID(epoch), int(seq), int(h0))
    except ValueError:
        return None
