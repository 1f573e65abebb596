"""The pages of a studio, made once; each knows its rows and its signals, none knows another."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from desktop.qt.page_keys import PageKey
from desktop.qt.pages.attention import AttentionPage
from desktop.qt.pages.bookings import BookingsPage
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.pages.customers import CustomersPage
from desktop.qt.pages.first_steps import FirstStepsPage, TodayOrFirstSteps
from desktop.qt.pages.invoices import InvoicesPage
from desktop.qt.pages.packages import PackagesPage
from desktop.qt.pages.refunds import RefundsPage
from desktop.qt.pages.reports import ReportsPage
from desktop.qt.pages.settings import SettingsPage
from desktop.qt.pages.today import TodayPage
from desktop.qt.workbench import Workbench


class StudioPages:
    """One of each."""

    def __init__(self, bench: Workbench) -> None:
        theme, studio, today = bench.theme, bench.studio, bench.today()
        self.today = TodayPage(theme, studio, bench.now())
        self.first_steps = FirstStepsPage(theme, studio)
        self.start = TodayOrFirstSteps(self.today, self.first_steps)
        self.calendar = CalendarPage(theme, today)
        self.bookings = BookingsPage(theme, studio, today)
        self.customers = CustomersPage(theme, studio, today)
        self.invoices = InvoicesPage(theme, studio, today)
        self.refunds = RefundsPage(theme, studio, today)
        self.packages = PackagesPage(theme, studio)
        self.reports = ReportsPage(theme)
        self.attention = AttentionPage(theme, studio, today)
        self.settings = SettingsPage(theme, studio)

    def by_key(self) -> Mapping[PageKey, QWidget]:
        """In the order of the sidebar."""
        return {
            PageKey.TODAY: self.start,
            PageKey.CALENDAR: self.calendar,
            PageKey.BOOKINGS: self.bookings,
            PageKey.CUSTOMERS: self.customers,
            PageKey.INVOICES: self.invoices,
            PageKey.REFUNDS: self.refunds,
            PageKey.PACKAGES: self.packages,
            PageKey.REPORTS: self.reports,
            PageKey.ATTENTION: self.attention,
            PageKey.SETTINGS: self.settings,
        }
