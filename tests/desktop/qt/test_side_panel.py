"""The panel beside the month, in a window of any height."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.pages.calendar.side_panel import PostponedCard
from tests.desktop.qt import sample_rows as rows

CARD = rows.SIDE.postponed[0]
CARDS = tuple(replace(CARD, booking_id=rows.an_id("waits", place)) for place in range(3))


@pytest.mark.parametrize("height", [788, 620, 480])
def test_cards_keep_their_height_and_are_scrolled_to(
    qtbot: QtBot, calendar: CalendarPage, height: int
) -> None:
    calendar.show_side(replace(rows.SIDE, postponed=CARDS, more_postponed=4))
    calendar.resize(1232, height)
    calendar.activateWindow()
    QApplication.processEvents()
    cards = [card for card in calendar.side.findChildren(PostponedCard) if not card.isHidden()]
    qtbot.waitUntil(lambda: all(card.height() == card.sizeHint().height() for card in cards))
    for card in cards:
        card.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(card, Qt.Key.Key_Tab)
        QTest.keyClick(calendar.focusWidget(), Qt.Key.Key_Backtab)
        assert card.visibleRegion().boundingRect() == card.rect()


def test_a_folded_panel_leaves_its_room_to_the_month(calendar: CalendarPage) -> None:
    QApplication.processEvents()
    before = calendar.month_view.width()
    calendar.fold_side(folded=True)
    QApplication.processEvents()
    assert calendar.month_view.width() == before + 220
