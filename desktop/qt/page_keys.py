"""The pages of the program: their order in the sidebar, their words, drawings and number keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desktop.qt.icons import Icon


class PageKey(StrEnum):
    """The pages in the order of the sidebar."""

    TODAY = "today"
    CALENDAR = "calendar"
    BOOKINGS = "bookings"
    CUSTOMERS = "customers"
    INVOICES = "invoices"
    REFUNDS = "refunds"
    PACKAGES = "packages"
    REPORTS = "reports"
    ATTENTION = "attention"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class PageLook:
    """What the sidebar shows for a page."""

    words: str
    glyph: Icon


PAGE_LOOKS: Final[Mapping[PageKey, PageLook]] = {
    PageKey.TODAY: PageLook("Today", Icon.TODAY),
    PageKey.CALENDAR: PageLook("Calendar", Icon.CALENDAR),
    PageKey.BOOKINGS: PageLook("Bookings", Icon.BOOK),
    PageKey.CUSTOMERS: PageLook("Customers", Icon.PERSON),
    PageKey.INVOICES: PageLook("Invoices", Icon.DOCUMENT),
    PageKey.REFUNDS: PageLook("Refunds", Icon.REFUND),
    PageKey.PACKAGES: PageLook("Packages", Icon.BOX),
    PageKey.REPORTS: PageLook("Reports", Icon.BARS),
    PageKey.ATTENTION: PageLook("Needs attention", Icon.INBOX),
    PageKey.SETTINGS: PageLook("Settings", Icon.SLIDERS),
}
