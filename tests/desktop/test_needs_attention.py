"""What is done with the items of Needs attention, in the whole desktop."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.commands.inbox import Item, do_and_resolve, put_back
from desktop.qt.components.buttons import Button
from desktop.qt.page_keys import PageKey
from desktop.queries.rows import PAGE_ROWS
from shared.ids import new_id
from tests.desktop.conftest import Start
from tests.desktop.inbox import an_item, solved_items
from tests.fakes.sync_server import FakeSyncServer


def testan_item_that_is_left_is_solved_on_every_computer(
    start: Start, qtbot: QtBot, studio_server: FakeSyncServer
) -> None:
    desktop = start()
    items, issue_id = an_item(desktop, qtbot, studio_server)
    items[issue_id].buttons["leave"].click()
    qtbot.waitUntil(lambda: issue_id not in items)
    desktop.loop.sync_now()
    with studio_server.store.reading() as connection:
        state = connection.exec_driver_sql("SELECT state FROM sync_issue").scalar_one()
    assert state == "resolved"


def test_my_value_is_put_back_and_the_item_is_solved_in_one_step(
    start: Start, qtbot: QtBot, studio_server: FakeSyncServer
) -> None:
    desktop = start()
    items, issue_id = an_item(desktop, qtbot, studio_server)
    items[issue_id].buttons["mine_back"].click()
    qtbot.waitUntil(lambda: issue_id not in items)
    with desktop.store.reading() as connection:
        phone = connection.exec_driver_sql("SELECT phone FROM studio").scalar_one()
    assert phone == "my own"


def test_what_is_wanted_is_done_also_where_somebody_else_was_first(
    start: Start, qtbot: QtBot, studio_server: FakeSyncServer
) -> None:
    desktop = start()
    _, issue_id = an_item(desktop, qtbot, studio_server)
    studio_server.write(
        "UPDATE sync_issue SET state = 'resolved', resolution = 'left it', resolved_by = ?", str(new_id())
    )
    desktop.loop.sync_now()
    mine = put_back("studio", studio_server.tenant_id, {"phone": ("theirs", "my own")})
    desktop.writer.submit(
        do_and_resolve, desktop.desk, Item(issue_id, "put the own value back"), mine
    ).result()
    with desktop.store.reading() as connection:
        phone = connection.exec_driver_sql("SELECT phone FROM studio").scalar_one()
    assert phone == "my own"


def test_all_that_was_solved_can_be_reached(
    start: Start, qtbot: QtBot, studio_server: FakeSyncServer
) -> None:
    desktop = start()
    assert desktop.studio is not None
    page = desktop.studio.pages.attention
    solved = solved_items(studio_server, 2 * PAGE_ROWS + 20)
    desktop.loop.sync_now()
    desktop.window.show_page(PageKey.ATTENTION)
    links = [button for button in page.findChildren(Button) if button.text() == "All"]
    assert links, "a way to all of them"
    links[0].click()
    qtbot.waitUntil(lambda: page.solved.model.rowCount() > 0)
    QTest.keyClick(page.solved.table, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: page.solved.model.rowCount() == len(solved))
    qtbot.waitUntil(lambda: page.solved.table.current_row().item_id == solved[-1])
    assert [row.item_id for row in page.solved.model.rows] == solved
    assert page.chips["solved"].accessibleName() == f"Solved, {len(solved)}"
