"""What every test may ask for."""

import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

# before anything imports Qt; a person who wants to watch sets another platform
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.chromium import find_chromium
from tests.fakes.clock import FrozenClock
from tests.postgres_cluster import Database, PostgresCluster, running_cluster

_CHECKS_MAY_TAKE_S = 300


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
    """Name the skipped tests by their reasons, and tell what the checks have found (tests/__main__.py)."""
    for report in terminalreporter.getreports("skipped"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        terminalreporter.write_line(f"skipped: {report.nodeid}: {reason}")
    if (checks := os.environ.get("DAYBOOK_CHECKS")) is not None:
        terminalreporter.write(_found_by_checks(Path(checks)))


def _found_by_checks(found: Path) -> str:
    """What the checks beside the tests have to say; they may still be under way."""
    give_up_at = time.monotonic() + _CHECKS_MAY_TAKE_S
    while not found.exists():
        if time.monotonic() > give_up_at:
            return f"The checks did not end within {_CHECKS_MAY_TAKE_S} seconds.\n"
        time.sleep(0.1)
    return found.read_text(encoding="utf-8")
