"""Puts practice mail into a folder, each exactly once: a file per Message-ID, whole or not there at all."""

import hashlib
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from shared.errors import MailRefusedForNow, MailUncertain
from shared.ports import MailSession, OutgoingMail
from sync_server.services.mail_message import check_addresses, to_bytes

AT_ONCE: Final = 100
"""Handed over together: after a crash each file says by itself whether it was sent."""


class SpoolMailer:
    """A ``Mailer`` that sends nothing anywhere."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def at_once(self) -> int:
        """How many mails may be handed over together."""
        return AT_ONCE

    def connect(self) -> MailSession:
        """The folder is there. Raises MailRefusedForNow."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise MailRefusedForNow(reason="folder") from fault
        return _SpoolSession(self)

    def look_up(self, mail: OutgoingMail) -> bool:
        """Whether its file is there."""
        return self.path_of(mail).exists()

    def path_of(self, mail: OutgoingMail) -> Path:
        """Where it lies: named by its Message-ID alone."""
        name = hashlib.sha256(mail.message_id.encode()).hexdigest()
        return self._folder / str(mail.tenant_id) / f"{name}.eml"

    def draft(self, mail: OutgoingMail) -> "_Draft | None":
        """Write the mail beside its place; None if it lies there. Raises MailRefusedForNow, MailRefused.

        The system is asked to begin with the disk at once, so that :meth:`put` hardly waits.
        """
        path = self.path_of(mail)
        if path.exists():
            return None
        data = to_bytes(mail)
        draft = path.with_name(f".{path.stem}.{secrets.token_hex(8)}")
        try:
            path.parent.mkdir(exist_ok=True)
            file = draft.open("xb")
        except OSError as fault:
            raise MailRefusedForNow(reason="folder") from fault
        try:
            file.write(data)
            file.flush()
            if sys.platform == "linux":
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        except OSError as fault:
            _Draft(file, draft).drop()
            raise MailRefusedForNow(reason="folder") from fault
        return _Draft(file, draft)

    def put(self, mail: OutgoingMail, draft: "_Draft | None") -> str:
        """Make a draft the mail, once; the file's name. Raises MailRefusedForNow, MailUncertain."""
        path = self.path_of(mail)
        if draft is None:
            return path.name
        try:
            os.fsync(draft.file.fileno())
        except OSError as fault:
            draft.drop()
            raise MailRefusedForNow(reason="folder") from fault
        try:
            os.link(draft.path, path)
        except FileExistsError:
            pass  # another process was faster: it is sent
        except OSError as fault:
            raise MailUncertain from fault
        finally:
            draft.drop()
        return path.name


@dataclass(frozen=True)
class _Draft:
    """A mail that nobody sees yet."""

    file: BinaryIO
    path: Path

    def drop(self) -> None:
        """Take it away; what was made of it stays."""
        self.file.close()
        self.path.unlink(missing_ok=True)


class _SpoolSession:
    """One conversation with a folder: a draft for each mail that is addressed, later made the mail."""

    def __init__(self, spool: SpoolMailer) -> None:
        self._spool = spool
        self._drafts: dict[str, _Draft | None] = {}

    def address(self, mail: OutgoingMail) -> None:
        """Every address is good here, if a header can carry it. Raises MailRefusedForNow, MailRefused."""
        check_addresses(mail)
        self._drafts[mail.message_id] = self._spool.draft(mail)

    def send_body(self, mail: OutgoingMail) -> str:
        """Put the file in its place once; its name is the provider's id."""
        return self._spool.put(mail, self._drafts.pop(mail.message_id))

    def close(self) -> None:
        """What was addressed and not sent is taken away."""
        for draft in self._drafts.values():
            if draft is not None:
                draft.drop()
