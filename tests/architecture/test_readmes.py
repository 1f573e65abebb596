"""Each package says in its README what lives in it; whatever others rely on is named there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT, SourceFile, dotted, files_under, parse

PACKAGES = ("desktop", "shared", "sync_server", "resources", "installers", "tests")
_VERBS = {"get", "post", "put", "patch", "delete"}
_OPERATION = re.compile(r"[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*")


def _readmes(package: str) -> str:
    """All READMEs of a package as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / package).rglob("README.md")))


def _rooms(package: Path) -> list[str]:
    """Folders and modules directly in a package."""
    return sorted(
        path.name
        for path in package.iterdir()
        if (path.is_dir() and any(path.iterdir()) and not path.name.startswith(("_", ".")))
        or (path.suffix == ".py" and path.name != "__init__.py")
    )


def _routes(file: SourceFile) -> Iterator[str]:
    """``GET /v1/changes`` for each route that is declared with a literal path."""
    prefix = ""
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and dotted(node.func).endswith("APIRouter"):
            for keyword in node.keywords:
                if keyword.arg == "prefix" and isinstance(keyword.value, ast.Constant):
                    prefix = str(keyword.value.value)
    for _, function in file.functions():
        for mark in function.decorator_list:
            if isinstance(mark, ast.Call) and dotted(mark.func).rpartition(".")[2] in _VERBS and mark.args:
                path = mark.args[0]
                if isinstance(path, ast.Constant) and isinstance(path.value, str):
                    yield f"{dotted(mark.func).rpartition('.')[2].upper()} {prefix}{path.value}"


def _settings(file: SourceFile) -> Iterator[str]:
    """``DAYBOOK_DATABASE_URL`` for each field of a settings class."""
    for node in file.classes():
        if any(dotted(base).endswith("BaseSettings") for base in node.bases):
            prefix = _env_prefix(node)
            for statement in node.body:
                if isinstance(statement, ast.AnnAssign) and dotted(statement.target) != "model_config":
                    yield f"{prefix}{dotted(statement.target).upper()}"


def _env_prefix(settings: ast.ClassDef) -> str:
    """What its ``SettingsConfigDict`` puts before each name."""
    for node in ast.walk(settings):
        if (
            isinstance(node, ast.keyword)
            and node.arg == "env_prefix"
            and isinstance(node.value, ast.Constant)
        ):
            return str(node.value.value)
    return ""


def _operations(file: SourceFile) -> Iterator[str]:
    """``booking.move`` for each name of an operation."""
    for node in ast.walk(file.tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and _OPERATION.fullmatch(node.value)
        ):
            yield node.value


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_names_its_rooms(package: str) -> None:
    readme = ROOT / package / "README.md"
    assert readme.is_file(), f"{package} has no README.md"
    text = readme.read_text(encoding="utf-8")
    assert [room for room in _rooms(ROOT / package) if room.removesuffix(".py") not in text] == []


def test_every_route_is_named() -> None:
    readme = _readmes("sync_server")
    found = {route for file in files_under("sync_server/web") for route in _routes(file)}
    assert [route for route in sorted(found) if route not in readme] == []


@pytest.mark.parametrize("program", ["desktop", "sync_server"])
def test_every_setting_is_named(program: str) -> None:
    readme = _readmes(program)
    found = {name for file in files_under(f"{program}/settings.py") for name in _settings(file)}
    assert [name for name in sorted(found) if name not in readme] == []


def test_every_operation_is_named() -> None:
    readme = _readmes("shared")
    found = {name for file in files_under("shared/services/operations.py") for name in _operations(file)}
    assert [name for name in sorted(found) if name not in readme] == []


def test_the_rules_see_what_is_to_be_named() -> None:
    route = parse(
        "routes.py",
        "router = APIRouter(prefix='/v1')\n@router.get('/changes')\ndef changes(): ...\n",
    )
    setting = parse(
        "settings.py",
        "class Settings(BaseSettings):\n"
        "    model_config = SettingsConfigDict(env_prefix='DAYBOOK_')\n"
        "    database_url: str\n",
    )
    operation = parse("operations.py", "TABLE = {('booking.move', 1): move}")
    assert list(_routes(route)) == ["GET /v1/changes"]
    assert list(_settings(setting)) == ["DAYBOOK_DATABASE_URL"]
    assert list(_operations(operation)) == ["booking.move"]
