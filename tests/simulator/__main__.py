"""Runs new histories for a while, on every core: ``python -m tests.simulator MINUTES`` (``make soak``).

A seed that fails goes into seeds.txt and runs first in every ``make test`` from then on.
"""

import subprocess
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count
from multiprocessing import cpu_count
from pathlib import Path
from typing import Annotated, Final

import typer

from tests.simulator.points import missing_points
from tests.simulator.world import History, history

SEEDS_FILE: Final = Path(__file__).parent / "seeds.txt"
_AT_ONCE: Final = 16
_ENOUGH_FOR_EVERY_POINT: Final = 1000
_DAY_S: Final = 86_400


@dataclass(frozen=True)
class Verdict:
    """What became of one seed."""

    seed: int
    history: History | None
    words: str = ""


def judge(seed: int) -> Verdict:
    """Run one seed to its end or to its first broken promise."""
    try:
        return Verdict(seed, history(seed))
    except Exception as failure:  # noqa: BLE001 - whatever it is, it is a finding
        told = " ".join(f"{type(failure).__name__}: {failure}".split())[:300]
        return Verdict(seed, None, told)


def keep(verdict: Verdict) -> None:
    """Write a failing seed down."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    with SEEDS_FILE.open("a", encoding="utf-8") as file:
        file.write(f"{commit or '-'} {verdict.seed} {verdict.words}\n")


def run(
    minutes: Annotated[float, typer.Argument(help="How long.")] = 60.0,
    first: Annotated[int | None, typer.Option(help="The first seed; by default a new one each day.")] = None,
    traces: Annotated[int, typer.Option(help="Only print the traces of so many first seeds.")] = 0,
) -> None:
    """Run new histories, tell what was found, and end with 1 if anything was."""
    if traces:
        for seed in range(traces):
            typer.echo(f"{seed} {history(seed).trace}")
        return
    start = first if first is not None else int(time.time()) // _DAY_S * 1_000_000
    typer.echo(f"seeds from {start} on")
    ends_at, began_at = time.monotonic() + minutes * 60, time.monotonic()
    verdicts: list[Verdict] = []
    with ProcessPoolExecutor(cpu_count()) as pool:
        for batch in count():
            if time.monotonic() >= ends_at:
                break
            seeds = range(start + batch * _AT_ONCE, start + (batch + 1) * _AT_ONCE)
            for verdict in pool.map(judge, seeds):
                verdicts.append(verdict)
                if verdict.history is None:
                    typer.echo(f"seed {verdict.seed}: {verdict.words}")
                    keep(verdict)
    raise typer.Exit(_report(verdicts, time.monotonic() - began_at))


def _report(verdicts: list[Verdict], seconds: float) -> int:
    held = [each.history for each in verdicts if each.history is not None]
    hits = sum((each.hits for each in held), Counter[str]())
    missing = missing_points(hits)
    for point, times in sorted(hits.items()):
        typer.echo(f"{times:8} {point}")
    typer.echo(
        f"{len(verdicts)} seeds in {seconds:.0f} s, {len(verdicts) / max(seconds, 1):.1f} a second;"
        f" {sum(each.operations for each in held)} operations, {sum(each.steps for each in held)} steps;"
        f" {len(verdicts) - len(held)} failed"
    )
    for point in missing:
        typer.echo(f"never hit: {point}")
    is_thin = bool(missing) and len(verdicts) >= _ENOUGH_FOR_EVERY_POINT
    return int(is_thin or len(held) < len(verdicts))


if __name__ == "__main__":
    typer.run(run)
