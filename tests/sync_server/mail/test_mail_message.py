"""A mail's bytes read back as what went in, in any script, and nothing in it makes a header of its own."""

import email
import email.policy
import html
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

import pytest

from shared.errors import MailRefused
from shared.ports import OutgoingMail
from sync_server.services.mail_message import MAX_BYTES, to_bytes

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(200)
MAIL = OutgoingMail(
    message_id="<booking_confirmed.2ce707aa-49bd-5f21-8ab4-1e669ef4e5ae@mail.a-long-name.example>",
    row_id=UUID(int=1),
    tenant_id=UUID(int=2),
    sender_name="Bella Weddings",
    sender_address="bookings@mail.example",
    reply_to="hello@bella.example",
    recipient="zoe@example.com",
    subject="1,225.00 EUR due on Monday 18 January",
    text="Dear Zoë,\n\n" + "a long line " * 40 + "\n.\nFrom here on\n",
    html="<p>Dear Zoë</p>",
    written_at=datetime(2027, 1, 11, 9, 30, tzinfo=UTC),
)


def _read(mail: OutgoingMail) -> EmailMessage:
    data = to_bytes(mail)
    assert data.isascii()
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content = str(part.get_content()).replace("\r\n", "\n")
    return html.unescape(content) if kind == "html" else content


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("Bella Weddings", "1,225.00 EUR due on Monday 18 January"),
        ("Bella & Söhne, „Weddings“", "Zoë Brûlé: 1.225,00 €, fällig am Montag"),
        ("東京スタジオ", "予約が確定しました。" * 12),
        ("استوديو", "تم تأكيد حجزك"),
        ('O"Brien <studio>', "x" * 300),
    ],
)
def test_what_goes_in_comes_out(name: str, subject: str) -> None:
    message = _read(replace(MAIL, sender_name=name, subject=subject))
    (sender,) = message["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "bookings@mail.example")
    assert (message["Subject"], message["To"]) == (subject, "zoe@example.com")
    assert (message["Message-ID"], message["Reply-To"]) == (MAIL.message_id, "hello@bella.example")
    assert message["Date"].datetime == MAIL.written_at
    assert message["Auto-Submitted"] == "auto-generated"
    assert (_body(message, "plain"), _body(message, "html")) == (MAIL.text, MAIL.html)


def test_images_lie_inside() -> None:
    message = _read(replace(MAIL, inline_images=(("logo", "image/png", PIXEL),)))
    (image,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert (image["Content-ID"], image.get_content()) == ("<logo>", PIXEL)
    assert _body(message, "html") == MAIL.html


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("<p>Dear Zo&#235;</p>\r\n.\r\nFrom here on\r\n\r\n", "7bit"),
        ("x" * 998, "7bit"),
        ("x" * 999, "base64"),
        ("<p>東京 😀 &amp; \N{NO-BREAK SPACE}</p>", "base64"),
        ("one line\nanother", "base64"),
        ("a\0b", "base64"),
        ("a\rb", "base64"),
    ],
)
def test_html_travels_as_it_is_unless_a_line_cannot_carry_it(written: str, way: str) -> None:
    message = _read(replace(MAIL, html=written))
    part = message.get_body(("html",))
    assert part is not None
    assert part["Content-Transfer-Encoding"] == way
    assert _body(message, "html") == html.unescape(written).replace("\r\n", "\n")


def test_a_host_of_another_script_is_named_as_dns_knows_it() -> None:
    message = _read(replace(MAIL, recipient="zoe@brûlé.example"))
    assert message["To"] == "zoe@xn--brl-dma2g.example"


@pytest.mark.parametrize("field", ["sender_name", "recipient", "sender_address", "reply_to"])
@pytest.mark.parametrize("ending", ["\r\nBcc: all@example.com", "\nBcc: x", "\x00", "\u2028x"])
def test_no_line_break_gets_into_a_header(field: str, ending: str) -> None:
    with pytest.raises(MailRefused):
        to_bytes(replace(MAIL, **{field: getattr(MAIL, field) + ending}))


def test_too_large_a_mail_is_refused() -> None:
    with pytest.raises(MailRefused):
        to_bytes(replace(MAIL, html="x" * MAX_BYTES))
