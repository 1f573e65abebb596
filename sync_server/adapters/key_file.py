"""The key file outside the database: mode 0600, several versions of each key.

Losing it ends sealed secrets and every open link; a backup never includes it.
"""

import base64
import json
import secrets
import stat
from pathlib import Path
from typing import Final

from shared.errors import Unavailable
from sync_server.services.key_ring import KeyRing, ServerKeys

_KINDS: Final = ("server_key", "link_key", "cookie_key", "jwt_key", "cursor_key")
_KEY_BYTES: Final = 32


class KeyFileUnusable(Unavailable):
    """The key file {path} cannot be used: {detail}."""

    code = "key_file_unusable"


def make_key_file(path: Path) -> None:
    """A new file with one version of each key, unless there is one."""
    if path.exists():
        return
    keys = {kind: {"1": base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()} for kind in _KINDS}
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    unfinished.touch(mode=0o600)
    unfinished.write_text(json.dumps(keys, indent=1), encoding="utf-8")
    unfinished.rename(path)


def read_key_file(path: Path) -> ServerKeys:
    """Every key; raises KeyFileUnusable for a missing file, one that others may read, or a short key."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise KeyFileUnusable(path=path, detail="other people of this machine can read it")
        content = json.loads(path.read_text(encoding="utf-8"))
        rings = {kind: _ring(content[kind]) for kind in _KINDS}
    except OSError as cause:
        raise KeyFileUnusable(path=path, detail=cause.strerror) from cause
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise KeyFileUnusable(path=path, detail="it is no key file") from cause
    if any(len(key) < _KEY_BYTES for ring in rings.values() for key in ring.versions.values()):
        raise KeyFileUnusable(path=path, detail="a key is too short")
    return ServerKeys(**rings)


def _ring(versions: dict[str, str]) -> KeyRing:
    return KeyRing({int(version): base64.b64decode(key, validate=True) for version, key in versions.items()})
