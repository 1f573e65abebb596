"""What decides can be replayed: no clock, no chance, no environment; money is whole, instants have zones."""

import ast
import re
from collections.abc import Iterable

import pytest

from tests.architecture.source_tree import PROGRAM, SourceFile, docstrings, dotted, files_under, parse

DECIDING = ("shared/models", "shared/policies", "shared/services")
NEAR_MONEY = (
    "shared/money.py",
    "shared/models",
    "shared/policies",
    "shared/services",
    "shared/tables",
    "shared/repositories",
    "shared/sync_protocol",
)
# file -> why a float is right there. This list may only shrink.
FLOAT_IS_RIGHT = {
    "shared/policies/brand_colour.py": "the contrast of two colours is a ratio, and no money is near",
}
# file or folder -> why rows may be replaced there. This list may only shrink.
REPLACING_IS_RIGHT = {
    "desktop/local_store/sync_state.py": "one row of this computer, without triggers, all columns given",
    "sync_server/practice/stripe_emulator/": "it stands for a machine of others and keeps its own book",
}

_IMPURE_MODULES = {"random", "secrets", "os", "time", "socket", "subprocess"}
_IMPURE_NAMES = {
    "uuid": {"uuid1", "uuid4", "uuid6", "uuid7", "getnode"},
    "shared.ids": {"new_id"},
    "shared.clock": {"SystemClock", "ShiftedClock"},
}
_IMPURE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "uuid6", "uuid7"}
_REPLACES = re.compile(r"insert\s+or\s+replace|^\s*replace\s+into|^\s*or\s+replace\s*$", re.IGNORECASE)
_MONEY_NAME = re.compile(r"(^|_)(minor|amount|price|total|fee|rest)($|_)")


def _impurities(file: SourceFile) -> list[str]:
    found = []
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            found += [_at(file, node, name.name) for name in node.names if name.name in _IMPURE_MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module:
            forbidden = _IMPURE_NAMES.get(node.module, set())
            found += [
                _at(file, node, f"{node.module}.{name.name}")
                for name in node.names
                if node.module in _IMPURE_MODULES or name.name in forbidden
            ]
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if called in _IMPURE_CALLS:
                found.append(_at(file, node, dotted(node.func) or called))
    return found


def _floats(file: SourceFile) -> list[str]:
    return [
        _at(file, node, "float")
        for node in ast.walk(file.tree)
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]


def _float_amounts(file: SourceFile) -> list[str]:
    """Anything named like money that is said to be a float, wherever it is."""
    found = []
    for node in ast.walk(file.tree):
        name, annotation = "", None
        if isinstance(node, ast.arg):
            name, annotation = node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign):
            name, annotation = dotted(node.target).rpartition(".")[2], node.annotation
        if annotation is not None and _MONEY_NAME.search(name) and "float" in ast.unparse(annotation):
            found.append(_at(file, node, name))
    return found


def _divided_amounts(file: SourceFile) -> list[str]:
    """``amount_minor / 3`` makes a float of money; ``//`` and the policies' own splitting do not."""
    return [
        _at(file, node, ast.unparse(node))
        for node in ast.walk(file.tree)
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and dotted(node.left).endswith(("_minor", ".minor"))
    ]


def _replacing(file: SourceFile) -> list[str]:
    """A row that is replaced loses what this program does not know about it."""
    prose = docstrings(file.tree)
    return [
        _at(file, node, "replaces rows")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in prose
        and _REPLACES.search(node.value)
    ]


def _naive_instants(file: SourceFile) -> list[str]:
    found = []
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner, _, verb = dotted(node.func).rpartition(".")
            given = len(node.args) + len(node.keywords)
            if owner.rpartition(".")[2] == "datetime" and (
                verb in ("utcnow", "today", "utcfromtimestamp")
                or (verb == "now" and given == 0)
                or (verb == "fromtimestamp" and given == 1)
            ):
                found.append(_at(file, node, f"naive {verb}"))
    return found


def _at(file: SourceFile, node: ast.AST, what: str) -> str:
    return f"{file.name}:{getattr(node, 'lineno', 0)} {what}"


def _all(files: Iterable[SourceFile], *rules: object) -> list[str]:
    return [told for file in files for rule in rules if callable(rule) for told in rule(file)]


def test_what_decides_asks_no_clock_no_chance_and_no_environment() -> None:
    assert _all(files_under(*DECIDING), _impurities) == []


def test_no_float_comes_near_money() -> None:
    near = [file for file in files_under(*NEAR_MONEY) if file.name not in FLOAT_IS_RIGHT]
    assert _all(near, _floats) == []
    assert _all(files_under(*PROGRAM), _float_amounts, _divided_amounts) == []


def test_no_reason_outlives_its_exception() -> None:
    assert [name for name in FLOAT_IS_RIGHT if not _all(files_under(name), _floats)] == []
    assert [name for name in REPLACING_IS_RIGHT if not _all(files_under(name), _replacing)] == []


def test_no_row_is_replaced_and_no_instant_is_naive() -> None:
    ours = [file for file in files_under(*PROGRAM) if not file.name.startswith(tuple(REPLACING_IS_RIGHT))]
    assert _all(ours, _replacing) == []
    assert _all(files_under(*PROGRAM), _naive_instants) == []


@pytest.mark.parametrize(
    ("rule", "planted"),
    [
        (_impurities, "import random"),
        (_impurities, "from time import monotonic"),
        (_impurities, "from uuid import UUID, uuid4"),
        (_impurities, "from shared.ids import new_id"),
        (_impurities, "def f():\n    import os"),
        (_impurities, "import datetime\nx = datetime.datetime.now(datetime.UTC)"),
        (_impurities, "x = clock.now()"),
        (_impurities, "x = date.today()"),
        (_floats, "x = 0.2"),
        (_floats, "x = float(y)"),
        (_float_amounts, "def f(price: float | None): ..."),
        (_float_amounts, "class C:\n    amount_minor: float"),
        (_divided_amounts, "x = money.amount_minor / 3"),
        (_replacing, "x = 'INSERT OR REPLACE INTO booking VALUES (1)'"),
        (_replacing, "x = insert(t).prefix_with('OR REPLACE')"),
        (_naive_instants, "x = datetime.now()"),
        (_naive_instants, "x = datetime.datetime.utcnow()"),
        (_naive_instants, "x = datetime.fromtimestamp(3)"),
    ],
)
def test_each_rule_sees_its_violation(rule: object, planted: str) -> None:
    assert len(_all([parse("planted.py", planted)], rule)) == 1


@pytest.mark.parametrize(
    "planted",
    [
        "from uuid import UUID, uuid5",
        "x = 'CREATE OR REPLACE FUNCTION f()'",
        '"""We never INSERT OR REPLACE."""',
        "x = datetime.now(UTC)",
        "retry_after_s: float = 2.0",
    ],
)
def test_the_rules_let_good_code_pass(planted: str) -> None:
    file = parse("planted.py", planted)
    found = _all([file], _float_amounts, _replacing, _naive_instants)
    assert found == []
