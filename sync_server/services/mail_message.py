"""Turns a finished mail into the bytes that travel: fixed headers, text and HTML, images inside."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from shared.errors import MailRefused
from shared.ports import OutgoingMail

MAX_BYTES: Final = 10 * 1024 * 1024
_FOLDED_ID: Final = b"Message-ID:\r\n <"  # legal, but not every reader unfolds it
_WHOLE_ID: Final = b"Message-ID: <"


def to_bytes(mail: OutgoingMail) -> bytes:
    """The whole message with CRLF. Raises MailRefused for an address that no header can carry."""
    message = EmailMessage(policy=SMTP)
    for name, address in check_addresses(mail).items():
        message[name] = address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    _, html = message.iter_parts()
    for content_id, media_type, data in mail.inline_images:
        kind, _, subtype = media_type.partition("/")
        html.add_related(data, kind, subtype, cid=f"<{content_id}>")
    whole = bytes(message).replace(_FOLDED_ID, _WHOLE_ID, 1)
    if len(whole) > MAX_BYTES:
        raise MailRefused(reason="too large")
    return whole


def check_addresses(mail: OutgoingMail) -> dict[str, Address]:
    """The addresses by header. Raises MailRefused for one that no header can carry."""
    try:
        headers = {
            "From": Address(mail.sender_name, addr_spec=ascii_address(mail.sender_address)),
            "To": Address(addr_spec=ascii_address(mail.recipient)),
        }
        if mail.reply_to:
            headers["Reply-To"] = Address(addr_spec=ascii_address(mail.reply_to))
    except (HeaderParseError, ValueError, IndexError) as fault:
        raise MailRefused(reason="address") from fault
    return headers


def ascii_address(address: str) -> str:
    """The address with its host as DNS knows it; raises UnicodeError (a ValueError)."""
    local, at, host = address.rpartition("@")
    local.encode("ascii")
    return f"{local}{at}{host.encode('idna').decode('ascii')}"
