"""What goes wrong in one history, and how often: rates drawn per seed, and the fuse that ends a process."""

import math
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Final

LATE_S: Final = (3.0, 3 * 3600.0)
"""How late something comes that is late: more often by seconds than by hours."""
LONGEST_FUSE: Final = 40
MOST: Final = {
    "request_dropped": 0.3,
    "answer_dropped": 0.3,
    "duplicated": 0.3,
    "late": 0.3,
    "goes_offline": 0.04,
    "device_crash": 0.05,
    "server_crash": 0.05,
    "clock_jump": 0.05,
    "shift_change": 0.05,
}


@dataclass(frozen=True)
class Rates:
    """The chance of each fault, per message or per step."""

    request_dropped: float = 0.0
    answer_dropped: float = 0.0
    duplicated: float = 0.0
    late: float = 0.0
    goes_offline: float = 0.0
    device_crash: float = 0.0
    server_crash: float = 0.0
    clock_jump: float = 0.0
    shift_change: float = 0.0


CALM: Final = Rates()


def draw_rates(dice: random.Random) -> Rates:
    """Each fault is absent in one history of three, so that each is also seen alone."""
    return Rates(**{each.name: _drawn(dice, MOST[each.name]) for each in fields(Rates)})


def _drawn(dice: random.Random, most: float) -> float:
    return 0.0 if dice.random() < 1 / 3 else dice.uniform(0, most)


def lateness_s(dice: random.Random) -> float:
    """How late one message is."""
    return math.exp(dice.uniform(*map(math.log, LATE_S)))


class Crash(Exception):
    """A process ended in the middle of its work."""


class Fuse:
    """Counts the statements of one database; a lit one ends the process before one of them.

    From then on no statement of that process runs, whatever its code does with the exception.
    """

    def __init__(self) -> None:
        self._left: int | None = None

    @contextmanager
    def lit(self, dice: random.Random) -> Iterator[None]:
        """For one step: Crash before one of the next statements or commits, if there are as many."""
        self._left = dice.randint(1, LONGEST_FUSE)
        try:
            yield
        finally:
            self._left = None

    def burn(self, statement: str) -> None:
        """A statement or a commit is about to run."""
        if self._left is None:
            return
        self._left -= 1
        if self._left <= 0 and not statement.startswith("ROLLBACK"):
            raise Crash
