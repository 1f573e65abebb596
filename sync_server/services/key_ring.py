"""Keys with versions: new things use the newest, older ones keep working until they end."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class KeyRing:
    """One kind of key; at least 32 random bytes each."""

    versions: Mapping[int, bytes]

    def __repr__(self) -> str:
        return f"KeyRing({sorted(self.versions)})"

    @property
    def newest(self) -> int:
        """The version that new things use."""
        return max(self.versions)

    def sign(self, message: bytes, *, version: int | None = None) -> bytes | None:
        """HMAC-SHA256 by a version's key, the newest unless named; None when that version is no more."""
        key = self.versions.get(self.newest if version is None else version)
        return None if key is None else hmac.new(key, message, hashlib.sha256).digest()


@dataclass(frozen=True, repr=False)
class ServerKeys:
    """What lies in the key file, outside the database."""

    server_key: KeyRing
    link_key: KeyRing
    cookie_key: KeyRing
    jwt_key: KeyRing
    cursor_key: KeyRing
