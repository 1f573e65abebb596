"""Documents, set-up links, and how links end with what they are about."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from shared.clock import end_of_local_day
from shared.ids import new_id
from shared.models.document import Document
from shared.models.states import DocumentKind, Series
from sync_server.repositories.sessions import Sessions
from sync_server.services.action_links import LinkPurpose
from sync_server.services.addresses import address_hash
from sync_server.services.document_files import FileKind
from tests.sync_server.limit_windows import stay_inside_one_window
from tests.sync_server.links.link_room import LinkRoom

PDF = b"%PDF-1.7\nthe invoice"


def _a_document(room: LinkRoom, booking_id: UUID, *, stored: bool = True) -> UUID:
    document_id, sha256 = new_id(), hashlib.sha256(PDF).hexdigest()
    if stored:
        room.server.ground.files.put(room.tenant_id, sha256, data=PDF, kind=FileKind.DOCUMENT)
    with room.server.ground.units.transaction(room.tenant_id) as (unit, now):
        unit.documents.add(
            room.tenant_id,
            Document(
                tenant_id=room.tenant_id,
                id=document_id,
                kind=DocumentKind.INVOICE,
                series=Series.INVOICE,
                year=2026,
                number=1,
                printed_number="BELLAWEDS_2026_001",
                booking_id=booking_id,
                customer_id=room.house.customer_id,
                issue_date=date(2026, 11, 23),
                supply_date=date(2027, 9, 11),
                currency="EUR",
                total_net_minor=204167,
                total_tax_minor=40833,
                total_minor=245000,
                paid_minor=0,
                rounding_minor=0,
                due_minor=245000,
                snapshot={},
                content_hash="0" * 64,
                pdf_sha256=sha256,
                template_version=1,
                renderer_version="1",
                issued_by=room.house.owner_id,
                issued_at=now,
            ),
        )
    return document_id


def test_a_document_is_taken_home_by_one_press_and_stays_open_on_this_device(room: LinkRoom) -> None:
    document_id = _a_document(room, room.a_booking())
    path = room.link("invoice", document_id)
    browser = room.browser()
    page = browser.get(path)
    assert "BELLAWEDS_2026_001" in page.text
    fields = browser.form("/l/invoice")
    taken = browser.client.post("/l/invoice", data=fields)
    assert (taken.content, taken.headers["Content-Type"]) == (PDF, "application/pdf")
    assert "BELLAWEDS_2026_001.pdf" in taken.headers["Content-Disposition"]
    browser.get("/l")
    assert browser.client.post("/l/invoice", data=browser.form("/l/invoice")).content == PDF
    assert room.browser().get(path).status_code == 410


def test_a_document_that_is_not_there_yet_keeps_its_link(room: LinkRoom) -> None:
    document_id = _a_document(room, room.a_booking(), stored=False)
    browser = room.browser()
    browser.get(room.link("invoice", document_id))
    assert browser.press("/l/invoice").status_code in (404, 409)
    assert [row["used_at"] for row in room.tokens(document_id)] == [None]


def test_an_opened_booking_gives_its_own_documents_only(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    document_id = _a_document(room, booking_id)
    other_id = room.a_booking(date(2027, 8, 7))
    for opened_id, status in ((booking_id, 200), (other_id, 404)):
        browser = room.browser()
        browser.get(room.link("view", opened_id))
        assert browser.client.get(f"/l/documents/{document_id}").status_code == 410
        browser.press("/l/open")
        assert browser.client.get(f"/l/documents/{document_id}").status_code == status


def test_a_colleague_sets_a_password_once(room: LinkRoom) -> None:
    path = _set_up_link(room)
    browser = room.browser()
    assert "Welcome to Bella Weddings" in browser.get(path).text
    weak = browser.press("/l/password", fields={"password": "password12"})
    assert weak.status_code == 422
    assert "This password is too easy to guess." in weak.text
    done = browser.press("/l/password", fields={"password": "a long enough phrase"})
    assert "You can now sign in on your computer." in done.text
    with room.server.ground.units.reading(room.tenant_id) as (unit, _):
        credential = Sessions(unit.session).credential(room.tenant_id, room.house.owner_id)
    assert credential is not None
    assert credential.password_hash is not None
    assert room.browser().get(path).status_code == 410


def _set_up_link(room: LinkRoom) -> str:
    email = "clara@bella.example"
    with room.server.ground.units.transaction(room.tenant_id) as (unit, now):
        Sessions(unit.session).add_credential(
            room.tenant_id, room.house.owner_id, email=email, email_hash=address_hash(email)
        )
        mailed = room.server.ground.link_terms.mailed(
            unit, room.tenant_id, "staff_setup", subject_id=room.house.owner_id, email=email, now=now
        )
    return mailed.url.removeprefix(room.base_url)


def test_each_link_ends_when_the_table_says(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    deposit, remainder = room.stages(booking_id)
    now = datetime.now(UTC)
    for purpose, subject_id, expected in (
        ("view", booking_id, now + timedelta(days=30)),
        ("reschedule", booking_id, end_of_local_day(date(2027, 9, 10), "Europe/Paris")),
        ("cancel", booking_id, end_of_local_day(date(2027, 9, 10), "Europe/Paris")),
        ("pay", deposit.id, deposit.due_at + timedelta(days=2)),
        ("pay", remainder.id, remainder.due_at + timedelta(days=2)),
    ):
        room.link(purpose, subject_id)
        ends = [row["expires_at"] for row in room.tokens(subject_id) if row["purpose"] == purpose]
        assert abs(ends[0] - expected) < timedelta(minutes=5), purpose


def test_cancelling_at_the_desk_ends_every_link_of_the_booking(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    deposit = room.stages(booking_id)[0]
    for purpose in ("view", "reschedule", "cancel"):
        room.link(purpose, booking_id)
    room.link("pay", deposit.id)
    holder = room.browser()
    holder.get(room.link("reschedule", booking_id))
    room.do("booking.cancel", {"id": str(booking_id), "reason": "studio_cancelled"})
    rows = room.tokens(booking_id) + room.tokens(deposit.id)
    assert [row["revoke_reason"] is not None for row in rows] == [True] * 4
    assert "is cancelled" in holder.get("/l").text


def test_a_live_page_of_a_booking_that_staff_moved_says_where_it_is_now(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    holder = room.browser()
    holder.get(room.link("reschedule", booking_id))
    mover = room.browser()
    mover.get(room.link("reschedule", booking_id))
    slot = {
        "start_time": "14:00",
        "end_time": "23:30",
        "zone": "Europe/Paris",
    }
    old = slot | {"start_date": "2027-09-11", "end_date": "2027-09-11"}
    new = slot | {"start_date": "2027-10-02", "end_date": "2027-10-02"}
    room.do("booking.move", {"id": str(booking_id), "slot": new, "seen": old})
    assert "This booking was moved to Saturday" in holder.get("/l").text
    assert mover.get("/l/move?day=2027-09-18").status_code == 200
    assert room.booking(booking_id).start_date == date(2027, 10, 2)


def _revoke(room: LinkRoom, subject_id: UUID) -> None:
    with room.server.ground.units.transaction(room.tenant_id) as (unit, _):
        room.server.ground.links.end(unit, room.tenant_id, subject_id, reason="sent to the wrong person")


def _change_address(room: LinkRoom, _subject_id: UUID) -> None:
    patch = {"email": {"from": "zoe@example.com", "to": "new@example.com"}}
    room.do("customer.edit", {"id": str(room.house.customer_id), "patch": patch})


@pytest.mark.parametrize("end", [_revoke, _change_address])
def test_an_opened_booking_is_closed_with_its_link(
    room: LinkRoom, end: Callable[[LinkRoom, UUID], None]
) -> None:
    booking_id = room.a_booking()
    document_id = _a_document(room, booking_id)
    browser = room.browser()
    browser.get(room.link("view", booking_id))
    browser.press("/l/open")
    send = browser.form("/l/send", purpose="cancel")
    end(room, booking_id)
    answers = [
        browser.client.get("/l"),
        browser.client.get(f"/l/documents/{document_id}"),
        browser.client.post("/l/send", data=send),
    ]
    nobodys = room.browser().get("/l")
    assert [answer.status_code for answer in answers] == [410] * 3
    assert {answer.content for answer in answers} == {nobodys.content}
    assert room.rows("SELECT 1 FROM event_outbox WHERE name = 'LinkAsked'") == []


@pytest.mark.parametrize("end", [_revoke, _change_address])
def test_a_document_taken_home_is_closed_with_its_link(
    room: LinkRoom, end: Callable[[LinkRoom, UUID], None]
) -> None:
    document_id = _a_document(room, room.a_booking())
    browser = room.browser()
    browser.get(room.link("invoice", document_id))
    fields = browser.form("/l/invoice")
    browser.client.post("/l/invoice", data=fields)
    browser.get("/l")
    fields = browser.form("/l/invoice")
    end(room, document_id)
    assert browser.client.get("/l").status_code == 410
    assert browser.client.post("/l/invoice", data=fields).status_code == 410


@pytest.mark.parametrize("end", [_revoke, _change_address])
@pytest.mark.parametrize("purpose", ["reschedule", "cancel"])
def test_what_a_link_has_done_is_shown_when_it_is_ended_after_that(
    room: LinkRoom, purpose: str, end: Callable[[LinkRoom, UUID], None]
) -> None:
    booking_id = room.a_booking()
    browser = room.browser()
    browser.get(room.link(purpose, booking_id))
    if purpose == "reschedule":
        browser.get("/l/move?day=2027-09-18")
    browser.press("/l/move" if purpose == "reschedule" else "/l/cancel")
    end(room, booking_id)
    result = browser.get("/l")
    assert result.status_code == 200
    assert ("is your new date" if purpose == "reschedule" else "is cancelled") in result.text


def test_a_revoked_link_tells_nothing_of_what_became_of_the_booking(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    holder = room.browser()
    holder.get(room.link("reschedule", booking_id))
    _revoke(room, booking_id)
    room.do("booking.cancel", {"id": str(booking_id), "reason": "studio_cancelled"})
    assert holder.get("/l").content == room.browser().get("/l").content


def test_a_link_of_a_retired_key_has_ended(room: LinkRoom) -> None:
    path = room.link("view", room.a_booking())
    room.change("UPDATE action_token SET key_ver = 99")
    assert room.browser().get(path).status_code == 410


@pytest.mark.parametrize("purpose", [LinkPurpose.RESCHEDULE, LinkPurpose.CANCEL])
def test_the_link_to_an_act_that_is_no_longer_possible_is_replaced_by_a_look(
    room: LinkRoom, purpose: LinkPurpose
) -> None:
    booking_id = room.a_booking()
    path = room.link(purpose.value, booking_id)
    room.do("booking.cancel", {"id": str(booking_id), "reason": "studio_cancelled"})
    browser = room.browser()
    browser.get(path)
    browser.client.post(path, data={"csrf": ""})
    (asked,) = room.rows("SELECT payload FROM event_outbox WHERE name = 'LinkAsked'")
    assert asked["payload"]["purpose"] == "view"


def test_a_fourth_new_link_in_a_day_is_not_mailed_and_nobody_is_told(limited_room: LinkRoom) -> None:
    booking_id = limited_room.a_booking()
    path = limited_room.link("view", booking_id)
    limited_room.do("booking.cancel", {"id": str(booking_id), "reason": "studio_cancelled"})
    stay_inside_one_window("new_link_subject")
    texts = {limited_room.browser().client.post(path, data={"csrf": ""}).text for _ in range(5)}
    assert len(texts) == 1
    assert len(limited_room.rows("SELECT 1 FROM event_outbox WHERE name = 'LinkAsked'")) == 3
