"""What a practice server leaves in its folder for the desktop: its address and a set-up link."""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from desktop.local_store.secrets import Secrets, random_password
from shared.errors import BadInput

FILE_NAME: Final = "practice.json"
_PASSWORD: Final = "practice_password"  # noqa: S105 - a name, not a secret


class LinkUnreadable(BadInput):
    """This is not a set-up link. It begins with https:// and comes with the mail that invites you."""

    code = "link_unreadable"


@dataclass(frozen=True, slots=True)
class SetUpLink:
    """A pasted set-up link: which server, and the token it carries."""

    server_url: str
    token: str

    @classmethod
    def read(cls, pasted: str) -> "SetUpLink":
        """Take a link apart. Raises LinkUnreadable."""
        parts = urlsplit(pasted.strip())
        token = parts.fragment or parts.path.rstrip("/").rpartition("/")[2]
        if parts.scheme not in {"http", "https"} or not parts.netloc or not token:
            raise LinkUnreadable
        return cls(f"{parts.scheme}://{parts.netloc}", token)


@dataclass(frozen=True, slots=True)
class PracticePlace:
    """The file ``practice.json``; empty texts where there is none or it says nothing."""

    server_url: str = ""
    set_up_link: str = ""

    @classmethod
    def read(cls, folder: Path) -> "PracticePlace":
        """Read the file of a folder."""
        path = folder / FILE_NAME
        if not path.exists():
            return cls()
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(str(told.get("server_url", "")).rstrip("/"), str(told.get("set_up_link", "")))

    def write(self, folder: Path) -> None:
        """Leave the file in a folder, readable by its owner alone: the link opens the studio."""
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=FILE_NAME)  # 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"server_url": self.server_url, "set_up_link": self.set_up_link}, file, indent=1)
        Path(name).replace(folder / FILE_NAME)


def practice_password(secrets: Secrets) -> str:
    """The password of the practice owner on this computer: made once, kept in the key file, never typed."""
    kept = secrets.get(_PASSWORD)
    if kept is None:
        kept = random_password()
        secrets.put(_PASSWORD, kept)
    return kept
