"""The desktop's cold start to its first usable window, beside an empty window with the same imports."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.big_desk import fill_store
from tests.bench.figures import Baseline, Figure, figure, side_by_side
from tests.bench.gates import Gate

GATE: Final = 1.5
BOOKINGS: Final = 1_000


def measure() -> list[Figure]:
    """Seconds from the start of the process; the clock stops when the program says that it can be used."""
    with tempfile.TemporaryDirectory(prefix="daybook-bench-") as folder:
        fill_store(Path(folder), BOOKINGS)
        value, control = side_by_side(
            lambda: _start("desktop", Path(folder)), lambda: _start("bare", Path(folder))
        )
    return [
        figure(
            "desktop cold start",
            value=value,
            unit="s",
            baseline=Baseline("bare QApplication window, same imports", control),
            gate=Gate(f"≤ {GATE} × control", holds=value <= GATE * control),
            scale=f"{BOOKINGS:,} bookings, offscreen, no server",
        )
    ]


def _start(kind: str, folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.start_program", kind, str(folder)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None, "it is a pipe"
        assert process.stderr is not None, "it is a pipe"
        said = [line for line in iter(process.stdout.readline, "") if "usable" in line]
        assert said, f"the {kind} program ended: {process.stderr.read()[-2000:]}"
