"""Runs the house's checks beside its tests: ``python -m tests``; only the checks: ``python -m tests lint``.

The checks need one processor for a minute, which the tests leave over: they wait often. What the checks found
stands above the last line of the tests, and the exit status tells of both.
"""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PLACES = ("desktop", "shared", "sync_server", "tests", "installers")
CHECKS = {
    "style": ("ruff", "check", "--quiet"),
    "format": ("ruff", "format", "--check", "--quiet"),
    "types": ("mypy", "--no-error-summary", *PLACES),
    "arrows": ("lint-imports",),
}
TESTS = (
    "pytest",
    "--numprocesses=2",
    "--cov",
    "--cov-report=term",
)


@dataclass(frozen=True)
class Checked:
    """How one check ended, and what it had to say."""

    name: str
    failed: bool
    seconds: float
    output: str

    def __str__(self) -> str:
        line = f"{self.name:8} {'failed' if self.failed else 'ok':8}{self.seconds:5.1f} s\n"
        return f"{line}{self.output}\n" if self.failed else line


def check(name: str) -> Checked:
    """Run one check."""
    program, *arguments = CHECKS[name]
    began = time.monotonic()
    result = subprocess.run(
        [str(BIN / program), *arguments],
        cwd=ROOT,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Checked(name, bool(result.returncode), time.monotonic() - began, result.stdout)


def lint() -> int:
    """The checks alone, each told when it has ended; zero if all is well."""
    failed = False
    for name in CHECKS:
        checked = check(name)
        print(checked, end="", flush=True)
        failed |= checked.failed
    return failed


def check_into(found: Path) -> bool:
    """All checks, written into a file that is there when all of them have ended; whether one failed."""
    checked = [check(name) for name in CHECKS]
    failed = [one.name for one in checked if one.failed]
    words = "".join(map(str, checked)) + (f"These checks failed: {', '.join(failed)}\n" if failed else "")
    unready = found.with_suffix(".unready")
    unready.write_text(words, encoding="utf-8")
    unready.rename(found)
    return bool(failed)


def test(arguments: list[str]) -> int:
    """Tests and checks beside each other; ``tests/conftest.py`` tells what was found."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as beside:
        found = Path(folder) / "checks.txt"
        one_failed = beside.submit(check_into, found)
        tests = subprocess.run(
            [str(BIN / TESTS[0]), *TESTS[1:], *arguments],
            cwd=ROOT,
            check=False,
            env=os.environ | {"DAYBOOK_CHECKS": str(found)},
        )
        return tests.returncode or one_failed.result()


def main(arguments: list[str]) -> int:
    """Zero if everything is as it should be."""
    return lint() if arguments == ["lint"] else test(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
