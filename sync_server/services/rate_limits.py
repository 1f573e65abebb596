"""How often may be tried what a stranger can try (access, "Rate limits")."""

import threading
from typing import Final

from shared.errors import TooManyTries
from sync_server.repositories.rate_buckets import RateBuckets

_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86400
_BUNDLE: Final = 50

LIMITS: Final[dict[str, tuple[int, int]]] = {
    "sign_in_address_ip": (5, 15 * _MINUTE),
    "sign_in_address": (30, _HOUR),
    "sign_in_ip": (30, 15 * _MINUTE),
    "reset_address": (3, _HOUR),
    "reset_ip": (20, _HOUR),
    "refresh_session": (10, _MINUTE),
    "totp_user": (5, 5 * _MINUTE),
    "link_get_ip": (60, _MINUTE),
    "link_post_token": (10, _MINUTE),
    "new_link_subject": (3, _DAY),
    "pay_start_stage": (20, _HOUR),
    "refund_post_tenant": (30, _MINUTE),
    "sync_device": (2000, _MINUTE),
    "renew_device": (10, _HOUR),
}
"""Name of the bucket -> how many in how many seconds."""


class RateLimits:
    """Counts and refuses; practice multiplies every limit."""

    def __init__(self, buckets: RateBuckets, *, factor: int = 1) -> None:
        self._buckets = buckets
        self._factor = factor
        self._lock = threading.Lock()
        self._uncounted: dict[tuple[str, str], int] = {}

    def hit(self, limit: str, key: str) -> None:
        """Count one try by this key; raises TooManyTries above the limit."""
        self._count(limit, key, 1)

    def hit_often(self, limit: str, key: str) -> None:
        """As ``hit`` for what happens all the time: counted here, written to the database in bundles.

        Each process may so let through up to a bundle more than the limit.
        """
        with self._lock:
            uncounted = self._uncounted.get((limit, key), 0) + 1
            self._uncounted[limit, key] = uncounted % _BUNDLE
        if uncounted == _BUNDLE:
            self._count(limit, key, _BUNDLE)

    def _count(self, limit: str, key: str, tries: int) -> None:
        most, window_s = LIMITS[limit]
        n, seconds_left = self._buckets.hit(f"{limit}:{key}", window_s=window_s, tries=tries)
        if n > most * self._factor:
            raise TooManyTries(minutes=-(-seconds_left // _MINUTE), retry_after_s=seconds_left)
