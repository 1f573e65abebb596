"""A room for each test that asks; money moves at the emulator."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateways.emulator_process import Emulator, emulator, emulator_process
from tests.postgres_cluster import Database
from tests.sync_server.links.link_room import LinkRoom, served_room

__all__ = ["emulator", "emulator_process"]


@pytest.fixture
def room(migrated_database: Database, tmp_path: Path, emulator: Emulator) -> Iterator[LinkRoom]:
    """The studio, its server and its customers' browsers."""
    with served_room(migrated_database, tmp_path, emulator) as made:
        yield made


@pytest.fixture
def limited_room(migrated_database: Database, tmp_path: Path, emulator: Emulator) -> Iterator[LinkRoom]:
    """As ``room``, with the limits as they are outside practice."""
    with served_room(migrated_database, tmp_path, emulator, rate_limit_factor=1) as made:
        yield made
