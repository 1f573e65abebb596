"""The search box: arrows choose while the typing goes on, Enter leads there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.qt.components.search_field import SearchField
from desktop.qt.flows.search_popover import FoundRow, SearchPopover
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme

ZOE = FoundRow("customer:1", "Zoë Brûlé", "zoe@example.com", Icon.PERSON)
DAY = FoundRow("booking:1", "Zoë Brûlé", "Full day, Sat 12 June 2027", Icon.BOOK)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    with qtbot.waitActive(made):
        made.show()
    return made


@pytest.fixture
def field(window: QWidget, theme: Theme) -> SearchField:
    made = SearchField(theme, "Find", "Ctrl+K", parent=window)
    made.setGeometry(40, 10, 480, 32)
    made.show()
    made.setFocus()
    return made


@pytest.fixture
def popover(window: QWidget, theme: Theme, field: SearchField) -> SearchPopover:
    return SearchPopover(theme, window, field)


def test_arrows_choose_while_the_focus_stays_in_the_box(
    qtbot: QtBot, field: SearchField, popover: SearchPopover
) -> None:
    popover.show_found((ZOE, DAY))
    assert field.hasFocus()
    assert popover.table.current_row() == ZOE
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Down)
    with qtbot.waitSignal(popover.chosen) as heard:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert heard.args == [DAY]
    assert not popover.isVisible()
    assert field.text() == ""


def test_nothing_found_says_how_words_are_matched(popover: SearchPopover) -> None:
    popover.show_found(())
    assert popover.isVisible()
    assert not popover.table.isVisible()


def test_leaving_the_box_closes_the_list(window: QWidget, field: SearchField, popover: SearchPopover) -> None:
    popover.show_found((ZOE,))
    field.clearFocus()
    assert not popover.isVisible()
    assert window.isVisible()
