"""What this computer keeps outside the store: its key, tokens, lease nonces and number marks.

The only door to the system's keyring. A practice studio and tests keep the same things in a file beside the
store, which then stands in for the keyring in everything.
"""

import hashlib
import json
import os
import secrets as random_bytes
import tempfile
import uuid
from pathlib import Path
from typing import Final, Protocol

import keyring
import keyring.errors

from desktop.local_store.store_errors import KeyringMissing

STORE_KEY: Final = "store_key"
_SERVICE: Final = "Daybook"
_PROBE_CHARACTERS: Final = 43  # as long as a token
_MADE_UP_ADDRESS: Final = 1 << 40


class Secrets(Protocol):
    """Short texts by name, kept for one store."""

    @property
    def is_file(self) -> bool:
        """Whether a key file stands in for the keyring; the app says so."""
        ...

    def get(self, name: str) -> str | None:
        """The text, or None."""
        ...

    def put(self, name: str, text: str) -> None:
        """Keep the text; it is safe when this returns."""
        ...

    def delete(self, name: str) -> None:
        """Forget the text; a repetition does nothing."""
        ...


class KeyFileSecrets:
    """A file that only its owner may read, written whole each time. For practice studios and tests alone."""

    is_file = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str | None:
        """The text, or None."""
        return self._read().get(name)

    def put(self, name: str, text: str) -> None:
        """Keep the text; it is safe when this returns."""
        self._write({**self._read(), name: text})

    def delete(self, name: str) -> None:
        """Forget the text; a repetition does nothing."""
        kept = self._read()
        if kept.pop(name, None) is not None:
            self._write(kept)

    def _read(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        kept: dict[str, str] = json.loads(self._path.read_text(encoding="utf-8"))
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)  # 0600
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(self._path)


class KeyringSecrets:
    """The keyring of the operating system; entries of one store share its id."""

    is_file = False

    def __init__(self, store_id: str) -> None:
        """Raises KeyringMissing when this system has no keyring that keeps a text of real size."""
        self._service = f"{_SERVICE} {store_id}"
        probe = random_bytes.token_urlsafe(_PROBE_CHARACTERS)[:_PROBE_CHARACTERS]
        self.put("probe", probe)
        if self.get("probe") != probe:
            raise KeyringMissing
        self.delete("probe")

    def get(self, name: str) -> str | None:
        """The text, or None."""
        try:
            return keyring.get_password(self._service, name)
        except keyring.errors.KeyringError as cause:
            raise KeyringMissing from cause

    def put(self, name: str, text: str) -> None:
        """Keep the text; it is safe when this returns."""
        try:
            keyring.set_password(self._service, name, text)
        except keyring.errors.KeyringError as cause:
            raise KeyringMissing from cause

    def delete(self, name: str) -> None:
        """Forget the text; a repetition does nothing."""
        try:
            keyring.delete_password(self._service, name)
        except keyring.errors.PasswordDeleteError:
            return  # it was not there
        except keyring.errors.KeyringError as cause:
            raise KeyringMissing from cause


def store_key(secrets: Secrets, *, store_exists: bool) -> bytes | None:
    """The store's raw key, made for a new store; None when an existing store has lost its key."""
    kept = secrets.get(STORE_KEY)
    if kept is not None:
        return bytes.fromhex(kept)
    if store_exists:
        return None
    key = random_bytes.token_bytes(32)
    secrets.put(STORE_KEY, key.hex())
    return key


def new_nonce() -> str:
    """What binds a number lease to this keyring."""
    return random_bytes.token_urlsafe(32)


def nonce_hash(nonce: str) -> str:
    """What the store keeps of a nonce."""
    return hashlib.sha256(nonce.encode()).hexdigest()


def machine_mark(store_path: Path | None) -> str:
    """What tells this store at this place on this machine from a copy of it."""
    return hashlib.sha256(f"{_machine_id()}\n{store_path}".encode()).hexdigest()[:32]


def _machine_id() -> str:
    for place in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        if place.exists():
            return place.read_text(encoding="ascii").strip()
    address = uuid.getnode()
    # without a network card the number is drawn anew at each start
    return "unknown" if address & _MADE_UP_ADDRESS else f"{address:012x}"


def random_password() -> str:
    """A password nobody types: a practice studio's own."""
    return random_bytes.token_urlsafe(24)
