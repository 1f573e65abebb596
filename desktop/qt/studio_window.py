"""The window of a signed-in studio: its pages, what supplies each of them, and where their buttons lead."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop.data_changes import DataChanges
from desktop.local_store.replica import Connection
from desktop.presenting.sync_words import SyncState
from desktop.qt.background.reading import AnyFeed, Feed
from desktop.qt.main_window import MainWindow
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.bookings import BookingsPage
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.pages.today import TodayPage
from desktop.qt.workbench import Workbench
from desktop.queries.bookings import BookingsFilter, bookings_list
from desktop.queries.calendar import calendar_rows
from desktop.queries.catalogue import resources_list
from desktop.queries.rows import BookingsList, MonthRows, TodayRows
from desktop.queries.today import today_rows
from desktop.queries.waiting import waiting_changes

BOOKING_ENTITIES = frozenset(
    {"booking", "booking_resource", "payment_stage", "customer", "note", "refund_request", "sync_issue"}
)
TODAY_ENTITIES = BOOKING_ENTITIES | {"ledger", "reminder_log", "reminder_rule", "reminder_choice", "refund"}
CALENDAR_ENTITIES = frozenset(
    {"booking", "booking_resource", "availability_block", "customer", "resource", "sync_issue"}
)


class StudioWindow:
    """Builds the main window, keeps its pages supplied, and shows how sync stands."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._today = bench.today()
        self.feeds: list[AnyFeed] = []
        pages: dict[PageKey, QWidget] = {
            PageKey.TODAY: self._today_page(),
            PageKey.CALENDAR: self._calendar_page(),
            PageKey.BOOKINGS: self._bookings_page(),
        }
        self.window = MainWindow(bench.theme, bench.studio, _all_pages(pages), today=self._today)
        bench.announcer.changed.connect(self._hear)

    def show_sync(self, state: SyncState) -> None:
        """Say how sync stands; what waits is read beside it. The day may have changed meanwhile."""
        self._turn_day()
        query = partial(waiting_changes, tenant_id=self._bench.tenant_id)
        self._bench.reading.ask(query, lambda waiting: self.window.show_sync(state, waiting))

    def _hear(self, changes: DataChanges) -> None:
        for feed in self.feeds:
            feed.hear(changes)

    def _turn_day(self) -> None:
        today = self._bench.today()
        if today != self._today:
            self._today = today
            self.window.show_today(today)
            self.calendar.show_today(today)
            for feed in self.feeds:
                feed.ask_when_seen()

    # --- pages --------------------------------------------------------------------------------------------

    def _today_page(self) -> TodayPage:
        bench = self._bench
        page = TodayPage(bench.theme, bench.studio, bench.now())

        def query(connection: Connection) -> TodayRows:
            return today_rows(
                connection, bench.tenant_id, studio=bench.studio, user_id=bench.user_id, now=bench.now()
            )

        feed = Feed(
            page,
            bench.reading,
            lambda: query,
            lambda rows: page.show_rows(rows, bench.now()),
            entities=TODAY_ENTITIES,
        )
        self.feeds.append(feed)
        return page

    def _calendar_page(self) -> CalendarPage:
        bench = self._bench
        page = self.calendar = CalendarPage(bench.theme, self._today)

        def query(connection: Connection) -> tuple[MonthRows, tuple[str, ...]]:
            first, last = page.period()
            rows = calendar_rows(
                connection,
                bench.tenant_id,
                first=first,
                last=last,
                zone=bench.studio.time_zone,
                now=bench.now(),
            )
            return rows, tuple(row.name for row in resources_list(connection, bench.tenant_id))

        feed = Feed(
            page,
            bench.reading,
            lambda: query,
            lambda found: page.show_rows(*found),
            entities=CALENDAR_ENTITIES,
        )
        self.feeds.append(feed)
        page.period_wanted.connect(lambda *_: feed.ask())
        return page

    def _bookings_page(self) -> BookingsPage:
        bench = self._bench
        page = BookingsPage(bench.theme, bench.studio, self._today)
        wanted = BookingsFilter()

        def query() -> partial[BookingsList]:
            return partial(
                bookings_list,
                tenant_id=bench.tenant_id,
                wanted=wanted,
                now=bench.now(),
                zone=bench.studio.time_zone,
            )

        def filtered(code: str, words: str) -> None:
            nonlocal wanted
            wanted = BookingsFilter(code, words)
            feed.ask()

        feed = Feed(page, bench.reading, query, page.show_rows, entities=BOOKING_ENTITIES)
        self.feeds.append(feed)
        page.rows_wanted.connect(filtered)
        return page


def _all_pages(known: Mapping[PageKey, QWidget]) -> dict[PageKey, QWidget]:
    pages: dict[PageKey, QWidget] = {}
    for key in PageKey:
        page = known.get(key)
        if page is None:
            page = QWidget()
            page.setObjectName("page")
        pages[key] = page
    return pages
