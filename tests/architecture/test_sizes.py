"""Files, functions and parameter lists stay small enough to be read at once."""

import ast
from collections.abc import Iterable

from tests.architecture.source_tree import PROGRAM, Function, SourceFile, dotted, files_under, parse

FILE_LINES = 400
FUNCTION_LINES = 60
PARAMETERS = 6
POSITIONAL = 3

# Written before this alarm rang; each only waits for its star. This list may only shrink.
WAITING_FOR_A_STAR = (
    "shared/mail_text/wording.py::event_time",
    "shared/models/document.py::printed_number",
    "shared/repositories/documents.py::Documents.by_number",
    "shared/services/invoicing.py::next_number_words",
    "shared/services/slot_claims.py::hold",
    "shared/sync_protocol/codec.py::row_line",
    "sync_server/services/number_leases.py::NumberLeases.next_server_number",
    "sync_server/services/number_leases.py::NumberLeases.check_issue",
    "sync_server/services/provider_events.py::apply_to_refund",
    "tests/builders/studio_world.py::a_slot",
    "tests/shared/invoice_pdf/papers.py::a_line",
    "tests/shared/policies/test_deposit_plan.py::plan",
)
# "file" or "file::function" -> why it is larger. This list may only shrink.
EXEMPT: dict[str, str] = dict.fromkeys(WAITING_FOR_A_STAR, "a fourth parameter without a name") | {
    "shared/errors.py": "one tree of many three-line leaves, drawn once at its head",
    "shared/invoice_pdf/sheet.py::Sheet.write": "text and place, in the order of every drawing kit",
    "shared/invoice_pdf/sheet.py::Sheet.write_on": "text and place, in the order of every drawing kit",
    "shared/invoice_pdf/sheet.py::Sheet.write_lines": "text and place, in the order of every drawing kit",
    "shared/invoice_pdf/sheet.py::Sheet.rule": "text and place, in the order of every drawing kit",
    "shared/sync_protocol/codec.py::operation_text": "the seven columns of one line on the wire, all by name",
    "tests/builders/page_samples.py::every_page": "one list of samples",
    "tests/desktop/qt/sample_rows.py::a_booking": "a sample names only the fields that differ",
}

PLACES = (*PROGRAM, "tests", "installers")
NAMED_ANYWAY = ["self", "cls", "parent"]  # parent: Qt's own last parameter


def _too_large(files: Iterable[SourceFile]) -> dict[str, str]:
    found = {}
    for file in files:
        lines = file.text.count("\n")
        if lines > FILE_LINES:
            found[file.name] = f"{lines} lines"
        for name, function in file.functions():
            told = _why_too_large(function)
            if told:
                found[f"{file.name}::{name}"] = told
    return found


def _why_too_large(function: Function) -> str | None:
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    if lines > FUNCTION_LINES:
        return f"{lines} lines"
    arguments = function.args
    places = (*arguments.posonlyargs, *arguments.args)
    positional = [argument.arg for argument in places if argument.arg not in NAMED_ANYWAY]
    total = len(positional) + len(arguments.kwonlyargs)
    if total > PARAMETERS:
        return f"{total} parameters"
    is_free = _is_private(function) or _is_called_by_name(function) or positional[:1] == ["painter"]
    if len(positional) > POSITIONAL and not is_free:  # painting follows Qt's own order: painter, place, rest
        return f"{len(positional)} positional parameters"
    return None


def _is_private(function: Function) -> bool:
    """Its callers stand in the same file, in sight of its parameters; Python calls the special ones."""
    return function.name.startswith("_") and function.name != "__init__"


def _is_called_by_name(function: Function) -> bool:
    """Tests and fixtures, routes and commands: pytest, FastAPI and typer fill them by name."""
    marks = [mark.func if isinstance(mark, ast.Call) else mark for mark in function.decorator_list]
    by_name = {"pytest.fixture", "fixture", "given"}
    verbs = {"get", "post", "put", "patch", "delete", "command", "callback"}
    return function.name.startswith("test_") or any(
        dotted(mark) in by_name or dotted(mark).rpartition(".")[2] in verbs for mark in marks
    )


def test_nothing_is_too_large() -> None:
    found = _too_large(files_under(*PLACES))
    assert {name: told for name, told in found.items() if name not in EXEMPT} == {}


def test_no_reason_outlives_its_exception() -> None:
    assert EXEMPT.keys() - _too_large(files_under(*PLACES)).keys() == set()
    assert all(len(reason) > 10 for reason in EXEMPT.values())


def test_the_alarm_rings() -> None:
    body = "    pass\n" * FUNCTION_LINES
    planted = parse(
        "planted.py",
        f"def long():\n{body}\n"
        "def many(a, b, c, *, d, e, f, g): ...\n"
        "def by_place(a, b, c, d): ...\n"
        "def _in_sight(a, b, c, d): ...\n"
        "class C:\n    def fine(self, a, b, c, *, d, e, f): ...\n"
        "def test_fixtures(a, b, c, d): ...\n" + "# filler\n" * FILE_LINES,
    )
    assert _too_large([planted]).keys() == {
        "planted.py",
        "planted.py::long",
        "planted.py::many",
        "planted.py::by_place",
    }
