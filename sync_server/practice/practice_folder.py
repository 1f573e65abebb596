"""The folder of a practice studio: its secrets, and the file that tells the desktop where the server is.

Everything of the practice lives in it; deleting the folder deletes the studio. (Only a database that root
runs may have to lie elsewhere: ``postgres_places``.)
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from shared.errors import Unavailable

SESSION_FILE: Final = "practice.json"
_SECRETS_FILE: Final = "practice-secrets.json"


class PracticeFolderUnusable(Unavailable):
    """The practice folder {path} cannot be used: {detail}."""

    code = "practice_folder_unusable"


@dataclass(frozen=True)
class PracticeSecrets:
    """Random passwords and keys of one practice folder; nothing in it is real."""

    app_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    worker_password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    emulator_key: str = field(default_factory=lambda: "sk_test_" + secrets.token_hex(16))
    control_secret: str = field(default_factory=lambda: secrets.token_hex(24))
    webhook_secret: str = field(default_factory=lambda: "whsec_" + secrets.token_hex(16))


class PracticeFolder:
    """One folder, made on first use, closed to others of this machine."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.database = self.path / "database"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.path / ".writable"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as cause:
            raise PracticeFolderUnusable(path=self.path, detail=cause.strerror or "not writable") from cause

    def secrets(self) -> PracticeSecrets:
        """Those of this folder, made on first use."""
        file = self.path / _SECRETS_FILE
        if not file.exists():
            _write_private(file, asdict(PracticeSecrets()))
        try:
            return PracticeSecrets(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as cause:
            raise PracticeFolderUnusable(path=self.path, detail=f"{file.name} cannot be read") from cause

    def last_port(self) -> int:
        """Where the server listened last time, so that links in old mails go on working; 0 if never."""
        try:
            known = json.loads((self.path / SESSION_FILE).read_text(encoding="utf-8"))
            return int(known["port"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def tell(self, session: dict[str, Any]) -> None:
        """Write where everything is, whole or not at all."""
        _write_private(self.path / SESSION_FILE, session)

    def forget_session(self) -> None:
        """The server is gone; its port stays noted for the next start."""
        _write_private(self.path / SESSION_FILE, {"port": self.last_port()})


def _write_private(file: Path, content: dict[str, Any]) -> None:
    unfinished = file.with_name(file.name + ".new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)
