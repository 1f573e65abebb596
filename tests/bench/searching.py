"""Keystrokes of a search and months of the calendar over 100,000 bookings, up to the paint of the window."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.bootstrap import Desktop, build
from desktop.qt.application import Application
from desktop.qt.page_keys import PageKey
from desktop.qt.pages.bookings import BookingsPage
from desktop.qt.pages.calendar.calendar_page import CalendarPage
from desktop.qt.pages.calendar.month_layout import month_after
from tests.bench import big_studio
from tests.bench.big_desk import fill_store
from tests.bench.figures import Baseline, Figure, figure, percentile
from tests.bench.gates import Gate, at_most
from tests.fakes.clock import FrozenClock

GATE_MS: Final = 16
BOOKINGS, TENTH = 100_000, 10_000
WORDS: Final = ("zoë lindqvist", "castell", "ecouen", "customer.4711", "villa aur", "brule 12")
MONTHS: Final = 12
CONTROL: Final = "one indexed SQLite query"
_CONTROL_QUERY: Final = (
    "SELECT id, starts_at FROM booking WHERE starts_at >= '2027-06-01' ORDER BY starts_at LIMIT 20"
)


class Timed:
    """One window on one store: milliseconds from what a person does to the paint that answers it."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        self._month = big_studio.LAST_DAY
        self._wait()

    def keystrokes(self, field: QLineEdit) -> list[float]:
        """Each word letter by letter, from an empty field."""
        waits = []
        for word in WORDS:
            field.setFocus()
            beginnings = (word[: end + 1] for end in range(len(word)))
            waits += [self._ms(partial(field.setText, beginning)) for beginning in beginnings]
            self._ms(field.clear)
        return waits

    def search(self) -> list[float]:
        """Of the search box."""
        self._desktop.window.show_page(PageKey.TODAY)
        return self.keystrokes(self._desktop.window.top_strip.search)

    def filter(self) -> list[float]:
        """Of the filter of the bookings list."""
        self._desktop.window.show_page(PageKey.BOOKINGS)
        self._wait()
        page = self._desktop.window.page
        assert isinstance(page, BookingsPage)
        return self.keystrokes(page.filter_field)

    def months(self) -> list[float]:
        """Of the calendar, one before another, none twice: all lie in the years that any size has."""
        self._desktop.window.show_page(PageKey.CALENDAR)
        page = self._desktop.window.page
        assert isinstance(page, CalendarPage)
        page.go_to(self._month)
        self._wait()
        waits = []
        for _ in range(MONTHS):
            self._month = month_after(self._month, -1)
            waits.append(self._ms(partial(page.go_to, self._month)))
            booked = page.month_view.entries_of(self._month).count
            assert booked == big_studio.BOOKINGS_A_DAY, f"{self._month:%B %Y} has {booked} bookings a day"
        return waits

    def control(self) -> list[float]:
        """One query by an index, as bare as the store allows."""
        waits = []
        with self._desktop.store.reading() as connection:
            for _ in range(sum(map(len, WORDS))):
                began = time.perf_counter()
                connection.exec_driver_sql(_CONTROL_QUERY).fetchall()
                waits.append((time.perf_counter() - began) * 1000)
        return waits

    def _ms(self, act: Callable[[], object]) -> float:
        began = time.perf_counter()
        act()
        self._wait()
        return (time.perf_counter() - began) * 1000

    def _wait(self) -> None:
        """Until every answer is shown and painted; asleep meanwhile, as Qt's loop is."""
        asleep = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
        QApplication.processEvents()
        while self._desktop.runner.running:
            QApplication.processEvents(asleep)
        QApplication.processEvents()


def measure() -> list[Figure]:
    """p95 of keystrokes, median of months; the control's likewise."""
    with _window(TENTH) as timed:
        small = {"search": _p95(timed.search), "filter": _p95(timed.filter), "month": _median(timed.months)}
    with _window(BOOKINGS) as timed:
        large = {"search": _p95(timed.search), "filter": _p95(timed.filter), "month": _median(timed.months)}
        control_p95, control_median = _p95(timed.control), _median(timed.control)
    growth = {name: f"{BOOKINGS:,} bookings; ×{large[name] / small[name]:.2f} of {TENTH:,}" for name in large}
    name, month = "search keystroke to rows", "calendar month to the paint"
    held = at_most(name, large["search"], GATE_MS, control=control_p95, unit="ms at p95")
    month_held = at_most(month, large["month"], GATE_MS, control=control_median, unit="ms")
    told = Gate("told, no gate", holds=True)
    return [
        _figure(name, large["search"], control_p95, held=held, scale=growth["search"], unit="ms at p95"),
        _figure(
            "list filter keystroke to rows",
            large["filter"],
            control_p95,
            held=told,
            scale=growth["filter"],
            unit="ms at p95",
        ),
        _figure(month, large["month"], control_median, held=month_held, scale=growth["month"], unit="ms"),
    ]


def _p95(take: Callable[[], list[float]]) -> float:
    take()
    return percentile(take(), 0.95)


def _median(take: Callable[[], list[float]]) -> float:
    take()
    return statistics.median(take())


def _figure(name: str, value: float, control: float, *, held: Gate, scale: str, unit: str) -> Figure:
    return figure(
        name,
        value=value,
        unit=unit,
        baseline=Baseline(CONTROL, control),
        gate=held,
        scale=scale,
    )


@contextmanager
def _window(bookings: int) -> Iterator[Timed]:
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as folder:
        settings = fill_store(Path(folder), bookings)
        desktop = build(settings, application=_application(), clock=FrozenClock(big_studio.NOW))
        try:
            yield Timed(desktop)
        finally:
            desktop.close()


@cache
def _application() -> Application:
    return Application()
