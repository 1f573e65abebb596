"""Mails: the shipped wording holds its own rules, and a studio's wording can do nothing but word."""

import re

import pytest

from shared.errors import (
    DomainError,
    TemplateBroken,
    TemplatePlaceholderMissing,
    TemplatePlaceholderUnknown,
    TemplateTooLarge,
)
from shared.mail_text.letter_styles import LetterColours
from shared.mail_text.letters import (
    TEMPLATES,
    MailBranding,
    MailTemplate,
    RenderedMail,
    check_template,
    render_mail,
    shipped_template,
)
from shared.mail_text.placeholders import KINDS, PLACEHOLDERS, AmountRow, sample_values

BRANDING = MailBranding(
    studio_name="Bella Weddings",
    address="14 rue des Tilleuls, 95440 Écouen, France",
    phone="01 99 00 42 17",
    phone_hours="Monday to Friday, 9:00–18:00, Paris time",
    colours=LetterColours("#1F6F5C", "#FFFFFF", "#E3F0EC"),
    logo_cid="logo",
)
SUBJECT = "{{ amount }} received"
TEXT = "{{ studio_name }} {{ amount }} {{ booking_name }}"
HTML = "<p>{{ studio_name }} {{ amount }} {{ booking_name }}</p>"


def _mail(kind: str = "payment_received", **values: str) -> RenderedMail:
    return render_mail(kind, "en", {**sample_values(kind), **values}, branding=BRANDING)


def _check(*, subject: str = SUBJECT, text: str = TEXT, html: str = HTML) -> None:
    check_template("payment_received", subject=subject, text=text, html=html)


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_wording_passes_the_check_of_studio_wordings(kind: str) -> None:
    shipped = shipped_template(kind, "en")
    check_template(kind, subject=shipped.subject, text=shipped.text, html=shipped.html)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("only_required", [False, True])
def test_every_kind_reads_whole_with_and_without_its_optional_values(
    kind: str, *, only_required: bool
) -> None:
    names = KINDS[kind].required if only_required else KINDS[kind].allowed
    values = {name: PLACEHOLDERS[name].sample for name in names}
    mail = render_mail(kind, "en", values, branding=BRANDING)
    assert mail.subject
    assert "\n" not in mail.subject
    for body in (mail.text, re.sub(r"<[^>]+>", "", mail.html)):
        assert "Bella Weddings" in body
        assert "01 99 00 42 17" in body
        assert not re.search(r"\{[{%]|None|[.,] ?[.,](?!\.)|\( ?\)| ,", body), body
        assert "daybook" not in body.lower()


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_has_the_same_links_as_the_html(kind: str) -> None:
    mail = _mail(kind)
    buttons = set(re.findall(r'href="(https://book[^"]+)"', mail.html))
    assert buttons == set(re.findall(r"https://book\S+", mail.text))


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_is_built_of_tables_with_every_style_inline(kind: str) -> None:
    html = _mail(kind).html
    assert "<div" not in html
    assert "background-image" not in html
    for tag in re.findall(r"<(?:h1|p|td|th)\b[^>]*>", html):
        assert tag.count("style=") == 1, tag


@pytest.mark.parametrize("kind", KINDS)
def test_practice_mails_say_so_first(kind: str) -> None:
    branding = MailBranding("Bella Weddings", "", "", "", BRANDING.colours, practice=True)
    mail = render_mail(kind, "en", sample_values(kind), branding=branding)
    assert mail.text.startswith("PRACTICE")
    assert "PRACTICE" in mail.html
    assert "PRACTICE" not in _mail(kind).html


def test_values_are_escaped_in_html_and_plain_in_text() -> None:
    mail = _mail(booking_name="<b>Tom & Ann</b>")
    assert "&lt;b&gt;Tom &amp; Ann&lt;/b&gt;" in mail.html
    assert "<b>Tom & Ann</b>" in mail.text


def test_a_button_label_is_escaped() -> None:
    assert "<i>" not in _mail("new_link", action="<i>go</i>").html


@pytest.mark.parametrize("wicked", ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "a\u2028b", "a\x00b", "a\x85b"])
def test_a_value_cannot_break_out_of_the_subject_line(wicked: str) -> None:
    with pytest.raises(TemplateBroken):
        _mail("studio_alert", alert_title=wicked)


def test_a_link_that_is_no_page_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        _mail("new_link", action_link="javascript:alert(1)")


def test_a_missing_required_value_and_an_unknown_value_are_bugs() -> None:
    with pytest.raises(AssertionError):
        render_mail("payment_received", "en", {"amount": "1.00 EUR"}, branding=BRANDING)
    with pytest.raises(AssertionError):
        _mail(surprise="x")


def test_an_unknown_language_is_written_in_english() -> None:
    english = _mail()
    assert (
        render_mail("payment_received", "fi", sample_values("payment_received"), branding=BRANDING).text
        == english.text
    )


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("{{ studio_name", 1),
        ("a\n{% if amount %}", 2),
        ("{{ ''.__class__ }}", 1),
        ("{{ studio_name.__class__.__mro__ }}", 1),
        ("{{ studio_name.upper() }}", 1),
        ("{{ studio_name|attr('__class__') }}", 1),
        ("{{ '%999999999d' % 1 }}", 1),
        ("{{ 'a' * 1000000000 }}", 1),
        ("{{ 2 ** 999999 }}", 1),
        ("{% set x = 'a' %}", 1),
        ("\n\n{% for x in studio_name %}{% endfor %}", 3),
        ("{% for x in [1, 2] %}{% endfor %}", 1),
        ("{% for x in breakdown %}{% for y in breakdown %}{% endfor %}{% endfor %}", 1),
        ("{% for x in breakdown %}{{ x.__class__ }}{% endfor %}", 1),
        ("{% include 'layout.html' %}", 1),
        ("{% import 'layout.html' as l %}", 1),
        ("{% extends 'layout.html' %}", 1),
        ("{% macro m() %}{% endmacro %}", 1),
        ("{{ cycler }}", None),
        ("{{ range(9) }}", 1),
        ("{{ config }}", None),
        ("{{ self }}", 1),
        ("{{ button(*studio_name) }}", 1),
        ("{{ amount|safe }}", 1),
        ("{{ studio_name[0] }}", 1),
        ("{{ amount < 3 }}", 1),
        ("\n{{ 'a\\x00b' }}", 2),
        ("a\n\x00place\x00", 1),
        ("{% autoescape false %}{{ amount }}{% endautoescape %}", 1),
    ],
)
def test_a_wording_that_tries_more_than_wording_is_refused_with_its_line(
    source: str, line: int | None
) -> None:
    for part in ("text", "html"):
        with pytest.raises(DomainError) as refused:
            _check(**{part: source + (TEXT if part == "text" else HTML)})
        if line is None:
            assert isinstance(refused.value, TemplatePlaceholderUnknown)
        else:
            assert isinstance(refused.value, TemplateBroken)
            assert refused.value.details["line"] == line


@pytest.mark.parametrize(
    "html", ["<script>x</script>", '<p onclick="x">', "<iframe>", "<style>", "<a href='javascript:x'>"]
)
def test_active_html_is_refused(html: str) -> None:
    with pytest.raises(TemplateBroken):
        _check(html=HTML + html)


@pytest.mark.parametrize("part", ["text", "html"])
def test_a_required_placeholder_must_stand_in_text_and_html(part: str) -> None:
    with pytest.raises(TemplatePlaceholderMissing) as refused:
        _check(**{part: "{{ studio_name }} {{ amount }}"})
    assert refused.value.details == {"name": "booking_name", "part": part}


def test_an_unknown_placeholder_is_named_with_its_line() -> None:
    with pytest.raises(TemplatePlaceholderUnknown) as refused:
        _check(text=TEXT + "\n{{ amuont }}")
    assert refused.value.details == {"name": "amuont", "part": "text", "line": 2}


def test_a_template_above_64_kib_is_refused() -> None:
    _check(text=TEXT + "x" * (64 * 1024 - len(TEXT)))
    with pytest.raises(TemplateTooLarge):
        _check(text=TEXT + "x" * (64 * 1024 - len(TEXT) + 1))


def test_a_studios_own_wording_is_used_and_stands_in_the_layout() -> None:
    own = MailTemplate(SUBJECT, TEXT, "<h1>{{ amount }}</h1>" + HTML)
    mail = render_mail(
        "payment_received", "en", sample_values("payment_received"), branding=BRANDING, template=own
    )
    assert mail.subject == "1,225.00 EUR received"
    assert mail.text.startswith("Bella Weddings 1,225.00 EUR Full day\n")
    assert '<h1 style="' in mail.html
    assert "cid:logo" in mail.html


OTHER_ROWS = (AmountRow("Price & more", ""), AmountRow("To pay", "7.00 EUR", total=True))


@pytest.mark.parametrize(
    ("wording", "first", "second"),
    [
        ("{{ booking_name }}", "Full day", "&lt;Half&gt; day"),
        ("{{ booking_name | upper }}", "FULL DAY", "&lt;HALF&gt; DAY"),
        ("{{ booking_name ~ '!' }}", "Full day!", "&lt;Half&gt; day!"),
        ("{% if booking_name == 'Full day' %}whole{% else %}part{% endif %}", "whole", "part"),
        ("{% if paid_by %}by {{ paid_by }}{% else %}unpaid{% endif %}", "by Visa ending\xa04242", "unpaid"),
        ("{{ paid_by or stage_name }}", "Visa ending\xa04242", "Remainder"),
        ("{{ breakdown | length }}", "3", "2"),
        (
            "{% for row in breakdown %}{{ row.name }}{{ ':' if row.total else ',' }}{% endfor %}",
            "Price, VAT included,Deposit, paid on 20 November 2026,Remainder:",
            "Price &amp; more,To pay:",
        ),
        (
            "{% for row in breakdown %}{{ row.amount | lower }};{% endfor %}",
            "2,450.00 eur;−1,225.00 eur;1,225.00 eur;",
            ";7.00 eur;",
        ),
        (
            "{% for row in breakdown %}{{ row.amount or 'free' }};{% endfor %}",
            "2,450.00\xa0EUR;−1,225.00\xa0EUR;1,225.00\xa0EUR;",
            "free;7.00\xa0EUR;",
        ),
    ],
)
def test_a_wording_that_has_served_one_mail_says_of_the_next_what_is_true_of_that(
    wording: str, first: str, second: str
) -> None:
    own = MailTemplate(SUBJECT, TEXT, f"{HTML}<p>[{wording}]</p>")
    sample = sample_values("payment_received")
    other = sample | {
        "booking_name": "<Half> day",
        "paid_by": "",
        "stage_name": "Remainder",
        "breakdown": OTHER_ROWS,
    }
    for values, said in ((sample, first), (other, second), (sample, first)):
        mail = render_mail("payment_received", "en", values, branding=BRANDING, template=own)
        assert f">[{said}]</p>" in _with_letters(mail.html)


def _with_letters(html: str) -> str:
    """The HTML with the characters that stand in it by their numbers."""
    return re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), html)


def test_html_is_lines_of_ascii_whatever_is_said() -> None:
    values = sample_values("payment_received") | {"booking_name": "東京 😀\nDay & night", "paid_by": "Zoë"}
    mail = render_mail("payment_received", "en", values, branding=BRANDING)
    assert mail.html.isascii()
    assert mail.html.count("\r\n") == mail.html.count("\n") == mail.html.count("\r")
    assert "東京 😀\r\nDay &amp; night" in _with_letters(mail.html)


def test_every_kind_has_three_files_and_every_file_a_kind() -> None:
    found = {path.name for path in (TEMPLATES / "en").iterdir()} - {"layout.html", "layout.txt"}
    assert found == {f"{kind}{end}" for kind in KINDS for end in (".subject.txt", ".txt", ".html")}
