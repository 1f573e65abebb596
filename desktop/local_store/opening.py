"""Opens the store of this installation with its secrets, or says why it cannot be opened."""

from dataclasses import dataclass
from pathlib import Path

from desktop.local_store.blobs import Blobs
from desktop.local_store.engine import LocalStore
from desktop.local_store.numbers import Numbers
from desktop.local_store.secrets import KeyFileSecrets, KeyringSecrets, Secrets, machine_mark, store_key
from desktop.local_store.store_errors import StoreKeyWrong
from desktop.settings import DesktopSettings
from shared.ids import new_id
from shared.tables import map_models


@dataclass(frozen=True, slots=True)
class OpenStore:
    """Everything that lies on this computer for one studio."""

    store: LocalStore
    secrets: Secrets
    numbers: Numbers
    blobs: Blobs
    mark: str
    numbers_honest: bool
    """False when the store turned out to be an older copy: its numbers are frozen until the next sync."""


def open_store(settings: DesktopSettings) -> OpenStore:
    """Open, or make, the store. Raises StoreInUse, StoreKeyWrong, StoreTooNew, KeyringMissing, DiskFull."""
    map_models()
    path = settings.store_path
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = machine_mark(path.resolve())
    if settings.practice:
        secrets: Secrets = KeyFileSecrets(settings.key_file)
    else:
        secrets = KeyringSecrets(_store_id(path.with_suffix(".id")))
    key = store_key(secrets, store_exists=path.exists())
    if key is None:
        raise StoreKeyWrong
    store = LocalStore(path, key)
    numbers = Numbers(secrets)
    with store.writing() as connection:
        honest = numbers.check_marks(connection)
    return OpenStore(store, secrets, numbers, Blobs(path.parent), mark, honest)


def _store_id(path: Path) -> str:
    """Names the store's entries in the keyring, wherever its folder is moved; it is no secret."""
    if not path.exists():
        path.write_text(f"{new_id()}\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()
