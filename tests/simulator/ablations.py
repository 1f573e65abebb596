"""The test of the tests: each switch takes one safeguard away, and the named promise must then be broken.

The switches reach into the code from outside and exist here alone. Numbers as in proofs.md; those that are
missing wait for faults that this simulator does not have yet (README).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from unittest import mock
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from desktop.local_store import outbox, replica, undo_log
from desktop.sync.cycle import Cycle
from desktop.sync.exchange import Answer
from desktop.sync.steps import Steps
from shared.policies.field_patch import FieldOutcome
from shared.services import field_edits, slot_claims
from sync_server.repositories.push_records import PushRecord, keep_push
from sync_server.repositories.sync_tables import receipt
from sync_server.services import push_batch
from sync_server.services.push_batch import PushBatch
from tests.simulator import people
from tests.simulator.server import Break
from tests.simulator.world import first_day, history

SEEDS: Final = 200
"""Within so many seeds the promise must be seen broken."""
_ALL_SEQS: Final = 2**62
_ROW_FIELDS: Final = ("name", "phone", "street", "email", "place", "price_minor", "description")

Switch = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Ablation:
    """One safeguard, what it keeps, and how it is taken away."""

    number: str
    off: str
    breaks: frozenset[str]
    switch: Switch


@dataclass(frozen=True)
class Found:
    """The first seed that shows it."""

    seed: int
    words: str


def first_break(ablation: Ablation, *, seeds: int = SEEDS) -> Found | None:
    """Run without the safeguard until its promise is broken; other failures do not count."""
    first_day()
    for seed in range(seeds):
        try:
            with ablation.switch():
                history(seed)
        except Break as found:
            if found.invariant in ablation.breaks:
                return Found(seed, str(found))
        except Exception:  # noqa: BLE001, S112 - without its safeguard the code may fail in any way
            continue
    return None


# --- the switches -------------------------------------------------------------------------------------------


@contextmanager
def _no_receipts() -> Iterator[None]:
    """The server believes each operation to be new, and the device's count of them."""
    begin = PushBatch.__post_init__

    def begin_trusting(batch: PushBatch) -> None:
        begin(batch)
        batch.known = {}
        if batch.request.operations:
            batch.last_no = batch.request.operations[0].no - 1

    def keep_again(session: Session, tenant_id: UUID, record: PushRecord) -> int:
        for decision in record.decisions:
            session.execute(sa.delete(receipt).where(receipt.c.operation_id == decision["operation_id"]))
        return keep_push(session, tenant_id, record)

    with (
        mock.patch.object(PushBatch, "__post_init__", begin_trusting),
        mock.patch.object(push_batch, "keep_push", keep_again),
    ):
        yield


@contextmanager
def _any_answer() -> Iterator[None]:
    """Whatever comes is taken for the answer to the open request, and a page for the next one."""
    listen, apply_page = Cycle.on_response, replica.apply_page

    def take_any(cycle: Cycle, answer: Answer) -> frozenset[str]:
        open_request: Any = vars(cycle)["_open"]
        serial = answer.serial if open_request is None else open_request.serial
        return listen(cycle, replace(answer, serial=serial))

    def apply_any(connection: sa.Connection, page: Any, **rest: Any) -> object:  # noqa: ANN401 - as apply_page
        cursor = connection.exec_driver_sql("SELECT cursor_seq FROM sync_state").scalar_one()
        header = page.header.model_copy(update={"from_seq": cursor})
        return apply_page(connection, replace(page, header=header), **rest)

    with (
        mock.patch.object(Cycle, "on_response", take_any),
        mock.patch.object(replica, "apply_page", apply_any),
    ):
        yield


@contextmanager
def _complete_by_answer() -> Iterator[None]:
    """An operation leaves the outbox when its result is heard."""
    take = Steps.take_results

    def take_and_complete(steps: Steps, answer: Answer, sent: tuple[UUID, ...]) -> int:
        count = take(steps, answer, sent)
        inside = vars(steps)
        with inside["_store"].writing() as connection:
            outbox.complete(connection, _ALL_SEQS, kept_at=inside["_clock"].now())
        return count

    with mock.patch.object(Steps, "take_results", take_and_complete):
        yield


@contextmanager
def _whole_rows() -> Iterator[None]:
    """An edit sends the whole row as its author saw it, and the last one wins."""

    def whole(row: Any, changed: dict[str, object]) -> dict[str, tuple[object, object]]:  # noqa: ANN401 - a row
        fields = [name for name in _ROW_FIELDS if name in changed or hasattr(row, name)]
        return {name: (getattr(row, name), changed.get(name, getattr(row, name))) for name in fields}

    def last_wins(current: object, seen: object, wanted: object) -> FieldOutcome:
        del seen
        return FieldOutcome.NOTHING if current == wanted else FieldOutcome.APPLIED

    with (
        mock.patch.object(people, "changes_of", whole),
        mock.patch.object(field_edits, "decide_field", last_wins),
    ):
        yield


@contextmanager
def _no_undo() -> Iterator[None]:
    """The server's rows are written over whatever lies there."""

    def forget(connection: sa.Connection, tenant_id: str) -> frozenset[str]:
        del tenant_id
        connection.exec_driver_sql("DELETE FROM sync_undo")
        return frozenset()

    with mock.patch.object(undo_log, "take_back", forget):
        yield


@contextmanager
def _no_studio_filter() -> Iterator[None]:
    """The feed is asked for everybody's changes."""

    def _ask_for_all(_c: object, _k: object, statement: str, values: Any, *_: object) -> tuple[str, Any]:  # noqa: ANN401 - a driver's values
        if statement.startswith("SELECT") and "sync_feed" in statement:
            statement = statement.replace("sync_feed.tenant_id = ?", "? IS NOT NULL")
        return statement, values

    sa.event.listen(sa.Engine, "before_cursor_execute", _ask_for_all, retval=True)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", _ask_for_all)


def _nothing(*_: object, **__: object) -> None:
    pass


ABLATIONS: Final = (
    Ablation("A1", "receipts", frozenset({"I4"}), _no_receipts),
    Ablation("A4", "check that an answer is the open one", frozenset({"I8"}), _any_answer),
    Ablation("A6", "field patches (→ whole rows)", frozenset({"I11"}), _whole_rows),
    Ablation("A13", "completion by cursor (→ by answer)", frozenset({"I8"}), _complete_by_answer),
    Ablation("A14", "undo before server rows", frozenset({"I1", "I8"}), _no_undo),
    Ablation("A15", "tenant filter in the feed query", frozenset({"I9"}), _no_studio_filter),
    Ablation(
        "A18",
        "issue written with a refusal",
        frozenset({"I3"}),
        lambda: mock.patch.object(PushBatch, "_write_issues", _nothing),
    ),
    Ablation(
        "A19",
        "overlap test in the service",
        frozenset({"I6"}),
        lambda: mock.patch.object(slot_claims, "check_free", _nothing),
    ),
)
