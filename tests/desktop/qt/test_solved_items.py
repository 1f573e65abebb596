"""What was solved: the last ones beside the open items, all of them behind a chip."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop.qt.pages.attention import AttentionPage
from desktop.qt.theme import Theme
from desktop.queries.rows import Listed
from tests.desktop.qt import desk_samples as desk
from tests.desktop.qt import sample_rows as rows

SOLVED = tuple(replace(row, booking_id=rows.an_id("b", row.kind)) for row in desk.INBOX[3:])


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> AttentionPage:
    made = AttentionPage(theme, rows.STUDIO, rows.TODAY)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show_rows(desk.INBOX, rows.NOW)
    with qtbot.waitExposed(made):
        made.show()
    return made


def _show_all(page: AttentionPage) -> None:
    page.chips["solved"].click()
    page.show_solved(Listed(SOLVED, tuple(str(row.item_id) for row in SOLVED)))


def test_the_model_keeps_qts_rules(page: AttentionPage, qtmodeltester: ModelTester) -> None:
    _show_all(page)
    qtmodeltester.check(page.solved.model)  # type: ignore[no-untyped-call] # pytest-qt has no types


def test_all_stand_in_the_place_of_the_open_items_and_give_way_again(page: AttentionPage) -> None:
    page.all_solved.click()
    assert page.solved.isVisible()
    assert page.chips["solved"].isChecked()
    page.chips["all"].click()
    assert not page.solved.isVisible()
    assert all(item.isVisible() for item in page.items.values())


def test_an_open_item_that_another_page_leads_to_is_not_hidden_by_what_was_solved(
    qtbot: QtBot, page: AttentionPage
) -> None:
    _show_all(page)
    page.open_item(desk.INBOX[0].item_id)
    qtbot.waitUntil(page.items[desk.INBOX[0].item_id].isVisible)
    assert page.chips["all"].isChecked()


def test_enter_opens_the_booking_that_it_was_about(page: AttentionPage) -> None:
    _show_all(page)
    opened = QSignalSpy(page.booking_opened)
    page.solved.table.selectRow(1)
    QTest.keyClick(page.solved.table, Qt.Key.Key_Return)
    assert opened.at(0) == [SOLVED[1].booking_id]


def test_what_was_solved_is_counted_while_it_is_looked_at(page: AttentionPage) -> None:
    _show_all(page)
    assert page.chips["solved"].accessibleName() == "Solved, 3"
    page.chips["all"].click()
    assert page.chips["solved"].accessibleName() == "Solved"


def test_nothing_solved_yet_says_so(page: AttentionPage) -> None:
    page.chips["solved"].click()
    page.show_solved(Listed())
    assert not page.solved.table.isVisible()
