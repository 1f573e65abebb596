"""A scanner changes nothing, a stranger learns nothing, and another site's form does nothing."""

import base64
import hashlib
from datetime import date
from uuid import UUID

import pytest

from shared.ids import new_id
from tests.sync_server.limit_windows import stay_inside_one_window
from tests.sync_server.links.link_room import LinkRoom

NOBODYS = "/l/" + "A" * 43
CSP = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)


def test_ten_scanners_change_nothing_and_the_customers_press_works(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    path = room.link("view", booking_id)
    for _ in range(10):
        scanner = room.browser()
        assert scanner.client.head(path).status_code == 200
        scanner.get(path)
        scanner.get("/l")
        scanner.client.head("/l")
    (row,) = room.tokens(booking_id)
    assert (row["views"], row["used_at"], row["revoked_at"]) == (10, None, None)
    browser = room.browser()
    browser.get(path)
    assert "Still to pay" in browser.press("/l/open").text


@pytest.mark.parametrize("purpose", ["reschedule", "cancel", "pay"])
def test_looking_at_an_acting_link_leaves_the_subject_alone(room: LinkRoom, purpose: str) -> None:
    booking_id = room.a_booking()
    subject_id = room.stages(booking_id)[0].id if purpose == "pay" else booking_id
    path = room.link(purpose, subject_id)
    before = room.rows("SELECT * FROM booking") + room.rows("SELECT * FROM payment_stage ORDER BY id")
    for _ in range(10):
        room.browser().get(path)
        room.browser().client.head(path)
    assert room.rows("SELECT * FROM booking") + room.rows("SELECT * FROM payment_stage ORDER BY id") == before
    assert [row["used_at"] for row in room.tokens(subject_id)] == [None]


def _used(room: LinkRoom, booking_id: UUID) -> str:
    path = room.link("view", booking_id)
    browser = room.browser()
    browser.get(path)
    browser.press("/l/open")
    return path


def _expired(room: LinkRoom, booking_id: UUID) -> str:
    path = room.link("cancel", booking_id)
    room.change("UPDATE action_token SET expires_at = now() - interval '1 second' WHERE purpose = 'cancel'")
    return path


def _of_an_earlier_date(room: LinkRoom, booking_id: UUID) -> str:
    path = room.link("reschedule", booking_id)
    mover = room.browser()
    mover.get(room.link("reschedule", booking_id))
    mover.get("/l/move?day=2027-09-18")
    mover.press("/l/move")
    return path


def _of_another_address(room: LinkRoom, booking_id: UUID) -> str:
    path = room.link("view", booking_id)
    room.do(
        "customer.edit",
        {
            "id": str(room.house.customer_id),
            "patch": {"email": {"from": "zoe@example.com", "to": "new@example.com"}},
        },
    )
    return path


def test_dead_links_answer_alike_to_the_byte(room: LinkRoom) -> None:
    answers = {
        "never one": room.browser().get(NOBODYS),
        "malformed": room.browser().get("/l/not-a-link"),
        "used": room.browser().get(_used(room, room.a_booking())),
        "expired": room.browser().get(_expired(room, room.a_booking(date(2027, 9, 4)))),
        "earlier date": room.browser().get(_of_an_earlier_date(room, room.a_booking(date(2027, 8, 28)))),
        "cancelled": None,
        "no cookie": room.browser().get("/l"),
        "other page": room.browser().get("/pay"),
    }
    booking_id = room.a_booking(date(2027, 8, 21))
    path = room.link("view", booking_id)
    room.do("booking.cancel", {"id": str(booking_id), "reason": "studio_cancelled"})
    answers["cancelled"] = room.browser().get(path)
    answers["other address"] = room.browser().get(
        _of_another_address(room, room.a_booking(date(2027, 8, 14)))
    )
    assert {cause: answer.status_code for cause, answer in answers.items() if answer} == dict.fromkeys(
        answers, 410
    )
    bodies = {hashlib.sha256(answer.content).hexdigest() for answer in answers.values() if answer}
    assert len(bodies) == 1
    headers = {
        tuple(sorted((name, value) for name, value in answer.headers.items() if name not in _OF_EACH))
        for answer in answers.values()
        if answer
    }
    assert len(headers) == 1


_OF_EACH = ("date", "x-request-id")


def test_a_new_link_is_promised_to_everybody_and_mailed_to_the_booking_alone(room: LinkRoom) -> None:
    ended = _used(room, room.a_booking())
    texts = []
    for path in (ended, NOBODYS, "/l/not-a-link"):
        browser = room.browser()
        browser.get(path)
        texts.append(browser.client.post(path, data={"csrf": ""}).text)
    assert len(set(texts)) == 1
    assert "on its way" in texts[0]
    (asked,) = room.rows("SELECT payload FROM event_outbox WHERE name = 'LinkAsked'")
    assert asked["payload"]["purpose"] == "view"


def test_a_host_of_several_studios_names_none(room: LinkRoom) -> None:
    alone = room.browser().get(NOBODYS)
    assert "Bella Weddings" in alone.text
    type(room.house)(room.server.ground.units, code="OTHER").open()
    shared = room.browser().get(NOBODYS)
    assert shared.status_code == 410
    assert "Bella" not in shared.text


def test_a_link_starts_with_our_address_whatever_the_host_header_says(room: LinkRoom) -> None:
    path = room.link("view", room.a_booking())
    answer = room.browser().client.get(path, headers={"Host": "evil.example"}, follow_redirects=False)
    assert answer.headers["Location"] == "/l"
    assert "evil.example" not in room.browser().client.get("/l", headers={"Host": "evil.example"}).text


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": ""},
    ],
)
def test_a_form_of_another_site_is_out_of_date(room: LinkRoom, headers: dict[str, str]) -> None:
    booking_id = room.a_booking()
    browser = room.browser()
    browser.get(room.link("cancel", booking_id))
    answer = browser.client.post("/l/cancel", data=browser.form("/l/cancel"), headers=headers)
    assert answer.status_code == 403
    assert "This page is out of date." in answer.text
    assert room.booking(booking_id).status == "held"


def test_a_form_without_its_proof_or_with_that_of_another_page_is_out_of_date(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    browser = room.browser()
    browser.get(room.link("cancel", booking_id))
    fields = browser.form("/l/cancel")
    other = room.browser()
    other.get(room.link("view", booking_id))
    for csrf in ("", "x", other.form("/l/open")["csrf"]):
        assert browser.client.post("/l/cancel", data=fields | {"csrf": csrf}).status_code == 403
    assert other.client.post("/l/open", data={"csrf": fields["csrf"]}).status_code == 403
    assert room.booking(booking_id).status == "held"


def test_a_browser_that_hides_its_origin_but_says_same_site_may_press(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    browser = room.browser()
    browser.get(room.link("cancel", booking_id))
    headers = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    browser.client.post("/l/cancel", data=browser.form("/l/cancel"), headers=headers)
    assert room.booking(booking_id).status == "cancelled"


def test_a_changed_cookie_is_no_cookie(room: LinkRoom) -> None:
    browser = room.browser()
    browser.get(room.link("view", room.a_booking()))
    value = browser.client.cookies["lnk"]
    parts = value.split(".")
    for forged in (
        value[:-2] + ("AA" if not value.endswith("AA") else "BB"),
        ".".join([parts[0], parts[1], new_id().hex, *parts[3:]]),
        ".".join([*parts[:3], "1", *parts[4:]]),
        "é" * 6,
        "....." + parts[5],
        "9.x.x.0.x." + parts[5],
    ):
        browser.client.cookies.clear()
        headers = {"Cookie": b"lnk=" + forged.encode("latin-1", "replace")}
        assert browser.client.get("/l", headers=headers).status_code == 410  # type: ignore[arg-type] # a raw byte


def test_a_link_that_acts_on_the_wrong_page_does_nothing(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    for purpose in ("view", "reschedule", "cancel"):
        browser = room.browser()
        browser.get(room.link(purpose, booking_id))
        for action in ("/l/open", "/l/move", "/l/cancel", "/l/invoice", "/l/password", "/pay/start"):
            if (purpose, action) not in {
                ("view", "/l/open"),
                ("reschedule", "/l/move"),
                ("cancel", "/l/cancel"),
            }:
                csrf = _csrf(room, browser.client.cookies["lnk"], action)
                browser.client.post(action, data={"csrf": csrf, "day": "2027-09-18", "password": "x" * 12})
    assert room.booking(booking_id).status == "held"
    assert room.booking(booking_id).schedule_rev == 1
    assert [row["used_at"] for row in room.tokens(booking_id)] == [None, None, None]


def _csrf(room: LinkRoom, cookie: str, page: str) -> str:
    mac = room.server.ground.keys.cookie_key.sign(f"csrf|{cookie}|{page}".encode())
    assert mac is not None
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def test_every_answer_carries_the_headers_of_customer_pages(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    deposit = room.stages(booking_id)[0]
    browser = room.browser()
    answers = [browser.client.get(NOBODYS), browser.client.post(NOBODYS), browser.client.post("/l/open")]
    for purpose, subject_id in (
        ("view", booking_id),
        ("reschedule", booking_id),
        ("cancel", booking_id),
        ("pay", deposit.id),
    ):
        path = room.link(purpose, subject_id)
        answers.append(browser.client.get(path, follow_redirects=False))
        answers.append(browser.client.get(path))
    for answer in answers:
        assert answer.headers["Content-Security-Policy"] == CSP, answer.url
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"]
        assert "<script" not in answer.text
    cookie = answers[3].headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=1800" in cookie


def test_style_sheets_and_fonts_are_served_and_nothing_beside_them(room: LinkRoom) -> None:
    client = room.browser().client
    assert client.get("/l/assets/pages.css").headers["Content-Type"].startswith("text/css")
    assert "--accent:#1F6F5C" in client.get("/l/brand/1f6f5c.css").text
    for path in ("/l/assets/..%2f..%2fpyproject.toml", "/l/assets/base.html", "/l/brand/red.css"):
        assert client.get(path).status_code == 404


def test_the_same_link_is_mailed_again_while_it_is_valid(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    assert room.link("view", booking_id) == room.link("view", booking_id)
    assert len(room.tokens(booking_id)) == 1


def test_no_table_holds_a_link(room: LinkRoom) -> None:
    booking_id = room.a_booking()
    raw = [room.link(purpose, booking_id).removeprefix("/l/") for purpose in ("view", "cancel", "reschedule")]
    browser = room.browser()
    browser.get(f"/l/{raw[0]}")
    browser.press("/l/open")
    browser.press("/l/send", purpose="cancel")
    names = room.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for name in (row["tablename"] for row in names):
        if name == "stripe_event":  # the web's role may not read it
            continue
        for row in room.rows(f"SELECT t::text AS words FROM {name} t"):
            assert not any(token in row["words"] for token in raw), name


def test_many_looks_from_one_address_are_slowed_down(limited_room: LinkRoom) -> None:
    client = limited_room.browser().client
    stay_inside_one_window("link_get_ip")
    answers = [client.get(NOBODYS).status_code for _ in range(61)]
    assert answers[:60] == [410] * 60
    assert answers[60] == 429
