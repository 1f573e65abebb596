"""Customer pages: every template renders, and none breaks the promises made to browsers and readers."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from shared.errors import (
    DomainError,
    FieldInvalid,
    PageOutdated,
    PaymentsUnavailable,
    PreviewOutdated,
    SlotTaken,
    StageNotPayable,
    ThingNotFound,
    TooLateToChange,
    TooManyTries,
)
from sync_server.web.page_notices import declined_notice, error_notice
from sync_server.web.page_pieces import Brand
from sync_server.web.page_values import NoticePage
from sync_server.web.pages import brand_stylesheet, page_assets, render_page
from tests.builders.page_samples import (
    a_brand,
    a_cancel_page,
    a_pay_page,
    a_view_open_page,
    a_view_page,
    every_page,
)

PAGES = every_page()
VOID = {"meta", "link", "img", "input", "br", "path", "circle", "rect"}


class _Outline(HTMLParser):
    """Tags with their attributes, and whether every tag that opens also closes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def _outline(html: str) -> _Outline:
    outline = _Outline()
    outline.feed(html)
    assert not outline.open
    return outline


@pytest.mark.parametrize("name", PAGES)
def test_every_page_renders_well_formed_with_one_heading(name: str) -> None:
    outline = _outline(render_page(PAGES[name]))
    assert [tag for tag, _ in outline.tags].count("h1") == 1


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_style_attribute_a_style_element_or_a_handler(name: str) -> None:
    for tag, attributes in _outline(render_page(PAGES[name])).tags:
        assert tag != "style"
        assert not [
            attribute for attribute in attributes if attribute == "style" or attribute.startswith("on")
        ]


@pytest.mark.parametrize("name", PAGES)
def test_only_the_card_form_outside_practice_has_scripts_and_none_is_inline(name: str) -> None:
    html = render_page(PAGES[name])
    assert ("<script" in html) is (name == "pay")
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)


@pytest.mark.parametrize("name", PAGES)
def test_every_form_posts_and_carries_the_csrf_value(name: str) -> None:
    html = render_page(PAGES[name])
    for form in re.findall(r"<form.*?</form>", html, re.DOTALL):
        assert 'method="post"' in form
        assert 'name="csrf" value="c5rf"' in form


@pytest.mark.parametrize("name", PAGES)
def test_the_name_of_the_program_stands_on_no_page(name: str) -> None:
    assert "daybook" not in render_page(PAGES[name]).lower()


@pytest.mark.parametrize("name", PAGES)
def test_the_practice_band_is_on_every_page_of_a_practice_studio_and_on_no_other(name: str) -> None:
    page = PAGES[name]
    assert "PRACTICE" in render_page(replace(page, practice=True))
    assert "PRACTICE" not in render_page(replace(page, practice=False))


@pytest.mark.parametrize("name", PAGES)
def test_nothing_a_page_loads_comes_from_elsewhere(name: str) -> None:
    for tag, attributes in _outline(render_page(PAGES[name])).tags:
        loaded = attributes.get("href") if tag == "link" else attributes.get("src")
        if loaded and tag in {"link", "img", "script"}:
            assert loaded.startswith(("/l/", "data:", "https://js.stripe.com/"))


def test_what_a_customer_wrote_never_becomes_markup() -> None:
    html = render_page(replace(a_view_open_page(), given_name="<script>alert(1)</script>", place='"><b>'))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_the_first_page_of_a_view_link_shows_one_button_and_no_payment() -> None:
    html = render_page(a_view_open_page())
    assert html.count("<button") == 1
    assert "EUR" not in html


def test_the_view_page_offers_links_and_no_act() -> None:
    html = render_page(a_view_page())
    assert re.findall(r'action="([^"]+)"', html) == ["/l/send/pay", "/l/send/move", "/l/send/cancel"]


def test_the_cancel_page_says_that_nothing_has_happened_and_names_the_sum_on_its_button() -> None:
    html = render_page(a_cancel_page())
    assert "Nothing is cancelled yet." in html
    assert re.search(r"<button class=\"button stop\">.*735\.00 EUR", html)


def test_a_shared_host_shows_no_studio() -> None:
    html = render_page(PAGES["link_ended_shared"])
    assert "Bella" not in html
    assert "tel:" not in html


def test_a_declined_card_reads_nothing_was_charged_first() -> None:
    html = render_page(a_pay_page(declined=True))
    assert html.index("Nothing was charged.") < html.index("not enough funds on the card ending 9995.")


@pytest.mark.parametrize(
    ("code", "card", "words"),
    [
        (
            "insufficient_funds",
            "Visa ending 9995",
            "Your bank says: not enough funds on the card ending 9995.",
        ),
        ("generic_decline", "Visa ending 0002", "Your bank says: the card was declined."),
        (None, None, "Your bank says: the card was declined."),
        ("expired_card", None, "Your bank says: the card has expired."),
    ],
)
def test_a_decline_is_told_in_words_without_codes(code: str | None, card: str | None, words: str) -> None:
    assert declined_notice(code, card, "Friday 11 June 2027").rest == words


@pytest.mark.parametrize(
    ("error", "bold"),
    [
        (SlotTaken(), "The slot was taken while you were choosing."),
        (TooLateToChange(), "The time for changing this booking online has passed."),
        (PageOutdated(), "This page is out of date."),
        (PreviewOutdated(), "Something changed meanwhile."),
        (TooManyTries(minutes=5), "Too many tries."),
        (ThingNotFound(), "This does not exist."),
        (PaymentsUnavailable(), "The card service does not answer."),
        (StageNotPayable(), "This payment is already made or no longer needed."),
    ],
)
def test_a_notice_says_the_sentence_of_its_error_word_for_word(error: DomainError, bold: str) -> None:
    notice = error_notice(error)
    assert notice.bold == bold
    assert f"{notice.bold} {notice.rest}".startswith(error.sentence)
    assert bold.removesuffix(".") in render_page(NoticePage(brand=a_brand(), notice=notice))


def test_every_asset_that_the_style_sheet_names_is_served() -> None:
    assets = page_assets()
    named = re.findall(r'url\("([^"]+)"\)', assets["pages.css"].content.decode())
    assert named
    assert set(named) == set(assets) - {"pages.css"}


def test_a_studio_sheet_sets_the_accents_of_both_modes_from_the_colour_alone() -> None:
    sheet = brand_stylesheet("1f6f5c")
    assert sheet.count("--accent:") == 2
    assert "prefers-color-scheme:dark" in sheet
    with pytest.raises(FieldInvalid):
        brand_stylesheet("red;}x{")


def test_a_phone_number_becomes_a_link_that_a_phone_can_dial() -> None:
    brand = Brand(studio_name="S", phone="+33 (0)1 99.00", email="a@b.example")
    assert brand.phone_link == "tel:+3301" + "9900"
