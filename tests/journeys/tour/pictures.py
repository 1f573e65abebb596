"""Screenshots of customer pages and mails through the system's Chromium, where there is one."""

from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, ViewportSize, sync_playwright

from tests.chromium import find_chromium
from tests.journeys.tour.customer import CustomerBrowser

PHONE = ViewportSize(width=390, height=844)
LETTER = ViewportSize(width=680, height=900)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


class Pictures:
    """A photographer; without Chromium it says so once and takes none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._browser: Browser | None = None
        self.words = ""

    def __enter__(self) -> Self:
        chromium = find_chromium()
        if chromium is None:
            self.words = "No Chromium here: no pictures of customer pages are taken."
            return self
        self._playwright = sync_playwright().start()
        try:
            self._browser = self._playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        except Error as cause:
            self._playwright.stop()
            self.words = (
                f"Chromium does not start, no pictures of customer pages are taken: {cause.message[:80]}"
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._browser is not None:
            self._browser.close()
            self._playwright.stop()

    def of_page(self, name: str, url: str, customer: CustomerBrowser) -> None:
        """The page as this customer's browser would show it now."""
        if self._browser is None:
            return
        host = urlsplit(url).hostname or "127.0.0.1"
        context = self._browser.new_context(viewport=PHONE, device_scale_factor=2)
        context.add_cookies(
            [
                {"name": cookie.name, "value": cookie.value or "", "domain": host, "path": cookie.path}
                for cookie in customer.client.cookies.jar
            ]
        )
        page = context.new_page()
        page.goto(url)
        page.screenshot(path=self._folder / f"{name}.png", full_page=True)
        context.close()

    def of_html(self, name: str, html: str) -> None:
        """A mail as a mail program would show it."""
        if self._browser is None:
            return
        context = self._browser.new_context(viewport=LETTER, device_scale_factor=2)
        page = context.new_page()
        page.set_content(html)
        page.screenshot(path=self._folder / f"{name}.png", full_page=True)
        context.close()
