"""The program as text and syntax trees, for rules that no import can say."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ("desktop", "shared", "sync_server")
_NOT_OURS = {"__pycache__", "versions"}  # generated; migrations stay as they were released

FUNCTION_TYPES = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class SourceFile:
    """One Python file; ``name`` is its path from the root, with slashes."""

    name: str
    text: str
    tree: ast.Module

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Every function with its qualified name."""
        yield from _functions(self.tree, "")

    def classes(self) -> Iterator[ast.ClassDef]:
        """Every class."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))


def parse(name: str, text: str) -> SourceFile:
    """A file from its text; tests plant violations with it."""
    return SourceFile(name, text, ast.parse(text, filename=name))


@cache
def files_under(*folders: str) -> tuple[SourceFile, ...]:
    """The Python files in these folders (or the single files of these names), those that exist."""
    found = []
    for folder in folders:
        place = ROOT / folder
        paths = [place] if place.is_file() else sorted(place.rglob("*.py"))
        found += [
            parse(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
            for path in paths
            if not _NOT_OURS.intersection(path.parts)
        ]
    return tuple(found)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTION_TYPES):
            yield f"{prefix}{child.name}", child
            yield from _functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


def dotted(node: ast.expr) -> str:
    """``a.b.c`` for such an expression, otherwise the empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else ""
    return ""


def docstrings(tree: ast.Module) -> set[int]:
    """The identities of all docstring nodes: text that speaks about code."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
