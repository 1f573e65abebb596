"""Sends mail through a mail server by SMTP, over a checked certificate; one conversation per batch.

MAIL and RCPT come before the handover, DATA after it. What the server definitely answers is an answer; a lost
connection after the body is none.
"""

import smtplib
import ssl
from dataclasses import dataclass
from typing import Final

from shared.errors import MailRefused, MailRefusedForNow, MailUncertain
from shared.ports import MailSession, OutgoingMail
from sync_server.services.mail_message import ascii_address, check_addresses, to_bytes

TIMEOUT_S: Final = 30
_TLS_PORT: Final = 465
_PERMANENT: Final = 500
_OK: Final = 250


@dataclass(frozen=True)
class SmtpAccount:
    """Where to, and who signs in; plain text goes to this machine only."""

    host: str
    port: int
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"SmtpAccount({self.host}:{self.port})"

    @property
    def is_local(self) -> bool:
        """Whether the server is this machine."""
        return self.host == "127.0.0.1"


class SmtpMailer:
    """A ``Mailer`` over SMTP."""

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account

    @property
    def at_once(self) -> int:
        """One: nobody can be asked afterwards."""
        return 1

    def connect(self) -> MailSession:
        """Connect, encrypt and sign in. Raises MailRefusedForNow."""
        account = self._account
        checked = ssl.create_default_context()
        try:
            if account.port == _TLS_PORT:
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    account.host, account.port, timeout=TIMEOUT_S, context=checked
                )
            else:
                server = smtplib.SMTP(account.host, account.port, timeout=TIMEOUT_S)
                if not account.is_local:
                    server.starttls(context=checked)
            server.ehlo_or_helo_if_needed()
            if account.user:
                server.login(account.user, account.password)
        except (OSError, smtplib.SMTPException) as fault:
            raise MailRefusedForNow(reason=type(fault).__name__) from fault
        return _SmtpSession(server)

    def look_up(self, mail: OutgoingMail) -> None:
        """A mail server does not remember."""
        del mail


class _SmtpSession:
    """One conversation."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server
        self._is_addressed = False

    def address(self, mail: OutgoingMail) -> None:
        """MAIL and RCPT. Raises MailRefusedForNow, MailRefused."""
        check_addresses(mail)
        try:
            if self._is_addressed:
                self._server.rset()
            self._is_addressed = True
            _check(*self._server.mail(ascii_address(mail.sender_address)))
            _check(*self._server.rcpt(ascii_address(mail.recipient)))
        except (OSError, smtplib.SMTPException) as fault:
            raise MailRefusedForNow(reason=type(fault).__name__) from fault

    def send_body(self, mail: OutgoingMail) -> str:
        """DATA; the server's own words as the id. Raises MailUncertain when the answer was lost."""
        data = to_bytes(mail)
        self._is_addressed = False
        try:
            code, words = self._server.data(data)
        except smtplib.SMTPDataError as refusal:  # DATA itself was refused: no byte of the body went out
            _check(refusal.smtp_code, b"")
            raise MailUncertain from refusal
        except (OSError, smtplib.SMTPException) as fault:
            raise MailUncertain from fault
        _check(code, words)
        return words.decode("ascii", "replace")[:200]

    def close(self) -> None:
        """Say goodbye, if anybody is still there."""
        try:
            self._server.quit()
        except (OSError, smtplib.SMTPException):
            self._server.close()


def _check(code: int, words: bytes) -> None:
    """Raise what a reply code means: 4xx for now, 5xx for good."""
    del words  # may repeat the address
    if code >= _PERMANENT:
        raise MailRefused(reason=str(code))
    if code // 100 != _OK // 100:
        raise MailRefusedForNow(reason=str(code))
