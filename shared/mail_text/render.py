"""Makes a mail's subject, text and HTML from a template and plain values; refuses templates that do more.

The only door to jinja2 for mails. Templates of studios are strangers' programs: only the shapes listed here
may stand in them, everything else is refused when they are saved, and once more when they are rendered.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from shared.errors import (
    TemplateBroken,
    TemplatePlaceholderMissing,
    TemplatePlaceholderUnknown,
    TemplateTooLarge,
)
from shared.mail_text.letter_styles import LARGE_SUM, LetterColours, with_styles
from shared.mail_text.placeholders import KINDS, PLACEHOLDERS, MailValues, sample_values
from shared.mail_text.wording import unbroken_sums

MAX_TEMPLATE_BYTES: Final = 64 * 1024
TEMPLATES: Final = Path(__file__).resolve().parents[2] / "resources" / "email_templates"

_COMPONENTS: Final = frozenset({"button", "preheader", "why"})
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
    nodes.TemplateData,
    nodes.Const,
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
_ACTIVE_HTML: Final = re.compile(
    r"<\s*/?\s*(script|style|iframe|object|embed|form|input|link|meta|base|svg)\b|\son\w+\s*=|javascript:",
    re.IGNORECASE,
)
_SAFE_LINK: Final = re.compile(r"^(https?://|mailto:|tel:|#)")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_LONE_BLOCK: Final = re.compile(r"^[ \t]*(\{%(?:(?!%\})[^\n])*%\})[ \t]*\n", re.MULTILINE)
"""A line with only a block prints nothing; its end becomes a comment, so that lines keep their numbers."""
_SLOTS: Final = ("content", "preheader", "why")
_MANY_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_ENDS_A_LINE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BLOCK: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True)
class MailBranding:
    """How a studio's mails look. ``phone_hours`` names the zone; ``logo_cid`` the logo's content id."""

    studio_name: str
    address: str
    phone: str
    phone_hours: str
    colours: LetterColours
    logo_cid: str | None = None
    practice: bool = False


@dataclass(frozen=True)
class MailTemplate:
    """The three sources of one kind in one language."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class RenderedMail:
    """A finished mail; the subject is one line."""

    subject: str
    text: str
    html: str


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without its built-in functions and without anything that loads other files."""

    def __init__(self, *, html: bool) -> None:
        super().__init__(autoescape=html, undefined=StrictUndefined)
        self.globals.clear()
        self.finalize = _unbroken if html else None
        self.filters["large"] = _large if html else str
        self.filters["tel"] = lambda phone: "tel:" + re.sub(r"[^\d+]", "", phone)


def render_mail(
    kind: str,
    language: str,
    values: MailValues,
    *,
    branding: MailBranding,
    template: MailTemplate | None = None,
) -> RenderedMail:
    """One mail, worded and branded; ``template`` is the studio's own wording, else the shipped one.

    Raises TemplateBroken when the template fails on these values, or the subject would break its line.
    """
    known = KINDS[kind]
    assert known.required <= values.keys() | {"studio_name"}, f"{kind} lacks {known.required - values.keys()}"
    assert values.keys() <= known.allowed, f"{kind} does not know {values.keys() - known.allowed}"
    full: dict[str, object] = dict.fromkeys(known.optional, "")
    full.update({"studio_name": branding.studio_name, **values})
    chosen = template or shipped_template(kind, language)
    subject = _one_line(_rendered(_ready(chosen.subject, "subject", known.allowed), "subject", full))
    plain, rich = _TextLetter(), _HtmlLetter(branding.colours)
    text_source = _ready(chosen.text, "text", known.allowed)
    text_body = _rendered(text_source, "text", full | plain.components())
    html_source = _ready(chosen.html, "html", known.allowed, branding.colours)
    html_body = _rendered(html_source, "html", full | rich.components())
    return RenderedMail(
        subject=subject,
        text=_text_with_layout(text_body, language, branding, why=plain.why),
        html=_html_with_layout(html_body, language, branding, letter=rich),
    )


def check_template(kind: str, *, subject: str, text: str, html: str) -> None:
    """Whether a studio's wording may be saved; raises the first fault with its part and line.

    TemplateTooLarge, TemplateBroken, TemplatePlaceholderUnknown, TemplatePlaceholderMissing.
    """
    known = KINDS[kind]
    for part, source in (("subject", subject), ("text", text), ("html", html)):
        if len(source.encode()) > MAX_TEMPLATE_BYTES:
            raise TemplateTooLarge(part=part)
        used = _checked_names(source, part, allowed=known.allowed)
        missing = sorted(known.required - used)
        if missing and part != "subject":
            raise TemplatePlaceholderMissing(name=missing[0], part=part)
    if active := _ACTIVE_HTML.search(html):
        raise TemplateBroken(part="html", line=html.count("\n", 0, active.start()) + 1)
    sample_brand = MailBranding("Studio", "", "", "", LetterColours("#1F6F5C", "#FFFFFF", "#E3F0EC"))
    render_mail(
        kind, "en", sample_values(kind), branding=sample_brand, template=MailTemplate(subject, text, html)
    )


@lru_cache(maxsize=256)
def shipped_template(kind: str, language: str) -> MailTemplate:
    """The wording that comes with the program; a part missing in the language is taken in English."""
    assert kind in KINDS, kind
    return MailTemplate(
        subject=_file(f"{kind}.subject.txt", language),
        text=_file(f"{kind}.txt", language),
        html=_file(f"{kind}.html", language),
    )


# --- what a template may contain ----------------------------------------------------------------------------


def _checked_names(source: str, part: str, *, allowed: frozenset[str]) -> set[str]:
    """The placeholders a source uses, after every node of it was found harmless."""
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
    names = meta.find_undeclared_variables(tree) - _COMPONENTS
    unknown = sorted(names - allowed)
    if unknown:
        raise TemplatePlaceholderUnknown(name=unknown[0], part=part, line=_line_of(tree, unknown[0]))
    return names


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
    if isinstance(node, nodes.Name):
        return node.name not in _OWN_NAMES
    if isinstance(node, nodes.Filter):
        return node.name in _FILTERS
    if isinstance(node, nodes.Test):
        return node.name in _TESTS
    if isinstance(node, nodes.Call):
        return isinstance(node.node, nodes.Name) and node.node.name in _COMPONENTS and not node.dyn_args
    if isinstance(node, nodes.Getattr):
        row = isinstance(node.node, nodes.Name) and node.node.name in loop_names
        return row and node.attr in _ROW_FIELDS
    return isinstance(node, (*_PLAIN_NODES, nodes.For))


def _descendants(tree: nodes.Template) -> list[nodes.Node]:
    return [tree, *tree.find_all(nodes.Node)]


def _line_of(tree: nodes.Template, name: str) -> int:
    return next((node.lineno for node in tree.find_all(nodes.Name) if node.name == name), 1)


# --- rendering ----------------------------------------------------------------------------------------------


class _TextLetter:
    """The components as a text mail has them."""

    def __init__(self) -> None:
        self.why = ""

    def components(self) -> dict[str, object]:
        return {"button": self._button, "preheader": lambda _words: "", "why": self._because}

    def _button(self, label: str, link: str) -> str:
        return f"{label}:\n{_safe(link)}"

    def _because(self, words: str) -> str:
        self.why = words
        return ""


class _HtmlLetter:
    """The components as an HTML mail has them: values arrive unescaped and leave as safe HTML."""

    def __init__(self, colours: LetterColours) -> None:
        self.colours = colours
        self.preheader = ""
        self.why = ""

    def components(self) -> dict[str, object]:
        return {"button": self._button, "preheader": self._ahead, "why": self._because}

    def _button(self, label: str, link: str) -> Markup:
        before, after = _button_frame(label, self.colours)
        return Markup(f"{before}{escape(_unbroken(_safe(link)))}{after}")  # noqa: S704 - our own template's, and escaped

    def _ahead(self, words: str) -> Markup:
        self.preheader = words
        return Markup()

    def _because(self, words: str) -> Markup:
        self.why = words
        return Markup()


@lru_cache(maxsize=256)
def _button_frame(label: str, colours: LetterColours) -> tuple[str, str]:
    """A button around its link; a template's label is the same in every mail."""
    slot = Markup("\0")
    drawn = _template(_file("button.html", "en"), html=True).render(label=label, link=slot, colours=colours)
    before, after = drawn.split("\0")
    return before, after


def _html_with_layout(body: str, language: str, branding: MailBranding, *, letter: _HtmlLetter) -> str:
    filled = {
        "content": body,
        "preheader": escape(_unbroken(letter.preheader)),
        "why": escape(_unbroken(letter.why)),
    }
    return _framed("layout.html", language, branding, filled=filled)


def _text_with_layout(body: str, language: str, branding: MailBranding, *, why: str) -> str:
    whole = _framed("layout.txt", language, branding, filled={"content": body.strip(), "why": why})
    return _MANY_EMPTY_LINES.sub("\n\n", whole).strip() + "\n"


def _framed(layout: str, language: str, branding: MailBranding, *, filled: Mapping[str, str]) -> str:
    """The layout with its slots filled: with finished text or HTML, nothing is escaped any more."""
    shown = frozenset(name for name, words in filled.items() if words)
    pieces = _frame(layout, language, branding, shown)
    return "".join(filled[piece] if number % 2 else piece for number, piece in enumerate(pieces))


@lru_cache(maxsize=256)
def _frame(layout: str, language: str, branding: MailBranding, shown: frozenset[str]) -> tuple[str, ...]:
    """A layout as one studio's mails have it, drawn once: text and names of slots by turns."""
    html = layout.endswith(".html")
    # no template and no name of a studio can hold such a mark
    slots = {name: Markup(f"\0{name}\0") if name in shown else "" for name in _SLOTS}  # noqa: S704 - our own marks
    whole = _template(_file(layout, language), html=html).render(brand=branding, language=language, **slots)
    return tuple((with_styles(whole, branding.colours) if html else whole).split("\0"))


@lru_cache(maxsize=1024)
def _ready(source: str, part: str, allowed: frozenset[str], colours: LetterColours | None = None) -> Template:
    """A template that was found harmless, with its tags styled if it has colours; its lines stay."""
    _checked_names(source, part, allowed=allowed)
    return _template(source if colours is None else _styled(source, colours), html=part == "html")


def _styled(source: str, colours: LetterColours) -> str:
    """The source as :func:`with_styles` would style what is made of it: values bring no tags."""
    blocks = _BLOCK.findall(source)
    between = with_styles(_BLOCK.sub("\0", source), colours).split("\0")
    return "".join(words + block for words, block in zip(between, [*blocks, ""], strict=True))


def _rendered(template: Template, part: str, values: dict[str, object]) -> str:
    try:
        return template.render(values)
    except (TemplateError, TypeError, ValueError) as fault:
        raise TemplateBroken(part=part, line=_line_in_template(fault)) from fault


def _one_line(subject: str) -> str:
    words = subject.strip()
    if not words or _ENDS_A_LINE.search(words):
        raise TemplateBroken(part="subject", line=1)
    return words


def _line_in_template(fault: BaseException) -> int:
    line, step = 1, fault.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<template>":
            line = step.tb_lineno
        step = step.tb_next
    return line


def _unbroken(value: object) -> object:
    return unbroken_sums(value) if type(value) is str else value


def _large(value: str) -> Markup:
    """A sum as the one large amount: the number large, the currency small beside it."""
    number, _, currency = value.rpartition(" ")
    return Markup(LARGE_SUM).format(number or currency, currency)  # noqa: S704 - our own words; the sum is escaped


def _safe(link: str) -> str:
    assert _SAFE_LINK.match(link), "a link in a mail leads to a page"
    return link


@lru_cache(maxsize=2)
def _environment(*, html: bool) -> _Sandbox:
    return _Sandbox(html=html)


@lru_cache(maxsize=512)
def _template(source: str, *, html: bool) -> Template:
    return _environment(html=html).from_string(_LONE_BLOCK.sub(r"\1{#\n#}", source))


@lru_cache(maxsize=256)
def _file(name: str, language: str) -> str:
    assert _LANGUAGE.fullmatch(language), language
    for folder in (language, "en", "."):
        path = TEMPLATES / folder / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise AssertionError(f"no template {name}")
