"""The crash points of sync.md, section 18, as far as this simulator has the fault; each must be hit."""

from collections import Counter
from typing import Final

POINTS: Final = {
    "local service ran, before commit": "device ended in: at the desk",
    "local commit, before sending": "device ended after: at the desk",
    "request sent, server not reached": "request sent, server not reached",
    "services ran, before the server's commit": "server ended before its commit: push",
    "server committed, answer lost": "server ended after its commit: push",
    "effects pulled before the receipt is known": "effects pulled before the receipt is known",
    "answer received, before the local commit": "device ended in: push answered 200",
    "in the middle of a page": "device ended in: pull answered 200",
    "lease granted, answer lost": "server decided, answer lost: lease",
    "journal written, before the lease commits": "journal written, before the lease commits",
}
"""Each row of the section, and how a hit of it begins."""


def missing_points(hits: Counter[str]) -> list[str]:
    """The rows that no history has hit."""
    return [point for point, begins in POINTS.items() if not any(hit.startswith(begins) for hit in hits)]
