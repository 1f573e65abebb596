"""Chromium's pages and a studio for them to visit; what they say on the console is a failure."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.gateways.emulator_process import Emulator, emulator, emulator_process
from tests.postgres_cluster import Database
from tests.sync_server.conftest import migrated_database, migrated_template, shared_database
from tests.sync_server.links.link_room import LinkRoom, served_room

__all__ = ["emulator", "emulator_process", "migrated_database", "migrated_template", "shared_database"]

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def room(migrated_database: Database, tmp_path: Path, emulator: Emulator) -> Iterator[LinkRoom]:
    """The studio and its server."""
    with served_room(migrated_database, tmp_path, emulator) as made:
        yield made


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """One browser for the pages of a module."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(chromium),
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield started
        started.close()


NewPage = Callable[..., Page]


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens pages, each as a customer of its own; what they say on the console fails the test."""
    said: list[str] = []
    contexts = []

    def open_page(*, scripts: bool = True, width: int = PHONE["width"], dark: bool = False) -> Page:
        context = browser.new_context(
            java_script_enabled=scripts,
            viewport={"width": width, "height": PHONE["height"]},
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()

        def hear(message: ConsoleMessage) -> None:
            # the browser reports the status of an ended link, which is meant
            if message.type in ("error", "warning") and not message.text.endswith("410 (Gone)"):
                said.append(f"{page.url}: {message.text}")

        page.on("console", hear)
        page.on("pageerror", lambda failure: said.append(f"{page.url}: {failure}"))
        page.on("requestfailed", lambda request: said.append(f"failed: {request.url}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
