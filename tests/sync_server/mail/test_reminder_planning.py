"""Reminders are made, moved, canceled and revived in the transaction that changes their booking."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest

from shared.ids import new_id
from shared.models.slot import Slot
from shared.sync_protocol.operations import SlotArgs
from tests.sync_server.mail.mail_room import MailRoom

START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


def _slot(day: date, zone: str = "Europe/Paris", start: time = time(14), end: time = time(23)) -> Slot:
    return Slot(day, start, day, end, zone)


def _confirmed(room: MailRoom, slot: Slot) -> UUID:
    booking_id = room.a_booking(slot)
    room.pay(booking_id, 1)
    return booking_id


def _move(room: MailRoom, booking_id: UUID, seen: Slot, slot: Slot) -> None:
    args: dict[str, Any] = {
        "id": str(booking_id),
        "slot": SlotArgs.of(slot).model_dump(mode="json"),
        "seen": SlotArgs.of(seen).model_dump(mode="json"),
    }
    room.do("booking.move", args)


def _edit_rule(room: MailRoom, kind: str, **patch: tuple[object, object]) -> None:
    changes = {name: {"from": before, "to": after} for name, (before, after) in patch.items()}
    room.do("reminder_rule.edit", {"id": str(room.rule_ids[kind]), "patch": changes})


def _choose(room: MailRoom, booking_id: UUID, name: str, kind: str, position: int = 0) -> None:
    args = {
        "booking_id": str(booking_id),
        "rule_id": str(room.rule_ids[kind]),
        "stage_position": position,
    }
    room.do(f"reminder.{name}", args)


def _rows(room: MailRoom, **where: object) -> dict[tuple[str, int, int], Any]:
    """Rows by kind, stage position and revision."""
    found = {}
    for row in room.rows("reminder"):
        if all(getattr(row, name) == value for name, value in where.items()):
            found[row.kind, row.stage_position, row.schedule_rev] = row
    return found


@pytest.fixture
def studio(room: MailRoom) -> MailRoom:
    """The room in the middle of winter."""
    room.set_now(START)
    return room


def test_a_held_booking_plans_only_what_is_about_money(studio: MailRoom) -> None:
    studio.a_booking(_slot(date(2027, 6, 12)))
    assert set(_rows(studio)) == {("balance_due", 2, 1), ("overdue", 1, 1), ("overdue", 2, 1)}


def test_a_confirmed_booking_plans_its_mails_by_the_wall_clock(studio: MailRoom) -> None:
    _confirmed(studio, _slot(date(2027, 6, 12)))
    rows = _rows(studio, status="scheduled")
    assert {key: row.local_at for key, row in rows.items()} == {
        ("balance_due", 2, 1): "2027-06-05T10:00",
        ("before_event", 0, 1): "2027-06-09T10:00",
        ("overdue", 2, 1): "2027-06-10T10:00",
        ("follow_up", 0, 1): "2027-06-19T10:00",
    }
    assert {row.tz for row in rows.values()} == {"Europe/Paris"}
    assert _rows(studio, status="canceled").keys() == {("overdue", 1, 1)}  # its stage is paid


def test_a_paid_stage_takes_its_reminders_along(studio: MailRoom) -> None:
    booking_id = _confirmed(studio, _slot(date(2027, 6, 12)))
    studio.pay(booking_id, 2)
    assert set(_rows(studio, status="scheduled")) == {("before_event", 0, 1), ("follow_up", 0, 1)}


def test_a_move_cancels_the_old_dates_and_plans_the_new_ones(studio: MailRoom) -> None:
    old, new = _slot(date(2027, 6, 12)), _slot(date(2027, 7, 3))
    booking_id = _confirmed(studio, old)
    _move(studio, booking_id, old, new)
    open_rows = _rows(studio, status="scheduled")
    assert {key[2] for key in open_rows} == {2}
    assert open_rows["before_event", 0, 2].local_at == "2027-06-30T10:00"
    assert {key[2] for key in _rows(studio, status="canceled")} == {1}


def test_a_postponed_booking_waits_and_a_new_date_wakes_it(studio: MailRoom) -> None:
    old = _slot(date(2027, 6, 12))
    booking_id = _confirmed(studio, old)
    studio.do("booking.postpone", {"id": str(booking_id)})
    assert _rows(studio, status="scheduled") == {}
    _move(studio, booking_id, old, _slot(date(2027, 9, 4)))
    assert _rows(studio, status="scheduled")["before_event", 0, 3].local_at == "2027-09-01T10:00"


def test_a_cancelled_booking_sends_no_reminder(studio: MailRoom) -> None:
    booking_id = _confirmed(studio, _slot(date(2027, 6, 12)))
    studio.do("booking.cancel", {"id": str(booking_id), "reason": "studio_cancelled"})
    assert _rows(studio, status="scheduled") == {}


def test_a_rule_edit_moves_the_rows_and_makes_none_anew(studio: MailRoom) -> None:
    _confirmed(studio, _slot(date(2027, 6, 12)))
    before = _rows(studio, kind="before_event", status="scheduled")["before_event", 0, 1]
    _edit_rule(studio, "before_event", local_time=("10:00", "08:15"), offset_days=(-3, -1))
    after = _rows(studio, kind="before_event")
    assert [row.local_at for row in after.values()] == ["2027-06-11T08:15"]
    assert after["before_event", 0, 1].id == before.id
    assert after["before_event", 0, 1].message_id == before.message_id
    assert after["before_event", 0, 1].next_try == after["before_event", 0, 1].due_at


def test_a_rule_switched_off_cancels_and_switched_on_revives(studio: MailRoom) -> None:
    _confirmed(studio, _slot(date(2027, 6, 12)))
    _edit_rule(studio, "follow_up", is_on=(True, False))
    assert _rows(studio, kind="follow_up")["follow_up", 0, 1].status == "canceled"
    _edit_rule(studio, "follow_up", is_on=(False, True))
    assert _rows(studio, kind="follow_up")["follow_up", 0, 1].status == "scheduled"


def test_what_was_sent_stays_sent_when_its_rule_changes(studio: MailRoom) -> None:
    booking_id = _confirmed(studio, _slot(date(2027, 6, 12)))
    studio.pay(booking_id, 2)
    studio.set_now(datetime(2027, 6, 9, 9, tzinfo=UTC))
    studio.work()
    assert "before_event" in studio.spooled()
    _edit_rule(studio, "before_event", offset_days=(-3, -1))
    studio.set_now(datetime(2027, 6, 11, 9, tzinfo=UTC))
    studio.work()
    assert studio.spooled().count("before_event") == 1


def test_booked_inside_the_window_gets_only_what_is_still_useful(studio: MailRoom) -> None:
    day = date(2027, 1, 13)  # in two days: the mails of 7 and 3 days before have passed
    booking_id = _confirmed(studio, _slot(day))
    studio.pay(booking_id, 2)
    assert set(_rows(studio, status="scheduled")) == {("follow_up", 0, 1)}


def test_choices_of_staff_move_the_row(studio: MailRoom) -> None:
    booking_id = _confirmed(studio, _slot(date(2027, 6, 12)))

    def status() -> str:
        return str(_rows(studio)["before_event", 0, 1].status)

    _choose(studio, booking_id, "hold", "before_event")
    assert status() == "held"
    _choose(studio, booking_id, "release", "before_event")
    assert status() == "scheduled"
    _choose(studio, booking_id, "send_now", "before_event")
    studio.work()
    assert status() == "sent"
    assert "before_event" in studio.spooled()
    _choose(studio, booking_id, "skip", "before_event")
    assert status() == "sent"
    assert [row.kind for row in studio.rows("sync_issue")] == ["reminder_already_sent"]
    _choose(studio, booking_id, "skip", "follow_up")
    assert _rows(studio)["follow_up", 0, 1].status == "skipped"
    assert [(row.kind, row.outcome) for row in studio.rows("reminder_log") if row.outcome != "sent"] == [
        ("follow_up", "skipped")
    ]


def test_a_held_mail_does_not_go_out(studio: MailRoom) -> None:
    booking_id = _confirmed(studio, _slot(date(2027, 6, 12)))
    _choose(studio, booking_id, "hold", "before_event")
    studio.set_now(datetime(2027, 6, 9, 9, tzinfo=UTC))
    studio.work()
    assert "before_event" not in studio.spooled()


@pytest.mark.parametrize(
    ("zone", "event", "local", "due_utc"),
    [
        # 3 days before, 10:00: the clocks change in between, the wall clock does not care
        ("America/New_York", date(2027, 3, 16), "2027-03-13T10:00", "2027-03-13T15:00Z"),
        ("America/New_York", date(2027, 3, 17), "2027-03-14T10:00", "2027-03-14T14:00Z"),
        ("Europe/Berlin", date(2027, 3, 30), "2027-03-27T10:00", "2027-03-27T09:00Z"),
        ("Europe/Berlin", date(2027, 3, 31), "2027-03-28T10:00", "2027-03-28T08:00Z"),
        ("Asia/Beirut", date(2027, 3, 31), "2027-03-28T10:00", "2027-03-28T07:00Z"),
        ("Australia/Lord_Howe", date(2027, 4, 6), "2027-04-03T10:00", "2027-04-02T23:00Z"),
        ("Australia/Lord_Howe", date(2027, 4, 7), "2027-04-04T10:00", "2027-04-03T23:30Z"),
        ("Pacific/Apia", date(2027, 4, 7), "2027-04-04T10:00", "2027-04-03T21:00Z"),
    ],
)
def test_three_days_before_is_a_wall_time_in_every_zone(
    studio: MailRoom, zone: str, event: date, local: str, due_utc: str
) -> None:
    _confirmed(studio, _slot(event, zone=zone))
    row = _rows(studio, kind="before_event")["before_event", 0, 1]
    assert (row.local_at, row.due_at) == (local, datetime.fromisoformat(due_utc))


def test_the_nightly_re_plan_repairs_what_is_missing(studio: MailRoom) -> None:
    _confirmed(studio, _slot(date(2027, 6, 12)))
    wanted = {key: row.due_at for key, row in _rows(studio, status="scheduled").items()}
    studio.execute("DELETE FROM reminder WHERE kind = 'follow_up'")
    studio.execute("UPDATE reminder SET due_at = due_at + interval '1 hour' WHERE kind = 'before_event'")
    with studio.units.transaction(studio.t) as (unit, now):
        unit.begin_act(studio.act(now, new_id()))
        changes = studio.planning.plan_all(unit, now, studio.t)
    assert (changes.made, changes.moved, changes.canceled) == (1, 1, 0)
    assert {key: row.due_at for key, row in _rows(studio, status="scheduled").items()} == wanted


def test_a_refused_transaction_leaves_no_row(studio: MailRoom) -> None:
    class RefusedError(Exception):
        pass

    def refuse() -> None:
        with studio.units.transaction(studio.t) as (unit, now):
            unit.begin_act(studio.act(now))
            studio.planning.plan_all(unit, now, studio.t)
            raise RefusedError

    studio.a_booking(_slot(date(2027, 6, 12)))
    studio.execute("DELETE FROM reminder")
    with pytest.raises(RefusedError):
        refuse()
    assert _rows(studio) == {}


def test_an_old_mail_that_nobody_sent_is_skipped_not_sent_late(studio: MailRoom) -> None:
    booking_id = _confirmed(studio, _slot(date(2027, 6, 12)))
    studio.pay(booking_id, 2)
    studio.set_now(datetime(2027, 6, 10, 9, tzinfo=UTC))  # 25 hours after its time: down all day
    studio.work()
    assert "before_event" not in studio.spooled()
    assert _rows(studio)["before_event", 0, 1].status == "skipped_late"
    log = [row for row in studio.rows("reminder_log") if row.outcome == "skipped_late"]
    assert [(row.kind, row.reason) for row in log] == [("before_event", "its time has passed")]
