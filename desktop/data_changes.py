"""What a write touched, so that each screen can decide whether it is concerned."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataChanges:
    """The answer of every command: the kinds of rows it wrote, and the screen that asked for it.

    `entities` holds synced table names ("booking", "refund_request"); `initiator` is the name of the page
    that asked, or None when the change came from a sync step.
    """

    entities: frozenset[str]
    initiator: str | None = None

    def touches(self, *entities: str) -> bool:
        """Say whether any of the named kinds of rows was written."""
        return not self.entities.isdisjoint(entities)
