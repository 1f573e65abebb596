"""Every question to a repository names the studio first."""

import ast
from collections.abc import Iterable

from tests.architecture.source_tree import FUNCTION_TYPES, Function, SourceFile, dotted, files_under, parse

# "package/file::Class.method" or "package/file::function" -> why it names no studio. It may only shrink.
UNSCOPED: dict[str, str] = {
    "sync_server/across_studios::AcrossStudios": "the few look-ups that find the studio; all in one class",
    "sync_server/cleanup::remove_rate_buckets": "counted tries belong to addresses, not to studios",
    "sync_server/leader_lock::LeaderLock": "which replica leads is one question for the whole server",
    "sync_server/leader_lock::begin_run": "a calendar job runs once for all studios",
    "sync_server/leader_lock::end_run": "as begin_run",
    "sync_server/leader_lock::last_done": "as begin_run",
    "sync_server/listener::Listener": "hears every studio's changes on one connection; no row",
    "sync_server/payment_accounts::install_id": "one row for the whole installation",
    "sync_server/practice_clock::set_shift_s": "the practice clock is one for the whole server",
    "sync_server/practice_clock::shift_s": "as set_shift_s",
    "sync_server/rate_buckets::RateBuckets.hit": "counts tries before a studio is known",
    "sync_server/studio_units::StudioSessions.global_session": "for what belongs to no studio",
    "sync_server/tenant_lock::business_now": "the clock of the database, no row",
    "sync_server/tenant_lock::check_references": "ends a transaction's delay of checks, no row",
    "sync_server/tenant_lock::clock_shift_s": "the practice clock is one for the whole server",
    "sync_server/tenant_lock::end_of_lock": "ends the mark of this transaction, no row",
    "sync_server/tenant_lock::is_postgres": "asks for the kind of database, no row",
    "sync_server/tenant_lock::machine_now": "the clock of the machine, no row",
    "sync_server/upserts::insert_for": "makes a statement, runs none",
    "sync_server/webhook_inbox::store": "keeps what arrived before its studio is known",
    "sync_server/webhook_inbox::claim": "takes due work of all studios, a small global table",
    "sync_server/webhook_inbox::finish": "settles a row of that table by its own key",
    "sync_server/webhook_inbox::claim_backfill": "a cursor for each account of the card network",
    "sync_server/webhook_inbox::finish_backfill": "as claim_backfill",
}

PLACES = ("shared/repositories", "sync_server/repositories")


def _without_tenant(files: Iterable[SourceFile]) -> set[str]:
    """Public methods, and public functions that are handed a session, which do not go on with the studio."""
    methods = {
        f"{_place(file)}::{node.name}.{method.name}"
        for file in files
        for node in file.classes()
        if "dataclass" not in ast.unparse(ast.List(node.decorator_list, ast.Load()))
        for method in node.body
        if isinstance(method, FUNCTION_TYPES)
        and _is_asked(method)
        and _first_parameter(method) != "tenant_id"
    }
    functions = {
        f"{_place(file)}::{node.name}"
        for file in files
        for node in file.tree.body
        if isinstance(node, FUNCTION_TYPES) and _is_asked(node) and _first_two(node) == (True, False)
    }
    return methods | functions


def _reasons(name: str) -> set[str]:
    """The entries for a method: its own and its class's."""
    return UNSCOPED.keys() & {name, name.rpartition(".")[0]}


def _place(file: SourceFile) -> str:
    return file.name.replace("/repositories/", "/").removesuffix(".py")


def _is_asked(method: Function) -> bool:
    return not method.name.startswith("_") and "property" not in _marks(method)


def _first_parameter(method: Function) -> str | None:
    names = [argument.arg for argument in (*method.args.posonlyargs, *method.args.args)]
    return next(iter(names if "staticmethod" in _marks(method) else names[1:]), None)


def _first_two(function: Function) -> tuple[bool, bool]:
    """Whether it is handed a session, and whether the studio comes right after it."""
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return names[:1] in (["session"], ["connection"]), names[1:2] == ["tenant_id"]


def _marks(method: Function) -> list[str]:
    return [dotted(mark) for mark in method.decorator_list]


def test_the_first_parameter_of_every_repository_method_is_the_tenant() -> None:
    found = _without_tenant(files_under(*PLACES))
    assert {name for name in found if not _reasons(name)} == set()


def test_no_reason_outlives_its_exception() -> None:
    found = _without_tenant(files_under(*PLACES))
    assert UNSCOPED.keys() - {reason for name in found for reason in _reasons(name)} == set()
    assert all(len(reason) > 10 for reason in UNSCOPED.values())


def test_the_rule_sees_a_method_that_forgets_the_tenant() -> None:
    planted = parse(
        "shared/repositories/planted.py",
        """
class Things:
    def __init__(self, session): ...
    def good(self, tenant_id, row_id): ...
    def bad(self, row_id, tenant_id): ...
    @staticmethod
    def static_bad(row_id): ...
    def _private(self, row_id): ...
def good(session, tenant_id): ...
def bad(session, row_id): ...
def pure(text): ...
""",
    )
    assert _without_tenant([planted]) == {
        "shared/planted::Things.bad",
        "shared/planted::Things.static_bad",
        "shared/planted::bad",
    }
