"""Customers use the real pages in a real browser: paying, moving, cancelling, with and without scripts."""

from datetime import date

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NewPage
from tests.sync_server.links.link_room import LinkRoom

WIDTH_OF_A_SMALL_PHONE = 320


def _come(page: Page, room: LinkRoom, path: str) -> Page:
    page.goto(room.base_url + path)
    return page


def _choose_card(page: Page, name: str) -> None:
    page.locator("label.card-choice", has_text=name).first.click()
    page.get_by_role("button", name="in practice").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_refused_card_and_then_a_good_one_pay_the_deposit(
    room: LinkRoom, new_page: NewPage, *, scripts: bool
) -> None:
    booking_id = room.a_booking()
    page = _come(new_page(scripts=scripts), room, room.link("pay", room.stages(booking_id)[0].id))
    assert page.locator("h1").inner_text() == "Pay the deposit"
    _choose_card(page, "Card without enough money")
    assert "not enough funds on the card ending" in page.get_by_role("alert").inner_text()
    _choose_card(page, "Card that works")
    assert "Your deposit has arrived." in page.locator("h1").inner_text()
    assert room.booking(booking_id).status == "confirmed"


def test_a_booking_is_opened_and_its_link_to_move_is_sent_without_scripts(
    room: LinkRoom, new_page: NewPage
) -> None:
    booking_id = room.a_booking()
    page = _come(new_page(scripts=False), room, room.link("view", booking_id))
    page.get_by_role("button", name="Open my booking").click()
    assert page.locator("h1").inner_text() == "Your event day, Zoë"
    page.get_by_role("button", name="Send me the link to move").click()
    assert "Your link is on its way." in page.get_by_role("status").inner_text()


def test_a_booking_is_moved_by_three_plain_steps_without_scripts(room: LinkRoom, new_page: NewPage) -> None:
    booking_id = room.a_booking()
    page = _come(new_page(scripts=False), room, room.link("reschedule", booking_id))
    page.get_by_role("link", name="Saturday 18 September 2027, free").click()
    page.get_by_role("button", name="Move to Saturday 18 September, 14:00").click()
    assert page.locator("h1").inner_text().replace("\n", " ") == "Saturday 18 September is your new date"
    assert room.booking(booking_id).start_date == date(2027, 9, 18)
    page.reload()
    assert "is your new date" in page.locator("h1").inner_text()


def test_a_booking_is_cancelled_after_its_sums_were_shown_without_scripts(
    room: LinkRoom, new_page: NewPage
) -> None:
    booking_id = room.a_booking()
    room.pay(room.stages(booking_id)[0].id)
    page = _come(new_page(scripts=False), room, room.link("cancel", booking_id))
    page.get_by_label("Would you like to tell us why?").fill("We elope.")
    page.get_by_role("button", name="Cancel and refund 1,225.00 EUR").click()
    assert page.locator("h1").inner_text() == "Your booking is cancelled"
    assert room.booking(booking_id).status == "cancelled"


def test_nothing_scrolls_sideways_on_a_small_phone(room: LinkRoom, new_page: NewPage) -> None:
    booking_id = room.a_booking()
    deposit = room.stages(booking_id)[0]
    page = new_page(width=WIDTH_OF_A_SMALL_PHONE)
    for purpose, subject_id in (("pay", deposit.id), ("cancel", booking_id), ("view", booking_id)):
        _come(page, room, room.link(purpose, subject_id))
        _fits(page)
    page.get_by_role("button", name="Open my booking").click()
    _fits(page)
    _come(page, room, room.link("reschedule", booking_id))
    _fits(page)
    page.get_by_role("link", name="Saturday 18 September 2027, free").click()
    _fits(page)


def _fits(page: Page) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= WIDTH_OF_A_SMALL_PHONE, page.url


def test_every_act_can_be_done_by_keyboard(room: LinkRoom, new_page: NewPage) -> None:
    booking_id = room.a_booking()
    page = _come(new_page(), room, room.link("view", booking_id))
    button = page.get_by_role("button", name="Open my booking")
    for _ in range(10):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/l")
    page.get_by_role("heading", name="Payments").wait_for()


def test_a_dead_link_offers_a_new_one(room: LinkRoom, new_page: NewPage) -> None:
    booking_id = room.a_booking()
    path = room.link("view", booking_id)
    page = _come(new_page(), room, path)
    page.get_by_role("button", name="Open my booking").click()
    other = new_page()
    other.goto(room.base_url + path, wait_until="domcontentloaded")
    assert other.locator("h1").inner_text() == "This link is no longer valid"
    other.get_by_role("button", name="Send me a new link").click()
    assert "a new one is on its way" in other.locator("h1").inner_text().replace("\n", " ")
    assert len(room.rows("SELECT 1 FROM event_outbox WHERE name = 'LinkAsked'")) == 1
