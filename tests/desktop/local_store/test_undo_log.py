"""Own changes lie on top of the server's rows and come off without a trace."""

from pathlib import Path
from uuid import UUID

import pytest

from desktop.commands.bookings import move_booking, postpone_booking
from desktop.commands.customers import delete_customer, edit_customer
from desktop.local_store import outbox, replay, undo_log
from desktop.local_store.marks import Mark, booking_marks, pending_rows
from shared.errors import MailAddressInvalid
from tests.builders.desk_world import DeskWorld, Rows, a_slot
from tests.fakes.clock import FrozenClock
from tests.fakes.sync_server import FakeSyncServer


@pytest.fixture
def world(clock: FrozenClock, tmp_path: Path) -> DeskWorld:
    """A computer with one booking that the server has confirmed."""
    world = DeskWorld(FakeSyncServer(clock), tmp_path)
    world.sync()
    world.a_booking()
    world.sync()
    return world


def booking_id(world: DeskWorld) -> UUID:
    return UUID(str(world.one("SELECT id FROM booking")))


def customer_id(world: DeskWorld) -> UUID:
    return UUID(str(world.one("SELECT id FROM customer")))


def work(world: DeskWorld) -> None:
    edit_customer(world.desk, customer_id(world), {"phone": ("", "1")})
    edit_customer(world.desk, customer_id(world), {"phone": ("1", "2")})
    move_booking(world.desk, booking_id(world), seen=a_slot(), slot=a_slot(20))
    postpone_booking(world.desk, booking_id(world))
    delete_customer(world.desk, world.a_customer(email="new@example.com"))


def test_taking_back_restores_exactly_what_the_server_confirmed(world: DeskWorld) -> None:
    confirmed = world.rows()
    work(world)
    assert world.rows() != confirmed
    assert world.rows(without_overlay=True) == confirmed


def test_taking_back_and_doing_again_gives_the_same_view(world: DeskWorld) -> None:
    work(world)
    seen = world.rows()
    with world.store.writing() as connection:
        undo_log.take_back(connection, str(world.server.tenant_id))
        replay.replay(connection, world.server.tenant_id, outbox.overlaid(connection))
    assert world.rows() == seen
    with world.store.writing() as connection:
        undo_log.take_back(connection, str(world.server.tenant_id))
        replay.replay(connection, world.server.tenant_id, outbox.overlaid(connection))
    assert world.rows() == seen


def test_the_server_sequence_of_a_row_survives_an_own_change(world: DeskWorld) -> None:
    before = world.one("SELECT server_seq FROM customer")
    edit_customer(world.desk, customer_id(world), {"phone": ("", "1")})
    assert world.one("SELECT server_seq FROM customer") == before


def test_a_refused_change_leaves_neither_rows_nor_an_entry(world: DeskWorld) -> None:
    before, state = world.rows(), world.state
    with pytest.raises(MailAddressInvalid):
        edit_customer(world.desk, customer_id(world), {"email": ("zoe@example.com", "nobody")})
    assert (world.rows(), world.state) == (before, state)
    assert world.one("SELECT count(*) FROM sync_undo") == 0
    assert world.one("SELECT no FROM sync_capture") is None


def test_rows_of_the_server_are_not_captured(world: DeskWorld) -> None:
    world.server.touch_rows("booking")
    world.sync()
    assert world.one("SELECT count(*) FROM sync_undo") == 0


def search(world: DeskWorld, words: str) -> int:
    found: Rows = {}
    with world.store.reading() as connection:
        found["hits"] = [
            tuple(row)
            for row in connection.exec_driver_sql(
                "SELECT b.id FROM booking_search s JOIN booking b ON b.rowid = s.rowid WHERE s.words MATCH ?",
                (words,),
            )
        ]
    return len(found["hits"])


def test_a_booking_is_found_by_its_customers_name_however_it_changes(world: DeskWorld) -> None:
    assert search(world, "brul*") == 1, "accents are not needed"
    edit_customer(world.desk, customer_id(world), {"name": ("Zoë Brûlé", "Zoë Moreau")})
    assert (search(world, "brul*"), search(world, "more*")) == (0, 1)
    world.sync()
    assert (search(world, "brul*"), search(world, "more*")) == (0, 1)
    with world.store.writing() as connection:
        undo_log.take_back(connection, str(world.server.tenant_id))
    assert search(world, "chat* zo*") == 1


def test_a_waiting_row_wears_its_mark_until_it_is_confirmed(world: DeskWorld) -> None:
    move_booking(world.desk, booking_id(world), seen=a_slot(), slot=a_slot(20))
    with world.store.reading() as connection:
        assert pending_rows(connection, "booking") == {booking_id_of(world): Mark.WAITING}
        assert booking_marks(connection) == {booking_id_of(world): Mark.WAITING}
    world.sync()
    with world.store.reading() as connection:
        assert pending_rows(connection, "booking") == {}


def booking_id_of(world: DeskWorld) -> UUID:
    return UUID(str(world.server_rows()["booking"][0][1]))
