"""Runs the house's checks, then its tests: ``python -m tests``; only the checks: ``python -m tests lint``.

A failed check does not hide the tests: they run all the same, and the exit status tells of both.
"""

import os
import subprocess
import sys
import time
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


def check() -> list[str]:
    """Run each check; the names of those that failed."""
    failed = []
    for name, command in CHECKS.items():
        began = time.monotonic()
        result = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            cwd=ROOT,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        word = "failed" if result.returncode else "ok"
        print(f"{name:8} {word:8}{time.monotonic() - began:5.1f} s", flush=True)
        if result.returncode:
            print(result.stdout, flush=True)
            failed.append(name)
    return failed


def run_tests(failed_checks: list[str], arguments: list[str]) -> int:
    """Run the tests; their summary line comes last and names the checks that failed before."""
    environment = os.environ | {"DAYBOOK_FAILED_CHECKS": " ".join(failed_checks)}
    command = [str(BIN / TESTS[0]), *TESTS[1:], *arguments]
    return subprocess.run(command, cwd=ROOT, check=False, env=environment).returncode


def main(arguments: list[str]) -> int:
    """Zero if everything is as it should be."""
    failed = check()
    if arguments == ["lint"]:
        return bool(failed)
    return run_tests(failed, arguments) or bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
