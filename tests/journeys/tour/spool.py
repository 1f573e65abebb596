"""The mail spool, read as files: which mails went to whom, and the links in them."""

import email.message
import email.policy
import re
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from shared.ids import derived_id
from shared.models.mail import ReminderLog
from sync_server.practice.mail_viewer import shown_html

_LINK = re.compile(r"https?://[^\s<>\"]+/l/[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class SpooledMail:
    """One mail that was sent."""

    kind: str
    row_id: UUID
    """The server's row that this mail was sent for, as its Message-ID names it."""
    recipient: str
    subject: str
    text: str
    html: str
    file: Path

    @property
    def links(self) -> list[str]:
        """The action links in it, in order, each once."""
        return list(dict.fromkeys(_LINK.findall(self.text)))

    def is_told_by(self, log: ReminderLog) -> bool:
        """Whether this line of the studio's log was written for this mail."""
        return derived_id(self.row_id, "log", log.tries, log.outcome) == log.id


class Spool:
    """The folder that practice mail goes to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, SpooledMail] = {}

    def mails(self, recipient: str, kind: str | None = None) -> list[SpooledMail]:
        """What went to this person, oldest first."""
        for file in self._folder.rglob("*.eml"):
            if file not in self._read:
                self._read[file] = _parse(file)
        found = [
            mail
            for mail in self._read.values()
            if mail.recipient.lower() == recipient.lower() and kind in (None, mail.kind)
        ]
        return sorted(found, key=lambda mail: mail.file.stat().st_mtime_ns)


def _parse(file: Path) -> SpooledMail:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    text, html = message.get_body(("plain",)), shown_html(message)
    kind, row_id = str(message["Message-ID"]).strip("<>").partition("@")[0].split(".", 1)
    return SpooledMail(
        kind=kind,
        row_id=UUID(row_id),
        recipient=str(message["To"].addresses[0].addr_spec),
        subject=str(message["Subject"]),
        text=str(text.get_content()) if text else "",
        html=html,
        file=file,
    )
