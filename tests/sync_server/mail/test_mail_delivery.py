"""Each answer of a transport has its result, and of many workers only one sends a mail."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.errors import MailRefused, MailRefusedForNow, MailUncertain
from shared.models.slot import Slot
from shared.ports import Mailer
from sync_server.repositories import tenant_lock
from sync_server.repositories.changed_rows import ChangedRows
from sync_server.repositories.mail_queues import QueueName
from sync_server.services.mail_delivery import MailDelivery
from tests.fakes.scripted_mailer import ScriptedMailer, scripted_at, times
from tests.statements import statements_of
from tests.sync_server.mail.mail_room import MailRoom

START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
EVENT = Slot(date(2027, 6, 12), time(14), date(2027, 6, 12), time(23), "Europe/Paris")
BEFORE_EVENT = datetime(2027, 6, 9, 8, 0, tzinfo=UTC)


@pytest.fixture
def booking_id(room: MailRoom) -> UUID:
    """A booking that is wholly paid, at the moment of its only due mail."""
    room.set_now(START)
    booking_id = room.a_booking(EVENT)
    room.pay(booking_id, 1)
    room.pay(booking_id, 2)
    room.work()
    room.set_now(BEFORE_EVENT)
    return booking_id


def _row(room: MailRoom) -> Any:  # noqa: ANN401 - a row of the table
    (row,) = [row for row in room.rows("reminder") if row.kind == "before_event"]
    return row


def _log(room: MailRoom) -> list[tuple[str, str]]:
    return [(row.kind, row.outcome) for row in room.rows("reminder_log") if row.kind == "before_event"]


def _deliver(room: MailRoom, mailer: Mailer, owner: str = "mail-1") -> int:
    return room.worker(mailer, owner).deliver_due(QueueName.REMINDER)


# --- each line of "Answers of the transport" ----------------------------------------------------------------


@pytest.mark.parametrize("stage", ["connecting", "addressing"])
def test_refused_for_now_before_the_handover_is_tried_again(
    room: MailRoom, booking_id: UUID, stage: str
) -> None:
    mailer = scripted_at(stage, MailRefusedForNow())
    _deliver(room, mailer)
    row = _row(room)
    assert (row.status, row.tries, row.handed_over_at) == ("retry", 1, None)
    wait = row.next_try - room.now()
    assert timedelta(seconds=40) < wait <= timedelta(seconds=72)
    assert mailer.arrived == []
    assert _log(room) == []
    room.set_now(row.next_try)
    _deliver(room, mailer)
    assert (_row(room).status, len(mailer.arrived)) == ("sent", 1)


def test_the_waits_grow_and_the_fifth_failure_is_the_last(room: MailRoom, booking_id: UUID) -> None:
    mailer = ScriptedMailer(connecting=times(MailRefusedForNow(), 9))
    minutes = []
    for _ in range(4):
        before = room.now()
        _deliver(room, mailer)
        minutes.append((_row(room).next_try - before) / timedelta(minutes=1))
        room.set_now(_row(room).next_try)
    for got, wanted in zip(minutes, (1, 4, 16, 64), strict=True):
        assert wanted * 0.79 < got < wanted * 1.21
    _deliver(room, mailer)
    assert (_row(room).status, _row(room).tries) == ("dead", 5)
    assert _log(room) == [("before_event", "dead")]
    assert [row.kind for row in room.rows("sync_issue")] == ["mail_failed"]
    assert _deliver(room, mailer) == 0


def test_a_refused_address_has_failed_and_a_person_hears_of_it(room: MailRoom, booking_id: UUID) -> None:
    mailer = ScriptedMailer(addressing=[MailRefused()])
    _deliver(room, mailer)
    assert (_row(room).status, _row(room).handed_over_at) == ("failed", None)
    assert _log(room) == [("before_event", "failed")]
    (issue,) = room.rows("sync_issue")
    assert (issue.kind, issue.row_id, issue.payload["mail_kind"]) == (
        "mail_failed",
        booking_id,
        "before_event",
    )


def test_taken_is_sent_and_logged_with_the_providers_id(room: MailRoom, booking_id: UUID) -> None:
    mailer = ScriptedMailer()
    _deliver(room, mailer)
    row = _row(room)
    assert (row.status, row.provider_id) == ("sent", "provider-1")
    assert row.handed_over_at is not None
    (line,) = [one for one in room.rows("reminder_log") if one.kind == "before_event"]
    assert (line.outcome, line.provider_id, line.recipient) == ("sent", "provider-1", "zoe@example.com")
    assert (line.due_at, line.booking_id) == (row.due_at, booking_id)


@pytest.mark.parametrize(
    ("answer", "status", "arrived_again"),
    [(MailRefusedForNow(), "retry", 1), (MailRefused(), "failed", 0)],
)
def test_a_definite_no_after_the_body_takes_the_handover_back(
    room: MailRoom, booking_id: UUID, *, answer: Exception, status: str, arrived_again: int
) -> None:
    mailer = ScriptedMailer(handing=[answer], arrives=False)
    _deliver(room, mailer)
    assert (_row(room).status, _row(room).handed_over_at) == (status, None)
    mailer.arrives = True
    room.set_now(room.now() + timedelta(minutes=2))
    _deliver(room, mailer)
    assert len(mailer.arrived) == arrived_again


def test_no_answer_after_the_body_is_uncertain(room: MailRoom, booking_id: UUID) -> None:
    mailer = ScriptedMailer(handing=[MailUncertain()])
    _deliver(room, mailer)
    assert _row(room).status == "uncertain"
    assert _deliver(room, mailer) == 0
    assert room.worker(mailer).resolve_lapsed() == 0  # its provider is given some time to know
    assert _log(room) == []


@pytest.mark.parametrize(
    ("knows", "outcome"),
    [(True, "sent"), (False, "retry"), (None, "retry")],
)
def test_an_uncertain_reminder_is_looked_up_and_else_sent_once_more(
    room: MailRoom, booking_id: UUID, *, knows: bool | None, outcome: str
) -> None:
    mailer = ScriptedMailer(handing=[MailUncertain()], knows=knows)
    _deliver(room, mailer)
    room.execute("UPDATE reminder SET lease_until = now() - interval '1 second' WHERE status = 'uncertain'")
    assert room.worker(mailer, "mail-2").resolve_lapsed() == 1
    assert (_row(room).status, _row(room).resent) == (outcome, knows is None)
    _deliver(room, mailer)
    assert len(mailer.arrived) == (1 if knows else 2)
    assert len(set(mailer.message_ids())) == 1
    assert _log(room) == [("before_event", "sent")]


def test_what_is_uncertain_twice_is_left_to_a_person(room: MailRoom, booking_id: UUID) -> None:
    mailer = ScriptedMailer(handing=times(MailUncertain(), 2))
    for _ in range(2):
        _deliver(room, mailer)
        room.execute(
            "UPDATE reminder SET lease_until = now() - interval '1 second' WHERE status = 'uncertain'"
        )
        room.worker(mailer).resolve_lapsed()
    assert _row(room).status == "sent_unconfirmed"
    assert _log(room) == [("before_event", "sent_unconfirmed")]
    assert len(mailer.arrived) == 2


def test_a_pay_link_is_never_sent_again_by_a_machine(room: MailRoom) -> None:
    room.set_now(START)
    room.a_booking(EVENT)
    room.outbox.deliver_due()
    mailer = ScriptedMailer(handing=[MailUncertain()])
    room.worker(mailer).deliver_due(QueueName.MAIL)
    room.execute("UPDATE mail SET lease_until = now() - interval '1 second' WHERE status = 'uncertain'")
    room.worker(mailer).resolve_lapsed()
    (row,) = room.rows("mail")
    assert (row.kind, row.status) == ("pay_link", "sent_unconfirmed")
    assert [issue.kind for issue in room.rows("sync_issue")] == ["mail_failed"]
    assert room.worker(mailer).deliver_due(QueueName.MAIL) == 0


# --- what happens in between ----------------------------------------------------------------------------


def _cancel(room: MailRoom, booking_id: UUID) -> Callable[[], None]:
    return lambda: room.do("booking.cancel", {"id": str(booking_id), "reason": "studio_cancelled"})


def _hold(room: MailRoom, booking_id: UUID) -> Callable[[], None]:
    rule_id = str(room.rule_ids["before_event"])
    return lambda: room.do("reminder.hold", {"booking_id": str(booking_id), "rule_id": rule_id})


@pytest.mark.parametrize(("deed", "status"), [(_cancel, "canceled"), (_hold, "held")])
@pytest.mark.parametrize("stage", ["connecting", "addressing"])
def test_what_changes_between_claim_and_handover_stops_the_mail(
    room: MailRoom,
    booking_id: UUID,
    *,
    deed: Callable[[MailRoom, UUID], Callable[[], None]],
    status: str,
    stage: str,
) -> None:
    mailer = scripted_at(stage, deed(room, booking_id))
    _deliver(room, mailer)
    assert mailer.arrived == []
    assert (_row(room).status, _row(room).handed_over_at) == (status, None)


@pytest.mark.parametrize(("deed", "status"), [(_cancel, "canceled"), (_hold, "held")])
def test_what_changes_after_it_was_looked_at_is_looked_at_again_under_the_lock(
    room: MailRoom,
    booking_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
    *,
    deed: Callable[[MailRoom, UUID], Callable[[], None]],
    status: str,
) -> None:
    deeds, look = [deed(room, booking_id)], MailDelivery._look  # noqa: SLF001 - the moment is inside

    def look_then_act(delivery: MailDelivery, *seen: Any) -> Any:  # noqa: ANN401 - whatever it is given and finds
        found = look(delivery, *seen)
        if deeds:
            deeds.pop()()
        return found

    monkeypatch.setattr(MailDelivery, "_look", look_then_act)
    mailer = scripted_at("connecting", AssertionError("nobody is connected to for a mail that is unwanted"))
    _deliver(room, mailer)
    assert (_row(room).status, _row(room).handed_over_at) == (status, None)


def test_a_mail_that_was_sent_changes_nothing_that_another_speaks_of(
    room: MailRoom, booking_id: UUID
) -> None:
    def has_changed() -> bool:
        with room.units.reading(room.t) as (unit, _):
            return ChangedRows(unit.session).has_any(room.t, after=before, but="reminder_log")

    with room.units.reading(room.t) as (unit, _):
        before = tenant_lock.head(unit.session, room.t)
    _deliver(room, room.spool)
    with room.units.reading(room.t) as (unit, _):
        assert tenant_lock.head(unit.session, room.t) > before
    assert not has_changed()
    _cancel(room, booking_id)()
    assert has_changed()


def test_what_changes_after_the_handover_comes_too_late(room: MailRoom, booking_id: UUID) -> None:
    mailer = ScriptedMailer(handing=[_cancel(room, booking_id)])
    _deliver(room, mailer)
    assert (_row(room).status, len(mailer.arrived)) == ("sent", 1)


class _KilledError(BaseException):
    """As kill -9: nothing after it runs."""


@pytest.mark.parametrize(
    ("stage", "arrives", "sends"),
    [("connecting", False, 1), ("addressing", False, 1), ("handing", False, 1), ("handing", True, 2)],
)
def test_a_worker_killed_at_any_step_loses_nothing(
    room: MailRoom, booking_id: UUID, *, stage: str, arrives: bool, sends: int
) -> None:
    mailer = scripted_at(stage, _raise_killed)
    mailer.arrives = arrives
    with pytest.raises(_KilledError):
        _deliver(room, mailer)
    assert _row(room).status == "sending"
    room.execute("UPDATE reminder SET lease_until = now() - interval '1 second' WHERE status = 'sending'")
    mailer.arrives = True
    other = room.worker(mailer, "mail-2")
    other.resolve_lapsed()
    other.deliver_due(QueueName.REMINDER)
    assert (_row(room).status, len(mailer.arrived)) == ("sent", sends)
    assert len(set(mailer.message_ids())) == 1


def _raise_killed() -> None:
    raise _KilledError


def test_a_worker_that_lost_its_lease_writes_nothing(room: MailRoom, booking_id: UUID) -> None:
    def take_over() -> None:
        room.execute("UPDATE reminder SET lease_owner = 'mail-2' WHERE status = 'sending'")

    mailer = ScriptedMailer(addressing=[take_over])
    _deliver(room, mailer)
    assert mailer.arrived == []
    assert (_row(room).status, _row(room).lease_owner) == ("sending", "mail-2")


def test_many_that_come_too_late_are_ended_by_one_statement_and_each_has_its_line(room: MailRoom) -> None:
    room.set_now(START)
    for number in range(8):
        room.pay(room.a_booking(_nth_slot(number)), 1)
    room.work()
    room.set_now(datetime(2027, 6, 1, 0, 0, tzinfo=UTC) + timedelta(days=60))
    with statements_of(room.engine) as statements:
        assert _deliver(room, room.spool) > 8
    late = [row for row in room.rows("reminder") if row.kind == "before_event"]
    assert {row.status for row in late} == {"skipped_late"}
    assert _log(room) == [("before_event", "skipped_late")] * 8
    assert len([words for words in statements if words.startswith("UPDATE reminder SET status")]) == 1


def test_four_workers_send_each_of_many_once(room: MailRoom) -> None:
    room.set_now(START)
    slots = [_nth_slot(number) for number in range(60)]
    for slot in slots:
        booking_id = room.a_booking(slot)
        room.pay(booking_id, 1)
    room.execute("UPDATE reminder SET due_at = daybook_now(), next_try = daybook_now()")
    mailers = [ScriptedMailer() for _ in range(4)]
    together = threading.Barrier(4)

    def work(number: int) -> None:
        worker = room.worker(mailers[number], f"mail-{number}")
        together.wait()
        while worker.deliver_due(QueueName.REMINDER):
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    arrived = [message_id for mailer in mailers for message_id in mailer.message_ids()]
    sent = [row for row in room.rows("reminder") if row.status == "sent"]
    assert len(arrived) == len(set(arrived)) == len(sent) >= 60
    assert {row.tries for row in sent} == {1}


def _nth_slot(number: int) -> Slot:
    day = date(2027, 6, 1) + timedelta(days=number)
    return Slot(day, time(14), day, time(23), "Europe/Paris")
