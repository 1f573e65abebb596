"""The practice clock moves forward only and stops wherever something is due, so nothing is late by it."""

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from starlette.requests import Request

from shared.errors import ClockOnlyForward, ClockTooFar, ThingNotFound
from shared.models.slot import Slot
from sync_server.jobs import deliver_mail, janitor, reminders
from sync_server.jobs.calendar import CalendarJob
from sync_server.jobs.worker import Worker
from sync_server.practice.mail_viewer import mail_viewer_router
from sync_server.practice.movable_clock import MovableClock
from sync_server.web.app import create_app
from sync_server.web.routes.practice import only_from_here, practice_router
from sync_server.web.serving import WebServer, open_port
from tests.sync_server.mail.mail_room import MailRoom

EVENT_IN_DAYS = 40


@dataclass
class FakeEmulator:
    """Takes its shift and has nothing else to do."""

    shifts: list[int] = field(default_factory=list)

    def control(self, method: str, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
        assert method == "POST"
        if path == "clock":
            self.shifts.append(body["shift_s"])
        return {"acts": 0, "delivered": 0, "failed": 0}


@pytest.fixture
def room(worker_engine: sa.Engine, tmp_path: Path) -> MailRoom:
    """A studio with the default rules; its clock begins at the machine's."""
    room = MailRoom(worker_engine, tmp_path / "spool")
    room.add_default_rules()
    return room


@pytest.fixture
def emulator() -> FakeEmulator:
    return FakeEmulator()


@pytest.fixture
def ran() -> list[str]:
    """Calendar jobs that ran."""
    return []


@pytest.fixture
def clock(room: MailRoom, emulator: FakeEmulator, ran: list[str]) -> MovableClock:
    """The clock of the room, with the room's ticks."""
    worker = Worker(
        {
            "outbox": room.outbox.deliver_due,
            "mail": lambda: deliver_mail.run(room.delivery),
            "reminders": lambda: reminders.run(room.delivery),
            "janitor": lambda: janitor.run(room.units, room.across),
        }
    )
    jobs = {"nightly": CalendarJob("nightly", lambda: ran.append("nightly"), 1, 10)}
    return MovableClock(
        room.units, room.across, run_until_quiet=worker.run_until_quiet, emulator=emulator, jobs=jobs
    )


def _event_day(room: MailRoom) -> date:
    return (room.now() + timedelta(days=EVENT_IN_DAYS)).date()


def _paid_booking(room: MailRoom) -> UUID:
    day = _event_day(room)
    booking_id = room.a_booking(Slot(day, time(14), day, time(23), "Europe/Paris"))
    room.pay(booking_id, 1)
    return booking_id


def test_a_long_jump_sends_each_mail_at_its_own_hour(
    room: MailRoom, clock: MovableClock, emulator: FakeEmulator, ran: list[str]
) -> None:
    _paid_booking(room)
    reading = clock.forward(by=timedelta(days=60))
    sent = {row.kind: row.sent_at - row.due_at for row in room.rows("reminder_log")}
    assert sent.keys() == {"booking_confirmed", "balance_due", "before_event", "overdue", "follow_up"}
    assert all(late < timedelta(minutes=1) for late in sent.values())
    assert reading.stops >= 4
    assert emulator.shifts == sorted(emulator.shifts)
    assert emulator.shifts[-1] == reading.shift_s
    assert ran == ["nightly"]
    (booking,) = room.rows("booking")
    assert booking.status == "completed"


def test_a_hold_lapses_on_the_way_and_its_reminders_never_come(room: MailRoom, clock: MovableClock) -> None:
    day = _event_day(room)
    room.a_booking(Slot(day, time(14), day, time(23), "Europe/Paris"))
    (held,) = room.rows("booking")
    clock.forward(by=timedelta(days=60))
    assert room.spooled() == ["cancelled", "overdue", "pay_link"]
    (booking,) = room.rows("booking")
    assert timedelta() <= booking.cancelled_at - held.hold_ends_at < timedelta(minutes=1)


def test_it_only_moves_forward_and_not_too_far(clock: MovableClock) -> None:
    before = clock.read()
    with pytest.raises(ClockOnlyForward):
        clock.forward(by=timedelta(minutes=-1))
    with pytest.raises(ClockOnlyForward):
        clock.forward(to=datetime(2020, 1, 1, tzinfo=UTC))
    with pytest.raises(ClockTooFar):
        clock.forward(by=timedelta(days=3 * 365 + 3))
    assert clock.read().shift_s == before.shift_s


@pytest.fixture
def http(room: MailRoom, clock: MovableClock) -> Iterator[httpx.Client]:
    """The practice routes alone, over real HTTP."""
    app = create_app(
        [practice_router(clock), mail_viewer_router(room.folder)],
        running=nullcontext,
        end_streams=lambda: None,
    )
    web = WebServer(app, open_port("127.0.0.1", 0))
    thread = threading.Thread(target=web.run, name="practice web")
    thread.start()
    try:
        while not web.is_serving:
            assert thread.is_alive(), "the server ended at its start"
        with httpx.Client(base_url=f"http://127.0.0.1:{web.port}", timeout=60) as client:
            yield client
    finally:
        web.stop()
        thread.join()


def test_the_clock_over_http(room: MailRoom, http: httpx.Client) -> None:
    _paid_booking(room)
    target = datetime.combine(_event_day(room) - timedelta(days=3), time(12), UTC)
    answer = http.post("/practice/clock", json={"to": target.isoformat()})
    assert answer.status_code == 200
    assert datetime.fromisoformat(answer.json()["now"]) >= target
    assert "before_event" in room.spooled()
    assert http.get("/practice/clock").json()["shift_s"] == answer.json()["shift_s"]
    back = http.post("/practice/clock", json={"minutes": -5})
    assert (back.status_code, back.json()["code"]) == (422, "clock_only_forward")
    assert http.post("/practice/clock", json={}).status_code == 400


def test_mails_can_be_read_by_people_and_programs(room: MailRoom, http: httpx.Client) -> None:
    assert "No mail yet." in http.get("/practice/mail").text
    _paid_booking(room)
    room.work()
    (listed,) = http.get("/practice/mail.json").json()
    assert (listed["kind"], listed["to"]) == ("booking_confirmed", "zoe@example.com")
    (link,) = listed["links"]
    assert link.startswith("http://127.0.0.1:8000/l/")
    page = http.get(f"/practice/mail/{listed['name']}")
    assert link in page.text
    assert "<iframe sandbox" in page.text
    frame = http.get(f"/practice/mail/{listed['name']}/html")
    assert frame.headers["Content-Security-Policy"].startswith("sandbox;")
    assert link in http.get(f"/practice/mail/{listed['name']}/json").json()["text"]
    assert http.get("/practice/mail/..%2F..%2Fsecrets").status_code == 404
    assert http.get(f"/practice/mail/{'0' * 64}").status_code == 404


def test_nobody_else_sees_that_it_is_there() -> None:
    def request_from(host: str) -> Request:
        return Request({"type": "http", "client": (host, 50000), "headers": []})

    only_from_here(request_from("127.0.0.1"))
    with pytest.raises(ThingNotFound):
        only_from_here(request_from("192.0.2.7"))
