"""A studio's computers and its server, whole: HTTP, zstd, SSE, tokens, files and Postgres."""

import time
from collections.abc import Callable
from uuid import UUID

import pytest

from desktop.commands.bookings import make_booking
from desktop.local_store.blobs import DOCUMENT
from desktop.presenting.sync_words import SyncPhase
from desktop.sync.client import ServerClient
from shared.errors import Busy, LinkEnded, SignInFailed
from shared.ids import new_id
from shared.models.states import Series
from shared.sync_protocol.operations import BookingCreate, SlotArgs
from shared.sync_protocol.sessions import SetUpRequest, SignInRequest
from tests.builders.desk_world import a_slot
from tests.desktop.over_http.conftest import EMAIL, WholeDesk
from tests.sync_server.running_server import PASSWORD
from tests.sync_server.studio_house import StudioHouse

NewDesk = Callable[[], WholeDesk]


def a_booking(whole: WholeDesk, house: StudioHouse) -> UUID:
    draft = BookingCreate(
        id=new_id(),
        customer_id=house.customer_id,
        package_id=house.package_id,
        slot=SlotArgs.of(a_slot()),
        resource_ids=[house.resource_id],
    )
    whole.do(lambda: make_booking(whole.desk, draft))
    return draft.id


def wait_for(what: Callable[[], object], *, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def test_a_link_sets_up_the_first_computer_and_it_gets_everything(
    new_desk: NewDesk, house: StudioHouse
) -> None:
    first = new_desk()
    assert first.loop.sync_now().phase is SyncPhase.SYNCED
    assert first.one("SELECT name FROM customer") == "Zoë"
    assert first.one("SELECT count(*) FROM number_lease WHERE state = 'free'") in {10, 20}
    with pytest.raises(LinkEnded):
        first.client.set_up(SetUpRequest(token="x" * 43, password=PASSWORD, device_name="Thief"))
    with pytest.raises(SignInFailed):
        first.client.sign_in(
            SignInRequest(studio=house.code, email=EMAIL, password="wrong one!", device_name="Thief")
        )


def test_a_change_reaches_the_second_computer_by_a_poke(new_desk: NewDesk, house: StudioHouse) -> None:
    first, second = new_desk(), new_desk()
    assert second.loop.sync_now().phase is SyncPhase.SYNCED
    time.sleep(0.5)  # its stream of pokes begins
    booking_id = a_booking(first, house)
    found = "SELECT count(*) FROM booking WHERE id = ?"
    wait_for(lambda: second.one(found, str(booking_id)) == 1)
    wait_for(lambda: any(changes.touches("booking") for changes in second.heard))
    assert second.who.device_id != first.who.device_id


def test_a_cut_line_keeps_what_is_done_and_sends_it_when_it_is_back(
    new_desk: NewDesk, house: StudioHouse
) -> None:
    first, second = new_desk(), new_desk()
    assert first.loop.sync_now().phase is SyncPhase.SYNCED
    first.client.cut()
    booking_id = a_booking(first, house)
    state = first.loop.sync_now()
    assert (state.phase, state.waiting) == (SyncPhase.OFFLINE, 1)
    assert first.one("SELECT status FROM booking") == "held"
    first.client.restore()
    state = first.loop.sync_now()
    assert (state.phase, state.waiting) == (SyncPhase.SYNCED, 0)
    second.loop.sync_now()
    assert second.one("SELECT status FROM booking WHERE id = ?", str(booking_id)) == "held"


def test_a_line_that_was_never_used_can_be_closed_and_nothing_goes_out_after_it(
    new_desk: NewDesk, base_url: str
) -> None:
    client = ServerClient(base_url, new_desk().client.tokens, app_version="1")
    client.close()
    assert client.download(DOCUMENT, "0" * 64) is None
    with pytest.raises(Busy):
        client.set_up(SetUpRequest(token="x" * 43, password=PASSWORD, device_name="Late"))


def test_an_access_token_that_is_over_is_renewed_without_a_word(new_desk: NewDesk) -> None:
    first = new_desk()
    assert first.loop.sync_now().phase is SyncPhase.SYNCED
    first.client.tokens.expire(first.who.user_id)
    assert first.loop.sync_now().phase is SyncPhase.SYNCED
    first.client.tokens.end(first.who.user_id)
    assert first.loop.sync_now().phase is SyncPhase.SIGN_IN


def test_an_issued_invoice_arrives_with_its_bytes(new_desk: NewDesk, house: StudioHouse) -> None:
    first, second = new_desk(), new_desk()
    assert first.loop.sync_now().phase is SyncPhase.SYNCED
    booking_id, document_id = a_booking(first, house), new_id()
    answer = first.invoices.ask_number(Series.INVOICE, document_id)
    assert answer is not None
    assert answer.use_standing, "the first invoice of a studio gets the first number"
    first.do(lambda: first.invoices.issue_invoice(booking_id, document_id=document_id, answer=answer))
    state = first.loop.sync_now()
    assert (state.phase, state.waiting, state.attention) == (SyncPhase.SYNCED, 0, 0)
    assert first.one("SELECT count(*) FROM file_queue") == 0
    printed = "SELECT printed_number FROM document"
    assert str(first.one(printed)).endswith("_001")
    second.loop.sync_now()
    wait_for(lambda: second.one("SELECT count(*) FROM file_queue") == 0)
    sha256 = str(second.one("SELECT pdf_sha256 FROM document"))
    assert second.opened.blobs.get(DOCUMENT, sha256) == first.opened.blobs.get(DOCUMENT, sha256)
