"""Whatever a person may be told has a code for programs, a sentence for people, and a status for HTTP."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.architecture.source_tree import PROGRAM, SourceFile, dotted, files_under, parse

MAPPING = "sync_server/web/error_mapping.py"


@dataclass(frozen=True)
class ErrorClass:
    """A class below DomainError."""

    name: str
    bases: tuple[str, ...]
    code: str
    sentence: str


def _domain_errors(files: Iterable[SourceFile]) -> dict[str, ErrorClass]:
    classes = {node.name: node for file in files for node in file.classes()}
    known = {"DomainError"}
    while True:
        more = {
            name for name, node in classes.items() if name not in known and known.intersection(_bases(node))
        }
        if not more:
            break
        known |= more
    return {
        name: ErrorClass(name, _bases(node), _code(node), ast.get_docstring(node) or "")
        for name, node in classes.items()
        if name in known and name != "DomainError"
    }


def _bases(node: ast.ClassDef) -> tuple[str, ...]:
    return tuple(dotted(base).rpartition(".")[2] for base in node.bases)


def _code(node: ast.ClassDef) -> str:
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        if "code" in [dotted(target) for target in targets]:
            value = getattr(statement, "value", None)
            return str(value.value) if isinstance(value, ast.Constant) else ""
    return ""


def _leaves(errors: Mapping[str, ErrorClass]) -> list[ErrorClass]:
    parents = {base for error in errors.values() for base in error.bases}
    return [error for error in errors.values() if error.name not in parents]


def _wordless(errors: Mapping[str, ErrorClass]) -> list[str]:
    return [
        error.name
        for error in _leaves(errors)
        if not re.fullmatch(r"[a-z][a-z0-9_]*", error.code)
        or not re.fullmatch(r"[A-ZÄÖÜ{“\"].*[.?]", error.sentence.splitlines()[0] if error.sentence else "")
    ]


def _ancestry(error: ErrorClass, errors: Mapping[str, ErrorClass]) -> set[str]:
    names = {error.name}
    for base in error.bases:
        if base in errors:
            names |= _ancestry(errors[base], errors)
    return names


def _unmapped(errors: Mapping[str, ErrorClass], mapping: SourceFile) -> list[str]:
    named = {dotted(node).rpartition(".")[2] for node in ast.walk(mapping.tree) if isinstance(node, ast.expr)}
    return [error.name for error in _leaves(errors) if not named & _ancestry(error, errors)]


def test_every_error_has_a_code_and_a_sentence() -> None:
    errors = _domain_errors(files_under(*PROGRAM))
    assert len(errors) > 20
    assert _wordless(errors) == []


def test_no_two_errors_share_a_code() -> None:
    codes = Counter(error.code for error in _leaves(_domain_errors(files_under(*PROGRAM))))
    assert [code for code, count in codes.items() if count > 1] == []


def test_every_error_has_an_http_status() -> None:
    for mapping in files_under(MAPPING):
        assert _unmapped(_domain_errors(files_under(*PROGRAM)), mapping) == []


def test_the_rules_see_an_error_without_words_or_status() -> None:
    planted = parse(
        "planted.py",
        '''
class Refused(DomainError):
    """Not now."""
class Other(DomainError):
    """Otherwise."""
class Good(Refused):
    """The slot was taken."""
    code = "slot_taken"
class NoCode(Refused):
    """The slot was taken."""
class NoSentence(Other):
    code = "no_sentence"
''',
    )
    errors = _domain_errors([planted])
    assert _wordless(errors) == ["NoCode", "NoSentence"]
    assert _unmapped(errors, parse("mapping.py", "STATUS = {Refused: 409}")) == ["NoSentence"]
