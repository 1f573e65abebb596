"""Histories hold every promise, and the same seed is the same history in every process."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulator.world import history

SEEDS = range(6)
SEEDS_RUN_TWICE = 2
ROOT = Path(__file__).resolve().parent.parent.parent


def seeds_that_once_failed() -> list[int]:
    lines = (Path(__file__).parent / "seeds.txt").read_text(encoding="utf-8").splitlines()
    return sorted({int(line.split()[1]) for line in lines if line and not line.startswith("#")})


@pytest.mark.parametrize("seed", sorted({*seeds_that_once_failed(), *SEEDS}))
def test_a_history_holds_every_promise(seed: int) -> None:
    history(seed)


def test_one_seed_is_one_history_in_every_process() -> None:
    other = subprocess.run(
        [sys.executable, "-m", "tests.simulator", "--traces", str(SEEDS_RUN_TWICE)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": "1"},  # this process has another one
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert other.stdout.splitlines() == [f"{seed} {history(seed).trace}" for seed in range(SEEDS_RUN_TWICE)]
