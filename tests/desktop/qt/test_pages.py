"""Today, the month and the bookings list over sample rows."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.qt.components.inputs import CheckInput
from desktop.qt.components.label import Label
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.bookings import BookingsPage
from desktop.qt.pages.bookings_table import WIDTHS, Place
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.pages.calendar.month_layout import DayEntries, MonthLayout, grid_end, grid_start, month_after
from desktop.qt.pages.customers import CustomersPage
from desktop.qt.pages.refunds import RefundsPage
from desktop.qt.pages.today import TodayPage
from desktop.qt.theme import Theme
from desktop.queries.month_rows import MonthRows
from desktop.queries.rows import Listed
from shared.clock import utc_to_wall
from tests.desktop.qt import desk_samples as desk
from tests.desktop.qt import sample_rows as rows
from tests.desktop.qt.sample_record import a_record

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def today(qtbot: QtBot, theme: Theme) -> TodayPage:
    page = TodayPage(theme, rows.STUDIO, rows.NOW)
    qtbot.addWidget(page)
    page.resize(1200, 780)
    page.show_rows(rows.TODAY_ROWS, rows.NOW)
    page.show()
    return page


@pytest.fixture
def bookings(qtbot: QtBot, theme: Theme) -> BookingsPage:
    page = BookingsPage(theme, rows.STUDIO, rows.TODAY)
    qtbot.addWidget(page)
    page.resize(1232, 788)
    page.preview_wanted.connect(
        lambda wanted: page.show_preview(
            next(a_record(row) for row in rows.BOOKINGS.rows if row.booking_id == wanted)
        )
    )
    page.show_rows(rows.BOOKINGS)
    page.show_figures(rows.FIGURES)
    page.show()
    return page


# --- Today --------------------------------------------------------------------------------------------


def test_today_greets_and_says_what_is_next(today: TodayPage) -> None:
    words = {label.words for label in today.findChildren(Label)}
    assert "Good morning, Anna" in words
    assert "One shoot today at 16:00, four more until Sunday. One hold ends tonight." in words


def test_a_week_without_a_shoot_says_so(today: TodayPage) -> None:
    today.resize(1440, 868)
    today.show_rows(replace(rows.TODAY_ROWS, week=(), reminders=()), rows.NOW)
    with_words = today.week.grab().toImage()
    today.week.empty_words = ""
    assert today.week.grab().toImage() != with_words
    today.week.empty_words = "No shoot this week."
    today.show_rows(rows.TODAY_ROWS, rows.NOW)
    with_rows = today.week.grab().toImage()
    today.week.empty_words = ""
    assert today.week.grab().toImage() == with_rows


def test_the_models_of_today_are_models(today: TodayPage) -> None:
    models = (
        today.week_model,
        today.due_model,
        today.attention_model,
        today.hold_model,
        today.reminder_model,
    )
    testers = [QAbstractItemModelTester(model, FATAL) for model in models]
    today.show_rows(replace(rows.TODAY_ROWS, week=rows.WEEK[2:], due=()), rows.NOW + timedelta(days=1))
    assert len(testers) == len(models)
    assert today.week_model.rowCount() == 5


def test_enter_on_a_row_opens_its_booking(qtbot: QtBot, today: TodayPage) -> None:
    today.week.selectRow(2)
    with qtbot.waitSignal(today.booking_opened) as opened:
        QTest.keyClick(today.week, Qt.Key.Key_Return)
    assert opened.args == [rows.WEEK[2].booking_id]


def test_a_click_on_an_item_that_needs_attention_opens_it(qtbot: QtBot, today: TodayPage) -> None:
    QApplication.processEvents()
    place = today.attention.visualRect(today.attention_model.index(1, 0)).center()
    with qtbot.waitSignal(today.attention_opened) as opened:
        QTest.mouseClick(today.attention.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == [rows.ATTENTION[1].item_id]


# --- the month ----------------------------------------------------------------------------------------


def test_a_month_grid_begins_on_monday_and_has_six_weeks() -> None:
    assert grid_start(date(2027, 5, 12)) == date(2027, 4, 26)
    assert grid_end(date(2027, 5, 12)) == date(2027, 6, 6)
    assert month_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert month_after(date(2027, 1, 15), -1) == date(2026, 12, 15)


def test_every_day_of_the_grid_is_found_where_it_is_painted() -> None:
    layout = MonthLayout(date(2027, 5, 1), 964, 704)
    for offset in range(42):
        day = grid_start(layout.month) + timedelta(days=offset)
        assert layout.day_at(layout.day_rect(day).center()) == day


NAMES = [(0, 0), (3, 0), (4, 0), (6, 0), (3, 7), (2, 8)]
"""Bookings of a day that are known by name, and further ones."""


def test_more_than_three_bookings_leave_a_line_for_the_rest() -> None:
    layout = MonthLayout(date(2027, 5, 1), 964, 704)
    item = rows.MONTH.items[0]
    days = (DayEntries(items=(item,) * known, more=more) for known, more in NAMES)
    assert [layout.shown_lines(date(2027, 5, 22), day) for day in days] == [0, 3, 3, 3, 3, 2]


KEYS = [
    (Qt.Key.Key_Left, date(2027, 5, 11)),
    (Qt.Key.Key_Right, date(2027, 5, 13)),
    (Qt.Key.Key_Up, date(2027, 5, 5)),
    (Qt.Key.Key_Down, date(2027, 5, 19)),
    (Qt.Key.Key_PageDown, date(2027, 6, 12)),
    (Qt.Key.Key_PageUp, date(2027, 4, 12)),
]


@pytest.mark.parametrize(("key", "day"), KEYS)
def test_keys_move_through_the_month(qtbot: QtBot, calendar: CalendarPage, key: Qt.Key, day: date) -> None:
    wanted = QSignalSpy(calendar.rows_wanted)
    QTest.keyClick(calendar.month_view, key)
    assert calendar.month_view.day == day
    assert wanted.count() == (1 if day.month != rows.TODAY.month else 0)
    QTest.keyClick(calendar.month_view, Qt.Key.Key_T)
    assert calendar.month_view.day == rows.TODAY


def test_enter_opens_the_picked_booking_else_a_new_one(qtbot: QtBot, calendar: CalendarPage) -> None:
    view = calendar.month_view
    with qtbot.waitSignal(calendar.new_booking_wanted) as wanted:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert wanted.args == [rows.TODAY]
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(calendar.booking_opened) as opened:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [view.entries_of(rows.TODAY).items[0].booking_id]


def test_a_double_click_opens_the_item_or_a_new_booking_on_an_empty_day(
    qtbot: QtBot, calendar: CalendarPage
) -> None:
    QApplication.processEvents()
    view = calendar.month_view
    line = view.layout_now().line_rect(date(2027, 5, 20), 1).center().toPoint()
    with qtbot.waitSignal(calendar.booking_opened) as opened:
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=line)
    assert opened.args == [rows.an_id("item", 5, 20, "16:00", "Mika Aalto")]
    empty = view.layout_now().day_rect(date(2027, 5, 4)).center().toPoint()
    with qtbot.waitSignal(calendar.new_booking_wanted) as wanted:
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=empty)
    assert wanted.args == [date(2027, 5, 4)]


def test_a_click_on_3_more_asks_for_the_whole_day(qtbot: QtBot, calendar: CalendarPage) -> None:
    QApplication.processEvents()
    view = calendar.month_view
    place = view.layout_now().line_rect(date(2027, 5, 22), 3).center().toPoint()
    with qtbot.waitSignal(view.more_wanted):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)


def test_chips_and_ticks_leave_bookings_out(calendar: CalendarPage) -> None:
    asked = QSignalSpy(calendar.rows_wanted)
    assert calendar.wanted().left_out == {"postponed"}
    assert calendar.wanted().hidden == set()
    calendar.side.cancelled.setChecked(False)
    next(box for box in calendar.side.findChildren(CheckInput) if box.text() == "Anna").setChecked(False)
    assert calendar.wanted().left_out == {"postponed", "cancelled"}
    assert calendar.wanted().hidden == {"Anna"}
    assert asked.count() == 2


def test_bookings_of_a_hidden_person_who_left_are_asked_for_again(calendar: CalendarPage) -> None:
    anna = next(box for box in calendar.side.findChildren(CheckInput) if box.text() == "Anna")
    anna.setChecked(False)
    asked = QSignalSpy(calendar.rows_wanted)
    calendar.show_side(replace(rows.SIDE, resources=("Ben",)))
    assert (calendar.wanted().hidden, asked.count()) == (frozenset(), 1)


def test_a_cancelled_booking_stands_at_its_hour(calendar: CalendarPage) -> None:
    items = calendar.month_view.entries_of(date(2027, 5, 7)).items
    assert [(item.starts_at.hour, item.status) for item in items] == [(12, "cancelled"), (15, "completed")]


def test_the_month_says_the_chosen_day_to_a_screen_reader(calendar: CalendarPage) -> None:
    calendar.go_to(date(2027, 5, 15))
    assert calendar.month_view.accessibleName() == "Saturday 15 May 2027, 1 booking"
    assert "Byrne & Walsh" in calendar.month_view.accessibleDescription()


def test_an_empty_month_is_painted_too(qtbot: QtBot, calendar: CalendarPage) -> None:
    calendar.show_rows(MonthRows())
    assert not calendar.month_view.grab().isNull()


# --- the bookings list --------------------------------------------------------------------------------


def test_the_bookings_model_is_a_model(bookings: BookingsPage) -> None:
    testers = [QAbstractItemModelTester(model, FATAL) for model in (bookings.model, bookings.proxy)]
    bookings.show_rows(rows.listed(rows.BOOKINGS.rows[::2]))
    bookings.show_rows(rows.BOOKINGS)
    assert len(testers) == 2
    assert bookings.proxy.rowCount() == len(rows.BOOKINGS.rows)


def test_a_chosen_row_shows_its_preview_and_keeps_the_focus(qtbot: QtBot, bookings: BookingsPage) -> None:
    bookings.table.setFocus()
    bookings.table.selectRow(3)
    assert bookings.preview.isVisible()
    assert bookings.table.isColumnHidden(Place.PAID)
    assert bookings.preview.record is not None
    assert bookings.preview.record.customer.name == "Aoife Byrne & Declan Walsh"
    QTest.keyClick(bookings.table, Qt.Key.Key_Down)
    assert bookings.preview.record.customer.name == "Okafor family"


def test_selection_stays_when_rows_change(bookings: BookingsPage) -> None:
    bookings.table.selectRow(3)
    chosen: UUID = bookings.table.current_row().booking_id
    bookings.show_rows(rows.listed(rows.BOOKINGS.rows[1:]))
    assert bookings.table.current_row().booking_id == chosen


def test_the_preview_gives_way_on_a_narrow_window(bookings: BookingsPage) -> None:
    bookings.table.selectRow(3)
    bookings.fold_side(folded=True)
    QApplication.processEvents()
    assert not bookings.preview.isVisible()
    assert not bookings.table.isColumnHidden(Place.PAID)


def test_a_wide_list_has_room_for_dates_of_other_years_and_sums_of_other_currencies(
    bookings: BookingsPage,
) -> None:
    bookings.resize(1232, 788)
    bookings.table.clearSelection()
    bookings.fold_side(folded=True)
    QApplication.processEvents()
    columns = (Place.WHEN, Place.TOTAL, Place.DUE)
    wide = [bookings.table.columnWidth(column) for column in columns]
    assert [width - WIDTHS[column] for width, column in zip(wide, columns, strict=True)] == [25, 17, 14]
    bookings.resize(1000, 788)
    QApplication.processEvents()
    assert [bookings.table.columnWidth(column) for column in columns] == [
        WIDTHS[column] for column in columns
    ]


def test_columns_give_way_before_the_name_of_the_customer(bookings: BookingsPage) -> None:
    bookings.resize(620, 400)
    QApplication.processEvents()
    assert bookings.table.isColumnHidden(Place.PACKAGE)
    assert bookings.table.columnWidth(Place.CUSTOMER) >= 120
    assert not bookings.table.isColumnHidden(Place.DUE)
    bookings.resize(1232, 788)
    QApplication.processEvents()
    assert not bookings.table.isColumnHidden(Place.PACKAGE)


def test_a_column_that_was_taken_away_stays_away(bookings: BookingsPage) -> None:
    bookings.table.want_column(Place.STATUS, wanted=False)
    bookings.resize(1400, 788)
    QApplication.processEvents()
    assert bookings.table.isColumnHidden(Place.STATUS)


def test_chips_and_words_ask_for_other_rows(qtbot: QtBot, bookings: BookingsPage) -> None:
    with qtbot.waitSignal(bookings.rows_wanted) as wanted:
        QTest.mouseClick(bookings.chips["held"], Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert wanted.args == ["held", ""]
    with qtbot.waitSignal(bookings.rows_wanted) as wanted:
        QTest.keyClicks(bookings.filter_field, "n")
    assert wanted.args == ["held", "n"]


def test_sorting_by_total_goes_by_value(bookings: BookingsPage) -> None:
    bookings.table.sortByColumn(Place.TOTAL, Qt.SortOrder.AscendingOrder)
    totals = [row.total_minor for row in bookings.proxy.shown_rows()]
    assert totals == sorted(totals)


def test_an_empty_list_says_what_to_do(bookings: BookingsPage) -> None:
    bookings.show_rows(Listed())
    assert not bookings.table.isVisible()
    bookings.show_rows(rows.BOOKINGS)
    assert bookings.table.isVisible()


def test_copy_takes_the_row_as_a_line_of_a_table(qtbot: QtBot, bookings: BookingsPage) -> None:
    bookings.table.selectRow(1)
    bookings.table.copy_selected()
    words = QApplication.clipboard().text()
    assert "Novak & Partner\tEvent coverage" in words
    assert words.endswith("620.00")


def test_the_sums_under_the_list_are_those_of_the_whole_filter(bookings: BookingsPage) -> None:
    assert "39,160.00" in bookings.sums.accessibleName()
    assert "30 bookings" in bookings.sums.accessibleName()


def test_sums_of_another_list_never_stand_beside_these_rows(bookings: BookingsPage) -> None:
    bookings.show_rows(rows.BOOKINGS)
    assert "39,160.00" in bookings.sums.accessibleName(), "asked again, the same list keeps its sums"
    bookings.choose_filter("held")
    assert "39,160.00" in bookings.sums.accessibleName(), "the rows of before are still there"
    bookings.show_rows(rows.listed(rows.BOOKINGS.rows[:3]))
    assert bookings.sums.accessibleName().startswith("3 bookings")
    assert "39,160.00" not in bookings.sums.accessibleName()
    bookings.show_figures(rows.FIGURES)
    assert "39,160.00" in bookings.sums.accessibleName()


def test_pages_have_a_key_each() -> None:
    assert len(PageKey) == 10


def test_lists_that_stay_open_know_the_new_day(bookings: BookingsPage, qtbot: QtBot, theme: Theme) -> None:
    on_some_day = date(2031, 2, 3)
    row = rows.BOOKINGS.rows[0]
    assert row.starts_at_utc is not None
    bookings.show_preview(a_record(row))
    day = utc_to_wall(row.starts_at_utc, row.time_zone).date()
    when = bookings.model.index(0, Place.WHEN)
    bookings.show_today(on_some_day)
    assert str(day.year) in when.data()
    bookings.show_today(day)
    assert when.data().startswith("Today")
    refunds = RefundsPage(theme, rows.STUDIO, on_some_day)
    qtbot.addWidget(refunds)
    refunds.show_rows(desk.REFUNDS)
    refunds.choose_request(desk.REFUNDS[0].request_id)
    asked = utc_to_wall(desk.REFUNDS[0].asked_at_utc, desk.REFUNDS[0].time_zone)
    refunds.show_today(asked.date())
    assert refunds.model.index(0, 1).data() == f"today {asked:%H:%M}"
    customers = CustomersPage(theme, rows.STUDIO, on_some_day)
    qtbot.addWidget(customers)
    customers.show_rows(desk.CUSTOMERS)
    first = next(place for place, each in enumerate(desk.CUSTOMERS.rows) if each.next_starts_at_utc)
    coming = customers.model.index(first, 4)
    assert coming.data().endswith("2027")
    customers.show_today(date(2027, 1, 1))
    assert not coming.data().endswith("2027")
