"""The store of a signed-in computer with a studio of any size, whose server cannot be reached."""

import socket
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import sqlalchemy as sa

from desktop.local_store.opening import open_store
from desktop.local_store.practice_place import PracticePlace
from desktop.local_store.row_writer import write_changes
from desktop.local_store.schema import SYNCED_BY_NAME, json_columns, synced_columns
from desktop.local_store.sync_state import SyncRow, write_state
from desktop.settings import DesktopSettings
from desktop.sync.tokens import Tokens
from shared.ids import new_id
from shared.models.act import Role
from shared.sync_protocol.sessions import SessionAnswer
from tests.bench import big_studio
from tests.bench.big_studio import Row

_PAGE: Final = 5_000
_ZERO: Final[dict[type, Any]] = {sa.Integer: 0, sa.BigInteger: 0, sa.Boolean: 0}


def fill_store(folder: Path, bookings: int) -> DesktopSettings:
    """As after a first sync; the settings to open it with."""
    settings = DesktopSettings(practice=True, practice_folder=folder)
    opened = open_store(settings)
    tenant_id, device_id, user_id = new_id(), new_id(), new_id()
    session = SessionAnswer(
        access_token="a" * 24,
        access_expires_at=big_studio.NOW + timedelta(hours=1),
        refresh_token="r" * 24,
        tenant_id=tenant_id,
        device_id=device_id,
        user_id=user_id,
        user_name="Clara",
        role=Role.OWNER,
    )
    Tokens(opened.secrets).keep(session, sits_here=True)
    PracticePlace(f"http://127.0.0.1:{_closed_port()}", "").write(folder)
    studio: Row = ("studio", str(tenant_id), _studio())
    member: Row = ("member", str(user_id), _plain("member") | {"name": "Clara", "role": "owner"})
    rows = iter([studio, member, *big_studio.standing_rows()])
    changes = big_studio.changes_of(rows), big_studio.changes_of(big_studio.booking_rows(bookings))
    for some in changes:
        while page := list(islice(some, _PAGE)):
            with opened.store.writing(refetchable=True) as connection:
                write_changes(connection, page, str(tenant_id))
    with opened.store.writing() as connection:
        state = SyncRow(
            tenant_id, device_id, opened.mark, epoch=str(uuid4()), cursor_token="c", consistent=True
        )
        write_state(connection, state)
        connection.exec_driver_sql("PRAGMA optimize")
    opened.store.close()
    return settings


def _studio() -> dict[str, Any]:
    given = {"code": "BELLAWEDS", "name": "Bella Weddings", "zone": big_studio.ZONE, "currency": "EUR"}
    return _plain("studio") | given | {"brand_color": "#1F6F5C", "numbering": "leased", "language": "en"}


def _plain(entity: str) -> dict[str, Any]:
    """A row whose required columns say nothing."""
    table = SYNCED_BY_NAME[entity]
    packed = json_columns(table)
    row: dict[str, Any] = {}
    for name in synced_columns(table):
        column = table.c[name]
        if name in {"tenant_id", "id"}:
            continue
        if column.nullable:
            row[name] = None
        else:
            row[name] = {} if name in packed else _ZERO.get(type(column.type), "")
    return row


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
