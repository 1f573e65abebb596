"""Random work on two computers and a bad network: the view is base plus pending, and all agree at the end."""

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from desktop.commands.bookings import cancel_booking, move_booking, postpone_booking
from desktop.commands.customers import edit_customer
from desktop.local_store import outbox, replay, undo_log
from desktop.sync.exchange import Answer, Request
from shared.errors import DomainError
from shared.models.slot import Slot
from shared.sync_protocol.operations import BookingCreate
from tests.builders.desk_world import DeskWorld, a_slot, dropped
from tests.fakes.clock import FrozenClock
from tests.fakes.sync_server import FakeSyncServer

WHO = st.sampled_from([0, 1])
DAYS = st.integers(1, 4)


class TwoDesks(RuleBasedStateMachine):
    """Every rule is something a person, the network or a computer does."""

    @initialize(page_rows=st.sampled_from([1, 3, 5000]))
    def open_studio(self, page_rows: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.server = FakeSyncServer(FrozenClock(), page_rows=page_rows)
        self.worlds = [DeskWorld(self.server, Path(self.folder.name)) for _ in range(2)]
        for world in self.worlds:
            world.sync()
        self.first = self.worlds[0].a_booking()
        self.settle()

    def teardown(self) -> None:
        """The network is whole again: everything arrives and every computer shows the same."""
        if not hasattr(self, "worlds"):
            return
        self.settle()
        for world in self.worlds:
            assert world.rows() == world.server_rows()
            assert world.one("SELECT count(*) FROM outbox") == 0
        pushed = [operation.id for operation in self.server.pushed]
        assert len(pushed) == len(set(pushed)), "nothing was carried out twice"
        self.folder.cleanup()

    def settle(self) -> None:
        for world in [*self.worlds, *self.worlds]:
            world.fault = None
            world.cycle.press_on()
            world.sync(rounds=2)

    # --- people -------------------------------------------------------------------------------------------

    @rule(who=WHO, day=DAYS)
    def book(self, who: int, day: int) -> None:
        self._try(lambda: self.worlds[who].a_booking(a_slot(day), like=self.first))

    @rule(who=WHO, day=DAYS, nth=st.integers(0, 5))
    def move(self, who: int, day: int, nth: int) -> None:
        world = self.worlds[who]
        found = self._booking(world, nth)
        if found is not None:
            self._try(lambda: move_booking(world.desk, found[0].id, seen=found[1], slot=a_slot(day)))

    @rule(who=WHO, nth=st.integers(0, 5), postpones=st.booleans())
    def end(self, who: int, nth: int, *, postpones: bool) -> None:
        world = self.worlds[who]
        found = self._booking(world, nth)
        if found is None:
            return
        if postpones:
            self._try(lambda: postpone_booking(world.desk, found[0].id))
        else:
            self._try(lambda: cancel_booking(world.desk, found[0].id, seen=found[1]))

    @rule(who=WHO, name=st.sampled_from(["Zoë", "Ann", "日本 太郎"]))
    def rename(self, who: int, name: str) -> None:
        world = self.worlds[who]
        seen = world.one("SELECT name FROM customer WHERE id = ?", str(self.first.customer_id))
        if seen is not None:
            self._try(lambda: edit_customer(world.desk, self.first.customer_id, {"name": (seen, name)}))

    # --- the network and the computers --------------------------------------------------------------------

    @rule(who=WHO, lost=st.sets(st.integers(0, 5), max_size=4))
    def sync(self, who: int, lost: set[int]) -> None:
        world, count = self.worlds[who], iter(range(1000))

        def lose(request: Request, answer: Answer) -> Answer:
            return dropped(request, answer) if next(count) in lost else answer

        world.fault = lose
        world.sync()

    @rule(who=WHO)
    def crash_before_the_answer(self, who: int) -> None:
        world = self.worlds[who]
        world.cycle.on_timer()
        request = world.cycle.build_request()
        if request is not None:
            self.server.answer(request, world.state.device_id)
        world.wake()

    @rule(keep=st.integers(4, 20))
    @precondition(lambda self: len(self.server.pushed) > 6)
    def restore_the_server(self, keep: int) -> None:
        self.server.restore(keep_operations=keep)

    # --- what always holds --------------------------------------------------------------------------------

    @invariant()
    def view_is_base_plus_pending(self) -> None:
        for world in getattr(self, "worlds", []):
            seen = world.rows()
            with world.store.writing() as connection:
                undo_log.take_back(connection, str(self.server.tenant_id))
                replay.replay(connection, self.server.tenant_id, outbox.overlaid(connection))
            assert world.rows() == seen

    def _try(self, work: object) -> None:
        assert callable(work)
        with suppress(DomainError):  # a person is told, nothing is queued
            work()

    def _booking(self, world: DeskWorld, nth: int) -> tuple[BookingCreate, Slot] | None:
        with world.store.reading() as connection:
            rows = connection.exec_driver_sql("SELECT id, start_date FROM booking ORDER BY id").all()
        if not rows:
            return None
        row = rows[nth % len(rows)]
        day, month = int(row.start_date[8:]), int(row.start_date[5:7])
        return self.first.model_copy(update={"id": row.id}), a_slot(day, month=month)


TwoDesks.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
test_two_desks_always_agree_in_the_end = TwoDesks.TestCase
