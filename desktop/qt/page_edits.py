"""What a page offers that may hold edits which are not saved."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class KeepsEdits(Protocol):
    """A page that may hold edits which are not saved."""

    def may_leave(self) -> bool:
        """Ask before unsaved edits are dropped; False stays on the page."""

    def save_edits(self) -> None:
        """Save what can be saved of them; it may be refused, then they are edits again."""

    def drop_edits(self) -> None:
        """Forget them."""
