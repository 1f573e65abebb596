"""The customer gets the right message once: from the held booking to the day, and after it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.models.slot import Slot
from tests.sync_server.mail.mail_room import MailRoom

PARIS = ZoneInfo("Europe/Paris")


def _slot(day: date) -> Slot:
    return Slot(day, time(14), day, time(23), "Europe/Paris")


def _day(room: MailRoom, days: int) -> date:
    return (room.now() + timedelta(days=days)).date()


def test_an_ordinary_booking_gets_each_mail_once_and_at_its_hour(room: MailRoom) -> None:
    day = _day(room, 60)
    booking_id = room.a_booking(_slot(day))
    room.work()
    assert room.spooled() == ["pay_link"]
    room.pay(booking_id, 1)
    room.work()
    assert room.spooled() == ["booking_confirmed", "pay_link"]
    room.set_now(datetime.combine(day - timedelta(days=7), time(9, 59), PARIS))
    room.work()
    assert "balance_due" not in room.spooled()
    room.set_now(datetime.combine(day - timedelta(days=7), time(10), PARIS))
    room.work()
    room.work()
    assert room.spooled() == ["balance_due", "booking_confirmed", "pay_link"]
    room.pay(booking_id, 2)
    room.work()
    assert room.spooled() == ["balance_due", "booking_confirmed", "fully_paid", "pay_link"]
    room.set_now(datetime.combine(day - timedelta(days=3), time(10), PARIS))
    room.work()
    assert room.spooled().count("before_event") == 1
    room.set_now(datetime.combine(day + timedelta(days=7), time(10), PARIS))
    room.work()
    assert room.spooled().count("follow_up") == 1
    assert len(room.spooled()) == 6
    outcomes = {row.outcome for row in room.rows("reminder_log")}
    assert outcomes == {"sent"}
