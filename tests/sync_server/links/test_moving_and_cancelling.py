"""A customer moves or cancels once, sees beforehand what it does, and keeps the link when it is refused."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from tests.sync_server.links.link_room import Browser, LinkRoom

NEW_DAY = date(2027, 9, 18)


def _moving(room: LinkRoom, booking_id: object, path: str | None = None) -> Browser:
    browser = room.browser()
    browser.get(path or room.link("reschedule", booking_id))  # type: ignore[arg-type] # an id it was given
    browser.get(f"/l/move?day={NEW_DAY}")
    return browser


def test_a_view_link_opens_for_half_an_hour_by_one_press(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    path = room.link("view", booking_id)
    browser = room.browser()
    first = browser.get(path)
    assert "Open my booking" in first.text
    assert "EUR" not in first.text
    opened = browser.press("/l/open")
    assert opened.url.path == "/l"
    assert "Still to pay" in opened.text
    assert "2,450.00 EUR" in opened.text
    assert browser.get("/l").text == opened.text
    assert room.browser().get(path).status_code == 410


def test_other_acts_are_mailed_as_links_of_their_own(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    browser = room.browser()
    browser.get(room.link("view", booking_id))
    browser.press("/l/open")
    for purpose in ("reschedule", "cancel", "pay"):
        sent = browser.press("/l/send", purpose=purpose)
        assert "Your link is on its way." in sent.text
        assert "z…e@" in sent.text.replace("\N{WORD JOINER}", "")
    asked = room.rows("SELECT payload FROM event_outbox WHERE name = 'LinkAsked' ORDER BY id")
    assert sorted(row["payload"]["purpose"] for row in asked) == ["cancel", "pay", "reschedule"]


def test_a_view_link_alone_can_do_nothing_else(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    browser = room.browser()
    browser.get(room.link("view", booking_id))
    browser.press("/l/open")
    csrf = browser.form("/l/send")["csrf"]
    for action, fields in (
        ("/l/move", {"day": str(NEW_DAY)}),
        ("/l/cancel", {"preview_hash": "x"}),
        ("/pay/start", {"card": "pm_card_visa"}),
    ):
        browser.client.post(action, data={"csrf": csrf} | fields)
    assert room.booking(booking_id).status == "held"
    assert room.booking(booking_id).start_date == date(2027, 9, 11)


def test_the_move_page_shows_old_and_new_side_by_side_and_moves_by_its_button(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    room.pay(room.stages(booking_id)[0].id)
    browser = _moving(room, booking_id)
    assert browser.last is not None
    text = browser.last.text
    assert "3. Check and move" in text
    assert "Saturday 18 September" in re.sub(r"<[^>]+>", "", text)
    assert "then due on" in text
    moved = browser.press("/l/move")
    assert moved.url.path == "/l"
    assert "Saturday 18 September</span> is your new date" in moved.text or "is your new date" in moved.text
    booking = room.booking(booking_id)
    assert (booking.start_date, booking.schedule_rev) == (NEW_DAY, 2)
    remainder = room.stages(booking_id)[1]
    assert remainder.due_local_date == date(2027, 9, 15)


def test_of_twenty_presses_at_once_one_moves_and_the_others_see_it(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    path = room.link("reschedule", booking_id)
    browsers = [_moving(room, booking_id, path) for _ in range(20)]
    fields = [browser.form("/l/move") for browser in browsers]

    def press(number: int) -> str:
        client = browsers[number].client
        answer = client.post("/l/move", data=fields[number], follow_redirects=False)
        return f"{answer.status_code} {answer.headers.get('Location')}"

    with ThreadPoolExecutor(20) as pool:
        answers = Counter(pool.map(press, range(20)))
    assert answers == {"303 /l": 1, "303 /l?done=1": 19}
    assert room.booking(booking_id).schedule_rev == 2
    late = browsers[0].get("/l?done=1")
    assert "Already done" in late.text
    assert "This booking was moved to" in late.text


def test_a_day_that_was_taken_meanwhile_keeps_the_link(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    browser = _moving(room, booking_id)
    room.a_booking(NEW_DAY)
    refused = browser.press("/l/move")
    assert refused.status_code == 409
    assert "The slot was taken while you were choosing." in refused.text
    assert room.booking(booking_id).schedule_rev == 1
    assert [row["used_at"] for row in room.tokens(booking_id)] == [None]
    browser.get("/l/move?day=2027-09-25")
    assert "is your new date" in browser.press("/l/move").text


def test_a_day_that_is_not_offered_cannot_be_posted(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    browser = _moving(room, booking_id)
    for day in ("2020-01-01", "2029-01-01", "2027-09-11", "no day", ""):
        fields = browser.form("/l/move") if browser.last and "Check and move" in browser.last.text else {}
        browser.client.post("/l/move", data={"csrf": fields.get("csrf", ""), "day": day})
    assert room.booking(booking_id).schedule_rev == 1


def test_a_cancellation_does_exactly_what_was_shown(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    room.pay(room.stages(booking_id)[0].id)
    browser = room.browser()
    page = browser.get(room.link("cancel", booking_id))
    assert "Nothing is cancelled yet." in page.text
    assert "Cancel and refund" in page.text
    done = browser.press("/l/cancel", fields={"reason": "We elope."})
    assert "Your booking is cancelled" in done.text
    booking = room.booking(booking_id)
    assert (booking.status, booking.cancel_reason) == ("cancelled", "customer_cancelled")
    (request,) = room.rows("SELECT * FROM refund_request")
    token_id = room.tokens(booking_id)[0]["id"]
    assert (request["asked_by_kind"], request["asked_by"]) == ("customer", token_id)
    assert (request["note"], request["status"]) == ("We elope.", "requested")
    assert sum(stage.refund_reserved_minor for stage in room.stages(booking_id)) == 122500


def test_sums_that_changed_meanwhile_are_shown_again_and_nothing_is_cancelled(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    browser = room.browser()
    browser.get(room.link("cancel", booking_id))
    room.pay(room.stages(booking_id)[0].id)
    refused = browser.press("/l/cancel")
    assert refused.status_code == 409
    assert "Please look at the new amounts." in refused.text
    assert room.booking(booking_id).status == "confirmed"
    assert "Your booking is cancelled" in browser.press("/l/cancel").text


def test_twenty_cancellations_at_once_ask_for_one_refund(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    room.pay(room.stages(booking_id)[0].id)
    path = room.link("cancel", booking_id)
    browsers = [room.browser() for _ in range(20)]
    for browser in browsers:
        browser.get(path)
    with ThreadPoolExecutor(20) as pool:
        texts = [answer.text for answer in pool.map(lambda one: one.press("/l/cancel"), browsers)]
    assert all("cancelled" in text for text in texts)
    assert room.rows("SELECT count(*) AS n FROM refund_request")[0]["n"] == 1


def test_after_the_policys_last_day_neither_link_acts(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    moving, cancelling = _moving(room, booking_id), room.browser()
    cancelling.get(room.link("cancel", booking_id))
    room.change(
        "UPDATE action_token SET expires_at = now() - interval '1 second' WHERE subject_id = :id",
        id=booking_id,
    )
    assert moving.press("/l/move").status_code == 410
    assert cancelling.press("/l/cancel").status_code == 410
    assert room.booking(booking_id).status == "held"
