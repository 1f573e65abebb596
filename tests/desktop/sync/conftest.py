"""Computers of one studio and their server."""

from pathlib import Path

import pytest

from tests.builders.desk_world import DeskWorld
from tests.fakes.clock import FrozenClock
from tests.fakes.sync_server import FakeSyncServer


@pytest.fixture
def server(clock: FrozenClock) -> FakeSyncServer:
    """A server with one studio and its owner."""
    return FakeSyncServer(clock)


@pytest.fixture
def desk_world(server: FakeSyncServer, tmp_path: Path) -> DeskWorld:
    """A computer that has synced once."""
    world = DeskWorld(server, tmp_path)
    world.sync()
    return world


@pytest.fixture
def other_world(server: FakeSyncServer, tmp_path: Path) -> DeskWorld:
    """Another computer of the same studio, synced once."""
    world = DeskWorld(server, tmp_path)
    world.sync()
    return world
