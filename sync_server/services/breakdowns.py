"""Where an unexpected error happened, for logs: files and lines, never its message or a value.

A database's message may hold a customer's row.
"""

import traceback
from typing import Final

_DEEPEST: Final = 8


def places(failure: BaseException) -> list[str]:
    """The deepest calls, outermost first: ``bookings.py:41 create``."""
    frames = traceback.extract_tb(failure.__traceback__)[-_DEEPEST:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
