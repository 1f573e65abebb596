"""A fact is told once to each handler, alone; a handler that fails is tried again and then parked."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from shared.events import BookingMade
from shared.ids import new_id
from shared.models.slot import Slot
from shared.unit_of_work import UnitOfWork
from sync_server.jobs.deliver_outbox import OutboxDelivery
from sync_server.repositories.event_outbox import OutboxFact
from sync_server.services.event_routing import EventRouting, event_id
from sync_server.services.studio_unit import StudioUnits
from sync_server.subscribers.customer_mail import CustomerMail
from sync_server.subscribers.routing import CUSTOMER_MAIL, Handler
from tests.sync_server.mail.mail_room import MAIL_DOMAIN, MailRoom

START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
EVENT = Slot(date(2027, 6, 12), time(14), date(2027, 6, 12), time(23), "Europe/Paris")


@pytest.fixture
def booking_id(room: MailRoom) -> UUID:
    """A held booking; its facts wait in the outbox."""
    room.set_now(START)
    return room.a_booking(EVENT)


def _delivery(room: MailRoom, **handlers: Handler) -> OutboxDelivery:
    return OutboxDelivery(room.units, room.across, {**room.handlers, **handlers}, owner="outbox-2")


def test_the_row_is_written_in_the_commit_of_the_fact(room: MailRoom, booking_id: UUID) -> None:
    (row,) = room.rows("event_outbox")
    assert (row.name, row.handler, row.status) == ("BookingMade", CUSTOMER_MAIL, "new")
    assert row.payload["booking_id"] == str(booking_id)


def test_one_mail_however_often_a_fact_is_told(room: MailRoom, booking_id: UUID) -> None:
    for _ in range(3):
        room.outbox.deliver_due()
        room.execute("UPDATE event_outbox SET status = 'new', lease_until = NULL, next_try = now()")
    assert [row.kind for row in room.rows("mail")] == ["pay_link"]


def test_the_same_cause_tells_the_same_fact_once(room: MailRoom) -> None:
    routing = EventRouting({"BookingMade": (CUSTOMER_MAIL,)})
    fact = BookingMade(room.t, new_id(), new_id())
    with room.units.transaction(room.t) as (unit, now):
        for _ in range(2):
            routing(unit, now, [fact])
    (row,) = room.rows("event_outbox")
    assert row.event_id == event_id(fact)


def test_a_handler_that_fails_fails_alone_and_is_parked_after_five_tries(
    room: MailRoom, booking_id: UUID
) -> None:
    def break_down(unit: UnitOfWork, now: datetime, fact: OutboxFact) -> None:
        del unit, now, fact
        raise RuntimeError

    routes = EventRouting({"BookingMade": (CUSTOMER_MAIL, "broken")})
    units = StudioUnits(room.units.sessions, [routes])
    with units.transaction(room.t) as (unit, _):
        unit.record(BookingMade(room.t, new_id(), booking_id))
    delivery = _delivery(room, broken=break_down)
    for _ in range(9):
        delivery.deliver_due()
        room.set_now(room.now() + timedelta(hours=2))
    rows = {row.handler: row for row in room.rows("event_outbox")}
    assert (rows["broken"].status, rows["broken"].tries, rows["broken"].last_error) == (
        "parked",
        5,
        "RuntimeError",
    )
    assert rows[CUSTOMER_MAIL].status == "done"
    assert {row.kind for row in room.rows("mail")} == {"pay_link"}


def test_what_a_handler_did_before_it_failed_is_undone(room: MailRoom, booking_id: UUID) -> None:
    real = CustomerMail(MAIL_DOMAIN)

    def fail_late(unit: UnitOfWork, now: datetime, fact: OutboxFact) -> None:
        real(unit, now, fact)
        raise RuntimeError

    _delivery(room, **{CUSTOMER_MAIL: fail_late}).deliver_due()
    assert room.rows("mail") == []
    (row,) = room.rows("event_outbox")
    assert (row.status, row.tries) == ("new", 1)
    assert row.next_try > room.now()
