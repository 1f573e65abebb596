"""Refresh tokens: derived from session and generation, so that a lost answer can be given again."""

import base64
import hashlib
from uuid import UUID

from sync_server.services.key_ring import KeyRing


class RefreshTokens:
    """Makes tokens of 43 characters; only their hash is stored."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def make(self, family_id: UUID, generation: int) -> str:
        """The token of a new generation."""
        return self._derive(family_id, generation, self._keys.newest)

    def rebuild(self, family_id: UUID, generation: int, *, sha256: bytes) -> str | None:
        """The token that was made before; None when its key is no more."""
        for version in self._keys.versions:
            token = self._derive(family_id, generation, version)
            if token_sha256(token) == sha256:
                return token
        return None

    def _derive(self, family_id: UUID, generation: int, version: int) -> str:
        mac = self._keys.sign(f"refresh|v1|{family_id}|{generation}".encode(), version=version)
        assert mac is not None, "the version is one of the ring"
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def token_sha256(token: str) -> bytes:
    """What is stored instead of the token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
