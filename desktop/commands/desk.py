"""The one runner of staff intents: the service runs on local rows and the change is queued, in one commit.

What the studio's rules refuse here is shown at once and nothing is queued; whether it holds is the server's
to decide later.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

import structlog

from desktop.commands.refusals import SameRefundOpen
from desktop.data_changes import DataChanges
from desktop.local_store import outbox, replay, undo_log
from desktop.local_store.engine import LocalStore
from desktop.local_store.outbox import Entry
from desktop.local_store.replica import Connection
from desktop.local_store.sync_state import read_state, write_state
from shared.clock import Clock
from shared.errors import DomainError, SlotBlocked, SlotTaken
from shared.ids import new_id
from shared.sync_protocol.operations import OperationArgs, write_args
from shared.sync_protocol.results import Outcome

log = structlog.get_logger()

_REFUSED_AT_THE_DESK: Final[Mapping[str, type[DomainError]]] = {
    SlotTaken.code: SlotTaken,
    SlotBlocked.code: SlotBlocked,
    SameRefundOpen.code: SameRefundOpen,
}
"""What the server keeps and amends, a person in front of the screen is told before."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing a person wants: an operation by name, and its arguments. Its id is made here, once."""

    name: str
    args: OperationArgs
    v: int = 1
    id: UUID = field(default_factory=new_id)


class Desk:
    """Carries intents out for the person who sits at the desk. Every method runs on the writer thread."""

    def __init__(
        self, store: LocalStore, clock: Clock, *, on_queued: Callable[[], None] = lambda: None
    ) -> None:
        """``clock`` is the business clock; ``on_queued`` hears that something waits to be sent."""
        self.store = store
        self.clock = clock
        self._on_queued = on_queued
        self._user_id: UUID | None = None

    @property
    def user_id(self) -> UUID:
        """The member who acts."""
        assert self._user_id is not None, "somebody has signed in before anything is done"
        return self._user_id

    def sit_down(self, user_id: UUID) -> None:
        """From now on this member acts."""
        self._user_id = user_id

    def carry_out(
        self,
        *intents: Intent,
        initiator: str | None = None,
        beside: Callable[[Connection], None] | None = None,
    ) -> DataChanges:
        """Do all of it or nothing. ``beside`` writes what must commit with it (a used number).

        Raises what the services raise, NeedsRight, ChangeTooLarge and DiskFull.
        """
        at, entities = self.clock.now(), set[str]()
        with self.store.writing() as connection:
            state = read_state(connection)
            for no, intent in enumerate(intents, start=state.next_no):
                args = outbox.args_text(write_args(intent.args))
                entry = Entry(no, intent.id, intent.name, intent.v, args, self.user_id, at)
                outcome = replay.perform(connection, state.tenant_id, entry, asks_right=True)
                _refuse_what_is_seen(outcome)
                outbox.append(connection, entry)
                entities |= undo_log.captured_entities(connection, no)
            if beside is not None:
                beside(connection)
            write_state(connection, replace(state, next_no=state.next_no + len(intents)))
        for intent in intents:
            log.info("operation_queued", operation_id=str(intent.id), name=intent.name)
        self._on_queued()
        return DataChanges(frozenset(entities), initiator)


def one(desk: Desk, name: str, args: OperationArgs, *before: Intent, initiator: str | None) -> DataChanges:
    """Carry out one intent, after others that it needs."""
    return desk.carry_out(*before, Intent(name, args), initiator=initiator)


def _refuse_what_is_seen(outcome: Outcome) -> None:
    refusal = _REFUSED_AT_THE_DESK.get(outcome.code or "")
    if refusal is not None:
        details = outcome.issues[0].payload if outcome.issues else {}
        raise refusal(**details)
