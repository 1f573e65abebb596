"""A refund can be read and decided in every window, by keys too."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.presenting.refund_words import RefundAct
from desktop.qt.main_window import MainWindow
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.refunds import RefundsPage
from desktop.qt.theme import Theme
from tests.desktop.qt import desk_samples as desk
from tests.desktop.qt import gallery_pages
from tests.desktop.qt import sample_rows as rows

SIZES = [(720, 450), (960, 640), (1000, 640), (1100, 700), (1199, 760), (1280, 800), (1440, 868)]


def _refunds(qtbot: QtBot, theme: Theme, width: int, height: int) -> tuple[MainWindow, RefundsPage]:
    page = RefundsPage(theme, rows.STUDIO, rows.TODAY)
    page.show_rows(desk.REFUNDS)
    window = gallery_pages.a_window(theme, {PageKey.REFUNDS: page})
    qtbot.addWidget(window)
    window.resize(width, height)
    with qtbot.waitExposed(window):
        window.show()
    window.show_page(PageKey.REFUNDS)
    QApplication.processEvents()
    return window, page


def _lies_inside(part: QWidget, page: QWidget) -> bool:
    corner = part.mapTo(page, QPoint(part.width(), part.height()))
    return corner.x() <= page.width() and corner.y() <= page.height()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_who_chooses_a_refund_can_decide_it_by_keys(
    qtbot: QtBot, theme: Theme, width: int, height: int
) -> None:
    window, page = _refunds(qtbot, theme, width, height)
    page.choose_request(desk.REFUNDS[0].request_id)
    window.activateWindow()
    page.table.setFocus()
    QApplication.processEvents()
    assert page.details.isVisible()
    assert _lies_inside(page.details, page)
    for act in (RefundAct.APPROVE, RefundAct.DECLINE):
        button = page.details.buttons[act]
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert window.focusWidget() is button
        QApplication.processEvents()
        assert button.visibleRegion().boundingRect() == button.rect()
    with qtbot.waitSignal(page.act_wanted) as asked:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert asked.args is not None
    assert asked.args[1] is RefundAct.DECLINE


@pytest.mark.parametrize(("width", "is_below"), [(960, True), (1199, True), (1200, False), (1440, False)])
def test_the_panel_lies_below_the_list_of_a_narrow_window(
    qtbot: QtBot, theme: Theme, *, width: int, is_below: bool
) -> None:
    window, page = _refunds(qtbot, theme, width, 760)
    page.choose_request(desk.REFUNDS[-1].request_id)
    QApplication.processEvents()
    table = page.table.mapTo(page, page.table.rect().bottomLeft())
    assert (page.details.y() > table.y()) is is_below
    # the row that was chosen is still seen in the lower list
    place = page.table.visualRect(page.table.currentIndex())
    assert page.table.viewport().rect().contains(place.center())
    window.resize(1300 if is_below else 960, 760)
    QApplication.processEvents()
    assert (page.details.y() > page.table.mapTo(page, page.table.rect().bottomLeft()).y()) is not is_below


def test_a_button_keeps_the_focus_while_its_refund_stays_as_it_is(qtbot: QtBot, theme: Theme) -> None:
    _, page = _refunds(qtbot, theme, 960, 640)
    page.choose_request(desk.REFUNDS[0].request_id)
    button = page.details.buttons[RefundAct.APPROVE]
    page.show_rows(desk.REFUNDS)
    assert page.details.buttons[RefundAct.APPROVE] is button
