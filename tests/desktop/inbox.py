"""Items of Needs attention in the whole desktop: made at the server, shown on their page."""

import json
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from pytestqt.qtbot import QtBot

from desktop.bootstrap import Desktop
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.attention_item import AttentionItem
from shared.ids import new_id
from shared.tables.column_types import instant_text
from tests.fakes.sync_server import FakeSyncServer


def an_item(
    desktop: Desktop, qtbot: QtBot, server: FakeSyncServer
) -> tuple[Mapping[UUID, AttentionItem], UUID]:
    """What Needs attention shows, with an issue that has just come among it."""
    studio = desktop.studio
    assert studio is not None
    items = studio.pages.attention.items
    issue_id = an_issue(server)
    desktop.loop.sync_now()
    qtbot.waitUntil(lambda: "Needs attention (1)" in desktop.window.status_bar.sync.text())
    desktop.window.show_page(PageKey.ATTENTION)
    qtbot.waitUntil(lambda: issue_id in items)
    return items, issue_id


def an_issue(server: FakeSyncServer) -> UUID:
    """Somebody's change of the studio's phone replaced the owner's."""
    issue_id = new_id()
    payload = {
        "author": str(server.owner_id),
        "fields": {"phone": {"before": "old", "yours": "theirs", "theirs": "my own"}},
    }
    server.write(
        "INSERT INTO sync_issue (tenant_id, id, kind, state, entity, row_id, created_at, payload)"
        " VALUES (?, ?, 'replaced', 'open', 'studio', ?, '2027-05-12T08:00:00.000000Z', ?)",
        str(server.tenant_id),
        str(issue_id),
        str(server.tenant_id),
        json.dumps(payload),
    )
    server.write("UPDATE studio SET phone = 'theirs'")
    return issue_id


def a_taken_slot(
    desktop: Desktop, qtbot: QtBot, server: FakeSyncServer, *, booking_id: UUID
) -> AttentionItem:
    """An item about a booking whose time is taken, as it is shown."""
    assert desktop.studio is not None
    issue_id, items = new_id(), desktop.studio.pages.attention.items
    desktop.loop.sync_now()
    server.write(
        "INSERT INTO sync_issue (tenant_id, id, kind, state, entity, row_id, created_at, payload)"
        " VALUES (?, ?, 'slot_taken', 'open', 'booking', ?, '2027-05-12T08:00:00.000000Z', '{}')",
        str(server.tenant_id),
        str(issue_id),
        str(booking_id),
    )
    desktop.loop.sync_now()
    desktop.window.show_page(PageKey.ATTENTION)
    qtbot.waitUntil(lambda: issue_id in items)
    return items[issue_id]


def solved_items(server: FakeSyncServer, count: int) -> list[UUID]:
    """Items that were dealt with one after another; the last one first."""
    ids = [new_id() for _ in range(count)]
    now = server.clock.now()
    for place, issue_id in enumerate(ids):
        server.write(
            "INSERT INTO sync_issue (tenant_id, id, kind, state, updated_at, resolution, payload)"
            " VALUES (?, ?, 'text_kept', 'resolved', ?, 'kept both', '{}')",
            str(server.tenant_id),
            str(issue_id),
            instant_text(now - timedelta(minutes=place)),
        )
    return ids
