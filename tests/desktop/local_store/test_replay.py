"""Own pending changes are laid on top again after each page, also between two pages."""

from pathlib import Path

import pytest

from desktop.commands.bookings import edit_booking
from desktop.sync.exchange import Answer, Call, Request
from tests.builders.desk_world import DeskWorld, dropped
from tests.fakes.clock import FrozenClock
from tests.fakes.sync_server import FakeSyncServer


def lose_pages(request: Request, answer: Answer) -> Answer:
    return dropped(request, answer) if request.call is Call.PULL else answer


@pytest.mark.parametrize("page_rows", [1, 2, 3])
def test_half_of_an_own_change_may_come_with_one_page_and_the_rest_with_the_next(
    tmp_path: Path, page_rows: int
) -> None:
    server = FakeSyncServer(FrozenClock())
    world, other = DeskWorld(server, tmp_path), DeskWorld(server, tmp_path)
    world.sync()
    world.fault = lose_pages
    booking = world.a_booking()
    world.sync()
    other.sync()
    edit_booking(other.desk, booking.id, {"place": (booking.place, "Elsewhere")})
    other.sync()  # the booking's row comes after its lines now
    server.page_rows = page_rows
    world.fault = None
    world.cycle.press_on()
    world.cycle.on_timer()
    while (request := world.cycle.build_request()) is not None:
        world.cycle.on_response(server.answer(request, world.state.device_id))
        assert world.one("SELECT count(*) FROM booking WHERE id = ?", str(booking.id)) == 1
    assert world.rows() == world.server_rows()
