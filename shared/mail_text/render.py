"""Runs templates of mails on plain values; refuses templates that do more.

The only door to jinja2 for mails. Templates of studios are strangers' programs: only the shapes listed here
may stand in them, everything else is refused when they are saved, and once more before they are run.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from shared.errors import TemplateBroken, TemplatePlaceholderUnknown
from shared.mail_text.letter_styles import LARGE_SUM
from shared.mail_text.placeholders import PLACEHOLDERS
from shared.mail_text.wording import unbroken_sums

COMPONENTS: Final = frozenset({"button", "preheader", "why"})
"""What a template may call; :mod:`shared.mail_text.letters` gives them."""

_FILTERS: Final = frozenset(
    {"upper", "lower", "capitalize", "title", "trim", "default", "d", "escape", "e"}
    | {"first", "last", "length", "join", "large", "tel"}
)
_OWN_NAMES: Final = frozenset({"self", "super", "caller", "loop", "varargs", "kwargs"})
"""Names that jinja gives a meaning of its own."""
_TESTS: Final = frozenset({"defined", "undefined"})
_ROW_FIELDS: Final = frozenset({"name", "amount", "total"})
_ROW_PLACEHOLDERS: Final = frozenset(
    name for name, known in PLACEHOLDERS.items() if not isinstance(known.sample, str)
)
_PLAIN_NODES: Final = (
    nodes.Template,
    nodes.Output,
    nodes.If,
    nodes.CondExpr,
    nodes.Concat,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Compare,
    nodes.Operand,
    nodes.Keyword,
)
_LONE_BLOCK: Final = re.compile(r"^[ \t]*(\{%(?:(?!%\})[^\n])*%\})[ \t]*\n", re.MULTILINE)
"""A line with only a block prints nothing; its end becomes a comment, so that lines keep their numbers."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without its built-in functions and without anything that loads other files."""

    def __init__(self, *, html: bool) -> None:
        super().__init__(autoescape=html, undefined=StrictUndefined)
        self.globals.clear()
        self.finalize = unbroken if html else None
        self.filters["large"] = _large if html else str
        self.filters["tel"] = lambda phone: "tel:" + re.sub(r"[^\d+]", "", phone)


def rendered(source: str, part: str, values: Mapping[str, object]) -> str:
    """What a harmless template (:func:`checked_names`) makes of the values; raises TemplateBroken."""
    try:
        return _template(source, html=part == "html").render(values)
    except (TemplateError, TypeError, ValueError) as fault:
        raise TemplateBroken(part=part, line=_line_in_template(fault)) from fault


def unbroken(value: object) -> object:
    """A value as HTML shows it: a sum never breaks at the end of a line."""
    return unbroken_sums(value) if type(value) is str else value


@lru_cache(maxsize=1024)
def names_looked_into(source: str, part: str) -> frozenset[str]:
    """The values that a harmless template changes or compares; others are only said, if they are there."""
    tree = _environment(html=part == "html").parse(source)
    loops = {
        loop.target.name: loop.iter.name
        for loop in tree.find_all(nodes.For)
        if isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name)
    }
    found = {
        name.name
        for place in tree.find_all((nodes.Filter, nodes.Compare))
        for name in place.find_all(nodes.Name)
    }
    return frozenset(loops.get(name, name) for name in found)


# --- what a template may contain ----------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def checked_names(source: str, part: str, *, allowed: frozenset[str]) -> frozenset[str]:
    """The placeholders a source uses, after every node of it was found harmless.

    Raises TemplateBroken, TemplatePlaceholderUnknown.
    """
    try:
        tree = _environment(html=part == "html").parse(source)
    except TemplateSyntaxError as fault:
        raise TemplateBroken(part=part, line=fault.lineno) from fault
    loop_names: set[str] = set()
    for loop in tree.find_all(nodes.For):
        loop_names |= _checked_loop(loop, part)
    for node in _descendants(tree):
        if not _harmless(node, loop_names):
            raise TemplateBroken(part=part, line=node.lineno or 1)
    names = meta.find_undeclared_variables(tree) - COMPONENTS
    unknown = sorted(names - allowed)
    if unknown:
        raise TemplatePlaceholderUnknown(name=unknown[0], part=part, line=_line_of(tree, unknown[0]))
    return frozenset(names)


def _checked_loop(loop: nodes.For, part: str) -> set[str]:
    """The loop's own name; a loop runs over amount rows only and holds no other loop."""
    over_rows = isinstance(loop.iter, nodes.Name) and loop.iter.name in _ROW_PLACEHOLDERS
    if (
        not over_rows
        or not isinstance(loop.target, nodes.Name)
        or loop.recursive
        or list(loop.find_all(nodes.For))
    ):
        raise TemplateBroken(part=part, line=loop.lineno)
    return {loop.target.name}


def _harmless(node: nodes.Node, loop_names: set[str]) -> bool:
    if isinstance(node, nodes.Const | nodes.TemplateData):
        return "\0" not in str(node.as_const())  # the mark of a value's place in a drawn letter
    if isinstance(node, nodes.Name):
        return node.name not in _OWN_NAMES
    if isinstance(node, nodes.Filter | nodes.Test):
        return node.name in (_FILTERS if isinstance(node, nodes.Filter) else _TESTS)
    if isinstance(node, nodes.Call):
        return isinstance(node.node, nodes.Name) and node.node.name in COMPONENTS and not node.dyn_args
    if isinstance(node, nodes.Getattr):
        row = isinstance(node.node, nodes.Name) and node.node.name in loop_names
        return row and node.attr in _ROW_FIELDS
    return isinstance(node, (*_PLAIN_NODES, nodes.For))


def _descendants(tree: nodes.Template) -> list[nodes.Node]:
    return [tree, *tree.find_all(nodes.Node)]


def _line_of(tree: nodes.Template, name: str) -> int:
    return next((node.lineno for node in tree.find_all(nodes.Name) if node.name == name), 1)


# --- running it ----


def _line_in_template(fault: BaseException) -> int:
    line, step = 1, fault.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<template>":
            line = step.tb_lineno
        step = step.tb_next
    return line


def _large(value: str) -> Markup:
    """A sum as the one large amount: the number large, the currency small beside it."""
    number, _, currency = value.rpartition(" ")
    return Markup(LARGE_SUM).format(number or currency, currency)  # noqa: S704 - our own words; the sum is escaped


@lru_cache(maxsize=2)
def _environment(*, html: bool) -> _Sandbox:
    return _Sandbox(html=html)


@lru_cache(maxsize=512)
def _template(source: str, *, html: bool) -> Template:
    return _environment(html=html).from_string(_LONE_BLOCK.sub(r"\1{#\n#}", source))
