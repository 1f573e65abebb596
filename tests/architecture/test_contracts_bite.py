"""Every import contract has been seen to break: a copy of the program gets one violation and is judged."""

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.source_tree import PROGRAM, ROOT

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


@dataclass(frozen=True)
class Violation:
    """One planted file (``module`` with these lines), the contract that must break, and what it must name."""

    contract: str
    module: str
    lines: str
    named: str


LAZY = "def late() -> None:\n    import {0}\n"
FOR_TYPES = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {0}\n"

VIOLATIONS = [
    Violation(
        "programs", "desktop.queries.planted", "import sync_server", "desktop.queries.planted -> sync_server"
    ),
    Violation(
        "programs", "sync_server.web.planted", LAZY.format("desktop"), "sync_server.web.planted -> desktop"
    ),
    Violation("programs", "shared.models.planted", "import desktop", "shared.models.planted -> desktop"),
    Violation(
        "shared",
        "shared.policies.planted",
        LAZY.format("shared.services"),
        "shared.policies.planted -> shared.services",
    ),
    Violation(
        "shared",
        "shared.models.planted",
        FOR_TYPES.format("shared.tables"),
        "shared.models.planted -> shared.tables",
    ),
    Violation("shared", "shared.stray", "", "shared.stray"),
    Violation(
        "desktop",
        "desktop.presenting.planted",
        "import desktop.qt",
        "desktop.presenting.planted -> desktop.qt",
    ),
    Violation("desktop", "desktop.stray", "", "desktop.stray"),
    Violation(
        "sync_server",
        "sync_server.repositories.planted",
        "import sync_server.services",
        "sync_server.repositories.planted -> sync_server.services",
    ),
    Violation("sync_server", "sync_server.stray", "", "sync_server.stray"),
    Violation(
        "qt", "desktop.commands.planted", LAZY.format("PySide6.QtCore"), "desktop.commands.planted -> PySide6"
    ),
    Violation(
        "web", "sync_server.services.planted", "import fastapi", "sync_server.services.planted -> fastapi"
    ),
    Violation(
        "sql",
        "shared.services.planted",
        FOR_TYPES.format("sqlalchemy"),
        "shared.services.planted -> sqlalchemy",
    ),
    Violation("sql", "sync_server.jobs.planted", "import psycopg", "sync_server.jobs.planted -> psycopg"),
    Violation(
        "doors", "sync_server.services.planted", "import stripe", "sync_server.services.planted -> stripe"
    ),
    Violation("doors", "desktop.sync.planted", LAZY.format("httpx"), "desktop.sync.planted -> httpx"),
    Violation(
        "adapters",
        "sync_server.jobs.planted",
        "import sync_server.adapters",
        "sync_server.jobs.planted -> sync_server.adapters",
    ),
    Violation("circles", "shared.policies.planted", "import shared.policies.planted_back", "shared.policies"),
    Violation(
        "emulator",
        "sync_server.practice.stripe_emulator.planted",
        "import shared.money",
        "sync_server.practice.stripe_emulator.planted -> shared",
    ),
]
# what a planted module needs beside it
COMPANIONS = {
    "import shared.policies.planted_back": ("shared.policies.planted_back", "import shared.policies.planted"),
    "import sync_server.adapters": ("sync_server.adapters.planted", ""),
}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program in which every room exists."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in PROGRAM:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "*.md"))
    for violation in VIOLATIONS:
        _make_rooms(copy, violation.module)
    _make_rooms(copy, "sync_server.adapters.planted")
    return copy


def _make_rooms(copy: Path, module: str) -> None:
    folder = copy
    for room in module.split(".")[:-1]:
        folder /= room
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()


@pytest.fixture
def planting(house: Path) -> Iterator[Path]:
    """The copy; whatever a test plants is gone afterwards."""
    before = set(house.rglob("*.py"))
    yield house
    for planted in set(house.rglob("*.py")) - before:
        planted.unlink()


def _plant(house: Path, module: str, lines: str) -> None:
    (house / Path(*module.split("."))).with_suffix(".py").write_text(
        f'"""Planted."""\n{lines}\n', encoding="utf-8"
    )


def _judge(house: Path, *contracts: str) -> tuple[bool, str]:
    """Whether the contracts are kept, and what lint-imports says."""
    result = subprocess.run(
        [LINT_IMPORTS, "--no-cache", *(f"--contract={contract}" for contract in contracts)],
        cwd=house,
        check=False,
        capture_output=True,
        text=True,
    )
    assert "Contracts: " in result.stdout, result.stdout + result.stderr
    return result.returncode == 0, result.stdout


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda v: f"{v.contract}-{v.module}")
def test_a_planted_violation_breaks_its_contract(planting: Path, violation: Violation) -> None:
    _plant(planting, violation.module, violation.lines)
    if violation.lines in COMPANIONS:
        _plant(planting, *COMPANIONS[violation.lines])
    kept, told = _judge(planting, violation.contract)
    assert not kept
    assert re.search(rf"{re.escape(violation.named)}(\W|$)", told), told


def test_every_contract_is_seen_to_break() -> None:
    assert {contract["id"] for contract in CONTRACTS} == {violation.contract for violation in VIOLATIONS}


def test_without_a_planted_violation_every_contract_is_kept(house: Path) -> None:
    kept, told = _judge(house)
    assert kept, told


def test_every_vendor_is_stopped_outside_its_door(planting: Path) -> None:
    vendors = sorted(
        vendor
        for contract in CONTRACTS
        for vendor in contract.get("forbidden_modules", [])
        if vendor.split(".")[0] not in PROGRAM
    )
    _plant(planting, "shared.services.planted", f"import {', '.join(vendors)}")
    _, told = _judge(planting, "qt", "web", "sql", "doors")
    assert [vendor for vendor in vendors if f"shared.services.planted -> {vendor} " not in told] == []


def test_no_vendor_is_misspelt() -> None:
    """A contract on a name that nothing has could never break."""
    forbidden = {name for contract in CONTRACTS for name in contract.get("forbidden_modules", [])}
    vendors = {name for name in forbidden if name.split(".")[0] not in PROGRAM} - {"sqlite3"}
    known = {path.name for path in Path(pytest.__file__).parent.parent.iterdir()}
    assert {vendor for vendor in vendors if not known & {vendor, f"{vendor}.py"}} == set()
