"""Lists that are longer than what is read at first, in the whole desktop over a real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.bootstrap import Desktop, build
from desktop.data_changes import DataChanges
from desktop.qt.application import Application
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.bookings import BookingsPage
from desktop.qt.pages.bookings_table import Place
from desktop.qt.pages.customers import CustomersPage
from desktop.queries.rows import PAGE_ROWS, BookingRow
from tests.bench import big_studio
from tests.bench.big_desk import fill_store
from tests.fakes.clock import FrozenClock

BOOKINGS = 3 * PAGE_ROWS + 50


class LongList:
    """The bookings page of a studio with many bookings, and what a person does there."""

    def __init__(self, desktop: Desktop, qtbot: QtBot) -> None:
        self.desktop, self.qtbot = desktop, qtbot
        desktop.window.show_page(PageKey.BOOKINGS)
        page = desktop.window.page
        assert isinstance(page, BookingsPage)
        self.page = page
        qtbot.waitUntil(lambda: bool(page.model.rows))
        self.rest()

    @property
    def rows(self) -> tuple[BookingRow, ...]:
        """The rows that are read, as they are shown."""
        return self.page.proxy.shown_rows()

    def rest(self) -> None:
        """Until nothing is under way."""
        self.qtbot.waitUntil(lambda: self.desktop.runner.running == 0)

    def scroll_down(self) -> None:
        """As far as there are rows."""
        before, bar = len(self.rows), self.page.table.verticalScrollBar()
        bar.setValue(bar.maximum())
        self.qtbot.waitUntil(lambda: len(self.rows) > before)
        self.rest()

    def press(self, key: Qt.Key) -> None:
        """A key in the table."""
        QTest.keyClick(self.page.table, key)


@pytest.fixture
def long_list(qtbot: QtBot, application: Application, tmp_path: Path) -> Iterator[LongList]:
    settings = fill_store(tmp_path, BOOKINGS)
    desktop = build(settings, application=application, clock=FrozenClock(big_studio.NOW))
    yield LongList(desktop, qtbot)
    desktop.close()


def _is_whole(rows: tuple[BookingRow, ...]) -> bool:
    starts = [row.starts_at_utc for row in rows if row.starts_at_utc is not None]
    return len({row.booking_id for row in rows}) == len(starts) == BOOKINGS and starts == sorted(starts)


def test_the_first_rows_are_few_and_the_number_is_whole(long_list: LongList) -> None:
    assert len(long_list.rows) == PAGE_ROWS
    assert f"{BOOKINGS} bookings" in long_list.page.sums.accessibleName()


def test_scrolling_down_reaches_every_row_once(long_list: LongList) -> None:
    while len(long_list.rows) < BOOKINGS:
        long_list.scroll_down()
    assert _is_whole(long_list.rows)


def test_end_goes_to_the_very_last_row_and_home_to_the_first(long_list: LongList) -> None:
    table = long_list.page.table
    table.selectRow(2)
    long_list.press(Qt.Key.Key_End)
    long_list.qtbot.waitUntil(lambda: table.currentIndex().row() == BOOKINGS - 1)
    assert _is_whole(long_list.rows)
    assert table.current_row() == long_list.rows[-1]
    long_list.press(Qt.Key.Key_Home)
    assert table.current_row() == long_list.rows[0]


def test_page_down_comes_to_the_last_row(long_list: LongList) -> None:
    table = long_list.page.table
    table.selectRow(0)
    while table.currentIndex().row() < BOOKINGS - 1:
        before = table.currentIndex().row()
        long_list.press(Qt.Key.Key_PageDown)
        long_list.rest()
        assert table.currentIndex().row() > before


def test_another_key_ends_the_way_to_the_end(long_list: LongList) -> None:
    long_list.press(Qt.Key.Key_End)
    long_list.press(Qt.Key.Key_Home)
    long_list.rest()
    assert long_list.page.table.currentIndex().row() == 0


def test_a_refresh_keeps_what_was_read_chosen_and_scrolled_to(long_list: LongList) -> None:
    long_list.scroll_down()
    table = long_list.page.table
    table.selectRow(PAGE_ROWS + 20)
    long_list.rest()
    bar = table.verticalScrollBar()
    before, chosen, place = long_list.rows, table.current_row(), bar.value()
    long_list.desktop.announcer.announce(DataChanges(frozenset({"booking"})))
    long_list.qtbot.waitUntil(lambda: long_list.desktop.runner.running > 0)
    long_list.rest()
    assert long_list.rows[: len(before)] == before
    assert (table.current_row(), bar.value()) == (chosen, place)


def test_a_sorted_list_is_sorted_as_a_whole(long_list: LongList) -> None:
    long_list.page.table.sortByColumn(Place.WHEN, Qt.SortOrder.DescendingOrder)
    long_list.rest()
    starts = [row.starts_at_utc for row in long_list.rows if row.starts_at_utc is not None]
    assert starts == sorted(starts, reverse=True)
    assert starts[0].date() == big_studio.LAST_DAY


def test_other_words_begin_another_list(long_list: LongList) -> None:
    long_list.scroll_down()
    long_list.page.filter_field.setText("zoë")
    long_list.rest()
    assert {row.customer_name.split()[0] for row in long_list.rows} == {"Zoë"}
    long_list.page.filter_field.clear()
    long_list.rest()
    assert len(long_list.rows) == PAGE_ROWS


def test_all_customers_are_reached_too(long_list: LongList) -> None:
    long_list.desktop.window.show_page(PageKey.CUSTOMERS)
    page = long_list.desktop.window.page
    assert isinstance(page, CustomersPage)
    long_list.qtbot.waitUntil(lambda: page.proxy.rowCount() == PAGE_ROWS)
    QTest.keyClick(page.table, Qt.Key.Key_End)
    long_list.qtbot.waitUntil(lambda: page.table.currentIndex().row() == BOOKINGS - 1)
    names = [row.name.casefold() for row in page.proxy.shown_rows()]
    assert len(set(names)) == BOOKINGS
    assert names == sorted(names)


def test_who_was_at_the_end_is_not_led_to_the_end_of_another_list(long_list: LongList) -> None:
    table = long_list.page.table
    long_list.press(Qt.Key.Key_End)
    long_list.qtbot.waitUntil(lambda: table.currentIndex().row() == BOOKINGS - 1)
    long_list.rest()
    for words in ("zoë", ""):
        long_list.page.filter_field.setText(words)
        long_list.rest()
    assert len(long_list.rows) < BOOKINGS


def test_an_export_has_every_row(long_list: LongList) -> None:
    studio, whole = long_list.desktop.studio, list[BookingRow]()
    assert studio is not None
    studio.feeds.whole_bookings(whole.extend)
    long_list.rest()
    assert _is_whole(tuple(whole))
