"""A store file of its own for each test."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.local_store.engine import LocalStore
from desktop.local_store.secrets import KeyFileSecrets
from shared.tables import map_models

Opener = Callable[[], LocalStore]


@pytest.fixture
def store_key() -> bytes:
    """A key nobody else has."""
    return os.urandom(32)


@pytest.fixture
def open_file(tmp_path: Path, store_key: bytes) -> Iterator[Opener]:
    """Opens the same store file again and again."""
    map_models()
    opened: list[LocalStore] = []

    def open_it() -> LocalStore:
        store = LocalStore(tmp_path / "studio.db", store_key)
        opened.append(store)
        return store

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def secrets(tmp_path: Path) -> KeyFileSecrets:
    """A key file in place of the keyring."""
    return KeyFileSecrets(tmp_path / "keys.json")
