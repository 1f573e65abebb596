"""What happens between a computer and its server, one answer at a time."""

from dataclasses import replace

import pytest

from desktop.commands.bookings import cancel_booking, move_booking
from desktop.commands.customers import edit_customer
from desktop.local_store import outbox
from desktop.presenting.sync_words import SyncPhase
from desktop.sync.exchange import Answer, Call, Request
from shared.errors import SlotTaken
from tests.builders.desk_world import DeskWorld, a_slot, dropped
from tests.fakes.sync_server import FakeSyncServer


def waiting(world: DeskWorld) -> int:
    with world.store.reading() as connection:
        return outbox.figures(connection).waiting


def left(world: DeskWorld) -> int:
    with world.store.reading() as connection:
        return len(outbox.unfinished(connection))


def test_a_first_sync_brings_every_row(desk_world: DeskWorld) -> None:
    assert desk_world.rows() == desk_world.server_rows()
    assert desk_world.state.consistent
    assert desk_world.cycle.state.phase is SyncPhase.SYNCED


def test_a_first_sync_goes_on_where_it_stopped(desk_world: DeskWorld, server: FakeSyncServer) -> None:
    desk_world.a_booking()
    desk_world.sync()
    server.page_rows = 2
    late = DeskWorld(server, desk_world.folder)
    late.cycle.on_timer()
    for _ in range(2):
        request = late.cycle.build_request()
        assert request is not None
        late.cycle.on_response(server.answer(request, late.state.device_id))
    assert not late.state.consistent
    assert late.cycle.state.phase is SyncPhase.FETCHING
    late.wake()
    late.sync()
    assert late.rows() == late.server_rows()


def test_a_change_is_seen_at_once_waits_and_arrives(desk_world: DeskWorld, other_world: DeskWorld) -> None:
    booking = desk_world.a_booking()
    assert desk_world.one("SELECT status FROM booking WHERE id = ?", str(booking.id)) == "held"
    assert waiting(desk_world) == 4
    desk_world.sync()
    assert (waiting(desk_world), left(desk_world)) == (0, 0)
    other_world.sync()
    assert other_world.rows() == desk_world.rows() == desk_world.server_rows()


def test_an_operation_is_complete_when_the_cursor_has_reached_its_receipt(desk_world: DeskWorld) -> None:
    desk_world.a_customer()

    def lose_pages(request: Request, answer: Answer) -> Answer:
        return dropped(request, answer) if request.call is Call.PULL else answer

    desk_world.fault = lose_pages
    desk_world.sync()
    assert waiting(desk_world) == 0, "the server has decided"
    assert left(desk_world) == 1, "but its rows are not here yet"
    assert desk_world.one("SELECT count(*) FROM customer") == 1, "and the own change stays visible"
    desk_world.fault = None
    desk_world.sync()
    assert left(desk_world) == 0
    assert desk_world.one("SELECT count(*) FROM outbox_kept") == 1


def test_a_lost_answer_does_nothing_twice(desk_world: DeskWorld, server: FakeSyncServer) -> None:
    desk_world.a_booking()
    desk_world.fault = dropped
    desk_world.sync()
    assert desk_world.cycle.state.phase is SyncPhase.OFFLINE
    assert waiting(desk_world) == 4
    desk_world.fault = None
    desk_world.sync()
    assert len(server.pushed) == 4
    assert desk_world.rows() == desk_world.server_rows()


def test_an_answer_that_is_not_the_open_one_is_dropped(desk_world: DeskWorld, server: FakeSyncServer) -> None:
    server.touch_rows("member")
    before = desk_world.state.cursor_seq
    desk_world.cycle.on_timer()
    request = desk_world.cycle.build_request()
    assert request is not None
    answer = server.answer(request, desk_world.state.device_id)
    assert desk_world.cycle.on_response(replace(answer, serial=request.serial - 1)) == frozenset()
    assert desk_world.state.cursor_seq == before
    assert desk_world.cycle.build_request() is None, "the open one is still awaited"
    assert desk_world.cycle.on_response(answer) == {"member"}
    assert desk_world.cycle.on_response(answer) == frozenset(), "a repetition changes nothing"


def test_an_own_change_stays_visible_between_the_answer_and_its_rows(
    desk_world: DeskWorld, other_world: DeskWorld, server: FakeSyncServer
) -> None:
    for number in range(3):
        other_world.a_customer(email=f"{number}@example.com")
    other_world.sync()
    customer_id = desk_world.a_customer()
    server.page_rows = 1
    desk_world.cycle.on_timer()
    while (request := desk_world.cycle.build_request()) is not None:
        desk_world.cycle.on_response(server.answer(request, desk_world.state.device_id))
        assert desk_world.one("SELECT count(*) FROM customer WHERE id = ?", str(customer_id)) == 1
    assert left(desk_world) == 0


def test_a_page_from_another_place_is_not_read(desk_world: DeskWorld, server: FakeSyncServer) -> None:
    server.touch_rows("member")
    before = desk_world.state
    server.page_rows = 1

    def from_the_start(request: Request, answer: Answer) -> Answer:
        if request.call is not Call.PULL:
            return answer
        return server.answer(replace(request, path="/v1/sync/pull"), before.device_id)

    desk_world.fault = from_the_start
    desk_world.sync()
    assert desk_world.state.cursor_seq == before.cursor_seq


def test_a_page_of_another_history_is_not_read(desk_world: DeskWorld, server: FakeSyncServer) -> None:
    server.touch_rows("member")
    before = desk_world.state
    elsewhere = FakeSyncServer(server.clock)

    def from_elsewhere(request: Request, answer: Answer) -> Answer:
        if request.call is not Call.PULL:
            return answer
        return elsewhere.answer(replace(request, path="/v1/sync/pull"), before.device_id)

    desk_world.fault = from_elsewhere
    desk_world.sync()
    assert desk_world.state.cursor_seq == before.cursor_seq
    assert desk_world.one("SELECT count(*) FROM studio") == 1


def test_own_changes_lie_on_top_of_what_others_did(desk_world: DeskWorld, other_world: DeskWorld) -> None:
    customer_id = desk_world.a_customer()
    desk_world.sync()
    other_world.sync()
    edit_customer(other_world.desk, customer_id, {"phone": ("", "123")})
    other_world.sync()
    edit_customer(desk_world.desk, customer_id, {"name": ("Zoë Brûlé", "Zoë Moreau")})

    def keep_push_away(request: Request, answer: Answer) -> Answer:
        return dropped(request, answer) if request.call is Call.PUSH else answer

    desk_world.fault = keep_push_away
    desk_world.cycle.on_timer()
    desk_world.sync()
    desk_world.fault = None
    desk_world.sync()
    desk_world.sync()
    assert (
        desk_world.one("SELECT name || phone FROM customer WHERE id = ?", str(customer_id)) == "Zoë Moreau123"
    )
    assert desk_world.rows() == desk_world.server_rows()


def test_a_slot_taken_offline_keeps_the_booking_and_tells_every_device(
    desk_world: DeskWorld, other_world: DeskWorld
) -> None:
    booking = desk_world.a_booking()
    desk_world.sync()
    other_world.sync()
    here = desk_world.a_booking(a_slot(20), like=booking)
    there = other_world.a_booking(a_slot(20), like=booking)
    desk_world.sync()
    other_world.sync()
    desk_world.sync()
    statuses = "SELECT status FROM booking WHERE id = ?"
    for world in (desk_world, other_world):
        assert world.one(statuses, str(here.id)) == "held"
        assert world.one(statuses, str(there.id)) == "needs_slot"
        assert world.cycle.state.attention == 1


def test_a_slot_that_is_visibly_taken_is_refused_at_the_desk(desk_world: DeskWorld) -> None:
    booking = desk_world.a_booking()
    queued, before = waiting(desk_world), desk_world.rows()
    with pytest.raises(SlotTaken):
        desk_world.a_booking(like=booking)
    assert (waiting(desk_world), desk_world.rows()) == (queued, before)


def test_a_move_that_does_not_fit_any_more_stays_queued_and_marked(
    desk_world: DeskWorld, other_world: DeskWorld
) -> None:
    booking = desk_world.a_booking()
    desk_world.sync()
    other_world.sync()
    move_booking(other_world.desk, booking.id, seen=a_slot(), slot=a_slot(15))
    other_world.sync()
    move_booking(desk_world.desk, booking.id, seen=a_slot(), slot=a_slot(17))
    # the page arrives before the push: the server refuses to talk about pushes for a while
    desk_world.server.refusals.append((400, {"code": "bad_request"}))
    desk_world.sync()
    assert desk_world.cycle.state.phase is SyncPhase.PROBLEM
    assert desk_world.one("SELECT will_refuse FROM outbox") == "moved_meanwhile"
    assert desk_world.one("SELECT start_date FROM booking") == "2027-06-15"
    desk_world.cycle.press_on()
    desk_world.sync()
    assert waiting(desk_world) == 0
    assert desk_world.cycle.state.attention == 1
    assert desk_world.rows() == desk_world.server_rows()


RESTING = [
    (503, {"code": "restoring"}, SyncPhase.BUSY),
    (500, {}, SyncPhase.BUSY),
    (429, {"code": "too_many_tries"}, SyncPhase.BUSY),
    (401, {"code": "sign_in"}, SyncPhase.SIGN_IN),
    (401, {"code": "session_reused"}, SyncPhase.SIGN_IN),
    (426, {"code": "min_app", "min_app": "2.0"}, SyncPhase.UPDATE_APP),
]


@pytest.mark.parametrize(("status", "body", "phase"), RESTING)
def test_a_refused_call_keeps_what_waits(
    desk_world: DeskWorld, server: FakeSyncServer, status: int, body: dict[str, object], phase: SyncPhase
) -> None:
    desk_world.a_customer()
    server.refusals.append((status, body))
    desk_world.sync()
    assert desk_world.cycle.state.phase is phase
    assert waiting(desk_world) == 1
    desk_world.sync()
    assert waiting(desk_world) == 0


def test_pulling_goes_on_while_the_server_does_not_know_an_operation(
    desk_world: DeskWorld, other_world: DeskWorld, server: FakeSyncServer
) -> None:
    other_world.a_customer(email="other@example.com")
    other_world.sync()
    desk_world.a_customer()
    server.refusals.append((409, {"code": "upgrade_server", "results": []}))
    desk_world.sync()
    assert desk_world.cycle.state.phase is SyncPhase.UPGRADE_SERVER
    assert desk_world.one("SELECT count(*) FROM customer") == 2


def test_a_batch_that_is_too_large_is_halved(desk_world: DeskWorld, server: FakeSyncServer) -> None:
    for number in range(8):
        desk_world.a_customer(email=f"{number}@example.com")
    server.refusals += [(413, {"code": "body_too_large"})] * 4
    desk_world.sync()
    assert waiting(desk_world) == 0
    assert desk_world.rows() == desk_world.server_rows()


def test_a_removed_computer_loses_its_rows_and_keeps_what_was_never_sent(
    desk_world: DeskWorld, server: FakeSyncServer
) -> None:
    desk_world.a_customer()
    server.refusals.append((401, {"code": "revoked"}))
    desk_world.sync()
    assert desk_world.cycle.state.phase is SyncPhase.REVOKED
    assert desk_world.one("SELECT count(*) FROM studio") == 0
    assert waiting(desk_world) == 1
    desk_world.cycle.on_timer()
    assert desk_world.cycle.build_request() is None, "a removed computer is silent"


@pytest.mark.parametrize("code", ["gap", "forked"])
def test_a_counter_that_does_not_fit_starts_over_with_the_same_ids(
    desk_world: DeskWorld, server: FakeSyncServer, code: str
) -> None:
    desk_world.a_booking()
    desk_world.sync()
    desk_world.a_customer(email="late@example.com")
    ids = [operation.id for operation in server.pushed]
    old_device = desk_world.state.device_id
    server.refusals.append((409, {"code": code, "results": []}))
    desk_world.sync()
    assert desk_world.state.device_id != old_device
    assert desk_world.state.rebuild is None
    assert [operation.id for operation in server.pushed][:4] == ids
    assert len(server.pushed) == 5, "nothing was carried out twice"
    assert left(desk_world) == 0
    assert desk_world.rows() == desk_world.server_rows()


def test_a_restored_server_gets_back_what_it_had_acknowledged(
    desk_world: DeskWorld, server: FakeSyncServer
) -> None:
    booking = desk_world.a_booking()
    desk_world.sync()
    cancel_booking(desk_world.desk, booking.id, seen=a_slot())
    server.restore(keep_operations=1)
    desk_world.sync()
    assert [operation.name for operation in server.pushed] == [
        "customer.create",
        "package.create",
        "resource.create",
        "booking.create",
        "booking.cancel",
    ]
    assert desk_world.state.epoch == str(server.epoch)
    assert desk_world.rows() == desk_world.server_rows()
    assert desk_world.one("SELECT status FROM booking") == "cancelled"


def test_lost_receipts_are_found_by_the_page_header(desk_world: DeskWorld, server: FakeSyncServer) -> None:
    desk_world.a_customer()
    desk_world.sync()
    old_device = desk_world.state.device_id
    server.devices[old_device].last_no = 0
    server.touch_rows("member")
    desk_world.sync()
    assert desk_world.state.device_id != old_device
    assert desk_world.rows() == desk_world.server_rows()


def test_the_app_shows_the_old_rows_until_the_new_base_is_complete(
    desk_world: DeskWorld, server: FakeSyncServer
) -> None:
    desk_world.a_booking()
    desk_world.sync()
    server.page_rows = 1
    server.refusals.append((409, {"code": "resync"}))
    desk_world.cycle.on_timer()
    while (request := desk_world.cycle.build_request()) is not None:
        assert desk_world.one("SELECT count(*) FROM booking") == 1
        desk_world.cycle.on_response(server.answer(request, desk_world.state.device_id))
    assert desk_world.state.rebuild is None
    assert desk_world.rows() == desk_world.server_rows()


def test_a_row_erased_for_good_disappears_with_its_kept_operations(
    desk_world: DeskWorld, server: FakeSyncServer
) -> None:
    customer_id = desk_world.a_customer()
    desk_world.sync()
    server.write("DELETE FROM customer WHERE id = ?", str(customer_id))
    desk_world.sync()
    assert desk_world.one("SELECT count(*) FROM customer") == 0
    assert desk_world.one("SELECT count(*) FROM outbox_kept") == 0


def test_numbers_are_leased_after_a_pull(desk_world: DeskWorld) -> None:
    assert desk_world.one("SELECT count(*) FROM number_lease WHERE state = 'free'") == 10


def test_a_server_that_gives_no_new_number_is_not_asked_again_and_again(
    desk_world: DeskWorld, server: FakeSyncServer
) -> None:
    with desk_world.store.writing() as connection:
        connection.exec_driver_sql("UPDATE number_lease SET state = 'used' WHERE series = 'invoice'")
    asked: list[Call] = []

    def note(request: Request, answer: Answer) -> Answer:
        asked.append(request.call)
        return answer

    desk_world.fault = note
    desk_world.sync(rounds=3)
    assert asked.count(Call.LEASE) == 1
    assert desk_world.cycle.state.phase is SyncPhase.SYNCED


def test_numbers_that_may_not_be_used_any_more_go_back_and_new_ones_come(
    desk_world: DeskWorld, server: FakeSyncServer
) -> None:
    with desk_world.store.writing() as connection:
        connection.exec_driver_sql("UPDATE number_lease SET state = 'frozen' WHERE series = 'invoice'")
    desk_world.sync()
    free = "SELECT group_concat(number) FROM number_lease WHERE series = 'invoice' AND state = 'free'"
    assert desk_world.one(free) == "11,12,13,14,15"
