"""Every question to a repository names the studio first."""

from collections.abc import Iterable

from tests.architecture.source_tree import FUNCTION_TYPES, Function, SourceFile, dotted, files_under, parse

# "file::Class.method" -> why it may look across studios. This list may only shrink.
UNSCOPED: dict[str, str] = {}


def _methods_without_tenant(files: Iterable[SourceFile]) -> set[str]:
    return {
        f"{file.name}::{node.name}.{method.name}"
        for file in files
        for node in file.classes()
        for method in node.body
        if isinstance(method, FUNCTION_TYPES)
        and _is_asked(method)
        and _first_parameter(method) != "tenant_id"
    }


def _is_asked(method: Function) -> bool:
    return not method.name.startswith("_") and "property" not in _marks(method)


def _first_parameter(method: Function) -> str | None:
    names = [argument.arg for argument in (*method.args.posonlyargs, *method.args.args)]
    return next(iter(names if "staticmethod" in _marks(method) else names[1:]), None)


def _marks(method: Function) -> list[str]:
    return [dotted(mark) for mark in method.decorator_list]


def test_the_first_parameter_of_every_repository_method_is_the_tenant() -> None:
    found = _methods_without_tenant(files_under("shared/repositories", "sync_server/repositories"))
    assert found - UNSCOPED.keys() == set()


def test_no_reason_outlives_its_exception() -> None:
    found = _methods_without_tenant(files_under("shared/repositories", "sync_server/repositories"))
    assert UNSCOPED.keys() - found == set()
    assert all(len(reason) > 10 for reason in UNSCOPED.values())


def test_the_rule_sees_a_method_that_forgets_the_tenant() -> None:
    planted = parse(
        "repositories/planted.py",
        """
class Things:
    def __init__(self, session): ...
    def good(self, tenant_id, row_id): ...
    def bad(self, row_id, tenant_id): ...
    @staticmethod
    def static_bad(row_id): ...
    def _private(self, row_id): ...
""",
    )
    assert _methods_without_tenant([planted]) == {
        "repositories/planted.py::Things.bad",
        "repositories/planted.py::Things.static_bad",
    }
