"""How long to wait before the server is asked again."""

import random
from typing import Final

POLL_S: Final = 30.0
HOURLY_S: Final = 3600.0
_FIRST_S: Final = 1.0
_LONGEST_S: Final = 300.0
_JITTER: Final = 0.25


class Backoff:
    """Doubles from a second to five minutes with each failure; an answer resets it."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._failures = 0

    def failed(self) -> float:
        """The wait after one more failure, in seconds."""
        wait = min(_LONGEST_S, _FIRST_S * 2**self._failures)
        self._failures = min(self._failures + 1, 16)
        return self.spread(wait)

    def answered(self) -> None:
        """The server is there."""
        self._failures = 0

    def spread(self, wait_s: float) -> float:
        """So that a studio's computers do not all come at once."""
        return wait_s * self._dice.uniform(1 - _JITTER, 1 + _JITTER)
