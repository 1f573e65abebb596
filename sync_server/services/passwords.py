"""Which passwords are good enough, and checking one with the same work for known and unknown people."""

import unicodedata
from functools import cached_property
from typing import Final, Protocol

from shared.errors import PasswordTooWeak
from shared.sync_protocol.sessions import LEAST_PASSWORD_CHARACTERS
from sync_server.services.common_passwords import COMMON_PASSWORDS

_LONGEST: Final = 128
_SHORTEST_NAME: Final = 4  # a mail name of three letters may stand in many good passwords


class PasswordHasher(Protocol):
    """A slow hash."""

    def hash(self, password: str) -> str:
        """The hash to keep; raises Busy when too many are being made."""
        ...

    def verify(self, password_hash: str, password: str) -> bool:
        """Whether it is this password; raises Busy when too many are being checked."""
        ...

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether the parameters have risen since."""
        ...


class Passwords:
    """Makes and checks hashes."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher

    def hash_new(self, password: str, *, studio_code: str, email: str) -> str:
        """The hash of a new password; raises PasswordTooWeak, Busy."""
        plain = _plain(password)
        lowered = plain.casefold()
        name = email.partition("@")[0].casefold()
        if (
            not LEAST_PASSWORD_CHARACTERS <= len(plain) <= _LONGEST
            or lowered in COMMON_PASSWORDS
            or len(set(plain)) < _SHORTEST_NAME
            or studio_code.casefold() in lowered
            or (len(name) >= _SHORTEST_NAME and name in lowered)
        ):
            raise PasswordTooWeak
        return self._hasher.hash(plain)

    def is_right(self, password_hash: str | None, password: str) -> bool:
        """Check; without a hash the same work is done for nothing."""
        known = password_hash is not None
        right = self._hasher.verify(password_hash or self._dummy, _plain(password)[:_LONGEST])
        return known and right

    def rehashed(self, password_hash: str, password: str) -> str | None:
        """The same password under stronger parameters, or None when they have not risen."""
        if not self._hasher.needs_rehash(password_hash):
            return None
        return self._hasher.hash(_plain(password))

    @cached_property
    def _dummy(self) -> str:
        return self._hasher.hash("nobody has this password")


def _plain(password: str) -> str:
    return unicodedata.normalize("NFC", password)
