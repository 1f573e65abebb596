"""``python -m tests.bench [names]``: takes every figure, or those named, and keeps them in bench-output/."""

import logging
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import structlog
from rich.console import Console

from tests.bench import (
    desktop_start,
    first_sync,
    invoice_paper,
    pushing,
    reminders_out,
    searching,
    second_device,
)
from tests.bench.figures import OUTPUT, Figure, keep, print_figures

MEASURES = {
    "invoice": invoice_paper.measure,
    "push": pushing.measure,
    "first_sync": first_sync.measure,
    "second_device": second_device.measure,
    "reminders": reminders_out.measure,
    "search": searching.measure,
    "start": desktop_start.measure,
}


def main(names: list[str]) -> int:
    """Zero if every gate holds."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    console = Console(width=max(150, Console().width))
    unknown = set(names) - MEASURES.keys()
    if unknown:
        console.print(f"There is no figure {', '.join(sorted(unknown))}; there are: {', '.join(MEASURES)}.")
        return 2
    figures: list[Figure] = []
    for name, measure in MEASURES.items():
        if not names or name in names:
            with console.status(f"Measuring {name} …"):
                figures += measure()
            keep(figures, OUTPUT)
    print_figures(figures, console)
    missed = [one.name for one in figures if not one.holds]
    if missed:
        console.print(f"Below their gates: {', '.join(missed)}.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
