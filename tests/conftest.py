"""What every test may ask for."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# before anything imports Qt; a person who wants to watch sets another platform
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.chromium import find_chromium
from tests.fakes.clock import FrozenClock
from tests.postgres_cluster import Database, PostgresCluster, running_cluster


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands still until the test moves it."""
    return FrozenClock()


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    """One cluster for each test process."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def empty_database(postgres_cluster: PostgresCluster) -> Iterator[Database]:
    """A fresh database without a table."""
    with postgres_cluster.database() as database:
        yield database


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser; without one the test is skipped, but not where every change is judged."""
    found = find_chromium()
    if found is None:
        reason = "there is no Chromium on this machine"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: no search for garbage goes through them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _collected_on_this_thread() -> Iterator[None]:
    """Garbage goes after a test, as the desktop has it (desktop/qt/gc_guard.py).

    Another thread that frees a Qt object can wait for ever for one that is just making one.
    """
    gc.disable()
    yield
    counts, thresholds = gc.get_count(), gc.get_threshold()
    due = [generation for generation in (2, 1, 0) if counts[generation] > thresholds[generation]]
    if due:
        gc.collect(due[0])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the skipped tests by their reasons, and the checks that failed before the tests ran."""
    for report in terminalreporter.getreports("skipped"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        terminalreporter.write_line(f"skipped: {report.nodeid}: {reason}")
    failed_checks = os.environ.get("DAYBOOK_FAILED_CHECKS")
    if failed_checks:
        terminalreporter.write_line(f"These checks failed before the tests ran: {failed_checks}", red=True)
