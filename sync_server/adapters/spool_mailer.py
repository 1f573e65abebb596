"""Puts practice mail into a folder, each exactly once: a file per Message-ID, whole or not there at all."""

import ctypes
import hashlib
import os
import secrets
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from shared.errors import MailRefusedForNow, MailUncertain
from shared.ports import MailSession, OutgoingMail
from sync_server.services.mail_message import to_bytes

AT_ONCE: Final = 500
"""Handed over together: after a crash each file says by itself whether it was sent."""
_BINARY: Final = getattr(os, "O_BINARY", 0)


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
        return _SpoolSession(self._folder)

    def look_up(self, mail: OutgoingMail) -> bool:
        """Whether its file is there."""
        return (self._folder / str(mail.tenant_id) / _name(mail)).exists()


def _name(mail: OutgoingMail) -> str:
    """What a mail is called in its studio's folder: it follows from its Message-ID alone."""
    return f"{hashlib.sha256(mail.message_id.encode()).hexdigest()}.eml"


@dataclass(frozen=True)
class _Draft:
    """A mail that nobody sees yet: a file beside its place, closed, for a batch would be many open ones."""

    name: str
    place: str
    path: str

    def drop(self) -> None:
        """Take it away; what was made of it stays."""
        with suppress(FileNotFoundError):
            os.unlink(self.path)  # noqa: PTH108 - one of thousands: a Path would be taken to pieces first


class _SpoolSession:
    """One conversation with a folder: a draft for each mail that is addressed, later made the mail.

    All drafts are brought to the disk by one wait, before the first of them becomes a mail.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mark = secrets.token_hex(8)  # no draft of another session has it
        self._places: dict[UUID, str] = {}
        self._drafts: dict[str, _Draft] = {}
        self._unsafe: list[str] = []
        self._fault: OSError | None = None

    def address(self, mail: OutgoingMail) -> None:
        """Every address is good here, if a header can carry it. Raises MailRefusedForNow, MailRefused."""
        self._drafts[mail.message_id] = self._write(mail)

    def send_body(self, mail: OutgoingMail) -> str:
        """Put the file in its place once; its name is the provider's id.

        Raises MailRefusedForNow, MailUncertain.
        """
        self._make_safe()
        draft = self._drafts.pop(mail.message_id)
        try:
            os.link(draft.path, draft.place)
        except FileExistsError:
            pass  # it was sent before, or another process was faster
        except OSError as fault:
            raise MailUncertain from fault
        finally:
            draft.drop()
        return draft.name

    def close(self) -> None:
        """What was addressed and not sent is taken away."""
        for draft in self._drafts.values():
            draft.drop()
        self._drafts.clear()

    def _write(self, mail: OutgoingMail) -> _Draft:
        """A draft beside the place of its mail. Raises MailRefusedForNow, MailRefused."""
        data, name, folder = to_bytes(mail), _name(mail), self._place(mail.tenant_id)
        draft = _Draft(name, folder + name, f"{folder}.{name}.{self._mark}")
        try:
            _write_new(draft.path, data)
        except OSError as fault:
            draft.drop()
            raise MailRefusedForNow(reason="folder") from fault
        self._unsafe.append(draft.path)
        return draft

    def _place(self, tenant_id: UUID) -> str:
        """The studio's folder, to be followed by a name."""
        if tenant_id not in self._places:
            self._places[tenant_id] = f"{self._folder}{os.sep}{tenant_id}{os.sep}"
        return self._places[tenant_id]

    def _make_safe(self) -> None:
        """Bring the drafts to the disk; once that has failed no draft of the session is trusted any more."""
        if self._fault is None:
            unsafe, self._unsafe = self._unsafe, []
            try:
                _to_disk(unsafe)
            except OSError as fault:
                self._fault = fault
        if self._fault is not None:
            raise MailRefusedForNow(reason="folder") from self._fault


def _write_new(path: str, data: bytes) -> None:
    """A file that was not there. Raises OSError."""
    new = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
    try:
        file = os.open(path, new, 0o666)
    except FileNotFoundError:  # the studio's first mail
        Path(path).parent.mkdir(exist_ok=True)
        file = os.open(path, new, 0o666)
    try:
        while data:
            data = data[os.write(file, data) :]
    finally:
        os.close(file)


def _to_disk(paths: Sequence[str]) -> None:
    """Wait until these files of one folder cannot be lost. Raises OSError.

    Linux brings a whole file system to the disk by one wait; Python has no name for that.
    """
    together = len(paths) > 1 and sys.platform == "linux"
    for path in paths[:1] if together else paths:
        file = os.open(path, os.O_RDWR | _BINARY)
        try:
            if not together:
                os.fsync(file)
            elif ctypes.CDLL(None, use_errno=True).syncfs(file) != 0:
                raise OSError(ctypes.get_errno(), "the mail spool could not be synced")
        finally:
            os.close(file)
