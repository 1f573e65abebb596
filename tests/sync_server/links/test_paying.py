"""A pay link pays its stage once; a refused card spends nothing."""

import re
from html import unescape

from tests.sync_server.links.link_room import LinkRoom


def test_a_deposit_is_paid_by_its_link(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    deposit = room.stages(booking_id)[0]
    browser = room.browser()
    page = browser.get(room.link("pay", deposit.id))
    assert page.url.path == "/pay"
    assert "1,225.00" in page.text
    assert "50 % of the price" in page.text
    paid = browser.press("/pay/start", fields={"card": "pm_card_visa"})
    assert paid.url.path == "/pay/return"
    assert "Your deposit has arrived." in paid.text
    assert "Visa ending 4242" in paid.text
    assert room.stages(booking_id)[0].is_paid
    assert room.booking(booking_id).status == "confirmed"
    assert [row["used_at"] is not None for row in room.tokens(deposit.id)] == [True]


def test_a_declined_card_keeps_the_link_and_another_card_pays(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    deposit = room.stages(booking_id)[0]
    path = room.link("pay", deposit.id)
    browser = room.browser()
    browser.get(path)
    declined = browser.press("/pay/start", fields={"card": "pm_card_visa_chargeDeclinedInsufficientFunds"})
    assert declined.url.path == "/pay"
    assert "Card declined. Nothing was charged." in declined.text
    assert "not enough funds on the card" in declined.text
    assert [row["used_at"] for row in room.tokens(deposit.id)] == [None]
    again = room.browser()
    again.get(path)
    paid = again.press("/pay/start", fields={"card": "pm_card_visa"})
    assert "Your deposit has arrived." in paid.text


def test_the_browser_that_comes_back_before_paying_is_shown_the_same_page(room: LinkRoom) -> None:
    deposit = room.stages(room.a_booking())[0]
    browser = room.browser()
    browser.get(room.link("pay", deposit.id))
    back = browser.get("/pay/return?redirect_status=succeeded&payment_intent=pi_1")
    assert back.url.path == "/pay"
    assert "Thank you" not in back.text


def test_pressing_pay_twice_charges_once(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    deposit = room.stages(booking_id)[0]
    path = room.link("pay", deposit.id)
    first, second = room.browser(), room.browser()
    first.get(path)
    second.get(path)
    first.press("/pay/start", fields={"card": "pm_card_visa"})
    late = second.press("/pay/start", fields={"card": "pm_card_visa"})
    assert "Your deposit has arrived." in late.text
    assert room.rows("SELECT count(*) AS n FROM ledger")[0]["n"] == 1


def test_the_banks_own_question_keeps_the_link_and_its_answer_pays(room: LinkRoom) -> None:
    deposit = room.stages(room.a_booking())[0]
    browser = room.browser()
    browser.get(room.link("pay", deposit.id))
    waiting = browser.press("/pay/start", fields={"card": "pm_card_authenticationRequired"})
    assert "Your bank wants to ask you first." in waiting.text
    assert [row["used_at"] for row in room.tokens(deposit.id)] == [None]
    bank = re.search(r'href="(http[^"]+/practice/authenticate/[^"]+)"', waiting.text)
    assert bank is not None
    answered = browser.client.post(unescape(bank[1]), data={"choice": "approve"})
    assert answered.url.path == "/pay/return"
    assert "Your deposit has arrived." in answered.text


def test_a_card_that_is_none_of_the_test_cards_is_refused(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    deposit = room.stages(booking_id)[0]
    browser = room.browser()
    browser.get(room.link("pay", deposit.id))
    answer = browser.press("/pay/start", fields={"card": "4242424242424242"})
    assert answer.status_code == 422
    assert room.stages(booking_id)[0].status == "planned"


def test_the_link_of_a_stage_that_was_paid_at_the_desk_has_ended(room: LinkRoom) -> None:
    deposit = room.stages(room.a_booking())[0]
    path = room.link("pay", deposit.id)
    room.do(
        "payment.record_manual",
        {
            "id": str(deposit.booking_id),
            "stage_id": str(deposit.id),
            "amount_minor": deposit.amount_minor,
            "currency": "EUR",
            "method": "cash",
            "paid_on": "2026-11-23",
        },
    )
    assert room.browser().get(path).status_code == 410
