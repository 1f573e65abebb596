"""Turns a finished mail into the bytes that travel: fixed headers, text and HTML, images inside.

Written out by hand because a worker makes thousands: the standard library parses each header it is given.
"""

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime, formataddr
from functools import lru_cache
from typing import Final

from shared.errors import MailRefused
from shared.ports import OutgoingMail

MAX_BYTES: Final = 10 * 1024 * 1024

_ADDRESS: Final = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")
_ENDS_A_LINE: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_LINES: Final = re.compile(rb".{1,76}")
_LONGEST_LINE: Final = 998
"""Bytes of a line of a mail, its end not counted (RFC 5322, 2.1.1)."""
_HEAD: Final = b"Content-Type: text/%b; charset=utf-8\r\nContent-Transfer-Encoding: %b\r\n\r\n"
_WORD_BYTES: Final = 42
"""As many bytes as an encoded word of a header may carry, whole characters only (RFC 2047)."""


def to_bytes(mail: OutgoingMail) -> bytes:
    """The whole message with CRLF. Raises MailRefused for an address no header can carry, or for its size."""
    for words in (mail.subject, mail.message_id):
        assert not _ENDS_A_LINE.search(words), "a header is one line"
    boundary = f"=_{mail.row_id.hex}"  # no line of a letter begins so
    headers = {
        "From": _sender(mail.sender_name, mail.sender_address),
        "To": _address(mail.recipient),
        **({"Reply-To": _address(mail.reply_to)} if mail.reply_to else {}),
        "Subject": _encoded(mail.subject, after=len("Subject: ")),
        "Date": _date(mail.written_at),
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
    }
    html = _html_part(mail.html)
    if mail.inline_images:
        inner = f"{boundary}r"
        images = [_image_part(*image) for image in mail.inline_images]
        html = _multipart(
            inner, [html, *images], head=f'multipart/related; boundary="{inner}"; type="text/html"'
        )
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii")
    whole = head + b"\r\n" + _parts(boundary, [_text_part(mail.text, "plain"), html])
    if len(whole) > MAX_BYTES:
        raise MailRefused(reason="too large")
    return whole


def check_addresses(mail: OutgoingMail) -> None:
    """Raise MailRefused for a name or address that no header can carry."""
    _sender(mail.sender_name, mail.sender_address)
    for address in (mail.recipient, *([mail.reply_to] if mail.reply_to else [])):
        _address(address)


def ascii_address(address: str) -> str:
    """The address with its host as DNS knows it; raises UnicodeError."""
    local, at, host = address.rpartition("@")
    local.encode("ascii")
    return f"{local}{at}{host if host.isascii() else host.encode('idna').decode('ascii')}"


# the mails of a batch come from one studio at one moment


@lru_cache(maxsize=256)
def _sender(name: str, address: str) -> str:
    if _ENDS_A_LINE.search(name):
        raise MailRefused(reason="address")
    return formataddr((_encoded(name), _address(address)))


@lru_cache(maxsize=256)
def _address(address: str) -> str:
    try:
        written = ascii_address(address)
    except UnicodeError as fault:
        raise MailRefused(reason="address") from fault
    if not _ADDRESS.match(written):
        raise MailRefused(reason="address")
    return written


@lru_cache(maxsize=16)
def _date(moment: datetime) -> str:
    return format_datetime(moment)


def _encoded(words: str, *, after: int = 0) -> str:
    """Words as a header has them: plain ASCII as it is, everything else encoded and folded."""
    if words.isascii() and len(words) + after <= _LONGEST_LINE:
        return words
    pieces: list[bytes] = []
    piece = b""
    for character in words:
        part = character.encode()
        if len(piece) + len(part) > _WORD_BYTES:
            pieces, piece = [*pieces, piece], b""
        piece += part
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(one).decode('ascii')}?=" for one in [*pieces, piece])


def _text_part(text: str, kind: str) -> bytes:
    return _HEAD % (kind.encode(), b"base64") + _base64(_lines(text).encode())


def _html_part(html: str) -> bytes:
    """Lines of ASCII as they are, which is how letters are made; anything else in base64."""
    plain = html.isascii() and "\0" not in html and html.count("\r") == html.count("\n")
    if not plain or max(map(len, html.split("\r\n"))) > _LONGEST_LINE:
        return _text_part(html, "html")
    return _HEAD % (b"html", b"7bit") + html.encode("ascii")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _image_part(content_id: str, media_type: str, data: bytes) -> bytes:
    head = (
        f"Content-Type: {media_type}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{content_id}>\r\nContent-Disposition: inline\r\n\r\n"
    )
    return head.encode("ascii") + _base64(data)


def _multipart(boundary: str, parts: Sequence[bytes], *, head: str) -> bytes:
    return f"Content-Type: {head}\r\n\r\n".encode("ascii") + _parts(boundary, parts)


def _parts(boundary: str, parts: Sequence[bytes]) -> bytes:
    mark = f"--{boundary}".encode("ascii")
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def _base64(data: bytes) -> bytes:
    return b"\r\n".join(_LINES.findall(base64.b64encode(data)))
