"""Argon2id, at most four at once: the only door to argon2 on the server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from shared.errors import Busy

_AT_ONCE: Final = 4
_WAIT_S: Final = 2.0


class Argon2Hasher:
    """Implements PasswordHasher; the parameters are those of access.md unless a test makes it cheaper."""

    def __init__(self, *, memory_kib: int = 64 * 1024, passes: int = 3, lanes: int = 4) -> None:
        self._argon2 = argon2.PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._places = threading.BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """The hash with its parameters and salt; raises Busy."""
        with self._place():
            return self._argon2.hash(password.encode("utf-8", "surrogatepass"))

    def verify(self, password_hash: str, password: str) -> bool:
        """Whether it is this password; raises Busy."""
        with self._place():
            try:
                return self._argon2.verify(password_hash, password.encode("utf-8", "surrogatepass"))
            except (VerificationError, InvalidHashError):
                return False

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether the parameters have risen since."""
        return self._argon2.check_needs_rehash(password_hash)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=_WAIT_S):
            raise Busy
        try:
            yield
        finally:
            self._places.release()
