"""Keeps what each step observed: one line on the terminal, one entry in ``tour.json``."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Self, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from shared.errors import DomainError

STEP_LIMIT_S: Final = 30
"""A step waits at most this long for what it wants to see."""

_T = TypeVar("_T")


class NotAsItShouldBe(Exception):
    """A step saw something else than it should; its text says what."""


@dataclass(frozen=True)
class Entry:
    """One step of one row, as ``tour.json`` has it."""

    row: int
    step: str
    ok: bool
    seconds: float
    observed: str


@dataclass
class Sighting:
    """What a step has seen so far; it says it in its own words."""

    words: list[str] = field(default_factory=list)

    def saw(self, words: str) -> None:
        """Add what was observed."""
        self.words.append(words)

    def must(self, condition: object, words: str) -> None:
        """Add what was observed; without the condition it is a fault."""
        if not condition:
            raise NotAsItShouldBe(words)
        self.words.append(words)


class Recorder:
    """Runs steps, measures them and writes them down; a failed step ends its row, not the tour."""

    def __init__(self, folder: Path, *, total: int, pump: Callable[[], None]) -> None:
        self.folder = folder
        self.entries: list[Entry] = []
        self._pump = pump
        self._started = time.monotonic()
        self.console = Console(highlight=False, soft_wrap=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
        )
        self._bar = self._progress.add_task("Tour", total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *trace: object) -> None:
        self._progress.stop()
        self.write()

    @contextmanager
    def step(self, row: int, name: str) -> Iterator[Sighting]:
        """One step: what it saw, how long it took, whether it was as it should be."""
        seen = Sighting()
        began = time.monotonic()
        ok, failure = True, None
        try:
            yield seen
        except (NotAsItShouldBe, DomainError, OSError, AssertionError, LookupError, ValueError) as cause:
            ok, failure = False, cause
            seen.saw(
                f"{type(cause).__name__}: {cause}" if not isinstance(cause, NotAsItShouldBe) else str(cause)
            )
        self.note(row, name, ok=ok, seconds=time.monotonic() - began, observed="; ".join(seen.words))
        if failure is not None:
            raise RowEnded from failure

    def note(self, row: int, name: str, *, ok: bool, seconds: float = 0.0, observed: str) -> None:
        """Write one entry down, on the terminal too."""
        self.entries.append(Entry(row, name, ok, round(seconds, 2), observed))
        mark = "[green]✓[/]" if ok else "[red]✗[/]"
        line = f"{mark} row {row:>3}  {name:<12} {seconds:6.2f} s  {_escaped(observed)}"
        self.console.print(line)
        self._progress.advance(self._bar)

    def say(self, words: str) -> None:
        """A line that is no step."""
        self.console.print(_escaped(words))

    def wait_for(self, what: str, look: Callable[[], _T | None]) -> _T:
        """Look again and again until there is something; NotAsItShouldBe after 30 s."""
        until = time.monotonic() + STEP_LIMIT_S
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > until:
                raise NotAsItShouldBe(f"{what}: not seen within {STEP_LIMIT_S} s")
            self._pump()

    def write(self) -> None:
        """``tour.json`` as it stands now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps([asdict(entry) for entry in self.entries], ensure_ascii=False, indent=1)
        (self.folder / "tour.json").write_text(text + "\n", encoding="utf-8")

    @property
    def all_ok(self) -> bool:
        """Whether everything was as it should be."""
        return all(entry.ok for entry in self.entries)


class RowEnded(Exception):
    """A step of this row failed; what follows it in the row is not tried."""


def _escaped(words: str) -> str:
    return words.replace("[", r"\[")
