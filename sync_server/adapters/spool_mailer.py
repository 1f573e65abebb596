"""Puts practice mail into a folder, each exactly once: a file per Message-ID, whole or not there at all."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

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

    def put(self, mail: OutgoingMail) -> str:
        """Write the file once; the file's name. Raises MailRefusedForNow, MailRefused, MailUncertain."""
        path = self.path_of(mail)
        if path.exists():
            return path.name
        data = to_bytes(mail)
        draft = path.with_name(f".{path.stem}.{secrets.token_hex(8)}")
        try:
            path.parent.mkdir(exist_ok=True)
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as fault:
            draft.unlink(missing_ok=True)
            raise MailRefusedForNow(reason="folder") from fault
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was faster: it is sent
        except OSError as fault:
            raise MailUncertain from fault
        finally:
            draft.unlink(missing_ok=True)
        return path.name


class _SpoolSession:
    """One conversation with a folder."""

    def __init__(self, spool: SpoolMailer) -> None:
        self._spool = spool

    def address(self, mail: OutgoingMail) -> None:
        """Every address is good here, if a header can carry it."""
        check_addresses(mail)

    def send_body(self, mail: OutgoingMail) -> str:
        """Write the file once; its name is the provider's id."""
        return self._spool.put(mail)

    def close(self) -> None:
        """Nothing stays open."""
