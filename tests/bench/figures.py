"""What a figure is, how it is taken, and what is printed and kept of it."""

import gc
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.bench.gates import Gate

OUTPUT: Final = Path("bench-output")
RUNS: Final = 5
"""Counted runs of a figure and of its baseline, in turn, after one that is not counted."""


@dataclass(frozen=True)
class Figure:
    """One measured value beside its baseline.

    ``ratio`` is value / baseline in the figure's own unit; ``gate`` is in words what must hold, ``holds``
    whether it does; ``scale`` says over how much data it was taken.
    """

    name: str
    value: float
    unit: str
    baseline: float
    baseline_name: str
    ratio: float
    gate: str
    holds: bool
    scale: str


@dataclass(frozen=True)
class Baseline:
    """What a figure stands beside, taken in the same run."""

    name: str
    value: float


def figure(
    name: str,
    *,
    value: float,
    unit: str,
    baseline: Baseline,
    gate: Gate,
    scale: str,
) -> Figure:
    """A figure with its ratio, rounded to what the measurement can bear."""
    return Figure(
        name=name,
        value=_rounded(value),
        unit=unit,
        baseline=_rounded(baseline.value),
        baseline_name=baseline.name,
        ratio=_rounded(value / baseline.value),
        gate=gate.words,
        holds=gate.holds,
        scale=scale,
    )


def seconds_of(act: Callable[[], object]) -> float:
    """How long one run takes, the collector kept out."""
    gc.collect()
    gc.disable()
    try:
        began = time.perf_counter()
        act()
        return time.perf_counter() - began
    finally:
        gc.enable()


def side_by_side(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of both, taken in turn, so that both meet the same machine."""
    ours(), theirs()
    pairs = [(seconds_of(ours), seconds_of(theirs)) for _ in range(RUNS)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def percentile(values: list[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def print_figures(figures: list[Figure], console: Console) -> None:
    """One table."""
    table = Table("Figure", "Value", "Unit", "Baseline", "of", "Ratio", "Gate", "Holds", "Scale")
    for one in figures:
        holds = "[green]yes[/]" if one.holds else "[red]NO[/]"
        table.add_row(
            one.name,
            f"{one.value:g}",
            one.unit,
            f"{one.baseline:g}",
            one.baseline_name,
            f"{one.ratio:g}",
            one.gate,
            holds,
            one.scale,
        )
    console.print(table)


def keep(figures: list[Figure], folder: Path) -> None:
    """``bench.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(one) for one in figures], indent=1, ensure_ascii=False)
    (folder / "bench.json").write_text(text + "\n", encoding="utf-8")


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")
