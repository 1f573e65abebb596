"""What supplies each page: a query, the tables that concern it, and how the answer is shown."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.data_changes import DataChanges
from desktop.local_store.replica import Connection
from desktop.qt.background.list_feed import ListFeed, ListQueries
from desktop.qt.background.reading import AnyFeed, Asker, Feed, Query
from desktop.qt.studio_pages import StudioPages
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.workbench import Workbench
from desktop.queries.attention import attention_items, solved_list, solved_of
from desktop.queries.booking_record import booking_record
from desktop.queries.bookings import BookingsFilter, bookings_figures, bookings_list, bookings_of
from desktop.queries.calendar import calendar_rows
from desktop.queries.calendar_side import side_rows
from desktop.queries.catalogue import packages_list
from desktop.queries.customers import CustomersFilter, customers_list, customers_of
from desktop.queries.documents import invoices_list
from desktop.queries.month_rows import MonthRows, SideRows
from desktop.queries.refunds import refunds_list
from desktop.queries.rows import (
    AttentionRow,
    BookingOrder,
    BookingRow,
    BookingsFigures,
    CustomerOrder,
    CustomerRow,
    InvoiceRow,
    Listed,
    PackageRow,
    RefundRow,
    TodayRows,
)
from desktop.queries.settings_rows import SettingsRows
from desktop.queries.studio_settings import settings_rows
from desktop.queries.today import today_rows

Row = TypeVar("Row")
Rows = TypeVar("Rows")

BOOKINGS = frozenset(
    {"booking", "booking_resource", "payment_stage", "customer", "note", "refund_request", "sync_issue"}
)
MAILS = frozenset({"reminder_log", "reminder_rule", "reminder_choice"})
TODAY = BOOKINGS | MAILS | {"ledger", "refund", "resource"}
MONTH = frozenset({"booking", "booking_resource", "availability_block", "customer", "resource", "sync_issue"})
BESIDE_MONTH = frozenset({"booking", "customer", "payment_stage", "resource"})
CUSTOMERS = frozenset({"customer", "booking", "payment_stage"})
DOCUMENTS = frozenset({"document", "payment_stage", "customer"})
REFUNDS = frozenset({"refund_request", "refund_request_line", "refund", "payment_stage", "customer"})
ATTENTION = REFUNDS | {"sync_issue", "booking", "note"}
SETTINGS = frozenset({"studio", "reminder_rule", "package", "document", "booking"})


class PageFeeds:
    """One feed per page; `hear` tells all of them what was written."""

    def __init__(self, bench: Workbench, pages: StudioPages) -> None:
        self._bench = bench
        self._pages = pages
        self._feeds: list[AnyFeed] = []
        self._wanted = BookingsFilter()
        self._previews = Asker(bench.reading, pages.bookings)
        self._wanted_people = CustomersFilter()
        self.today = self._feed(pages.start, TODAY | SETTINGS, self._today, self._show_today)
        self._calendar = self._feed(pages.calendar, MONTH, self._month, pages.calendar.show_rows)
        self._feed(pages.calendar, BESIDE_MONTH, self._beside_month, pages.calendar.show_side)
        bookings, customers, solved = pages.bookings, pages.customers, pages.attention.solved
        listed = ListQueries(self._list, self._following)
        people = ListQueries(self._people, self._following_people)
        done = ListQueries(self._solved, self._following_solved)
        show_solved = pages.attention.show_solved
        self._bookings = self._list_feed(bookings, bookings.model, BOOKINGS, listed, bookings.show_rows)
        self._customers = self._list_feed(customers, customers.model, CUSTOMERS, people, customers.show_rows)
        self._list_feed(solved, solved.model, ATTENTION, done, show_solved)
        self._bookings.follow_with(self._figures, pages.bookings.show_figures)
        self._feed(pages.invoices, DOCUMENTS, self._documents, pages.invoices.show_rows)
        self._feed(pages.refunds, REFUNDS, self._refunds, pages.refunds.show_rows)
        self._feed(pages.packages, frozenset({"package"}), self._packages, pages.packages.show_rows)
        self._feed(
            pages.attention, ATTENTION, self._inbox, lambda rows: pages.attention.show_rows(rows, bench.now())
        )
        self._feed(
            pages.settings,
            SETTINGS,
            self._settings,
            lambda rows: pages.settings.show_rows(rows, bench.now()),
        )
        pages.calendar.rows_wanted.connect(self._calendar.ask)
        pages.bookings.rows_wanted.connect(self._filter_bookings)
        pages.bookings.order_wanted.connect(self._order_bookings)
        pages.bookings.preview_wanted.connect(self._preview)
        pages.customers.rows_wanted.connect(self._filter_customers)
        pages.customers.order_wanted.connect(self._order_customers)

    def watch(self, feed: AnyFeed) -> None:
        """A record was opened: its feed hears too, for as long as its page lives."""
        self._feeds.append(feed)
        feed.destroyed.connect(lambda: self._feeds.remove(feed))

    def hear(self, changes: DataChanges) -> None:
        """Rows were written somewhere."""
        for feed in list(self._feeds):
            feed.hear(changes)

    def whole_bookings(self, then: Callable[[Sequence[BookingRow]], None]) -> None:
        """Every row of the bookings list as it is filtered and sorted now."""
        self._bench.reading.ask(
            self._list(None), lambda listed: then(listed.rows), asker=self._pages.bookings
        )

    def turn_day(self, today: date) -> None:
        """The day has changed (the practice clock can jump): everything is asked anew."""
        pages = self._pages
        for page in (pages.calendar, pages.bookings, pages.customers, pages.refunds, pages.invoices):
            page.show_today(today)
        for feed in list(self._feeds):
            feed.ask_when_seen()

    def _feed(
        self,
        page: QWidget,
        entities: frozenset[str],
        query: Callable[[], Query[Rows]],
        show: Callable[[Rows], None],
    ) -> Feed[Rows]:
        feed: Feed[Rows] = Feed(page, self._bench.reading, query=query, show=show, entities=entities)
        self._feeds.append(feed)
        return feed

    def _list_feed(
        self,
        page: QWidget,
        model: RowsModel[Row],
        entities: frozenset[str],
        queries: ListQueries[Row],
        show: Callable[[Listed[Row]], None],
    ) -> ListFeed[Row]:
        """Of a list that is read in pages."""
        feed = ListFeed(page, self._bench.reading, queries, model=model, show=show, entities=entities)
        self._feeds.append(feed)
        return feed

    # --- queries: made on the GUI thread with filter and moment, run on a reader --------------------------

    def _today(self) -> Query[tuple[TodayRows, SettingsRows | None]]:
        bench, now, settings = self._bench, self._bench.now(), self._settings()

        def query(connection: Connection) -> tuple[TodayRows, SettingsRows | None]:
            rows = today_rows(
                connection, bench.tenant_id, studio=bench.studio, user_id=bench.user_id, now=now
            )
            return rows, None if rows.booking_count else settings(connection)

        return query

    def _month(self) -> Query[MonthRows]:
        bench = self._bench
        return partial(
            calendar_rows,
            tenant_id=bench.tenant_id,
            wanted=self._pages.calendar.wanted(),
            zone=bench.studio.time_zone,
        )

    def _beside_month(self) -> Query[SideRows]:
        return partial(side_rows, tenant_id=self._bench.tenant_id, now=self._bench.now())

    def _list(self, count: int | None) -> Query[Listed[BookingRow]]:
        bench = self._bench
        return partial(
            bookings_list,
            tenant_id=bench.tenant_id,
            wanted=self._wanted,
            now=bench.now(),
            zone=bench.studio.time_zone,
            limit=count,
        )

    def _following(self, ids: Sequence[str]) -> Query[tuple[BookingRow, ...]]:
        return partial(bookings_of, tenant_id=self._bench.tenant_id, ids=ids, now=self._bench.now())

    def _figures(self) -> Query[BookingsFigures]:
        bench = self._bench
        return partial(
            bookings_figures,
            tenant_id=bench.tenant_id,
            wanted=self._wanted,
            now=bench.now(),
            zone=bench.studio.time_zone,
        )

    def _people(self, count: int) -> Query[Listed[CustomerRow]]:
        bench = self._bench
        return partial(
            customers_list,
            tenant_id=bench.tenant_id,
            wanted=self._wanted_people,
            currency=bench.studio.currency,
            now=bench.now(),
            limit=count,
        )

    def _following_people(self, ids: Sequence[str]) -> Query[tuple[CustomerRow, ...]]:
        bench = self._bench
        return partial(
            customers_of,
            tenant_id=bench.tenant_id,
            ids=ids,
            currency=bench.studio.currency,
            now=bench.now(),
        )

    def _solved(self, count: int) -> Query[Listed[AttentionRow]]:
        bench = self._bench
        return partial(
            solved_list,
            tenant_id=bench.tenant_id,
            zone=bench.studio.time_zone,
            user_id=bench.user_id,
            limit=count,
        )

    def _following_solved(self, ids: Sequence[str]) -> Query[tuple[AttentionRow, ...]]:
        bench = self._bench
        return partial(
            solved_of, tenant_id=bench.tenant_id, ids=ids, zone=bench.studio.time_zone, user_id=bench.user_id
        )

    def _documents(self) -> Query[tuple[InvoiceRow, ...]]:
        return partial(invoices_list, tenant_id=self._bench.tenant_id)

    def _refunds(self) -> Query[tuple[RefundRow, ...]]:
        return partial(refunds_list, tenant_id=self._bench.tenant_id, user_id=self._bench.user_id)

    def _packages(self) -> Query[tuple[PackageRow, ...]]:
        return partial(packages_list, tenant_id=self._bench.tenant_id, archived=True)

    def _inbox(self) -> Query[tuple[AttentionRow, ...]]:
        bench = self._bench
        return partial(
            attention_items, tenant_id=bench.tenant_id, zone=bench.studio.time_zone, user_id=bench.user_id
        )

    def _settings(self) -> Query[SettingsRows | None]:
        bench = self._bench
        return partial(
            settings_rows,
            tenant_id=bench.tenant_id,
            numbers=bench.numbers,
            now=bench.now(),
            key_file=bench.key_file,
        )

    # --- what pages ask for -------------------------------------------------------------------------------

    def _show_today(self, found: tuple[TodayRows, SettingsRows | None]) -> None:
        rows, settings = found
        pages = self._pages
        pages.start.show_first_steps(shown=rows.booking_count == 0)
        pages.today.show_rows(rows, self._bench.now())
        pages.first_steps.show_settings(settings)

    def _filter_bookings(self, code: str, words: str) -> None:
        self._wanted = replace(self._wanted, code=code, words=words)
        self._bookings.ask_anew()

    def _order_bookings(self, order: BookingOrder, descending: bool) -> None:  # noqa: FBT001 - a slot
        self._wanted = replace(self._wanted, order=order, descending=descending)
        self._bookings.ask_anew()

    def _filter_customers(self, words: str) -> None:
        self._wanted_people = replace(self._wanted_people, words=words)
        self._customers.ask_anew()

    def _order_customers(self, order: CustomerOrder, descending: bool) -> None:  # noqa: FBT001 - a slot
        self._wanted_people = replace(self._wanted_people, order=order, descending=descending)
        self._customers.ask_anew()

    def _preview(self, booking_id: UUID) -> None:
        bench = self._bench
        query = partial(
            booking_record,
            tenant_id=bench.tenant_id,
            booking_id=booking_id,
            user_id=bench.user_id,
            now=bench.now(),
        )
        self._previews.ask(query, self._pages.bookings.show_preview)
