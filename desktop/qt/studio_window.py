"""The window of a signed-in studio: its pages, what supplies each of them, and where their buttons lead."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.commands.reminders import edit_reminder_rule
from desktop.commands.studio import edit_settings
from desktop.presenting.sync_words import SyncState
from desktop.qt.background.reading import Asker
from desktop.qt.flows.attention_flow import AttentionFlow
from desktop.qt.flows.booking_flow import BookingFlow
from desktop.qt.flows.frame import Frame
from desktop.qt.flows.invoice_flow import InvoiceFlow
from desktop.qt.flows.list_flow import ListFlow
from desktop.qt.flows.record_flow import RecordFlow
from desktop.qt.flows.refund_flow import RefundFlow
from desktop.qt.flows.search_flow import SearchFlow, Ways
from desktop.qt.flows.sign_in_flow import SignInFlow
from desktop.qt.main_window import MainWindow
from desktop.qt.page_feeds import PageFeeds
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.studio_pages import StudioPages
from desktop.qt.workbench import Workbench
from desktop.queries.bookings import OPEN_PAYMENTS
from desktop.queries.rows import CustomerRow
from desktop.queries.waiting import waiting_changes


class StudioWindow:
    """Pages, feeds and flows of one studio, tied together by plain lines."""

    def __init__(self, bench: Workbench, *, signed_in: Callable[[UUID], None]) -> None:
        self._bench = bench
        self._today = bench.today()
        self.pages = StudioPages(bench)
        self.window = MainWindow(bench.theme, bench.studio, self.pages.by_key(), today=self._today)
        self.feeds = PageFeeds(bench, self.pages)
        self._waiting = Asker(bench.reading, self.window)
        bench.announcer.changed.connect(self.feeds.hear)
        frame = Frame(
            window=self.window,
            open_record=self.window.open_record,
            show_page=self.window.show_page,
            go_back=self.window.go_back,
            toast=self.window.toast,
            show_hint=self.window.status_bar.show_hint,
            show_zone=self.window.status_bar.show_zone,
            edited_page=self.window.edited_page,
        )
        self.invoices = InvoiceFlow(bench, frame, self.pages.invoices)
        self.refunds = RefundFlow(bench, frame)
        self.records = RecordFlow(bench, frame, self.refunds)
        self.bookings = BookingFlow(bench, frame, keep=self.feeds.watch, dress=self._dress)
        self.attention = AttentionFlow(
            bench,
            frame,
            bookings=self.bookings,
            refunds=self.refunds,
            invoices=self.invoices,
            open_booking=self.open_booking,
        )
        self.lists = ListFlow(bench, frame)
        self.signing_in = SignInFlow(bench, frame, signed_in)
        self.search = SearchFlow(
            bench,
            frame,
            self.window.top_strip.search,
            ways=Ways(
                booking=self.open_booking,
                document=self.invoices.open_document,
                customer=self._show_bookings_with,
                new_booking=self.bookings.new_booking,
            ),
        )
        self._connect_lists()
        self._connect_desk()

    def show_sync(self, state: SyncState) -> None:
        """Say how sync stands; what waits is read beside it. The day may have changed meanwhile."""
        today = self._bench.today()
        if today != self._today:
            self._today = today
            self.window.show_today(today)
            self.feeds.turn_day(today)
        query = partial(waiting_changes, tenant_id=self._bench.tenant_id)
        self._waiting.ask(query, lambda waiting: self.window.show_sync(state, waiting))

    def leave(self) -> None:
        """Nobody sits here any more: the window asks and hears nothing, and goes with all that it shows."""
        self._bench.announcer.changed.disconnect(self.feeds.hear)
        self.window.hide()
        self.window.deleteLater()

    def open_booking(self, booking_id: UUID | None) -> None:
        """Show a booking's record; a row without one leads nowhere."""
        if booking_id is not None:
            self.bookings.open_booking(booking_id)

    def open_item(self, item_id: UUID) -> None:
        """Show an item of Needs attention."""
        self.window.show_page(PageKey.ATTENTION)
        self.pages.attention.open_item(item_id)

    def _dress(self, page: BookingRecordPage) -> None:
        self.records.dress(page)
        self.invoices.dress(page)

    def _connect_lists(self) -> None:
        pages, window = self.pages, self.window
        for opens in (
            pages.today,
            pages.calendar,
            pages.bookings,
            pages.invoices,
            pages.refunds,
            pages.attention,
        ):
            opens.booking_opened.connect(self.open_booking)
        for hints in (
            pages.calendar,
            pages.bookings,
            pages.customers,
            pages.invoices,
            pages.refunds,
            pages.packages,
            pages.attention,
            pages.settings,
        ):
            hints.hint_changed.connect(partial(self._hint, hints))
        pages.today.attention_opened.connect(self.open_item)
        pages.today.inbox_wanted.connect(partial(window.show_page, PageKey.ATTENTION))
        pages.today.open_payments_wanted.connect(partial(self._show_bookings_behind, OPEN_PAYMENTS))
        pages.calendar.all_postponed_wanted.connect(partial(self._show_bookings_behind, "postponed"))
        pages.customers.customer_opened.connect(self._show_bookings_of)
        pages.attention.refunds_wanted.connect(partial(window.show_page, PageKey.REFUNDS))
        pages.attention.action_chosen.connect(self.attention.act)
        pages.refunds.act_wanted.connect(self.refunds.act)
        window.page_shown.connect(self._show_studio_zone)

    def _connect_desk(self) -> None:
        pages, bookings = self.pages, self.bookings
        self.window.new_booking_requested.connect(bookings.new_booking)
        pages.calendar.new_booking_wanted.connect(bookings.new_booking)
        columns = pages.bookings.model.columns
        pages.bookings.export_wanted.connect(
            lambda: self.feeds.whole_bookings(partial(self.lists.export_rows, "Bookings", columns))
        )
        for asks in (pages.bookings, pages.customers, pages.first_steps):
            asks.new_booking_wanted.connect(bookings.new_booking)
        preview = pages.bookings.preview
        preview.move_wanted.connect(lambda wanted: bookings.with_record(wanted, bookings.move))
        preview.payment_wanted.connect(lambda wanted: bookings.with_record(wanted, self.records.pay))
        preview.pay_link_wanted.connect(lambda wanted: bookings.with_record(wanted, self.records.pay_link))
        pages.packages.new_wanted.connect(self.records.new_package)
        pages.first_steps.package_wanted.connect(self.records.new_package)
        pages.first_steps.setting_wanted.connect(self._show_setting)
        pages.settings.save_wanted.connect(self._save_settings)
        pages.settings.rule_turned.connect(self._turn_rule)

    def _hint(self, page: QWidget, words: str) -> None:
        if page.isVisible():
            self.window.status_bar.show_hint(words)

    def _show_studio_zone(self, page: object) -> None:
        if not isinstance(page, BookingRecordPage):
            self.window.status_bar.show_zone(self._bench.studio.time_zone)

    def _show_bookings_of(self, customer: CustomerRow) -> None:
        self._show_bookings_with(customer.email)

    def _show_bookings_behind(self, chip: str) -> None:
        """All of them: what was typed into the filter gives way."""
        self.window.show_page(PageKey.BOOKINGS)
        self.pages.bookings.filter_field.clear()
        self.pages.bookings.choose_filter(chip)

    def _show_bookings_with(self, words: str) -> None:
        self.window.show_page(PageKey.BOOKINGS)
        self.pages.bookings.filter_field.setText(words)

    def _show_setting(self, code: str) -> None:
        self.window.show_page(PageKey.SETTINGS)
        self.pages.settings.go_to(code)

    def _save_settings(self, changes: dict[str, tuple[object, object]]) -> None:
        tenant_id, page = self._bench.tenant_id, self.pages.settings

        def saved() -> None:
            page.end_save(saved=changes)
            self.window.toast("Settings saved.")

        def refused(failure: BaseException) -> None:
            page.end_save(saved={})
            self._bench.failed(failure)

        self._bench.acting.do(
            lambda desk: edit_settings(desk, tenant_id, changes), then=saved, on_failed=refused
        )

    def _turn_rule(self, rule_id: UUID, on: bool) -> None:  # noqa: FBT001 - a slot
        change = {"is_on": (not on, on)}
        self._bench.acting.do(lambda desk: edit_reminder_rule(desk, rule_id, change))
