"""Which mail follows from what, and that no token or link lies in any table."""

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.models.slot import Slot
from shared.sync_protocol.operations import SlotArgs
from tests.sync_server.mail.mail_room import BASE_URL, MailRoom

START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
EVENT = Slot(date(2027, 6, 12), time(14), date(2027, 6, 12), time(23), "Europe/Paris")
NEW_DATE = Slot(date(2027, 7, 3), time(14), date(2027, 7, 3), time(23), "Europe/Paris")
LINK = re.compile(re.escape(BASE_URL) + r"/l/([A-Za-z0-9_-]{43})")


@pytest.fixture
def booking_id(room: MailRoom) -> UUID:
    """A held booking whose first mail is out."""
    room.set_now(START)
    booking_id = room.a_booking(EVENT)
    room.work()
    return booking_id


def _links(room: MailRoom) -> list[str]:
    found = []
    for mail in room.mails():
        body = mail.get_body(("plain",))
        assert body is not None, "a mail has a text"
        found += LINK.findall(body.get_content())
    return found


def _move(room: MailRoom, booking_id: UUID) -> None:
    slots = {"slot": NEW_DATE, "seen": EVENT}
    worded = {name: SlotArgs.of(slot).model_dump(mode="json") for name, slot in slots.items()}
    room.do("booking.move", {"id": str(booking_id), **worded})
    room.work()


def test_the_confirmation_tells_the_payment_that_made_it(room: MailRoom, booking_id: UUID) -> None:
    room.pay(booking_id, 1)
    room.work()
    assert room.spooled() == ["booking_confirmed", "pay_link"]
    text = room.text_of("booking_confirmed")
    assert "Your deposit has arrived and the date is booked." in text
    assert "To pay: 1,225.00 EUR by Wednesday 9 June 2027" in text


def test_a_payment_in_between_is_told_by_itself(room: MailRoom, booking_id: UUID) -> None:
    room.pay(booking_id, 2)
    room.work()
    assert room.spooled() == ["pay_link", "payment_received"]
    assert "We have received your remainder" in room.text_of("payment_received")


def test_a_move_is_told_with_the_new_date(room: MailRoom, booking_id: UUID) -> None:
    room.pay(booking_id, 1)
    room.work()
    _move(room, booking_id)
    assert "When: Saturday 3 July 2027, 14:00–23:00, Paris time" in room.text_of("rescheduled")


def test_a_cancellation_ends_what_was_to_come(room: MailRoom, booking_id: UUID) -> None:
    room.do("booking.cancel", {"id": str(booking_id), "reason": "studio_cancelled"})
    room.work()
    assert room.spooled() == ["cancelled", "pay_link"]
    room.set_now(datetime(2027, 7, 1, tzinfo=UTC))
    room.work()
    assert room.spooled() == ["cancelled", "pay_link"]


def test_a_hold_that_runs_out_is_told(room: MailRoom, booking_id: UUID) -> None:
    room.set_now(START + timedelta(days=8))
    room.work()
    (row,) = room.rows("booking")
    assert (row.status, row.cancel_reason) == ("cancelled", "hold_lapsed")
    assert room.spooled() == ["cancelled", "pay_link"]


def test_an_event_that_is_over_is_completed(room: MailRoom, booking_id: UUID) -> None:
    room.pay(booking_id, 1)
    room.pay(booking_id, 2)
    room.set_now(datetime(2027, 6, 12, 22, tzinfo=UTC))
    room.work()
    (row,) = room.rows("booking")
    assert row.status == "completed"


def test_a_pay_link_that_came_too_late_to_be_needed_is_not_sent(room: MailRoom) -> None:
    room.set_now(START)
    booking_id = room.a_booking(EVENT)
    room.outbox.deliver_due()
    room.pay(booking_id, 1)
    room.work()
    assert room.spooled() == ["booking_confirmed"]
    assert [(row.kind, row.outcome) for row in room.rows("reminder_log")] == [
        ("pay_link", "canceled"),
        ("booking_confirmed", "sent"),
    ]


def test_a_changed_address_gets_the_mail(room: MailRoom) -> None:
    room.set_now(START)
    room.a_booking(EVENT)
    room.outbox.deliver_due()
    patch = {"email": {"from": "zoe@example.com", "to": "zoe.brule@example.com"}}
    room.do("customer.edit", {"id": str(room.house.customer_id), "patch": patch})
    room.work()
    assert [mail["To"] for mail in room.mails()] == ["zoe.brule@example.com"]


def test_links_of_a_passed_date_end_and_a_valid_one_is_used_again(room: MailRoom, booking_id: UUID) -> None:
    room.pay(booking_id, 1)
    room.work()
    before = {row.id: row for row in room.rows("action_token")}
    assert {row.purpose: row.used_at is not None for row in before.values()} == {"pay": True, "view": False}
    room.pay(booking_id, 2)
    room.work()
    assert len(room.rows("action_token")) == 2
    _move(room, booking_id)
    after = {row.id: row for row in room.rows("action_token")}
    (view,) = [row for row in before.values() if row.purpose == "view"]
    assert after[view.id].revoke_reason == "the booking was moved"
    assert len(after) == 3


def test_no_token_or_link_lies_in_any_table(room: MailRoom, booking_id: UUID) -> None:
    room.pay(booking_id, 1)
    room.work()
    room.set_now(datetime(2027, 6, 5, 9, tzinfo=UTC))
    room.work()
    _move(room, booking_id)
    tokens = set(_links(room))
    assert len(tokens) >= 4
    with room.units.sessions.unlocked(room.t) as session:
        names = session.scalars(sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        readable = [
            name
            for name in names
            if session.scalar(sa.text("SELECT has_table_privilege(:name, 'SELECT')"), {"name": name})
        ]
        assert {"mail", "reminder", "reminder_log", "event_outbox", "action_token"} <= set(readable)
        for name in readable:
            for whole in session.scalars(sa.text(f'SELECT t::text FROM "{name}" t')):
                assert not LINK.search(whole), name
                assert not any(token in whole for token in tokens), name
    logged = [row.text for row in room.rows("reminder_log") if row.outcome == "sent"]
    assert any("[link]" in text for text in logged)
