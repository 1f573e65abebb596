"""Limits count in fixed windows of machine time; a count that must be exact has to stay inside one."""

import time
from typing import Final

from sync_server.services.rate_limits import LIMITS

_ENOUGH_S: Final = 15
"""Longer than any of these counts takes on a busy machine, shorter than the shortest window."""


def stay_inside_one_window(limit: str) -> None:
    """Return when this limit's window has enough seconds left; waits only near its end.

    Postgres runs on this machine, so its ``now()`` and ours are one clock.
    """
    _, window_s = LIMITS[limit]
    left_s = window_s - time.time() % window_s
    if left_s < _ENOUGH_S:
        time.sleep(left_s + 0.1)
