"""A mail room for each test that asks."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.sync_server.mail.mail_room import MailRoom


@pytest.fixture
def room(worker_engine: sa.Engine, tmp_path: Path) -> MailRoom:
    """A studio with the four default rules; business time is machine time."""
    room = MailRoom(worker_engine, tmp_path / "spool")
    room.add_default_rules()
    return room
