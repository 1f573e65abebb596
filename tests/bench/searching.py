"""Keystrokes of a search and months of the calendar over 100,000 bookings, up to the paint of the window.

The control is asked between them, a few times at once and the first ones uncounted: so both have met the
same machine, and it has its pages at hand.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.bootstrap import Desktop, build
from desktop.qt.application import Application
from desktop.qt.gc_guard import set_program_apart
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
MONTHS: Final = {BOOKINGS: 60, TENTH: 12}
"""Of both as many are turned first, and a tenth has 32 in all."""
_CONTROL_WARMS_UP, _CONTROLS = 3, 5
SEARCH, FILTER, MONTH = (
    "search keystroke to rows",
    "list filter keystroke to rows",
    "calendar month to the paint",
)
_UNITS: Final = {SEARCH: "ms at p95", FILTER: "ms at p95", MONTH: "ms"}
CONTROL: Final = "one indexed SQLite query"
_CONTROL_QUERY: Final = (
    "SELECT id, starts_at FROM booking WHERE starts_at >= '2027-06-01' ORDER BY starts_at LIMIT 20"
)


class Timed:
    """One window on one store: milliseconds from what a person does to the paint that answers it."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop
        self._month = big_studio.LAST_DAY
        self.controls: list[float] = []
        self._wait()

    def keystrokes(self, field: QLineEdit) -> list[float]:
        """Each word letter by letter, from an empty field."""
        waits = []
        for word in WORDS:
            self._ask_control()
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

    def months(self, count: int) -> list[float]:
        """Of the calendar, one before another, none twice: those pages of the store were never deciphered."""
        self._desktop.window.show_page(PageKey.CALENDAR)
        page = self._desktop.window.page
        assert isinstance(page, CalendarPage)
        page.go_to(self._month)
        self._wait()
        waits = []
        for _ in range(count):
            self._ask_control()
            self._month = month_after(self._month, -1)
            waits.append(self._ms(partial(page.go_to, self._month)))
            booked = page.month_view.entries_of(self._month).count
            assert booked == big_studio.BOOKINGS_A_DAY, f"{self._month:%B %Y} has {booked} bookings a day"
        return waits

    def _ask_control(self) -> None:
        """One query by an index, as bare as the store allows."""
        with self._desktop.store.reading() as connection:
            for number in range(_CONTROL_WARMS_UP + _CONTROLS):
                began = time.perf_counter()
                connection.exec_driver_sql(_CONTROL_QUERY).fetchall()
                if number >= _CONTROL_WARMS_UP:
                    self.controls.append((time.perf_counter() - began) * 1000)

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


class Taken(NamedTuple):
    """A figure and its control, both in milliseconds."""

    value: float
    control: float


def measure() -> list[Figure]:
    """p95 of keystrokes, median of months; the control's likewise."""
    small, large = _of(TENTH), _of(BOOKINGS)
    held = {name: _gate(name, taken) for name, taken in large.items()}
    return [
        figure(
            name,
            value=taken.value,
            unit=_UNITS[name],
            baseline=Baseline(CONTROL, taken.control),
            gate=held[name],
            scale=f"{BOOKINGS:,} bookings; ×{taken.value / small[name].value:.2f} of {TENTH:,}",
        )
        for name, taken in large.items()
    ]


def _of(bookings: int) -> dict[str, Taken]:
    """Each figure over so many bookings, by its name."""
    with _window(bookings) as timed:
        return {
            SEARCH: _taken(timed, timed.search, _p95),
            FILTER: _taken(timed, timed.filter, _p95),
            MONTH: _taken(timed, partial(timed.months, MONTHS[bookings]), statistics.median),
        }


def _taken(timed: Timed, take: Callable[[], list[float]], in_short: Callable[[list[float]], float]) -> Taken:
    take()
    timed.controls.clear()
    waits = take()
    return Taken(in_short(waits), in_short(timed.controls))


def _gate(name: str, taken: Taken) -> Gate:
    if name == FILTER:
        return Gate("told, no gate", holds=True)
    return at_most(name, taken.value, GATE_MS, control=taken.control, unit=_UNITS[name])


def _p95(waits: list[float]) -> float:
    return percentile(waits, 0.95)


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
    set_program_apart()
    return Application()
